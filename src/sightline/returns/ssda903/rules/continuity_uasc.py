"""Rules about unaccompanied asylum-seeking children, and about what the header said of a child in the year before."""

from collections.abc import Mapping
from typing import Any

from sightline.engine.exchange.rules.declarations import Example, find, rule
from sightline.returns.ssda903.words import NOT_SHORT_BREAK, one_child

_LAST = "SELECT h.row FROM Header h JOIN Header_last o ON o.CHILD = h.CHILD WHERE"
#: Whether a child has only short breaks this year, or is a care leaver who was not looked after in it.
_NOT_ASKED = (
    f"h.CHILD NOT IN (SELECT CHILD FROM Episodes WHERE {NOT_SHORT_BREAK} AND CHILD IS NOT NULL)"
    " AND (h.CHILD IN (SELECT CHILD FROM Episodes) OR h.CHILD IN (SELECT CHILD FROM OC3))"
)
#: This year's status and that of the year before, each with the day on which it ceased.
_UASC = (
    "SELECT h.row AS header_row, u.row AS uasc_row, v.row AS last_row, h.UASC AS now, o.UASC AS was, u.DUC AS ceases, v.DUC AS ceased,"
    " birthday(h.DOB, 18) AS of_age FROM Header h"
    " JOIN Header_last o ON o.CHILD = h.CHILD LEFT JOIN UASC u ON u.CHILD = h.CHILD LEFT JOIN UASC_last v ON v.CHILD = h.CHILD"
)
_NO_LONGER = "x.was = '1' AND x.now = '0' AND NOT (coalesce(x.ceased <= last_year_end(), false) AND x.ceases IS NULL)"
_STILL = (
    "x.was = '1' AND x.now = '1' AND x.uasc_row IS NOT NULL AND x.last_row IS NOT NULL"
    " AND NOT coalesce(x.ceases = x.of_age AND x.ceased = x.of_age, false)"
)
_NEVER = "x.was = '0' AND x.now = '0' AND x.uasc_row IS NOT NULL AND coalesce(x.ceases, x.ceased) IS NOT NULL"
_ONE_MISSING = "A value that one of the two returns lacks disagrees."
#: What may follow an unknown number of the last return (`o`) in this one (`h`).
_KNOWN_NOW = (
    "CASE WHEN h.UPN IN ('UN2', 'UN3', 'UN4', 'UN5') THEN coalesce(o.UPN, 'UN1') = 'UN1'"
    " ELSE h.UPN <> 'UN1' AND (o.UPN IS NULL OR o.UPN IN {upn_unknown}) END"
)


def _sex(alias: str) -> str:
    """Sex by the codes in use since 2024 to 2025."""
    return f"CASE {alias}.SEX WHEN '1' THEN 'M' WHEN '2' THEN 'F' ELSE {alias}.SEX END"


def _still_uasc(ceases: str, ceased: str) -> Mapping[str, Any]:
    """A child who becomes 18 on 10 May 2026 and is an asylum seeker in both years, with each year's date."""
    return one_child(
        Header=[{"UASC": "1", "DOB": "10/05/2008"}],
        UASC=[{"DUC": ceases}],
        Header_last=[{"UASC": "1", "DOB": "10/05/2008"}],
        UASC_last=[{"DUC": ceased}],
    )


RULES = (
    rule(
        "104",
        "UASC",
        "DUC",
        "DUC_text IS NOT NULL AND DUC IS NULL OR DUC < year_start()",
        choice="A date before the collection year is none of this return.",
        fails=[{"UASC": [{"CHILD": "1", "DUC": "31/06/2026"}]}, {"UASC": [{"CHILD": "1", "DUC": "31/03/2026"}]}],
        passes=[{"UASC": [{"CHILD": "1", "DUC": "01/04/2026"}, {"CHILD": "2"}]}],
    ),
    rule(
        "202",
        "Header",
        "SEX",
        select=f"{_LAST} {_sex('h')} IS DISTINCT FROM {_sex('o')}",
        choice=f"The codes 1 and 2, used until 2023 to 2024, are read as M and F. {_ONE_MISSING}",
        fails=[
            {"Header": [{"CHILD": "1", "SEX": "F"}], "Header_last": [{"CHILD": "1", "SEX": "M"}]},
            {"Header": [{"CHILD": "1"}], "Header_last": [{"CHILD": "1", "SEX": "M"}]},
        ],
        passes=[
            {"Header": [{"CHILD": "1", "SEX": "F"}], "Header_last": [{"CHILD": "1", "SEX": "2"}]},
            {"Header": [{"CHILD": "1", "SEX": "F"}], "Header_last": [{"CHILD": "2", "SEX": "M"}]},
        ],
    ),
    rule(
        "203",
        "Header",
        "DOB",
        select=f"{_LAST} h.DOB IS DISTINCT FROM o.DOB",
        choice=f"{_ONE_MISSING} What is no date counts as missing.",
        fails=[
            {"Header": [{"CHILD": "1", "DOB": "01/05/2015"}], "Header_last": [{"CHILD": "1", "DOB": "05/01/2015"}]},
            {"Header": [{"CHILD": "1", "DOB": "31/06/2015"}], "Header_last": [{"CHILD": "1", "DOB": "01/06/2015"}]},
            {"Header": [{"CHILD": "1", "DOB": "01/05/2015"}], "Header_last": [{"CHILD": "1"}]},
        ],
        passes=[{"Header": [{"CHILD": "1", "DOB": "01/05/2015"}], "Header_last": [{"CHILD": "1", "DOB": "1/5/2015"}]}],
    ),
    rule(
        "204",
        "Header",
        "ETHNIC",
        select=f"{_LAST} upper(h.ETHNIC) IS DISTINCT FROM upper(o.ETHNIC)",
        choice=f"{_ONE_MISSING} Small letters are no other code.",
        fails=[
            {"Header": [{"CHILD": "1", "ETHNIC": "WBRI"}], "Header_last": [{"CHILD": "1", "ETHNIC": "WIRI"}]},
            {"Header": [{"CHILD": "1", "ETHNIC": "WBRI"}], "Header_last": [{"CHILD": "1"}]},
        ],
        passes=[
            {"Header": [{"CHILD": "1", "ETHNIC": "WBRI"}], "Header_last": [{"CHILD": "1", "ETHNIC": "wbri"}]},
            {"Header": [{"CHILD": "1"}], "Header_last": [{"CHILD": "1"}]},
        ],
    ),
    rule(
        "208",
        "Header",
        "UPN",
        select=f"{_LAST} h.UPN IS DISTINCT FROM o.UPN AND NOT coalesce({_KNOWN_NOW}, false)",
        choice="A number agrees with a blank or a code for an unknown number in the last return; UN2 to UN5 agree with a blank or UN1 there (the"
        " child has come to the age of school).",
        fails=[
            {
                "Header": [{"CHILD": "1", "UPN": "A123456789012"}],
                "Header_last": [{"CHILD": "1", "UPN": "A123456789013"}],
            },
            {"Header": [{"CHILD": "1", "UPN": "UN5"}], "Header_last": [{"CHILD": "1", "UPN": "A123456789013"}]},
            {"Header": [{"CHILD": "1"}], "Header_last": [{"CHILD": "1", "UPN": "UN1"}]},
            {"Header": [{"CHILD": "1", "UPN": "UN1"}], "Header_last": [{"CHILD": "1"}]},
            {"Header": [{"CHILD": "1", "UPN": "UN3"}], "Header_last": [{"CHILD": "1", "UPN": "UN4"}]},
        ],
        passes=[
            {"Header": [{"CHILD": "1", "UPN": "A123456789012"}], "Header_last": [{"CHILD": "1", "UPN": "UN4"}]},
            {"Header": [{"CHILD": "1", "UPN": "A123456789012"}], "Header_last": [{"CHILD": "1"}]},
            {"Header": [{"CHILD": "1", "UPN": "UN3"}], "Header_last": [{"CHILD": "1", "UPN": "UN1"}]},
            {"Header": [{"CHILD": "1"}], "Header_last": [{"CHILD": "1"}]},
        ],
    ),
    rule(
        "303",
        "UASC",
        "DUC",
        select="SELECT u.row FROM UASC u JOIN Header h ON h.CHILD = u.CHILD WHERE u.DUC_text IS NOT NULL AND h.UASC IS DISTINCT FROM '1'",
        also=[
            find(
                "Header",
                "UASC",
                select="SELECT h.row FROM UASC u JOIN Header h ON h.CHILD = u.CHILD"
                " WHERE u.DUC_text IS NOT NULL AND h.UASC IS DISTINCT FROM '1'",
            )
        ],
        choice="What is no date is not null either.",
        fails=[
            Example(
                {"Header": [{"CHILD": "1", "UASC": "0"}], "UASC": [{"CHILD": "1", "DUC": day}]},
                (("UASC", 0), ("Header", 0)),
            )
            for day in ("01/05/2026", "31/06/2026")
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
        select=f"{_LAST} (h.MC_DOB <> o.MC_DOB OR h.MC_DOB IS NULL AND o.MC_DOB IS NOT NULL AND NOT ({_NOT_ASKED}))",
        helped_by=("Episodes",),
        choice="A date that was recorded and is missing now, or is none, contradicts too; but not of children with nothing but short breaks (V3, V4)"
        " this year, or of care leavers without an episode: of them rules 399 and 628 want to hear nothing.",
        fails=[
            one_child(Header=[{"MC_DOB": "01/05/2025"}], Header_last=[{"MC_DOB": "02/05/2025"}], Episodes=[{}]),
            one_child(Header=[{}], Header_last=[{"MC_DOB": "02/05/2025"}], Episodes=[{}]),
            one_child(Header=[{}], Header_last=[{"MC_DOB": "02/05/2025"}]),
        ],
        passes=[
            one_child(Header=[{"MC_DOB": "01/05/2025"}], Header_last=[{"MC_DOB": "01/05/2025"}], Episodes=[{}]),
            one_child(Header=[{"MC_DOB": "01/05/2025"}], Header_last=[{}], Episodes=[{}]),
            one_child(Header=[{}], Header_last=[{"MC_DOB": "02/05/2025"}], Episodes=[], OC3=[{"IN_TOUCH": "YES"}]),
            one_child(Header=[{}], Header_last=[{"MC_DOB": "02/05/2025"}], Episodes=[{"LS": "V3"}]),
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
        select=f"SELECT x.header_row FROM ({_UASC}) x WHERE {_NO_LONGER}",
        also=[find("UASC", "DUC", select=f"SELECT x.uasc_row FROM ({_UASC}) x WHERE {_NO_LONGER}")],
        choice="Supported where last year's return has a date on which the status ceased, by the end of that year, and this year's has none.",
        fails=[
            {
                "Header": [{"CHILD": "1", "UASC": "0"}],
                "UASC": [],
                "Header_last": [{"CHILD": "1", "UASC": "1"}],
                "UASC_last": [{"CHILD": "1"}],
            },
            Example(
                {
                    "Header": [{"CHILD": "1", "UASC": "0"}],
                    "UASC": [{"CHILD": "1", "DUC": "31/03/2026"}],
                    "Header_last": [{"CHILD": "1", "UASC": "1"}],
                    "UASC_last": [{"CHILD": "1", "DUC": "31/03/2026"}],
                },
                (("Header", 0), ("UASC", 0)),
            ),
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
        select=f"SELECT x.uasc_row FROM ({_UASC}) x WHERE {_STILL}",
        also=[find("Header", "UASC", select=f"SELECT x.header_row FROM ({_UASC}) x WHERE {_STILL}")],
        choice="Both years' dates support it when they are the 18th birthday, on which the status ends for whoever still has it. Judged where both"
        " years have the child in the table UASC.",
        fails=[
            Example(_still_uasc(now, then), (("UASC", 0), ("Header", 0)))
            for now, then in (
                ("31/03/2026", "10/05/2026"),
                ("10/05/2026", "11/05/2026"),
                ("10/05/2026", ""),
                ("", "10/05/2026"),
            )
        ],
        passes=[
            _still_uasc("10/05/2026", "10/05/2026"),
            {**_still_uasc("31/03/2026", "31/03/2026"), "UASC_last": []},
        ],
    ),
    rule(
        "205C",
        "UASC",
        "DUC",
        select=f"SELECT x.uasc_row FROM ({_UASC}) x WHERE {_NEVER}",
        also=[find("Header", "UASC", select=f"SELECT x.header_row FROM ({_UASC}) x WHERE {_NEVER}")],
        choice="Provided in either year.",
        fails=[
            Example(
                {
                    "Header": [{"CHILD": "1", "UASC": "0"}],
                    "UASC": [{"CHILD": "1"}],
                    "Header_last": [{"CHILD": "1", "UASC": "0"}],
                    "UASC_last": [{"CHILD": "1", "DUC": "01/05/2025"}],
                },
                (("UASC", 0), ("Header", 0)),
            ),
            Example(
                {
                    "Header": [{"CHILD": "1", "UASC": "0"}],
                    "UASC": [{"CHILD": "1", "DUC": "01/05/2026"}],
                    "Header_last": [{"CHILD": "1", "UASC": "0"}],
                    "UASC_last": [],
                },
                (("UASC", 0), ("Header", 0)),
            ),
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
        select=f"SELECT x.header_row FROM ({_UASC}) x WHERE x.was IS DISTINCT FROM '1' AND x.now = '1'",
        choice="A status that was left blank, or is no code, did not identify the child.",
        fails=[
            {
                "Header": [{"CHILD": "1", "UASC": "1"}],
                "Header_last": [{"CHILD": "1", "UASC": ""}],
                "UASC_last": [],
            },
            {
                "Header": [{"CHILD": "1", "UASC": "1"}],
                "Header_last": [{"CHILD": "1", "UASC": "0"}],
                "UASC_last": [],
            },
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
