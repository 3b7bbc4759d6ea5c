"""Rules about deprivation of liberty orders (DoLOs), collected from 2026/27. Source: DfE SSDA903 guide, 2026 to 2027."""

from typing import Any

from sightline.engine.exchange.rules.declarations import Example, Find, find, rule
from sightline.returns.ssda903.stretches import not_carried_over, open_after_care, overlaps

_STRETCH = ("DoLo", "DOLO_START", "DOLO_END")
_AT_A_TIME = (
    "d.CHILD = e.CHILD AND (d.DOLO_END_text IS NULL OR d.DOLO_END > e.DECOM OR d.DOLO_START = e.DECOM)"
    " AND (e.DEC_text IS NULL OR e.DEC > d.DOLO_START)"
)
_IMPOSSIBLE = "e.PLACE IN ('K1', 'K3', 'P1', 'R5')"
_UNEXPECTED = (
    "e.PLACE IN {cla_placement_type} AND e.PLACE NOT IN"
    " ('K1', 'K2', 'K3', 'P1', 'R1', 'R2', 'R5', 'S1', 'T0', 'T1', 'T2', 'T3', 'T4') AND e.PLACE NOT LIKE 'Z1%'"
)


def _placed(condition: str) -> tuple[str, Find]:
    """Orders while the child was in such a placement, and the episodes with it."""
    both = f"FROM ep e JOIN DoLo d ON {_AT_A_TIME} WHERE {condition}"
    return f"SELECT d.row {both}", find("Episodes", "PLACE", select=f"SELECT e.row {both}")


def _order(start: str = "", end: str = "", **more: str) -> dict[str, str]:
    return {"CHILD": "1", "DOLO_START": start, "DOLO_END": end, **more}


def _given(*orders: dict[str, str]) -> dict[str, Any]:
    return {"DoLo": list(orders)}


def _in(place: str, decom: str = "01/05/2026", dec: str = "", rec: str = "") -> dict[str, Any]:
    return {
        "Episodes": [{"CHILD": "1", "DECOM": decom, "RNE": "S", "LS": "C2", "PLACE": place, "DEC": dec, "REC": rec}]
    }


_BOTH = (("DoLo", 0), ("Episodes", 0))
_NOT_POSSIBLE, _NOT_POSSIBLE_IN = _placed(_IMPOSSIBLE)
_NOT_EXPECTED, _NOT_EXPECTED_IN = _placed(_UNEXPECTED)

RULES = (
    rule(
        "700",
        "DoLo",
        "DOLO_START",
        "DOLO_START IS NULL",
        choice="An order must have a start, so one that is left blank fails too.",
        fails=[_given(_order("31/04/2026")), _given(_order())],
        passes=[_given(_order("30/04/2026"))],
    ),
    rule(
        "701",
        "DoLo",
        "DOLO_END",
        "DOLO_END_text IS NOT NULL AND DOLO_END IS NULL",
        fails=[_given(_order("30/04/2026", "31/06/2026"))],
        passes=[_given(_order("30/04/2026", "30/06/2026")), _given(_order("30/04/2026"))],
    ),
    rule(
        "702",
        "DoLo",
        "DOLO_START DOLO_END",
        "DOLO_END < DOLO_START",
        fails=[_given(_order("02/05/2026", "01/05/2026"))],
        passes=[_given(_order("02/05/2026", "02/05/2026"))],
    ),
    rule(
        "703",
        "DoLo",
        "DOLO_START",
        "DOLO_START > year_end()",
        fails=[_given(_order("01/04/2027"))],
        passes=[_given(_order("31/03/2027"))],
    ),
    rule(
        "704",
        "DoLo",
        "DOLO_END",
        "DOLO_END < year_start() OR DOLO_END > year_end()",
        fails=[_given(_order("01/03/2026", "31/03/2026")), _given(_order("01/03/2027", "01/04/2027"))],
        passes=[_given(_order("01/03/2026", "01/04/2026")), _given(_order("01/03/2027", "31/03/2027"))],
    ),
    rule(
        "705",
        "DoLo",
        "DOLO_START DOLO_END",
        overlaps(*_STRETCH),
        choice="Found at the later order. One may start on the day on which another ends.",
        fails=[
            Example(_given(_order("01/05/2026"), _order("01/07/2026")), (("DoLo", 1),)),
            Example(_given(_order("30/06/2026", "30/09/2026"), _order("01/05/2026", "01/07/2026")), (("DoLo", 0),)),
        ],
        passes=[
            _given(_order("01/05/2026", "01/07/2026"), _order("01/07/2026")),
            _given(_order("01/05/2026"), _order("01/07/2026", CHILD="2")),
        ],
    ),
    rule(
        "706",
        "DoLo_last",
        "DOLO_START",
        not_carried_over(*_STRETCH),
        choice="The corresponding order starts on the same day. Found in the return of the year before.",
        fails=[{"DoLo_last": [_order("20/03/2026")], "DoLo": [_order("21/03/2026")]}],
        passes=[
            {"DoLo_last": [_order("20/03/2026")], "DoLo": [_order("20/03/2026", "01/05/2026")]},
            {"DoLo_last": [_order("20/03/2026", "22/03/2026")], "DoLo": []},
        ],
    ),
    rule(
        "707",
        "DoLo",
        "DOLO_END",
        open_after_care(*_STRETCH),
        fails=[_given(_order("01/06/2026")) | _in("K2", dec="01/08/2026", rec="E4A")],
        passes=[
            _given(_order("01/06/2026", "01/08/2026")) | _in("K2", dec="01/08/2026", rec="E4A"),
            _given(_order("01/06/2026")) | _in("K2"),
        ],
    ),
    rule(
        "708",
        "DoLo",
        "DOLO_START",
        "DOLO_START < DOB OR DOLO_END < DOB",
        fails=[_given(_order("01/05/2026", DOB="02/05/2026"))],
        passes=[_given(_order("02/05/2026", DOB="02/05/2026"))],
    ),
    rule(
        "709",
        "DoLo",
        "DOLO_START",
        select=_NOT_EXPECTED,
        also=[_NOT_EXPECTED_IN],
        choice="Expected are children's homes, residential care homes and schools, health settings, other placements (Z1) and temporary ones;"
        " those of 710 are left to it. An order and a placement that only meet on one day do not count.",
        fails=[
            Example(_given(_order("01/06/2026")) | _in("U6"), _BOTH),
            Example(_given(_order("01/05/2026", "01/05/2026")) | _in("A5"), _BOTH),
        ],
        passes=[
            _given(_order("01/06/2026")) | _in("K2"),
            _given(_order("01/06/2026")) | _in("Z11"),
            _given(_order("01/06/2026")) | _in("K1"),
            _given(_order("01/06/2026")) | _in("U6", dec="01/06/2026", rec="E4A"),
        ],
    ),
    rule(
        "710",
        "DoLo",
        "DOLO_START",
        select=_NOT_POSSIBLE,
        also=[_NOT_POSSIBLE_IN],
        fails=[Example(_given(_order("01/06/2026")) | _in(place), _BOTH) for place in ("K1", "P1", "R5", "K3")],
        passes=[
            _given(_order("01/06/2026")) | _in("K2"),
            _given(_order("01/04/2026", "01/05/2026")) | _in("K1"),
            _given(_order("01/06/2026")) | _in("K1", dec="01/06/2026", rec="E4A"),
        ],
    ),
)
