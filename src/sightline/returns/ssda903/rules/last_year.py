"""Rules that compare this year's return with that of the year before."""

from typing import Any

from sightline.engine.exchange.rules.declarations import Example, Rule, rule
from sightline.returns.ssda903.words import NOT_SHORT_BREAK, one_child

_START = "01/05/2025"


def _both(now: dict[str, Any], then: dict[str, Any]) -> Any:
    """A first episode and the last of the year before, of one child."""
    return one_child(Episodes=[{"DECOM": _START, **now}], Episodes_last=[{"DECOM": _START, **then}])


def _carried(code: str, field: str, value: str, other: str, unlike: str = "", choice: str = "") -> Rule:
    """A field of an episode that was open at the end of last year is what it was."""
    unlike = unlike or f"{field} IS DISTINCT FROM last_{field}"
    return rule(
        code,
        "Episodes",
        field,
        select=f"SELECT row FROM ep_carried WHERE was_open AND {unlike}",
        choice=choice,
        fails=[_both({field: other}, {field: value})],
        passes=[
            _both({field: value}, {field: value}),
            _both({field: other}, {field: value, "DEC": "01/03/2026", "REC": "E4A"}),
        ],
    )


_FURTHER = "round(abs(TRY_CAST(PL_DISTANCE AS DOUBLE) - TRY_CAST(last_PL_DISTANCE AS DOUBLE)), 1) >= 0.2"
_MEASURED = "A difference of a tenth of a mile is taken as rounding; a distance that is missing in one of the years is not compared."
_SAME = "DECOM = last_DECOM AND PL_POST IS NOT DISTINCT FROM last_PL_POST"
_SAME_EPISODE = (
    "Compared when the two episodes are the same: they start on the same day, with the same postcode of placement."
)

RULES = (
    rule(
        "207",
        "Header",
        "MOTHER",
        select="SELECT h.row FROM Header h JOIN Header_last l ON l.CHILD = h.CHILD"
        f" WHERE l.MOTHER = '1' AND h.MOTHER IS DISTINCT FROM '1' AND h.CHILD IN (SELECT CHILD FROM Episodes WHERE {NOT_SHORT_BREAK})",
        choice="Who was a mother still is one: only that change disagrees. Asked of children with an episode this year that is no short break"
        " (V3, V4): of the others rules 399 and 628 want the field left blank.",
        fails=[
            one_child(Header=[{"MOTHER": "0"}], Header_last=[{"MOTHER": "1"}], Episodes=[{}]),
            one_child(Header=[{}], Header_last=[{"MOTHER": "1"}], Episodes=[{}]),
        ],
        passes=[
            one_child(Header=[{"MOTHER": "1"}], Header_last=[{"MOTHER": "0"}], Episodes=[{}]),
            one_child(Header=[{"MOTHER": "1"}], Header_last=[{"MOTHER": "1"}], Episodes=[{}]),
            one_child(Header=[{}], Header_last=[{"MOTHER": "1"}], Episodes=[{"LS": "V4"}]),
        ],
    ),
    rule(
        "452",
        "Episodes",
        "PL_LA",
        select=f"SELECT row FROM ep_carried WHERE {_SAME} AND PL_LA <> last_PL_LA",
        choice=_SAME_EPISODE,
        fails=[_both({"PL_LA": "E10000028"}, {"PL_LA": "E08000025"})],
        passes=[
            _both({"PL_LA": "E10000028"}, {"PL_LA": "E10000028"}),
            _both({"PL_LA": "E10000028", "DECOM": "01/06/2026"}, {"PL_LA": "E08000025"}),
        ],
    ),
    rule(
        "453",
        "Episodes",
        "PL_DISTANCE",
        select=f"SELECT row FROM ep_carried WHERE {_SAME} AND {_FURTHER}",
        choice=f"{_SAME_EPISODE} {_MEASURED}",
        fails=[_both({"PL_DISTANCE": "4.0"}, {"PL_DISTANCE": "4.2"})],
        passes=[
            _both({"PL_DISTANCE": "4.1"}, {"PL_DISTANCE": "4.2"}),
            _both({"PL_DISTANCE": "4.0", "DECOM": "01/06/2026"}, {"PL_DISTANCE": "4.2"}),
        ],
    ),
    rule(
        "502",
        "Episodes",
        "DECOM",
        select="SELECT row FROM ep_carried WHERE was_open AND DECOM <> last_DECOM",
        fails=[_both({"DECOM": "02/05/2025"}, {})],
        passes=[_both({}, {}), _both({"DECOM": "02/05/2026"}, {"DEC": "01/03/2026", "REC": "E4A"})],
    ),
    _carried("503A", "RNE", "S", "P"),
    _carried("503B", "LS", "C1", "C2"),
    _carried("503C", "CIN", "N1", "N2"),
    _carried("503D", "PLACE", "U6", "U4"),
    _carried("503E", "PLACE_PROVIDER", "PR1", "PR4"),
    _carried("503F", "URN", "SC123", "SC124"),
    _carried("503G", "PL_DISTANCE", "4.0", "4.2", _FURTHER, _MEASURED),
    _carried("503H", "PL_LA", "E10000028", "E08000025"),
    _carried("503J", "PL_LOCATION", "IN", "OUT"),
    rule(
        "562",
        "Episodes",
        "DECOM",
        select="SELECT f.row FROM first_ep f WHERE f.DECOM < year_start() AND NOT EXISTS"
        " (FROM Episodes_last l WHERE l.CHILD = f.CHILD AND l.DECOM = f.DECOM AND l.DEC_text IS NULL)",
        choice="Judges the child's first episode: last year's return has one that starts on that day and is open.",
        fails=[
            one_child(Episodes=[{"DECOM": "31/03/2026"}], Episodes_last=[]),
            Example(_both({}, {"DEC": "01/03/2026", "REC": "E4A"}), (("Episodes", 0),)),
        ],
        passes=[_both({}, {}), one_child(Episodes=[{"DECOM": "01/04/2026"}], Episodes_last=[])],
    ),
)
