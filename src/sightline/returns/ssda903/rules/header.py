"""Rules about who a child is: the header, and mothers."""

from sightline.engine.exchange.rules.declarations import Example, rule
from sightline.returns.ssda903.words import FEMALE, ONLY_SHORT_BREAKS

_MALE = "('1', 'M')"

RULES = (
    rule(
        "101",
        "Header",
        "SEX",
        "SEX IS NULL OR SEX NOT IN {sex}",
        fails=[{"Header": [{"CHILD": "1", "SEX": "9"}]}, {"Header": [{"CHILD": "1"}]}],
        passes=[{"Header": [{"CHILD": "1", "SEX": "M"}]}],
    ),
    rule(
        "102",
        "Header",
        "DOB",
        "DOB IS NULL",
        fails=[{"Header": [{"CHILD": "1", "DOB": "31/02/2015"}]}, {"Header": [{"CHILD": "1"}]}],
        passes=[{"Header": [{"CHILD": "1", "DOB": "28/02/2015"}]}],
    ),
    rule(
        "103",
        "Header",
        "ETHNIC",
        "ETHNIC IS NULL OR upper(ETHNIC) NOT IN {ethnicity}",
        choice="Small letters are taken, as rule 204 takes them.",
        fails=[{"Header": [{"CHILD": "1", "ETHNIC": "WBR"}]}, {"Header": [{"CHILD": "1"}]}],
        passes=[{"Header": [{"CHILD": "1", "ETHNIC": "WBRI"}, {"CHILD": "2", "ETHNIC": "wbri"}]}],
    ),
    rule(
        "105",
        "Header",
        "UASC",
        "UASC IS NULL OR UASC NOT IN {uasc_status}",
        choice="A header without the column UASC gets it from the table UASC: 1 for the children in it, 0 for the others.",
        fails=[{"Header": [{"CHILD": "1", "UASC": "2"}]}, {"Header": [{"CHILD": "1", "UASC": ""}]}],
        passes=[{"Header": [{"CHILD": "1", "UASC": "1"}]}, {"Header": [{"CHILD": "1"}]}],
    ),
    rule(
        "165",
        "Header",
        "MOTHER",
        f"MOTHER NOT IN ('0', '1') OR (MOTHER IS NULL) <> (SEX IN {_MALE}) AND CHILD NOT {ONLY_SHORT_BREAKS}"
        " AND CHILD IN (SELECT c.CHILD FROM cared_for c)",
        choice="Of children with an episode of care in the year, it is asked for of all but males, and of males it is left blank. Rule 399 wants it"
        " blank for children whose every episode is a short break (V3, V4).",
        fails=[
            {"Header": [{"CHILD": "1", "SEX": "F", "MOTHER": "2"}], "Episodes": []},
            {"Header": [{"CHILD": "1", "SEX": "F"}], "Episodes": [{"CHILD": "1", "DECOM": "01/05/2026"}]},
            {
                "Header": [{"CHILD": "1", "SEX": "M", "MOTHER": "1"}],
                "Episodes": [{"CHILD": "1", "DECOM": "01/05/2026"}],
            },
        ],
        passes=[
            {
                "Header": [{"CHILD": "1", "SEX": "F", "MOTHER": "0"}],
                "Episodes": [{"CHILD": "1", "DECOM": "01/05/2026"}],
            },
            {"Header": [{"CHILD": "1", "SEX": "M"}], "Episodes": [{"CHILD": "1", "DECOM": "01/05/2026"}]},
            {"Header": [{"CHILD": "1", "SEX": "F"}], "Episodes": [{"CHILD": "1", "DECOM": "01/05/2026", "LS": "V3"}]},
            {"Header": [{"CHILD": "1", "SEX": "F"}], "Episodes": [], "OC3": [{"CHILD": "1", "IN_TOUCH": "YES"}]},
            {"Header": [{"CHILD": "1", "SEX": "F"}], "Episodes": []},
        ],
    ),
    rule(
        "168",
        "Header",
        "UPN",
        "NOT regexp_full_match(UPN, '[A-HJ-NP-RT-Z][0-9]{11}[0-9A-HJ-NP-RT-Z]|UN[1-5]')",
        choice="The form of the number is checked (a letter other than I, O or S, eleven digits, a digit or letter), not whether its check"
        " letter follows from its digits. A blank is no number, so it is not an invalid one.",
        fails=[
            {"Header": [{"CHILD": "1", "UPN": "I123456789012"}]},
            {"Header": [{"CHILD": "1", "UPN": "UN6"}]},
        ],
        passes=[
            {"Header": [{"CHILD": "1", "UPN": "A123456789012"}, {"CHILD": "2", "UPN": "A12345678901B"}]},
            {"Header": [{"CHILD": "1", "UPN": "UN5"}]},
            {"Header": [{"CHILD": "1"}]},
        ],
    ),
    rule(
        "171",
        "Header",
        "MC_DOB",
        "MC_DOB_text IS NOT NULL AND MC_DOB IS NULL",
        fails=[{"Header": [{"CHILD": "1", "MC_DOB": "30/02/2026"}]}],
        passes=[{"Header": [{"CHILD": "1", "MC_DOB": "28/02/2026"}, {"CHILD": "2"}]}],
    ),
    rule(
        "174",
        "Header",
        "SEX MC_DOB",
        f"SEX IN {_MALE} AND MC_DOB_text IS NOT NULL",
        fails=[{"Header": [{"CHILD": "1", "SEX": "M", "MC_DOB": "01/05/2026"}]}],
        passes=[{"Header": [{"CHILD": "1", "SEX": "F", "MC_DOB": "01/05/2026"}, {"CHILD": "2", "SEX": "M"}]}],
    ),
    rule(
        "209",
        "Header",
        "UPN DOB",
        "UPN = 'UN1' AND birthday(DOB, 5) < year_start() + INTERVAL 5 MONTH",
        choice="Of school age: five before 1 September of the collection year, when the school year starts.",
        fails=[{"Header": [{"CHILD": "1", "UPN": "UN1", "DOB": "31/08/2021"}]}],
        passes=[
            {"Header": [{"CHILD": "1", "UPN": "UN1", "DOB": "01/09/2021"}]},
            {"Header": [{"CHILD": "1", "UPN": "UN2", "DOB": "31/03/2021"}]},
        ],
    ),
    rule(
        "231",
        "Header",
        "DOB UASC",
        "UASC = '1' AND age_on(DOB, year_end()) < 12",
        choice="The wording gives no age: we ask about children who are still under 12 when the collection year ends.",
        fails=[{"Header": [{"CHILD": "1", "UASC": "1", "DOB": "01/04/2015"}]}],
        passes=[
            {"Header": [{"CHILD": "1", "UASC": "1", "DOB": "31/03/2015"}]},
            {"Header": [{"CHILD": "1", "UASC": "0", "DOB": "01/04/2015"}]},
        ],
    ),
    rule(
        "232",
        "Header",
        "SEX",
        "SEX = 'U'",
        fails=[{"Header": [{"CHILD": "1", "SEX": "U"}]}],
        passes=[{"Header": [{"CHILD": "1", "SEX": "F"}]}],
    ),
    rule(
        "301",
        "Header",
        "DOB",
        "DOB > year_end()",
        fails=[{"Header": [{"CHILD": "1", "DOB": "01/04/2027"}]}],
        passes=[{"Header": [{"CHILD": "1", "DOB": "31/03/2027"}]}],
    ),
    rule(
        "351",
        "Header",
        "DOB",
        "birthday(DOB, 25) < year_start()",
        choice="Over 25 from the day after the 25th birthday.",
        fails=[{"Header": [{"CHILD": "1", "DOB": "31/03/2001"}]}],
        passes=[{"Header": [{"CHILD": "1", "DOB": "01/04/2001"}]}],
    ),
    rule(
        "444",
        "Header",
        "UPN",
        select="SELECT h.row FROM (SELECT row, UPN, count(*) OVER (PARTITION BY upper(UPN)) AS held FROM Header) h"
        " WHERE h.held > 1 AND h.UPN NOT IN {upn_unknown}",
        choice="The codes for an unknown number may be used for any number of children.",
        whole=True,
        fails=[
            Example(
                {"Header": [{"CHILD": "1", "UPN": "A123456789012"}, {"CHILD": "2", "UPN": "A123456789012"}]},
                (("Header", 0), ("Header", 1)),
            )
        ],
        passes=[
            {"Header": [{"CHILD": "1", "UPN": "UN1"}, {"CHILD": "2", "UPN": "UN1"}, {"CHILD": "3"}, {"CHILD": "4"}]},
            {"Header": [{"CHILD": "1", "UPN": "A123456789012"}, {"CHILD": "2", "UPN": "A123456789013"}]},
        ],
    ),
    rule(
        "611",
        "Header",
        "MOTHER MC_DOB",
        "MOTHER = '1' AND MC_DOB_text IS NULL",
        fails=[{"Header": [{"CHILD": "1", "MOTHER": "1"}]}],
        passes=[{"Header": [{"CHILD": "1", "MOTHER": "1", "MC_DOB": "01/05/2026"}, {"CHILD": "2", "MOTHER": "0"}]}],
    ),
    rule(
        "612",
        "Header",
        "SEX MOTHER MC_DOB",
        f"{FEMALE} AND coalesce(MOTHER, '0') = '0' AND MC_DOB_text IS NOT NULL",
        choice="Males are left to rule 174, a mother field that is no code to rule 165; a blank one counts as not a mother.",
        fails=[
            {"Header": [{"CHILD": "1", "SEX": "F", "MOTHER": "0", "MC_DOB": "01/05/2026"}]},
            {"Header": [{"CHILD": "1", "SEX": "F", "MC_DOB": "01/05/2026"}]},
        ],
        passes=[
            {"Header": [{"CHILD": "1", "SEX": "F", "MOTHER": "1", "MC_DOB": "01/05/2026"}]},
            {"Header": [{"CHILD": "1", "SEX": "F", "MOTHER": "2", "MC_DOB": "01/05/2026"}]},
        ],
    ),
    rule(
        "620",
        "Header",
        "DOB MOTHER",
        "MOTHER = '1' AND age_on(DOB, year_start()) < 11",
        choice="Her age is taken at the start of the collection year.",
        fails=[{"Header": [{"CHILD": "1", "MOTHER": "1", "DOB": "02/04/2015"}]}],
        passes=[
            {"Header": [{"CHILD": "1", "MOTHER": "1", "DOB": "01/04/2015"}]},
            {"Header": [{"CHILD": "1", "MOTHER": "0", "DOB": "02/04/2015"}]},
        ],
    ),
    rule(
        "621",
        "Header",
        "DOB MC_DOB",
        "DOB >= MC_DOB",
        choice="Born on the same day as her child is not older than it.",
        fails=[
            {"Header": [{"CHILD": "1", "DOB": "02/05/2010", "MC_DOB": "01/05/2010"}]},
            {"Header": [{"CHILD": "1", "DOB": "02/05/2010", "MC_DOB": "02/05/2010"}]},
        ],
        passes=[
            {
                "Header": [
                    {"CHILD": "1", "DOB": "02/05/2010", "MC_DOB": "03/05/2010"},
                    {"CHILD": "2", "MC_DOB": "03/05/2010"},
                ]
            }
        ],
    ),
    rule(
        "628",
        "Header",
        "MOTHER",
        "MOTHER IS NOT NULL AND CHILD IN (SELECT l.CHILD FROM care_leaver l)"
        " AND CHILD NOT IN (SELECT c.CHILD FROM cared_for c WHERE c.CHILD IS NOT NULL)",
        choice="The mother field is what is not required, so its row is the one found.",
        fails=[
            {"Header": [{"CHILD": "1", "MOTHER": "0"}], "Episodes": [], "OC3": [{"CHILD": "1", "IN_TOUCH": "YES"}]},
            {
                "Header": [{"CHILD": "1", "MOTHER": "0"}],
                "Episodes": [{"CHILD": "1", "DECOM": "01/05/2020", "DEC": "31/03/2026"}],
                "OC3": [{"CHILD": "1", "IN_TOUCH": "YES"}],
            },
        ],
        passes=[
            {"Header": [{"CHILD": "1"}], "Episodes": [], "OC3": [{"CHILD": "1", "IN_TOUCH": "YES"}]},
            {
                "Header": [{"CHILD": "1", "MOTHER": "0"}],
                "Episodes": [{"CHILD": "1", "DECOM": "01/05/2020", "DEC": "01/04/2026"}],
                "OC3": [{"CHILD": "1", "IN_TOUCH": "YES"}],
            },
        ],
    ),
    rule(
        "EPI",
        "Header",
        "CHILD",
        "CHILD NOT IN (SELECT e.CHILD FROM Episodes e WHERE e.CHILD IS NOT NULL)"
        " AND CHILD NOT IN (SELECT l.CHILD FROM care_leaver l WHERE l.CHILD IS NOT NULL)",
        choice="Care leavers may have no episodes in the return, so children with care leaver information are left out.",
        fails=[{"Header": [{"CHILD": "1"}], "Episodes": [{"CHILD": "2"}]}],
        passes=[
            {"Header": [{"CHILD": "1"}], "Episodes": [{"CHILD": "1"}]},
            {"Header": [{"CHILD": "1"}], "Episodes": [], "OC3": [{"CHILD": "1", "IN_TOUCH": "YES"}]},
        ],
    ),
)
