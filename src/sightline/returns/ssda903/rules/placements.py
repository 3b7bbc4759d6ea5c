"""Rules about placements: which may follow which, how long temporary ones last, and why a placement changed."""

from sightline.engine.exchange.rules.declarations import Example, Rule, find, rule
from sightline.returns.ssda903.words import ADOPTED, ADOPTION, FOSTER, TEMPORARY, episodes, tidy

_MOVE = {
    "DECOM": "01/05/2026",
    "DEC": "01/06/2026",
    "REC": "X1",
    "RNE": "S",
    "PLACE": "U6",
    "LS": "C2",
    "PL_POST": "ST16 3AA",
}
_SECOND = (("Episodes", 1),)
_THIRD = (("Episodes", 2),)


def _youngest(code: str, places: tuple[str, ...], age: int, *, choice: str = "") -> Rule:
    """A placement that asks for an age on its first day."""
    listed = ", ".join(f"'{place}'" for place in places)
    return rule(
        code,
        "Episodes",
        "DECOM PLACE",
        select=f"SELECT row FROM ep_aged WHERE PLACE IN ({listed}) AND age_in < {age}",
        choice=choice,
        fails=[
            episodes({"DECOM": "01/05/2023", "PLACE": place}, Header=[{"DOB": f"02/05/{2023 - age}"}])
            for place in places
        ],
        passes=[
            *(
                episodes({"DECOM": "02/05/2023", "PLACE": place}, Header=[{"DOB": f"02/05/{2023 - age}"}])
                for place in places
            ),
            episodes({"DECOM": "01/05/2023", "PLACE": "K2"}, Header=[{"DOB": f"02/05/{2023 - age}"}]),
        ],
    )


def _longest(code: str, place: str, days: int, late: str, last: str) -> Rule:
    """A temporary placement that may last so many days; `late` is the first day that is too many after 1 May, `last` the day before."""
    start = {"DECOM": "01/05/2026", "PLACE": place, "RNE": "P"}
    return rule(
        code,
        "Episodes",
        "DECOM PLACE",
        select=f"SELECT row FROM ep_place_run WHERE PLACE = '{place}' AND ends - starts > {days}",
        choice="A change of legal status alone (L) does not begin a new placement; an open episode lasts to 31 March.",
        fails=[
            episodes({**start, "DEC": late, "REC": "X1"}),
            episodes(start),
            Example(
                episodes(
                    {**start, "DEC": "03/05/2026", "REC": "X1"},
                    {**start, "RNE": "L", "DECOM": "03/05/2026", "DEC": late, "REC": "X1"},
                ),
                (("Episodes", 0), ("Episodes", 1)),
            ),
        ],
        passes=[
            episodes({**start, "DEC": last, "REC": "X1"}),
            episodes(
                {**start, "DEC": "03/05/2026", "REC": "X1"},
                {**start, "DECOM": "03/05/2026", "DEC": late, "REC": "X1", "PLACE": "U6"},
            ),
        ],
    )


_CUSTODY = "REASON_PLACE_CHANGE = 'CUSTOD' AND age_out < 10"

RULES = (
    rule(
        "217",
        "Episodes",
        "PLACE DECOM RNE",
        "PLACE IN ('A3', 'A5') AND DECOM >= DATE '2015-04-01' AND coalesce(RNE, '') NOT IN ('S', 'T', 'U')",
        choice="Asked of episodes from 1 April 2015, when these reasons came in. A blank is none of them.",
        fails=[
            episodes({"PLACE": "A3", "DECOM": "01/05/2026", "RNE": "P"}),
            episodes({"PLACE": "A5", "DECOM": "01/05/2026"}),
        ],
        passes=[
            episodes({"PLACE": "A3", "DECOM": "01/05/2026", "RNE": "T"}),
            episodes({"PLACE": "A3", "DECOM": "31/03/2015", "RNE": "P"}),
            episodes({"PLACE": "A4", "DECOM": "01/05/2026", "RNE": "P"}),
        ],
    ),
    rule(
        "217t",
        "Episodes",
        "PLACE DECOM",
        "PLACE = 'P2' AND (DEC IS NULL OR DEC > DATE '2023-10-28')",
        choice="An episode that goes on after 28 October 2023 had to end then, and another to follow under a type that is valid.",
        fails=[
            episodes({"PLACE": "P2", "DECOM": "28/10/2023"}),
            episodes({"PLACE": "P2", "DECOM": "01/05/2023", "DEC": "29/10/2023"}),
        ],
        passes=[episodes({"PLACE": "P2", "DECOM": "01/05/2023", "DEC": "28/10/2023"})],
    ),
    rule(
        "225",
        "Episodes",
        "REASON_PLACE_CHANGE",
        select="SELECT row FROM ep WHERE REC = 'X1' AND next_RNE IN ('P', 'T', 'B', 'U') AND REASON_PLACE_CHANGE IS NULL"
        f" AND coalesce(PLACE, '') NOT IN {TEMPORARY} AND coalesce(next_PLACE, '') NOT IN {TEMPORARY}",
        choice="The reason stands on the episode that ends. None is asked for on the way into or out of a temporary placement. A type that is left"
        " blank is not temporary.",
        fails=[
            episodes(_MOVE, {"DECOM": "01/06/2026", "RNE": "P", "PLACE": "K2"}),
            episodes(_MOVE, {"DECOM": "01/06/2026", "RNE": "P"}),
        ],
        passes=[
            episodes({**_MOVE, "REASON_PLACE_CHANGE": "CARPL"}, {"DECOM": "01/06/2026", "RNE": "P", "PLACE": "K2"}),
            episodes(_MOVE, {"DECOM": "01/06/2026", "RNE": "L", "PLACE": "U6"}),
            episodes(_MOVE, {"DECOM": "01/06/2026", "RNE": "P", "PLACE": "T1"}),
        ],
    ),
    rule(
        "226",
        "Episodes",
        "REASON_PLACE_CHANGE PLACE",
        select=f"SELECT row FROM ep WHERE PLACE IN {TEMPORARY} AND (REASON_PLACE_CHANGE IS NOT NULL"
        " OR prev_REASON_PLACE_CHANGE IS NOT NULL AND RNE IS DISTINCT FROM 'S')",
        choice="Neither for leaving a temporary placement nor for going to one, whose reason stands on the episode before. Finds the episode in the"
        " temporary placement.",
        fails=[
            episodes({"PLACE": "T1", "REASON_PLACE_CHANGE": "OTHER"}),
            Example(
                episodes({**_MOVE, "REASON_PLACE_CHANGE": "OTHER"}, {"DECOM": "01/06/2026", "RNE": "P", "PLACE": "T1"}),
                (("Episodes", 1),),
            ),
        ],
        passes=[
            episodes({"PLACE": "T1"}),
            episodes({"PLACE": "U6", "REASON_PLACE_CHANGE": "OTHER"}),
            episodes({**_MOVE, "REASON_PLACE_CHANGE": "OTHER"}, {"DECOM": "01/06/2026", "RNE": "P", "PLACE": "K2"}),
        ],
    ),
    rule(
        "233",
        "Episodes",
        "REASON_PLACE_CHANGE",
        "REASON_PLACE_CHANGE IS NOT NULL AND DEC_text IS NULL AND REC IS NULL",
        fails=[episodes({"REASON_PLACE_CHANGE": "OTHER"})],
        passes=[
            episodes({"REASON_PLACE_CHANGE": "OTHER", "DEC": "01/05/2026", "REC": "X1"}),
            episodes({"DECOM": "01/05/2026"}),
        ],
    ),
    rule(
        "234",
        "Episodes",
        "REASON_PLACE_CHANGE",
        select=f"SELECT row FROM ep_aged WHERE {_CUSTODY}",
        also=[
            find(
                "Header",
                "DOB",
                select=f"SELECT h.row FROM Header h WHERE h.CHILD IN (SELECT CHILD FROM ep_aged WHERE {_CUSTODY})",
            )
        ],
        choice="The age is that on the day on which the episode ends, which is the day of the change.",
        fails=[
            Example(
                episodes({"REASON_PLACE_CHANGE": "CUSTOD", "DEC": "01/05/2026"}, Header=[{"DOB": "02/05/2016"}]),
                (("Episodes", 0), ("Header", 0)),
            )
        ],
        passes=[
            episodes({"REASON_PLACE_CHANGE": "CUSTOD", "DEC": "02/05/2026"}, Header=[{"DOB": "02/05/2016"}]),
            episodes({"REASON_PLACE_CHANGE": "OTHER", "DEC": "01/05/2026"}, Header=[{"DOB": "02/05/2016"}]),
        ],
    ),
    rule(
        "336",
        "Episodes",
        "PLACE",
        select="SELECT row FROM ep_settled WHERE PLACE IN ('A3', 'A5') AND RNE <> 'S'"
        f" AND settled_PLACE NOT IN {FOSTER} AND settled_PLACE NOT IN ('A3', 'A5')",
        choice="Judges placements for adoption with the current carer (A3, A5): temporary placements in between are passed over, and a child who"
        " starts to be looked after there, or was there already, is not found.",
        fails=[
            Example(episodes({**_MOVE, "PLACE": "K2"}, {"DECOM": "01/06/2026", "RNE": "T", "PLACE": "A3"}), _SECOND)
        ],
        passes=[
            episodes(_MOVE, {"DECOM": "01/06/2026", "RNE": "T", "PLACE": "A3"}),
            episodes({**_MOVE, "PLACE": "K2"}, {"DECOM": "01/06/2026", "RNE": "P", "PLACE": "A4"}),
            episodes({"DECOM": "01/06/2026", "RNE": "T", "PLACE": "A3"}),
        ],
    ),
    _youngest("370", ("P2",), 16),
    _youngest(
        "371", ("H5", "K3"), 16, choice="The placement was H5, and is K3 since supported accommodation is registered."
    ),
    _youngest("372", ("R5",), 10),
    _youngest("373", ("S1",), 4),
    _youngest("374", ("P3",), 14),
    _longest("375", "T1", 42, "13/06/2026", "12/06/2026"),
    _longest("376", "T3", 21, "23/05/2026", "22/05/2026"),
    rule(
        "377",
        "Episodes",
        "PLACE",
        select="SELECT row FROM Episodes WHERE PLACE = 'T3' AND CHILD IN"
        " (SELECT CHILD FROM Episodes WHERE PLACE = 'T3' AND RNE IS DISTINCT FROM 'L' GROUP BY CHILD HAVING count(*) > 2)",
        choice="The twelve months are those of the return. A change of legal status alone (L) is no further placement.",
        fails=[
            Example(episodes(*({"PLACE": "T3", "RNE": "P"},) * 3), (("Episodes", 0), ("Episodes", 1), ("Episodes", 2)))
        ],
        passes=[
            episodes(*({"PLACE": "T3", "RNE": "P"},) * 2, {"PLACE": "T3", "RNE": "L"}, {"PLACE": "T2", "RNE": "P"})
        ],
    ),
    _longest("379", "T4", 7, "09/05/2026", "08/05/2026"),
    rule(
        "380",
        "Episodes",
        "PLACE RNE",
        f"RNE = 'S' AND PLACE IN {TEMPORARY}",
        fails=[episodes({"PLACE": "T1", "RNE": "S"})],
        passes=[episodes({"PLACE": "T1", "RNE": "P"}), episodes({"PLACE": "R2", "RNE": "S"})],
    ),
    rule(
        "381",
        "Episodes",
        "PLACE REC",
        f"REC <> 'X1' AND PLACE IN {TEMPORARY}",
        fails=[episodes({"PLACE": "T1", "REC": "E4A"})],
        passes=[
            episodes({"PLACE": "T1", "REC": "X1"}),
            episodes({"PLACE": "T1"}),
            episodes({"PLACE": "R2", "REC": "E4A"}),
        ],
    ),
    rule(
        "383",
        "Episodes",
        "PLACE RNE PL_POST",
        select=f"SELECT row FROM ep_settled WHERE prev_PLACE IN {TEMPORARY} AND coalesce(prev_REC, 'X1') = 'X1' AND settled_row IS NOT NULL"
        " AND (RNE IS DISTINCT FROM 'P' OR PLACE IS DISTINCT FROM settled_PLACE"
        f" OR {tidy('PL_POST')} IS DISTINCT FROM {tidy('settled_POST')})",
        choice="The return is the episode after the temporary placement, and is the one found: a change of placement (P) to the type and postcode"
        " before it. A child whose first episode in the return is temporary has no placement to compare with, and several temporary"
        " placements that follow each other are passed over.",
        fails=[
            Example(
                episodes(
                    _MOVE,
                    {**_MOVE, "DECOM": "01/06/2026", "DEC": "10/06/2026", "RNE": "P", "PLACE": "T1", "PL_POST": ""},
                    {"DECOM": "10/06/2026", "RNE": "P", "PLACE": "U6", "PL_POST": "B1 1AA"},
                ),
                _THIRD,
            ),
            Example(
                episodes(
                    _MOVE,
                    {**_MOVE, "DECOM": "01/06/2026", "DEC": "10/06/2026", "RNE": "P", "PLACE": "T1"},
                    {"DECOM": "10/06/2026", "RNE": "B", "PLACE": "U6", "PL_POST": "ST16 3AA"},
                ),
                _THIRD,
            ),
            Example(
                episodes(
                    _MOVE,
                    {**_MOVE, "DECOM": "01/06/2026", "DEC": "10/06/2026", "RNE": "P", "PLACE": "T1"},
                    {"DECOM": "10/06/2026", "RNE": "P", "PLACE": "K2", "PL_POST": "ST16 3AA"},
                ),
                _THIRD,
            ),
        ],
        passes=[
            episodes(
                _MOVE,
                {**_MOVE, "DECOM": "01/06/2026", "DEC": "10/06/2026", "RNE": "P", "PLACE": "T1"},
                {"DECOM": "10/06/2026", "RNE": "P", "PLACE": "U6", "PL_POST": "ST16 3AA"},
            ),
            episodes(_MOVE, {"DECOM": "01/06/2026", "RNE": "P", "PLACE": "T1"}),
            episodes(
                {**_MOVE, "DECOM": "01/06/2026", "DEC": "10/06/2026", "RNE": "P", "PLACE": "T1"},
                {"DECOM": "10/06/2026", "RNE": "P", "PLACE": "U6", "PL_POST": "ST16 3AA"},
            ),
        ],
    ),
    rule(
        "390",
        "Episodes",
        "PLACE REC",
        f"REC IN {ADOPTED} AND coalesce(PLACE, '') NOT IN {ADOPTION}",
        choice="Judges the episode that ends in the adoption: its placement is one for adoption, and not left blank.",
        fails=[episodes({"PLACE": "U5", "REC": "E11"}), episodes({"REC": "E11"})],
        passes=[episodes({"PLACE": "A5", "REC": "E11"}), episodes({"PLACE": "U5", "REC": "E41"})],
    ),
    rule(
        "516",
        "Episodes",
        "REC PLACE",
        f"REC IN ('E45', 'E46') AND coalesce(PLACE, '') NOT IN {FOSTER}",
        choice="Judges the episode that ends in the order: its placement is the one with the former foster carers, and not left blank.",
        fails=[episodes({"PLACE": "K2", "REC": "E45"}), episodes({"REC": "E45"})],
        passes=[episodes({"PLACE": "U3", "REC": "E45"}), episodes({"PLACE": "K2", "REC": "E47"})],
    ),
)
