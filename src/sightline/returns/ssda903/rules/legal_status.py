"""Rules about the legal status of episodes: what it allows, for how long and at what age."""

from sightline.engine.exchange.rules.declarations import Example, Rule, find, rule
from sightline.returns.ssda903.words import SHORT_BREAK, TEMPORARY, UNTIL, episodes

_RUN = "Consecutive episodes under the status count as one, and an open one lasts to 31 March."


def _longest(code: str, status: str, days: int, fields: str, choice: str = "") -> Rule:
    """A status that may last so many days, over as many episodes as it may."""
    start = {"DECOM": "01/05/2026", "LS": status, "RNE": "S"}
    return rule(
        code,
        "Episodes",
        fields,
        select=f"SELECT row FROM ep_legal_run WHERE LS = '{status}' AND ends - starts > {days}",
        choice=f"{choice}{_RUN}",
        fails=[
            episodes({**start, "DEC": f"{days + 2:02}/05/2026", "REC": "E4A"}),
            Example(
                episodes(
                    {**start, "DEC": "02/05/2026", "REC": "X1"},
                    {"DECOM": "02/05/2026", "LS": status, "RNE": "P", "DEC": f"{days + 2:02}/05/2026", "REC": "E4A"},
                ),
                (("Episodes", 0), ("Episodes", 1)),
            ),
            episodes(start),
        ],
        passes=[
            episodes({**start, "DEC": f"{days + 1:02}/05/2026", "REC": "E4A"}),
            episodes(
                {**start, "DEC": "02/05/2026", "REC": "X1"},
                {"DECOM": "02/05/2026", "LS": "C1", "RNE": "L", "DEC": "30/06/2026", "REC": "E4A"},
            ),
        ],
    )


_UNDER_10 = "LS IN ('J1', 'J2', 'J3') AND age_in < 10"
_PAST_18 = f"{UNTIL} > birthday(DOB, 18) AND NOT (LS = 'V2' AND PLACE = 'K2')"
_BREAK = {"LS": "V3", "DECOM": "01/05/2026", "RNE": "S"}

RULES = (
    rule(
        "358",
        "Episodes",
        "DECOM LS",
        select=f"SELECT row FROM ep_aged WHERE {_UNDER_10}",
        also=[
            find(
                "Header",
                "DOB",
                select=f"SELECT h.row FROM Header h WHERE h.CHILD IN (SELECT CHILD FROM ep_aged WHERE {_UNDER_10})",
            )
        ],
        choice="These statuses are remand, detention under PACE and youth rehabilitation orders (J1 to J3); the age is that on the first day.",
        fails=[
            Example(
                episodes({"LS": "J1", "DECOM": "01/05/2026"}, Header=[{"DOB": "02/05/2016"}]),
                (("Episodes", 0), ("Header", 0)),
            )
        ],
        passes=[
            episodes({"LS": "J1", "DECOM": "02/05/2026"}, Header=[{"DOB": "02/05/2016"}]),
            episodes({"LS": "C1", "DECOM": "01/05/2026"}, Header=[{"DOB": "02/05/2016"}]),
        ],
    ),
    rule(
        "359",
        "Episodes",
        "DEC LS PLACE",
        select=f"SELECT row FROM ep_aged WHERE {_PAST_18}",
        choice="An open episode lasts to 31 March. Both V2 and K2 are asked for.",
        fails=[
            episodes({"LS": "C2", "PLACE": "U4", "DEC": "02/05/2026"}, Header=[{"DOB": "01/05/2008"}]),
            episodes({"LS": "V2", "PLACE": "U4"}, Header=[{"DOB": "01/05/2008"}]),
        ],
        passes=[
            episodes({"LS": "C2", "PLACE": "U4", "DEC": "01/05/2026"}, Header=[{"DOB": "01/05/2008"}]),
            episodes({"LS": "V2", "PLACE": "K2"}, Header=[{"DOB": "01/05/2008"}]),
        ],
    ),
    _longest("361", "L1", 3, "DECOM LS DEC"),
    _longest("362", "L2", 21, "DECOM LS DEC"),
    _longest("363", "L3", 7, "LS DECOM DEC"),
    _longest(
        "364", "J2", 21, "LS DECOM DEC", "The message gives no number: 21 days, as for an emergency protection order. "
    ),
    rule(
        "365",
        "Episodes",
        "LS DECOM DEC",
        f"LS = 'V3' AND {UNTIL} - DECOM > 17",
        choice="An open break lasts to 31 March.",
        fails=[episodes({**_BREAK, "DEC": "19/05/2026"}), episodes(_BREAK)],
        passes=[episodes({**_BREAK, "DEC": "18/05/2026"})],
    ),
    rule(
        "366",
        "Episodes",
        "RNE",
        "LS = 'V3' AND RNE IS DISTINCT FROM 'S'",
        choice="Every break starts care anew, so its reason is S, and not left blank.",
        fails=[episodes({"LS": "V3", "RNE": "P"}), episodes({"LS": "V3"})],
        passes=[episodes({"LS": "V3", "RNE": "S"}), episodes({"LS": "V2", "RNE": "P"})],
    ),
    rule(
        "367",
        "Episodes",
        "LS DECOM DEC",
        select="SELECT row FROM Episodes WHERE LS = 'V3' AND CHILD IN (SELECT CHILD FROM Episodes WHERE LS = 'V3' GROUP BY CHILD"
        f" HAVING sum(greatest(least({UNTIL}, year_end()) - greatest(DECOM, year_start()), 0))"
        f" FILTER (WHERE DECOM IS NOT NULL AND ({UNTIL}) IS NOT NULL) > 75)",
        choice="The days within the collection year are counted, as the return holds no other twelve months; every break of the child is found."
        " One whose days are not known counts for nothing.",
        fails=[
            Example(
                episodes(
                    {"LS": "V3", "DECOM": "01/05/2026", "DEC": "10/06/2026"},
                    {"LS": "V3", "DECOM": "01/07/2026", "DEC": "06/08/2026"},
                ),
                (("Episodes", 0), ("Episodes", 1)),
            )
        ],
        passes=[
            episodes(
                {"LS": "V3", "DECOM": "01/05/2026", "DEC": "10/06/2026"},
                {"LS": "V3", "DECOM": "01/07/2026", "DEC": "05/08/2026"},
            ),
            episodes({"LS": "V3", "DEC": "10/07/2026"}),
        ],
    ),
    rule(
        "378",
        "Episodes",
        "PLACE LS",
        "PLACE = 'P1' AND LS = 'V2'",
        fails=[episodes({"PLACE": "P1", "LS": "V2"})],
        passes=[episodes({"PLACE": "P1", "LS": "C2"})],
    ),
    rule(
        "382",
        "Episodes",
        "LS PLACE",
        f"{SHORT_BREAK} AND PLACE IN {TEMPORARY}",
        fails=[episodes({"LS": "V3", "PLACE": "T1"})],
        passes=[episodes({"LS": "V3", "PLACE": "K2"}), episodes({"LS": "V2", "PLACE": "T1"})],
    ),
    rule(
        "384",
        "Episodes",
        "PLACE LS",
        f"{SHORT_BREAK} AND PLACE IN ('U1', 'U4')",
        fails=[episodes({"LS": "V4", "PLACE": "U4"})],
        passes=[episodes({"LS": "V4", "PLACE": "U6"}), episodes({"LS": "V2", "PLACE": "U4"})],
    ),
    rule(
        "408",
        "Episodes",
        "PLACE LS",
        "PLACE IN ('A5', 'A6') AND LS IS DISTINCT FROM 'E1'",
        choice="A status that is left blank records no order.",
        fails=[episodes({"PLACE": "A5", "LS": "C2"}), episodes({"PLACE": "A5"})],
        passes=[episodes({"PLACE": "A5", "LS": "E1"}), episodes({"PLACE": "A3", "LS": "C2"})],
    ),
    rule(
        "426",
        "Episodes",
        "LS",
        select=f"SELECT row FROM Episodes WHERE {SHORT_BREAK} AND CHILD IN"
        f" (SELECT CHILD FROM Episodes WHERE {SHORT_BREAK} GROUP BY CHILD HAVING count(DISTINCT LS) = 2)",
        fails=[Example(episodes({"LS": "V3"}, {"LS": "V4"}, {"LS": "C2"}), (("Episodes", 0), ("Episodes", 1)))],
        passes=[episodes({"LS": "V3"}, {"LS": "V3"})],
    ),
    rule(
        "445",
        "Episodes",
        "LS DECOM",
        "LS = 'D1' AND DECOM > DATE '2005-12-31'",
        fails=[episodes({"LS": "D1", "DECOM": "01/01/2006"})],
        passes=[episodes({"LS": "D1", "DECOM": "31/12/2005"})],
    ),
    rule(
        "446",
        "Episodes",
        "LS DECOM",
        "LS = 'E1' AND DECOM < DATE '2005-12-01'",
        fails=[episodes({"LS": "E1", "DECOM": "30/11/2005"})],
        passes=[episodes({"LS": "E1", "DECOM": "01/12/2005"})],
    ),
    rule(
        "451",
        "Episodes",
        "DEC REC LS",
        "LS = 'D1' AND DEC_text IS NULL AND REC IS NULL",
        fails=[episodes({"LS": "D1"})],
        passes=[episodes({"LS": "D1", "DEC": "01/05/2023", "REC": "X1"})],
    ),
)
