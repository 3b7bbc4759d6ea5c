"""Rules about care leavers (OC3). Source: DfE SSDA903 guide, care leavers' data items."""

from sightline.engine.exchange.rules.declarations import Example, Rule, find, rule

_ITEMS = "IN_TOUCH ACTIV ACCOM"
_AD1_ITEMS = "DATE_INT DATE_MATCH FOSTER_CARE NB_ADOPTR SEX_ADOPTR LS_ADOPTR"
_OC2_ITEMS = "CONVICTED HEALTH_CHECK IMMUNISATIONS TEETH_CHECK HEALTH_ASSESSMENT SUBSTANCE_MISUSE INTERVENTION_RECEIVED INTERVENTION_OFFERED"
_OC2_GIVEN = f"SELECT o.row, o.CHILD FROM OC2 o WHERE coalesce({', '.join(f'o.{one}' for one in _OC2_ITEMS.split())}) IS NOT NULL"
_NO_CARE = "NOT EXISTS (SELECT 1 FROM cared_for c WHERE c.CHILD = l.CHILD)"
#: Care leavers of 17 or 18 who were looked after on the birthday, by the period of care that it fell in.
_CARED_FOR_ON_BIRTHDAY = (
    "SELECT l.row FROM care_leaver l JOIN care c ON c.CHILD = l.CHILD"
    " WHERE age_on(l.DOB, year_end()) IN (17, 18) AND NOT c.only_breaks AND c.starts <= l.birthday_in_year"
)
#: How long a child was looked after since 14, and whether since 16, from both returns. Short breaks (V3, V4) do not count. An episode in
#: both counts once, as this year's return has it.
_SINCE_FOURTEEN = (
    "SELECT s.CHILD, count(DISTINCT s.day) FILTER (s.day IS DISTINCT FROM s.DEC) AS days, max(s.day) AS latest FROM ("
    " SELECT e.CHILD, e.DEC, unnest(generate_series(greatest(e.DECOM, birthday(b.DOB, 14)), least(coalesce(e.DEC, e.until), e.until),"
    " INTERVAL 1 DAY)) AS day FROM ("
    " SELECT CHILD, DECOM, DEC, LS, year_end() AS until FROM Episodes"
    " UNION ALL SELECT o.CHILD, o.DECOM, o.DEC, o.LS, last_year_end() FROM Episodes_last o"
    " WHERE NOT EXISTS (SELECT 1 FROM Episodes n WHERE n.CHILD = o.CHILD AND n.DECOM = o.DECOM)"
    " ) e JOIN child_dob b ON b.CHILD = e.CHILD WHERE e.DECOM IS NOT NULL AND coalesce(e.LS, '') NOT IN ('V3', 'V4')"
    " AND e.CHILD IN (SELECT l.CHILD FROM care_leaver l)) s GROUP BY s.CHILD"
)


#: Children whose first episode in both returns is not the start of care: how long they had been looked after before it is not given.
_CARRIED_IN = (
    "SELECT CHILD FROM (SELECT CHILD, DECOM, RNE FROM Episodes UNION ALL SELECT CHILD, DECOM, RNE FROM Episodes_last)"
    " WHERE CHILD IS NOT NULL GROUP BY CHILD"
    " HAVING coalesce(min(DECOM) FILTER (coalesce(RNE, 'S') = 'S') > min(DECOM), count(*) FILTER (coalesce(RNE, 'S') = 'S') = 0)"
)


def _coded(code: str, field: str, codes: str, good: str) -> Rule:
    """An item has a code of its set."""
    return rule(
        code,
        "OC3",
        field,
        f"{field} IS NULL OR {field} NOT IN {{{codes}}}",
        choice="A blank fails too: each set has a code for what is not known or not required.",
        fails=[{"OC3": [{"CHILD": "1", field: "XX"}]}, {"OC3": [{"CHILD": "1"}]}],
        passes=[{"OC3": [{"CHILD": "1", field: good}]}],
    )


def _oc3(**cells: str) -> list[dict[str, str]]:
    """A row of OC3."""
    return [{"CHILD": "1", **cells}]


RULES = (
    _coded("131", "IN_TOUCH", "care_leaver_in_touch", "NREQ"),
    _coded("132", "ACTIV", "care_leaver_activity", "F4"),
    _coded("133", "ACCOM", "care_leaver_accommodation", "B1"),
    rule(
        "134",
        "AD1",
        _AD1_ITEMS,
        select="SELECT a.row FROM adopters a WHERE a.CHILD IN (SELECT l.CHILD FROM care_leaver l)",
        choice="The data on adoption is what should not be there, so its row is the one found.",
        fails=[{"OC3": _oc3(IN_TOUCH="YES"), "AD1": [{"CHILD": "1", "DATE_INT": "01/05/2026"}]}],
        passes=[
            {"OC3": _oc3(), "AD1": [{"CHILD": "1", "DATE_INT": "01/05/2026"}]},
            {"OC3": _oc3(IN_TOUCH="YES"), "AD1": [{"CHILD": "1"}]},
        ],
    ),
    rule(
        "153",
        "OC3",
        _ITEMS,
        "coalesce(IN_TOUCH, ACTIV, ACCOM) IS NOT NULL AND (IN_TOUCH IS NULL OR ACTIV IS NULL OR ACCOM IS NULL)",
        fails=[{"OC3": _oc3(IN_TOUCH="YES", ACTIV="F1")}],
        passes=[{"OC3": _oc3(IN_TOUCH="YES", ACTIV="F1", ACCOM="B1")}, {"OC3": _oc3()}],
    ),
    rule(
        "187",
        "OC3",
        _ITEMS,
        select="SELECT l.row FROM care_leaver l WHERE l.CHILD IN (SELECT c.CHILD FROM continuous c)",
        also=[
            find(
                "AD1",
                _AD1_ITEMS,
                select="SELECT a.row FROM adopters a WHERE a.CHILD IN (SELECT c.CHILD FROM continuous c)",
            )
        ],
        fails=[
            {"Episodes": [{"CHILD": "1", "DECOM": "01/04/2026"}], "OC3": _oc3(IN_TOUCH="YES")},
            Example(
                {
                    "Episodes": [{"CHILD": "1", "DECOM": "01/04/2026"}],
                    "AD1": [{"CHILD": "1", "FOSTER_CARE": "0"}],
                },
                (("AD1", 0),),
            ),
        ],
        passes=[
            {"Episodes": [{"CHILD": "1", "DECOM": "02/04/2026", "RNE": "S"}], "OC3": _oc3(IN_TOUCH="YES")},
            {"Episodes": [{"CHILD": "1", "DECOM": "01/04/2026"}], "OC3": _oc3()},
        ],
    ),
    rule(
        "215",
        "OC3",
        _ITEMS,
        select=f"SELECT l.row FROM care_leaver l WHERE l.CHILD IN (SELECT t.CHILD FROM ({_OC2_GIVEN}) t)",
        also=[
            find(
                "OC2",
                _OC2_ITEMS,
                select=f"SELECT t.row FROM ({_OC2_GIVEN}) t WHERE t.CHILD IN (SELECT l.CHILD FROM care_leaver l)",
            )
        ],
        choice="The items are those that the list names: the strengths and difficulties questionnaire is not among them.",
        fails=[
            Example(
                {"OC3": _oc3(IN_TOUCH="YES"), "OC2": [{"CHILD": "1", "TEETH_CHECK": "1"}]}, (("OC3", 0), ("OC2", 0))
            )
        ],
        passes=[
            {"OC3": _oc3(IN_TOUCH="YES"), "OC2": [{"CHILD": "1"}]},
            {"OC3": _oc3(), "OC2": [{"CHILD": "1", "TEETH_CHECK": "1"}]},
        ],
    ),
    rule(
        "344",
        "OC3",
        _ITEMS,
        "IN_TOUCH IN ('DIED', 'RHOM') AND (ACTIV <> '0' OR ACCOM <> '0')",
        choice="The code 0 is what the guide asks for in these cases.",
        fails=[
            {"OC3": _oc3(IN_TOUCH="DIED", ACTIV="F1", ACCOM="0")},
            {"OC3": _oc3(IN_TOUCH="RHOM", ACTIV="0", ACCOM="B1")},
        ],
        passes=[
            {"OC3": _oc3(IN_TOUCH="DIED", ACTIV="0", ACCOM="0")},
            {"OC3": _oc3(IN_TOUCH="YES", ACTIV="F1", ACCOM="0")},
        ],
    ),
    rule(
        "345",
        "OC3",
        _ITEMS,
        "IN_TOUCH = 'YES' AND (ACTIV = '0' OR ACCOM = '0')",
        fails=[{"OC3": _oc3(IN_TOUCH="YES", ACTIV="0", ACCOM="B1")}],
        passes=[
            {"OC3": _oc3(IN_TOUCH="YES", ACTIV="F1", ACCOM="B1")},
            {"OC3": _oc3(IN_TOUCH="NO", ACTIV="0", ACCOM="0")},
        ],
    ),
    rule(
        "347",
        "OC3",
        "DOB ACCOM",
        "ACCOM IN ('T1', 'T2') AND age_on(DOB, year_end()) < 18",
        choice="Accommodation is as at the birthday in the year, so the age is the one reached then. The list names fields of episodes; the"
        " accommodation of a care leaver is ACCOM.",
        fails=[{"OC3": _oc3(DOB="01/04/2009", ACCOM="T1")}],
        passes=[{"OC3": _oc3(DOB="31/03/2009", ACCOM="T1")}, {"OC3": _oc3(DOB="01/04/2009", ACCOM="U1")}],
    ),
    rule(
        "348",
        "OC3",
        "IN_TOUCH",
        select="SELECT l.row FROM OC3 l WHERE l.IN_TOUCH IS DISTINCT FROM 'DIED'"
        " AND l.CHILD IN (SELECT o.CHILD FROM OC3_last o WHERE o.IN_TOUCH = 'DIED')",
        choice="A row of this year fails after a death reported in the year before, unless it reports the death again.",
        fails=[
            {"OC3": _oc3(IN_TOUCH="NO"), "OC3_last": _oc3(IN_TOUCH="DIED")},
            {"OC3": _oc3(), "OC3_last": _oc3(IN_TOUCH="DIED")},
        ],
        passes=[
            {"OC3": _oc3(IN_TOUCH="NO"), "OC3_last": _oc3(IN_TOUCH="RHOM")},
            {"OC3": _oc3(IN_TOUCH="DIED"), "OC3_last": _oc3(IN_TOUCH="DIED")},
        ],
    ),
    rule(
        "391",
        "OC3",
        f"DOB {_ITEMS}",
        "coalesce(IN_TOUCH, ACTIV, ACCOM) IS NOT NULL AND (age_on(DOB, year_end()) < 17 OR age_on(DOB, year_start()) > 21)",
        choice="Whoever was of one of these ages on any day of the year passes: from 17 by its last day to 21 on its first.",
        fails=[{"OC3": _oc3(DOB="01/04/2010", IN_TOUCH="YES")}, {"OC3": _oc3(DOB="01/04/2004", IN_TOUCH="YES")}],
        passes=[{"OC3": _oc3(DOB="31/03/2010", IN_TOUCH="YES")}, {"OC3": _oc3(DOB="02/04/2004", IN_TOUCH="YES")}],
    ),
    rule(
        "1000",
        "OC3",
        _ITEMS,
        select="SELECT l.row FROM care_leaver l WHERE l.CHILD IN (SELECT e.CHILD FROM Episodes e WHERE e.REC = 'E2')",
        fails=[{"Episodes": [{"CHILD": "1", "REC": "E2"}], "OC3": _oc3(IN_TOUCH="DIED")}],
        passes=[
            {"Episodes": [{"CHILD": "1", "REC": "E5"}], "OC3": _oc3(IN_TOUCH="DIED")},
            {"Episodes": [{"CHILD": "1", "REC": "E2"}], "OC3": _oc3()},
        ],
    ),
    rule(
        "1001",
        "OC3",
        _ITEMS,
        select=f"SELECT l.row FROM care_leaver l JOIN child_dob b ON b.CHILD = l.CHILD LEFT JOIN ({_SINCE_FOURTEEN}) s ON s.CHILD = l.CHILD"
        f" WHERE b.DOB IS NOT NULL AND (coalesce(s.days, 0) < 91 AND l.CHILD NOT IN ({_CARRIED_IN}) OR s.latest < birthday(b.DOB, 16))"
        " AND (l.CHILD IN (SELECT e.CHILD FROM Episodes e) OR l.CHILD IN (SELECT o.CHILD FROM Episodes_last o))",
        choice="Relevant or former relevant: looked after for 13 weeks (91 days, without the day on which care ends) in all since 14, some of it at"
        " 16 or older; short breaks (V3, V4) do not count (Children Act 1989, schedule 2 and section 23A). Judged by the episodes of this year and"
        " the last: where the first of them is not the start of care, how long it had lasted is not known. A child without any is left to rule"
        " 1002.",
        fails=[
            {
                "Header": [{"CHILD": "1", "DOB": "01/05/2009"}],
                "Episodes": [{"CHILD": "1", "DECOM": "01/04/2026", "DEC": "30/06/2026", "LS": "C2"}],
                "Episodes_last": [],
                "OC3": _oc3(IN_TOUCH="YES", DOB="01/05/2009"),
            },
            {
                "Header": [{"CHILD": "1", "DOB": "01/05/2009"}],
                "Episodes": [],
                "Episodes_last": [{"CHILD": "1", "DECOM": "01/05/2023", "DEC": "30/04/2025", "LS": "C2"}],
                "OC3": _oc3(IN_TOUCH="YES", DOB="01/05/2009"),
            },
        ],
        passes=[
            {
                "Header": [{"CHILD": "1", "DOB": "01/05/2009"}],
                "Episodes": [{"CHILD": "1", "DECOM": "01/04/2026", "DEC": "01/07/2026", "LS": "C2"}],
                "Episodes_last": [],
                "OC3": _oc3(IN_TOUCH="YES", DOB="01/05/2009"),
            },
            {
                "Header": [{"CHILD": "1", "DOB": "01/05/2009"}],
                "Episodes": [],
                "Episodes_last": [{"CHILD": "1", "DECOM": "01/05/2023", "DEC": "01/05/2025", "LS": "C2"}],
                "OC3": _oc3(IN_TOUCH="YES", DOB="01/05/2009"),
            },
            {
                "Header": [{"CHILD": "1", "DOB": "01/05/2009"}],
                "Episodes": [{"CHILD": "1", "DECOM": "01/04/2026", "DEC": "29/06/2026", "RNE": "P", "LS": "C2"}],
                "Episodes_last": [],
                "OC3": _oc3(IN_TOUCH="YES", DOB="01/05/2009"),
            },
        ],
    ),
    rule(
        "1002",
        "OC3",
        _ITEMS,
        select="SELECT l.row FROM care_leaver l WHERE NOT EXISTS (SELECT 1 FROM Episodes e WHERE e.CHILD = l.CHILD)"
        " AND NOT EXISTS (SELECT 1 FROM Episodes_last o WHERE o.CHILD = l.CHILD)"
        " AND (l.DOB IS NULL OR birthday(l.DOB, 18) >= last_year_start())",
        choice="Judged by the returns of this year and the last, which are all that is given. Whoever turned 18 before them left care before them,"
        " so nothing is known of those. The Department holds earlier returns, so it may not query one who left at 16 or 17.",
        fails=[
            {"Episodes": [{"CHILD": "2"}], "Episodes_last": [{"CHILD": "2"}], "OC3": _oc3(IN_TOUCH="YES")},
            {"Episodes": [], "Episodes_last": [{"CHILD": "2"}], "OC3": _oc3(DOB="01/04/2007", IN_TOUCH="YES")},
        ],
        passes=[
            {"Episodes": [], "Episodes_last": [{"CHILD": "2"}], "OC3": _oc3(DOB="31/03/2007", IN_TOUCH="YES")},
            {"Episodes": [{"CHILD": "2"}], "Episodes_last": [{"CHILD": "1"}], "OC3": _oc3(IN_TOUCH="YES")},
            {"Episodes": [{"CHILD": "1"}], "Episodes_last": [{"CHILD": "2"}], "OC3": _oc3(IN_TOUCH="YES")},
        ],
    ),
    rule(
        "1007",
        "OC3",
        _ITEMS,
        select=f"{_CARED_FOR_ON_BIRTHDAY} AND (c.is_open OR c.last_REC = 'X1' OR c.ends > l.birthday_in_year)",
        choice="Still looked after on the birthday in the year: a period of care that began by it, and was open or ended after it. Short breaks"
        " (V3, V4) are left out.",
        fails=[
            {"Episodes": [{"CHILD": "1", "DECOM": "01/06/2025"}], "OC3": _oc3(DOB="01/05/2009", IN_TOUCH="YES")},
            {
                "Episodes": [{"CHILD": "1", "DECOM": "01/06/2025", "DEC": "02/05/2026", "REC": "E5"}],
                "OC3": _oc3(DOB="01/05/2009", IN_TOUCH="YES"),
            },
        ],
        passes=[
            {
                "Episodes": [{"CHILD": "1", "DECOM": "01/06/2025", "DEC": "01/05/2026", "REC": "E5"}],
                "OC3": _oc3(DOB="01/05/2009", IN_TOUCH="YES"),
            },
            {"Episodes": [{"CHILD": "1", "DECOM": "01/06/2026"}], "OC3": _oc3(DOB="01/05/2009", IN_TOUCH="YES")},
            {"Episodes": [{"CHILD": "1", "DECOM": "01/06/2025"}], "OC3": _oc3(DOB="01/05/2007", IN_TOUCH="YES")},
        ],
    ),
    rule(
        "1010",
        "OC3",
        _ITEMS,
        select="SELECT l.row FROM care_leaver l JOIN last_year_ep p ON p.CHILD = l.CHILD"
        " WHERE p.DEC_text IS NULL AND NOT EXISTS (SELECT 1 FROM Episodes e WHERE e.CHILD = l.CHILD)",
        fails=[
            {
                "Episodes": [{"CHILD": "2", "DECOM": "01/05/2025"}],
                "Episodes_last": [{"CHILD": "1", "DECOM": "01/05/2025"}],
                "OC3": _oc3(IN_TOUCH="YES"),
            }
        ],
        passes=[
            {
                "Episodes": [{"CHILD": "2", "DECOM": "01/05/2025"}],
                "Episodes_last": [{"CHILD": "1", "DECOM": "01/05/2025", "DEC": "31/03/2026"}],
                "OC3": _oc3(IN_TOUCH="YES"),
            },
            {
                "Episodes": [{"CHILD": "1", "DECOM": "01/05/2025"}],
                "Episodes_last": [{"CHILD": "1", "DECOM": "01/05/2025"}],
                "OC3": _oc3(IN_TOUCH="YES"),
            },
        ],
    ),
    rule(
        "1011",
        "OC3",
        _ITEMS,
        select="SELECT l.row FROM care_leaver l WHERE l.CHILD IN (SELECT e.CHILD FROM last_ep e WHERE e.REC = 'E3')",
        fails=[{"Episodes": [{"CHILD": "1", "DECOM": "01/05/2025", "REC": "E3"}], "OC3": _oc3(IN_TOUCH="YES")}],
        passes=[
            {
                "Episodes": [
                    {"CHILD": "1", "DECOM": "01/05/2025", "DEC": "01/05/2026", "REC": "E3"},
                    {"CHILD": "1", "DECOM": "01/06/2026", "DEC": "01/07/2026", "REC": "E5"},
                ],
                "OC3": _oc3(IN_TOUCH="YES"),
            }
        ],
    ),
    rule(
        "1014",
        "UASC",
        "DUC",
        select=f"SELECT u.row FROM UASC u JOIN care_leaver l ON l.CHILD = u.CHILD WHERE {_NO_CARE}",
        also=[
            find(
                "OC3",
                _ITEMS,
                select=f"SELECT l.row FROM UASC u JOIN care_leaver l ON l.CHILD = u.CHILD WHERE {_NO_CARE}",
            )
        ],
        choice="Care leavers without an episode of care in the year. A row in the table UASC is information, with or without a date.",
        fails=[
            Example(
                {"Episodes": [], "UASC": [{"CHILD": "1", "DUC": "01/05/2026"}], "OC3": _oc3(IN_TOUCH="YES")},
                (("UASC", 0), ("OC3", 0)),
            )
        ],
        passes=[
            {
                "Episodes": [{"CHILD": "1", "DECOM": "01/05/2025", "DEC": "01/05/2026"}],
                "UASC": [{"CHILD": "1", "DUC": "01/05/2026"}],
                "OC3": _oc3(IN_TOUCH="YES"),
            }
        ],
    ),
    rule(
        "1016",
        "OC3",
        _ITEMS,
        select=f"{_CARED_FOR_ON_BIRTHDAY} AND c.last_REC NOT IN ('', 'X1') AND c.ends > l.birthday_in_year",
        choice="After their birthday: later than the day of it. Short breaks (V3, V4) are left out.",
        fails=[
            {
                "Episodes": [{"CHILD": "1", "DECOM": "01/06/2025", "DEC": "02/05/2026", "REC": "E5"}],
                "OC3": _oc3(DOB="01/05/2009", IN_TOUCH="YES"),
            }
        ],
        passes=[
            {
                "Episodes": [{"CHILD": "1", "DECOM": "01/06/2025", "DEC": "01/05/2026", "REC": "E5"}],
                "OC3": _oc3(DOB="01/05/2009", IN_TOUCH="YES"),
            },
            {
                "Episodes": [{"CHILD": "1", "DECOM": "02/05/2026", "DEC": "02/06/2026", "REC": "E5"}],
                "OC3": _oc3(DOB="01/05/2009", IN_TOUCH="YES"),
            },
        ],
    ),
    rule(
        "3001",
        "OC3",
        "DOB ACCOM",
        "ACCOM IN ('Z1', 'Z2') AND age_on(DOB, year_end()) = 17",
        choice="Their 17th birthday is the one in the year. The list names REC, which has nothing to do with it; the accommodation is ACCOM.",
        fails=[{"OC3": _oc3(DOB="01/04/2009", ACCOM="Z1")}],
        passes=[{"OC3": _oc3(DOB="31/03/2009", ACCOM="Z1")}, {"OC3": _oc3(DOB="01/04/2009", ACCOM="B1")}],
    ),
)
