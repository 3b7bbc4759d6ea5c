"""Rules about unaccompanied asylum-seeking children, and about what the header said of a child in the year before."""

from sightline.engine.exchange.rules.declarations import Example, find, rule

_LAST = "SELECT h.row FROM Header h JOIN Header_last o ON o.CHILD = h.CHILD WHERE"
#: This year's status and that of the year before, each with the day on which it ceased.
_UASC = (
    "SELECT h.row AS header_row, u.row AS uasc_row, h.CHILD, h.UASC AS now, o.UASC AS was, u.DUC AS ceases, v.DUC AS ceased FROM Header h"
    " JOIN Header_last o ON o.CHILD = h.CHILD LEFT JOIN UASC u ON u.CHILD = h.CHILD LEFT JOIN UASC_last v ON v.CHILD = h.CHILD"
)
#: Under 205B: the status ceased before this year.
_CEASED_BEFORE = "x.was = '1' AND x.now = '1' AND (x.ceased <= last_year_end() OR x.ceases <= last_year_end())"


def _sex(alias: str) -> str:
    """Sex by the codes in use since 2024 to 2025."""
    return f"CASE {alias}.SEX WHEN '1' THEN 'M' WHEN '2' THEN 'F' ELSE {alias}.SEX END"


RULES = (
    rule(
        "104",
        "UASC",
        "DUC",
        "DUC_text IS NOT NULL AND DUC IS NULL",
        fails=[{"UASC": [{"CHILD": "1", "DUC": "31/06/2026"}]}],
        passes=[{"UASC": [{"CHILD": "1", "DUC": "30/06/2026"}, {"CHILD": "2"}]}],
    ),
    rule(
        "202",
        "Header",
        "SEX",
        select=f"{_LAST} {_sex('h')} <> {_sex('o')}",
        choice="The codes 1 and 2, used until 2023 to 2024, are read as M and F.",
        fails=[{"Header": [{"CHILD": "1", "SEX": "F"}], "Header_last": [{"CHILD": "1", "SEX": "M"}]}],
        passes=[
            {"Header": [{"CHILD": "1", "SEX": "F"}], "Header_last": [{"CHILD": "1", "SEX": "2"}]},
            {"Header": [{"CHILD": "1", "SEX": "F"}], "Header_last": [{"CHILD": "2", "SEX": "M"}]},
        ],
    ),
    rule(
        "203",
        "Header",
        "DOB",
        select=f"{_LAST} h.DOB <> o.DOB",
        fails=[{"Header": [{"CHILD": "1", "DOB": "01/05/2015"}], "Header_last": [{"CHILD": "1", "DOB": "05/01/2015"}]}],
        passes=[{"Header": [{"CHILD": "1", "DOB": "01/05/2015"}], "Header_last": [{"CHILD": "1", "DOB": "1/5/2015"}]}],
    ),
    rule(
        "204",
        "Header",
        "ETHNIC",
        select=f"{_LAST} h.ETHNIC <> o.ETHNIC",
        fails=[{"Header": [{"CHILD": "1", "ETHNIC": "WBRI"}], "Header_last": [{"CHILD": "1", "ETHNIC": "WIRI"}]}],
        passes=[
            {"Header": [{"CHILD": "1", "ETHNIC": "WBRI"}], "Header_last": [{"CHILD": "1", "ETHNIC": "WBRI"}]},
            {"Header": [{"CHILD": "1", "ETHNIC": "WBRI"}], "Header_last": [{"CHILD": "1"}]},
        ],
    ),
    rule(
        "208",
        "Header",
        "UPN",
        select=f"{_LAST} h.UPN <> o.UPN AND o.UPN NOT IN {{upn_unknown}}",
        choice="A code for an unknown number, given last year, agrees with whatever is known now.",
        fails=[
            {
                "Header": [{"CHILD": "1", "UPN": "A123456789012"}],
                "Header_last": [{"CHILD": "1", "UPN": "A123456789013"}],
            },
            {"Header": [{"CHILD": "1", "UPN": "UN5"}], "Header_last": [{"CHILD": "1", "UPN": "A123456789013"}]},
        ],
        passes=[{"Header": [{"CHILD": "1", "UPN": "A123456789012"}], "Header_last": [{"CHILD": "1", "UPN": "UN4"}]}],
    ),
    rule(
        "303",
        "UASC",
        "DUC",
        select="SELECT u.row FROM UASC u JOIN Header h ON h.CHILD = u.CHILD WHERE u.DUC IS NOT NULL AND h.UASC IS DISTINCT FROM '1'",
        also=[
            find(
                "Header",
                "UASC",
                select="SELECT h.row FROM UASC u JOIN Header h ON h.CHILD = u.CHILD"
                " WHERE u.DUC IS NOT NULL AND h.UASC IS DISTINCT FROM '1'",
            )
        ],
        fails=[
            Example(
                {"Header": [{"CHILD": "1", "UASC": "0"}], "UASC": [{"CHILD": "1", "DUC": "01/05/2026"}]},
                (("UASC", 0), ("Header", 0)),
            )
        ],
        passes=[
            {"Header": [{"CHILD": "1", "UASC": "1"}], "UASC": [{"CHILD": "1", "DUC": "01/05/2026"}]},
            {"Header": [{"CHILD": "1", "UASC": "0"}], "UASC": [{"CHILD": "1"}]},
        ],
    ),
    rule(
        "304",
        "UASC",
        "DUC",
        "DUC > birthday(DOB, 18)",
        fails=[{"UASC": [{"CHILD": "1", "DOB": "01/05/2008", "DUC": "02/05/2026"}]}],
        passes=[{"UASC": [{"CHILD": "1", "DOB": "01/05/2008", "DUC": "01/05/2026"}]}],
    ),
    rule(
        "624",
        "Header",
        "MC_DOB",
        select=f"{_LAST} h.MC_DOB <> o.MC_DOB",
        fails=[
            {
                "Header": [{"CHILD": "1", "MC_DOB": "01/05/2025"}],
                "Header_last": [{"CHILD": "1", "MC_DOB": "02/05/2025"}],
            }
        ],
        passes=[
            {
                "Header": [{"CHILD": "1", "MC_DOB": "01/05/2025"}],
                "Header_last": [{"CHILD": "1", "MC_DOB": "01/05/2025"}],
            },
            {"Header": [{"CHILD": "1", "MC_DOB": "01/05/2025"}], "Header_last": [{"CHILD": "1"}]},
        ],
    ),
    rule(
        "626",
        "Header",
        "MOTHER MC_DOB",
        select=f"{_LAST} h.MOTHER = '1' AND h.MC_DOB < year_start() AND o.MOTHER = '0'",
        fails=[
            {
                "Header": [{"CHILD": "1", "MOTHER": "1", "MC_DOB": "31/03/2026"}],
                "Header_last": [{"CHILD": "1", "MOTHER": "0"}],
            }
        ],
        passes=[
            {
                "Header": [{"CHILD": "1", "MOTHER": "1", "MC_DOB": "01/04/2026"}],
                "Header_last": [{"CHILD": "1", "MOTHER": "0"}],
            },
            {
                "Header": [{"CHILD": "1", "MOTHER": "1", "MC_DOB": "31/03/2026"}],
                "Header_last": [{"CHILD": "1", "MOTHER": "1"}],
            },
        ],
    ),
    rule(
        "205A",
        "Header",
        "CHILD UASC",
        select=f"SELECT x.header_row FROM ({_UASC}) x WHERE x.was = '1' AND x.now = '0' AND NOT coalesce(x.ceased <= last_year_end(), false)",
        choice="Supported where last year's return has a date on which the status ceased, by the end of that year.",
        fails=[
            {
                "Header": [{"CHILD": "1", "UASC": "0"}],
                "UASC": [],
                "Header_last": [{"CHILD": "1", "UASC": "1"}],
                "UASC_last": [{"CHILD": "1"}],
            }
        ],
        passes=[
            {
                "Header": [{"CHILD": "1", "UASC": "0"}],
                "UASC": [],
                "Header_last": [{"CHILD": "1", "UASC": "1"}],
                "UASC_last": [{"CHILD": "1", "DUC": "31/03/2026"}],
            }
        ],
    ),
    rule(
        "205B",
        "UASC",
        "DUC",
        select=f"SELECT x.uasc_row FROM ({_UASC}) x WHERE {_CEASED_BEFORE}",
        also=[find("Header", "UASC", select=f"SELECT x.header_row FROM ({_UASC}) x WHERE {_CEASED_BEFORE}")],
        choice="Not supported where either year's date says that the status ceased before this year began. A date still to come is expected:"
        " it is often the 18th birthday.",
        fails=[
            Example(
                {
                    "Header": [{"CHILD": "1", "UASC": "1"}],
                    "UASC": [{"CHILD": "1", "DUC": "31/03/2026"}],
                    "Header_last": [{"CHILD": "1", "UASC": "1"}],
                    "UASC_last": [{"CHILD": "1"}],
                },
                (("UASC", 0), ("Header", 0)),
            ),
            Example(
                {
                    "Header": [{"CHILD": "1", "UASC": "1"}],
                    "Header_last": [{"CHILD": "1", "UASC": "1"}],
                    "UASC_last": [{"CHILD": "1", "DUC": "01/06/2025"}],
                },
                (("Header", 0),),
            ),
        ],
        passes=[
            {
                "Header": [{"CHILD": "1", "UASC": "1"}],
                "UASC": [{"CHILD": "1", "DUC": "01/04/2026"}],
                "Header_last": [{"CHILD": "1", "UASC": "1"}],
                "UASC_last": [{"CHILD": "1", "DUC": "01/04/2026"}],
            }
        ],
    ),
    rule(
        "205C",
        "UASC",
        "DUC",
        select=f"SELECT x.uasc_row FROM ({_UASC}) x WHERE x.was = '0' AND x.now = '0' AND x.ceases IS NOT NULL",
        also=[
            find(
                "Header",
                "UASC",
                select=f"SELECT x.header_row FROM ({_UASC}) x WHERE x.was = '0' AND x.now = '0' AND x.ceases IS NOT NULL",
            )
        ],
        fails=[
            Example(
                {
                    "Header": [{"CHILD": "1", "UASC": "0"}],
                    "UASC": [{"CHILD": "1", "DUC": "01/05/2026"}],
                    "Header_last": [{"CHILD": "1", "UASC": "0"}],
                    "UASC_last": [],
                },
                (("UASC", 0), ("Header", 0)),
            )
        ],
        passes=[
            {
                "Header": [{"CHILD": "1", "UASC": "0"}],
                "UASC": [{"CHILD": "1"}],
                "Header_last": [{"CHILD": "1", "UASC": "0"}],
                "UASC_last": [],
            }
        ],
    ),
    rule(
        "205D",
        "Header",
        "CHILD UASC",
        select=f"SELECT x.header_row FROM ({_UASC}) x WHERE x.was = '0' AND x.now = '1'",
        fails=[
            {
                "Header": [{"CHILD": "1", "UASC": "1"}],
                "Header_last": [{"CHILD": "1", "UASC": "0"}],
                "UASC_last": [],
            }
        ],
        passes=[
            {"Header": [{"CHILD": "1", "UASC": "1"}], "Header_last": [{"CHILD": "1", "UASC": "1"}], "UASC_last": []},
            {"Header": [{"CHILD": "1", "UASC": "1"}], "Header_last": [{"CHILD": "2", "UASC": "0"}], "UASC_last": []},
        ],
    ),
    rule(
        "NoE",
        "Episodes",
        "DECOM",
        select="SELECT e.row FROM Episodes e WHERE e.DECOM < year_start()"
        " AND e.CHILD NOT IN (SELECT o.CHILD FROM Episodes_last o WHERE o.CHILD IS NOT NULL)",
        fails=[
            {
                "Episodes": [{"CHILD": "1", "DECOM": "31/03/2026"}],
                "Episodes_last": [{"CHILD": "2", "DECOM": "31/03/2026"}],
            }
        ],
        passes=[
            {"Episodes": [{"CHILD": "1", "DECOM": "01/04/2026"}], "Episodes_last": []},
            {
                "Episodes": [{"CHILD": "1", "DECOM": "31/03/2026"}],
                "Episodes_last": [{"CHILD": "1", "DECOM": "31/03/2026"}],
            },
        ],
    ),
)
