"""Rules about children missing or away from placement without authorisation. Source: DfE SSDA903 guide, missing module."""

from typing import Any

from sightline.engine.exchange.rules.declarations import Example, rule
from sightline.returns.ssda903.stretches import not_carried_over, open_after_care, overlaps

_STRETCH = ("Missing", "MIS_START", "MIS_END")


def _missing(start: str = "", end: str = "", kind: str = "M", **more: str) -> dict[str, str]:
    return {"CHILD": "1", "MISSING": kind, "MIS_START": start, "MIS_END": end, **more}


def _given(*periods: dict[str, str], episodes: tuple[dict[str, str], ...] = ()) -> dict[str, Any]:
    return {"Missing": list(periods)} | ({"Episodes": list(episodes)} if episodes else {})


def _ep(decom: str, rne: str, dec: str = "", rec: str = "") -> dict[str, str]:
    return {"CHILD": "1", "DECOM": decom, "RNE": rne, "DEC": dec, "REC": rec, "LS": "C2", "PLACE": "U6"}


_MOVED = (_ep("01/05/2026", "S", "01/08/2026", "X1"), _ep("01/08/2026", "P"))
_NEW_STATUS = (_ep("01/05/2026", "S", "01/08/2026", "X1"), _ep("01/08/2026", "L"))
_LEFT = (_ep("01/05/2026", "S", "01/08/2026", "E4A"),)
_LEFT_E8 = (_ep("01/05/2026", "S", "01/08/2026", "E8"),)
_IN_CARE = (_ep("01/05/2026", "S"),)
_TWICE_IN_CARE = (*_LEFT, _ep("01/10/2026", "S"))

RULES = (
    rule(
        "564",
        "Missing",
        "MISSING MIS_START",
        "MISSING IN {missing_type} AND MIS_START_text IS NULL",
        fails=[_given(_missing("", "02/05/2026")), _given(_missing(kind="A"))],
        passes=[_given(_missing("01/05/2026"))],
    ),
    rule(
        "565",
        "Missing",
        "MISSING MIS_START",
        "MISSING IS NULL AND MIS_START_text IS NOT NULL",
        fails=[_given(_missing("01/05/2026", kind=""))],
        passes=[_given(_missing("01/05/2026")), _given(_missing("", "02/05/2026", kind=""))],
    ),
    rule(
        "566",
        "Missing",
        "MISSING MIS_END",
        "MISSING IS NULL AND MIS_END_text IS NOT NULL",
        fails=[_given(_missing("01/05/2026", "02/05/2026", kind=""))],
        passes=[_given(_missing("01/05/2026", "02/05/2026")), _given(_missing("01/05/2026", kind=""))],
    ),
    rule(
        "567",
        "Missing",
        "MIS_START MIS_END",
        "MIS_END < MIS_START",
        fails=[_given(_missing("02/05/2026", "01/05/2026"))],
        passes=[_given(_missing("02/05/2026", "02/05/2026"))],
    ),
    rule(
        "570",
        "Missing",
        "MIS_START",
        "MIS_START > year_end()",
        fails=[_given(_missing("01/04/2027"))],
        passes=[_given(_missing("31/03/2027"))],
    ),
    rule(
        "571",
        "Missing",
        "MIS_END",
        "MIS_END < year_start() OR MIS_END > year_end()",
        fails=[_given(_missing("30/03/2026", "31/03/2026")), _given(_missing("31/03/2027", "01/04/2027"))],
        passes=[_given(_missing("30/03/2026", "01/04/2026")), _given(_missing("31/03/2027", "31/03/2027"))],
    ),
    rule(
        "574",
        "Missing",
        "MIS_START MIS_END",
        overlaps(*_STRETCH),
        choice="Found at the later period. One may start on the day on which another ends; of two that start on one day, the longer is the later.",
        fails=[
            Example(_given(_missing("01/05/2026"), _missing("03/05/2026", "04/05/2026")), (("Missing", 1),)),
            Example(
                _given(_missing("02/05/2026", "04/05/2026"), _missing("01/05/2026", "03/05/2026")), (("Missing", 0),)
            ),
            Example(
                _given(_missing("01/05/2026", "03/05/2026"), _missing("01/05/2026", "03/05/2026")),
                (("Missing", 0), ("Missing", 1)),
            ),
        ],
        passes=[
            _given(_missing("01/05/2026", "03/05/2026"), _missing("03/05/2026", "04/05/2026")),
            _given(_missing("01/05/2026"), _missing("03/05/2026", "04/05/2026", CHILD="2")),
        ],
    ),
    rule(
        "575",
        "Missing",
        "MIS_END",
        "MIS_END_text IS NULL AND EXISTS (SELECT 1 FROM ep e WHERE e.CHILD = Missing.CHILD AND e.next_RNE IS DISTINCT FROM 'L'"
        " AND (e.DEC > MIS_START OR e.DEC = MIS_START AND e.next_DECOM IS DISTINCT FROM e.DEC))",
        choice="A change of legal status alone (RNE L) ends no placement. Who goes missing on the day of a move does so from the new placement.",
        fails=[
            _given(_missing("31/07/2026"), episodes=_MOVED),
            _given(_missing("01/08/2026"), episodes=_LEFT),
        ],
        passes=[
            _given(_missing("31/07/2026", "02/08/2026"), episodes=_MOVED),
            _given(_missing("01/08/2026"), episodes=_MOVED),
            _given(_missing("31/07/2026"), episodes=_NEW_STATUS),
        ],
    ),
    rule(
        "576",
        "Missing_last",
        "CHILD",
        not_carried_over(*_STRETCH),
        choice="The corresponding period starts on the same day. Found in the return of the year before.",
        fails=[{"Missing_last": [_missing("20/03/2026")], "Missing": [_missing("21/03/2026")]}],
        passes=[
            {"Missing_last": [_missing("20/03/2026")], "Missing": [_missing("20/03/2026")]},
            {"Missing_last": [_missing("20/03/2026", "22/03/2026")], "Missing": []},
        ],
    ),
    rule(
        "577",
        "Missing",
        "MIS_END",
        open_after_care(*_STRETCH),
        fails=[_given(_missing("31/07/2026"), episodes=_LEFT), _given(_missing("31/07/2026"), episodes=_TWICE_IN_CARE)],
        passes=[
            _given(_missing("31/07/2026", "01/08/2026"), episodes=_LEFT),
            _given(_missing("31/07/2026"), episodes=_IN_CARE),
            _given(_missing("31/10/2026"), episodes=_TWICE_IN_CARE),
        ],
    ),
    rule(
        "578",
        "Missing",
        "MIS_START",
        "EXISTS (SELECT 1 FROM care c WHERE c.CHILD = Missing.CHILD AND c.ends < MIS_START AND c.last_REC <> 'X1')"
        " AND NOT EXISTS (SELECT 1 FROM care c WHERE c.CHILD = Missing.CHILD AND c.starts <= MIS_START AND (c.is_open OR c.ends >= MIS_START))",
        fails=[_given(_missing("02/08/2026"), episodes=_LEFT), _given(_missing("30/09/2026"), episodes=_TWICE_IN_CARE)],
        passes=[
            _given(_missing("01/08/2026"), episodes=_LEFT),
            _given(_missing("01/10/2026"), episodes=_TWICE_IN_CARE),
        ],
    ),
    rule(
        "580",
        "Episodes",
        "REC",
        select="SELECT e.row FROM ep e JOIN Missing m ON m.CHILD = e.CHILD AND m.MIS_START <= e.DEC"
        " AND (m.MIS_END_text IS NULL OR m.MIS_END >= e.DEC) WHERE e.REC NOT IN ('X1', 'E8')",
        choice="A missing period that ends on the day on which care ends counts: 577 has it end then.",
        fails=[
            _given(_missing("31/07/2026", "01/08/2026"), episodes=_LEFT),
            _given(_missing("31/07/2026"), episodes=_LEFT),
        ],
        passes=[
            _given(_missing("31/07/2026", "01/08/2026"), episodes=_LEFT_E8),
            _given(_missing("30/07/2026", "31/07/2026"), episodes=_LEFT),
            _given(_missing("31/07/2026", "02/08/2026"), episodes=_MOVED),
        ],
    ),
    rule(
        "581",
        "Missing",
        "MIS_START",
        "EXISTS (SELECT 1 FROM care c WHERE c.CHILD = Missing.CHILD AND MIS_START < c.starts)"
        " AND NOT EXISTS (SELECT 1 FROM care c WHERE c.CHILD = Missing.CHILD AND c.starts <= MIS_START AND (c.is_open OR MIS_START <= c.ends))",
        choice="Nor had care started again where one period of care was over and the next was to come.",
        fails=[
            _given(_missing("30/04/2026"), episodes=_IN_CARE),
            _given(_missing("30/09/2026"), episodes=_TWICE_IN_CARE),
        ],
        passes=[
            _given(_missing("01/05/2026"), episodes=_IN_CARE),
            _given(_missing("31/07/2026"), episodes=_TWICE_IN_CARE),
            _given(_missing("01/10/2026"), episodes=_TWICE_IN_CARE),
        ],
    ),
    rule(
        "586",
        "Missing",
        "MIS_START",
        "MIS_START < DOB OR MIS_END < DOB",
        fails=[_given(_missing("01/05/2026", DOB="02/05/2026")), _given(_missing("", "01/05/2026", DOB="02/05/2026"))],
        passes=[_given(_missing("02/05/2026", DOB="02/05/2026"))],
    ),
    rule(
        "1004",
        "Missing",
        "MIS_START",
        "MIS_START IS NULL",
        choice="A start that is left blank is no date either: every row of the table is a period.",
        fails=[_given(_missing("31/04/2026")), _given(_missing())],
        passes=[_given(_missing("30/04/2026"))],
    ),
    rule(
        "1005",
        "Missing",
        "MIS_END",
        "MIS_END_text IS NOT NULL AND MIS_END IS NULL",
        fails=[_given(_missing("30/04/2026", "31/04/2026"))],
        passes=[_given(_missing("30/04/2026", "30/04/2026")), _given(_missing("30/04/2026"))],
    ),
    rule(
        "1006",
        "Missing",
        "MISSING",
        "MISSING NOT IN {missing_type}",
        choice="A type that is left blank is left to 565 and 566.",
        fails=[_given(_missing("30/04/2026", kind="X"))],
        passes=[_given(_missing("30/04/2026", kind="A")), _given(_missing("30/04/2026", kind=""))],
    ),
)
