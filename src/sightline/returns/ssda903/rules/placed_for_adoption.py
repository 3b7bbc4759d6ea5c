"""Rules about the decision that a child should be placed for adoption, and its reversal. Source: DfE SSDA903 guide, adoption data items.

Most of them say what was decided when: rules about a child with several decisions in the return take the latest, unless they say otherwise.
"""

from sightline.engine.exchange.rules.declarations import Example, Rule, find, rule

_REVERSAL = "DATE_PLACED_CEASED REASON_PLACED_CEASED"
_DECISION = f"DATE_PLACED {_REVERSAL}"
_LEFT = "SELECT * FROM last_ep WHERE DEC IS NOT NULL AND REC IS NOT NULL AND REC <> 'X1'"
_BEYOND = (
    f"FROM decision d JOIN ({_LEFT}) e ON e.CHILD = d.CHILD WHERE d.DATE_PLACED > e.DEC OR d.DATE_PLACED_CEASED > e.DEC"
)
_STARTED = "SELECT * FROM ep WHERE coalesce(LS, '') NOT IN ('V3', 'V4') QUALIFY row_number() OVER (PARTITION BY CHILD ORDER BY n) = 1"
_BEFORE_CARE = f"FROM PlacedAdoption d JOIN ({_STARTED}) e ON e.CHILD = d.CHILD WHERE d.DATE_PLACED_CEASED < e.DECOM"
_UNDATED = "NOT EXISTS (SELECT 1 FROM PlacedAdoption d WHERE d.CHILD = e.CHILD AND d.DATE_PLACED_text IS NOT NULL)"
_ADOPTIVE = "e.PLACE IN ('A3', 'A4', 'A5', 'A6')"
_LATE = "FROM adoptive_start e JOIN decision d ON d.CHILD = e.CHILD WHERE d.first_placed > e.DECOM"
#: Children who left care otherwise than by adoption while the decision stood.
_NOT_REVERSED = (
    "SELECT row, decided FROM (SELECT e.row, d.row AS decided, d.DATE_PLACED_CEASED_text AS ceased, d.REASON_PLACED_CEASED AS reason"
    " FROM ep e LEFT JOIN decision d ON d.CHILD = e.CHILD"
    f" WHERE e.DEC IS NOT NULL AND e.REC NOT IN ('X1', 'E11', 'E12') AND ({_ADOPTIVE} OR e.LS IN ('D1', 'E1'))"
    " QUALIFY rank() OVER (PARTITION BY e.row ORDER BY coalesce(d.DATE_PLACED > e.DEC, false), d.back) = 1)"
    " WHERE ceased IS NULL OR reason IS NULL"
)
_ADOPTED = (
    "FROM adopted_ep e JOIN decision d ON d.CHILD = e.CHILD WHERE d.back = 1 AND d.DATE_PLACED_CEASED_text IS NOT NULL"
)
#: Decisions of children whose decision of the year before stood at its end, and is not in this year's return under its date.
_REDATED = (
    "SELECT d.row FROM PlacedAdoption d WHERE d.DATE_PLACED IS NOT NULL AND EXISTS (SELECT 1 FROM PlacedAdoption_last o"
    " WHERE o.CHILD = d.CHILD AND o.DATE_PLACED IS NOT NULL AND o.DATE_PLACED_CEASED_text IS NULL AND NOT EXISTS"
    " (SELECT 1 FROM PlacedAdoption s WHERE s.CHILD = d.CHILD AND s.DATE_PLACED = o.DATE_PLACED))"
)
_BEFORE_START = (
    "FROM PlacedAdoption d JOIN first_ep e ON e.CHILD = d.CHILD WHERE e.RNE = 'S' AND d.DATE_PLACED < e.DECOM"
)


def _placed(**cells: str) -> list[dict[str, str]]:
    """A row of PlacedAdoption."""
    return [{"CHILD": "1", **cells}]


def _decided(placed: str, ceased: str = "") -> dict[str, str]:
    """A decision, and its reversal."""
    return {"CHILD": "1", "DATE_PLACED": placed, "DATE_PLACED_CEASED": ceased}


def _ep(decom: str, **cells: str) -> dict[str, str]:
    """An episode."""
    return {"CHILD": "1", "DECOM": decom, **cells}


def _date(code: str, field: str) -> Rule:
    """A date that is given is one."""
    return rule(
        code,
        "PlacedAdoption",
        field,
        f"{field}_text IS NOT NULL AND {field} IS NULL",
        choice="A blank is left to the rules about which dates are needed.",
        fails=[{"PlacedAdoption": _placed(**{field: "31/06/2026"})}],
        passes=[{"PlacedAdoption": [*_placed(**{field: "30/06/2026"}), *_placed()]}],
    )


def _needed(code: str, status: str) -> Rule:
    """A legal status that needs the decision."""
    where = f"e.LS = '{status}' AND {_UNDATED}"
    return rule(
        code,
        "Episodes",
        "LS",
        select=f"SELECT e.row FROM Episodes e WHERE {where}",
        also=[
            find(
                "PlacedAdoption",
                _DECISION,
                select=f"SELECT p.row FROM PlacedAdoption p JOIN Episodes e ON e.CHILD = p.CHILD WHERE {where}",
            )
        ],
        fails=[
            Example({"Episodes": [_ep("01/05/2023", LS=status)], "PlacedAdoption": []}, (("Episodes", 0),)),
            Example(
                {"Episodes": [_ep("01/05/2023", LS=status)], "PlacedAdoption": _placed(REASON_PLACED_CEASED="RD1")},
                (("Episodes", 0), ("PlacedAdoption", 0)),
            ),
        ],
        passes=[
            {"Episodes": [_ep("01/05/2023", LS=status)], "PlacedAdoption": _placed(DATE_PLACED="01/05/2023")},
            {"Episodes": [_ep("01/05/2023", LS="C2")], "PlacedAdoption": []},
        ],
    )


def _decided_by(code: str, status: str) -> Rule:
    """The decision comes no later than the legal status that needs it."""
    first = f"SELECT * FROM ep WHERE LS = '{status}' QUALIFY row_number() OVER (PARTITION BY CHILD ORDER BY n) = 1"
    late = f"FROM ({first}) e JOIN decision d ON d.CHILD = e.CHILD WHERE d.first_placed > e.DECOM"
    return rule(
        code,
        "PlacedAdoption",
        "DATE_PLACED",
        select=f"SELECT d.row {late} AND d.DATE_PLACED IS NOT NULL",
        also=[find("Episodes", "DECOM LS", select=f"SELECT e.row {late}")],
        choice="The child's first decision in the return, and first episode under the order.",
        fails=[
            Example(
                {
                    "PlacedAdoption": _placed(DATE_PLACED="02/05/2023"),
                    "Episodes": [_ep("01/05/2022", LS="C2"), _ep("01/05/2023", LS=status)],
                },
                (("PlacedAdoption", 0), ("Episodes", 1)),
            )
        ],
        passes=[
            {"PlacedAdoption": _placed(DATE_PLACED="01/05/2023"), "Episodes": [_ep("01/05/2023", LS=status)]},
            {"PlacedAdoption": _placed(DATE_PLACED="02/05/2023"), "Episodes": [_ep("01/05/2023", LS="C2")]},
        ],
    )


RULES = (
    _date("115", "DATE_PLACED"),
    _date("116", "DATE_PLACED_CEASED"),
    rule(
        "117",
        "PlacedAdoption",
        "DATE_PLACED DATE_PLACED_CEASED",
        select="SELECT d.row FROM PlacedAdoption d WHERE d.DATE_PLACED > year_end() OR d.DATE_PLACED_CEASED > year_end()"
        f" UNION SELECT d.row {_BEYOND}",
        also=[find("Episodes", "DECOM DEC REC", select=f"SELECT e.row {_BEYOND}")],
        choice="Ceased to be looked after: the end of the latest episode, where its reason is not X1.",
        fails=[
            {"PlacedAdoption": [_decided("01/04/2027")], "Episodes": [_ep("01/05/2025")]},
            Example(
                {
                    "PlacedAdoption": [_decided("01/05/2025", "02/05/2026")],
                    "Episodes": [_ep("01/05/2025", DEC="01/05/2026", REC="E4A")],
                },
                (("PlacedAdoption", 0), ("Episodes", 0)),
            ),
        ],
        passes=[
            {
                "PlacedAdoption": [_decided("01/05/2025", "01/05/2026")],
                "Episodes": [_ep("01/05/2025", DEC="01/05/2026", REC="E4A")],
            },
            {
                "PlacedAdoption": [_decided("01/05/2025", "02/05/2026")],
                "Episodes": [_ep("01/05/2025", DEC="01/05/2026", REC="X1")],
            },
        ],
    ),
    rule(
        "118",
        "PlacedAdoption",
        "DATE_PLACED_CEASED",
        select=f"SELECT d.row FROM PlacedAdoption d WHERE d.DATE_PLACED_CEASED < year_start() UNION SELECT d.row {_BEFORE_CARE}",
        also=[find("Episodes", "DECOM LS", select=f"SELECT e.row {_BEFORE_CARE}")],
        choice="Started to be looked after: the child's first episode in the return that is not under V3 or V4.",
        fails=[
            {"PlacedAdoption": [_decided("01/05/2025", "31/03/2026")], "Episodes": [_ep("01/05/2025")]},
            Example(
                {
                    "PlacedAdoption": [_decided("01/05/2025", "30/04/2026")],
                    "Episodes": [_ep("01/04/2026", LS="V3"), _ep("01/05/2026", LS="C2")],
                },
                (("PlacedAdoption", 0), ("Episodes", 1)),
            ),
        ],
        passes=[
            {"PlacedAdoption": [_decided("01/05/2025", "01/04/2026")], "Episodes": [_ep("01/05/2025")]},
            {"PlacedAdoption": [_decided("01/05/2025", "01/05/2026")], "Episodes": [_ep("01/05/2026", LS="C2")]},
        ],
    ),
    rule(
        "119",
        "PlacedAdoption",
        _REVERSAL,
        "(DATE_PLACED_CEASED_text IS NULL) <> (REASON_PLACED_CEASED IS NULL)",
        fails=[
            {"PlacedAdoption": _placed(DATE_PLACED_CEASED="01/05/2026")},
            {"PlacedAdoption": _placed(REASON_PLACED_CEASED="RD1")},
        ],
        passes=[
            {"PlacedAdoption": _placed(DATE_PLACED_CEASED="01/05/2026", REASON_PLACED_CEASED="RD1")},
            {"PlacedAdoption": _placed()},
        ],
    ),
    rule(
        "120",
        "PlacedAdoption",
        "REASON_PLACED_CEASED",
        "REASON_PLACED_CEASED NOT IN {adoption_decision_reversed}",
        fails=[{"PlacedAdoption": _placed(REASON_PLACED_CEASED="RD5")}],
        passes=[{"PlacedAdoption": [*_placed(REASON_PLACED_CEASED="RD4"), *_placed()]}],
    ),
    rule(
        "184",
        "PlacedAdoption",
        "DATE_PLACED",
        "DATE_PLACED < DOB",
        choice="The day of birth is that of the same row, which rule INT12 holds against the header.",
        fails=[{"PlacedAdoption": [{**_decided("30/04/2025"), "DOB": "01/05/2025"}]}],
        passes=[{"PlacedAdoption": [{**_decided("01/05/2025"), "DOB": "01/05/2025"}, _decided("01/05/2025")]}],
    ),
    rule(
        "522",
        "PlacedAdoption",
        "DATE_PLACED DATE_PLACED_CEASED",
        "DATE_PLACED > DATE_PLACED_CEASED",
        fails=[{"PlacedAdoption": [_decided("02/05/2026", "01/05/2026")]}],
        passes=[{"PlacedAdoption": [_decided("01/05/2026", "01/05/2026"), _decided("02/05/2026")]}],
    ),
    rule(
        "551",
        "Episodes",
        "PLACE",
        select=f"SELECT e.row FROM Episodes e WHERE {_ADOPTIVE} AND {_UNDATED}",
        choice="Placed for adoption: A3 to A6. Found at the episode.",
        fails=[
            {"Episodes": [_ep("01/05/2026", PLACE="A3")], "PlacedAdoption": _placed()},
            {"Episodes": [_ep("01/05/2026", PLACE="A3")], "PlacedAdoption": []},
        ],
        passes=[
            {"Episodes": [_ep("01/05/2026", PLACE="A3")], "PlacedAdoption": [_decided("01/05/2026")]},
            {"Episodes": [_ep("01/05/2026", PLACE="U5")], "PlacedAdoption": []},
        ],
    ),
    rule(
        "552",
        "PlacedAdoption",
        "DATE_PLACED",
        select=f"SELECT d.row {_LATE} AND d.DATE_PLACED IS NOT NULL",
        also=[find("Episodes", "DECOM", select=f"SELECT e.row {_LATE}")],
        choice="A placement (A3 to A6) fails when the child's first decision in the return came after it started.",
        fails=[
            Example(
                {"PlacedAdoption": [_decided("02/05/2026")], "Episodes": [_ep("01/05/2026", PLACE="A4")]},
                (("PlacedAdoption", 0), ("Episodes", 0)),
            )
        ],
        passes=[
            {"PlacedAdoption": [_decided("01/05/2026")], "Episodes": [_ep("01/05/2026", PLACE="A4")]},
            {
                "PlacedAdoption": [_decided("01/05/2025", "01/06/2026"), _decided("02/06/2026")],
                "Episodes": [_ep("01/05/2026", PLACE="A4")],
            },
        ],
    ),
    _needed("553", "E1"),
    _decided_by("554", "E1"),
    _needed("555", "D1"),
    _decided_by("556", "D1"),
    rule(
        "557",
        "Episodes",
        "PLACE LS REC",
        select=f"SELECT r.row FROM ({_NOT_REVERSED}) r",
        also=[
            find(
                "PlacedAdoption",
                _REVERSAL,
                select=f"SELECT r.decided FROM ({_NOT_REVERSED}) r WHERE r.decided IS NOT NULL",
            )
        ],
        choice="That the decision was made is read from the fields named: the episode with which the child leaves care is in a placement A3 to A6,"
        " or under E1 or D1. A child who comes back to care had left it all the same. The decision is the latest that was made by then.",
        fails=[
            Example(
                {
                    "Episodes": [_ep("01/05/2025", DEC="01/05/2026", REC="E4A", PLACE="A4")],
                    "PlacedAdoption": [_decided("01/06/2025")],
                },
                (("Episodes", 0), ("PlacedAdoption", 0)),
            ),
            Example(
                {"Episodes": [_ep("01/05/2025", DEC="01/05/2026", REC="E4A", LS="E1")], "PlacedAdoption": []},
                (("Episodes", 0),),
            ),
        ],
        passes=[
            {
                "Episodes": [_ep("01/05/2025", DEC="01/05/2026", REC="E4A", PLACE="A4")],
                "PlacedAdoption": _placed(
                    DATE_PLACED="01/06/2025", DATE_PLACED_CEASED="01/05/2026", REASON_PLACED_CEASED="RD1"
                ),
            },
            {"Episodes": [_ep("01/05/2025", DEC="01/05/2026", REC="E11")], "PlacedAdoption": [_decided("01/06/2025")]},
            {"Episodes": [_ep("01/05/2025")], "PlacedAdoption": [_decided("01/06/2025")]},
            {
                "Episodes": [_ep("01/05/2025", DEC="01/05/2026", REC="E4A", PLACE="U4", LS="C2")],
                "PlacedAdoption": [_decided("01/06/2025")],
            },
        ],
    ),
    rule(
        "558",
        "PlacedAdoption",
        "DATE_PLACED_CEASED",
        select=f"SELECT d.row {_ADOPTED}",
        also=[find("Episodes", "REC", select=f"SELECT e.row {_ADOPTED}")],
        choice="The child's latest decision is the one that counts.",
        fails=[
            Example(
                {"PlacedAdoption": [_decided("01/06/2025", "01/05/2026")], "Episodes": [_ep("01/05/2025", REC="E12")]},
                (("PlacedAdoption", 0), ("Episodes", 0)),
            )
        ],
        passes=[
            {"PlacedAdoption": [_decided("01/06/2025")], "Episodes": [_ep("01/05/2025", REC="E12")]},
            {"PlacedAdoption": [_decided("01/06/2025", "01/05/2026")], "Episodes": [_ep("01/05/2025", REC="E4A")]},
        ],
    ),
    rule(
        "559",
        "PlacedAdoption",
        "DATE_PLACED",
        select="SELECT d.row FROM PlacedAdoption d WHERE d.DATE_PLACED < year_start() AND NOT EXISTS"
        " (SELECT 1 FROM PlacedAdoption_last o WHERE o.CHILD = d.CHILD AND o.DATE_PLACED_text IS NOT NULL)",
        choice="A previous return: that of the year before, which is the one given.",
        fails=[{"PlacedAdoption": [_decided("31/03/2026")], "PlacedAdoption_last": _placed()}],
        passes=[
            {"PlacedAdoption": [_decided("31/03/2026")], "PlacedAdoption_last": [_decided("31/03/2026")]},
            {"PlacedAdoption": [_decided("01/04/2026")], "PlacedAdoption_last": []},
        ],
    ),
    rule(
        "560",
        "PlacedAdoption",
        "DATE_PLACED DATE_PLACED_CEASED",
        select=f"{_REDATED} AND d.DATE_PLACED_CEASED_text IS NULL",
        choice="The decision did not change: neither year has a date on which it ceased. With one this year, it is rule 584.",
        fails=[{"PlacedAdoption": [_decided("02/05/2025")], "PlacedAdoption_last": [_decided("01/05/2025")]}],
        passes=[
            {"PlacedAdoption": [_decided("01/05/2025")], "PlacedAdoption_last": [_decided("01/05/2025")]},
            {"PlacedAdoption": [_decided("02/05/2026")], "PlacedAdoption_last": [_decided("01/05/2025", "01/06/2025")]},
            {
                "PlacedAdoption": [_decided("01/05/2025", "01/05/2026"), _decided("02/05/2026")],
                "PlacedAdoption_last": [_decided("01/05/2025")],
            },
        ],
    ),
    rule(
        "561",
        "PlacedAdoption",
        "DATE_PLACED",
        select="SELECT d.row FROM PlacedAdoption d JOIN PlacedAdoption_last o ON o.CHILD = d.CHILD AND o.DATE_PLACED = d.DATE_PLACED"
        " WHERE o.DATE_PLACED_CEASED_text IS NOT NULL OR o.REASON_PLACED_CEASED IS NOT NULL",
        choice="Last year's day or reason of the reversal shows it, as for rule 563.",
        fails=[
            {"PlacedAdoption": [_decided("01/05/2025")], "PlacedAdoption_last": [_decided("01/05/2025", "01/06/2025")]},
            {
                "PlacedAdoption": [_decided("01/05/2025")],
                "PlacedAdoption_last": [_decided("01/05/2025") | {"REASON_PLACED_CEASED": "RD1"}],
            },
        ],
        passes=[
            {"PlacedAdoption": [_decided("01/05/2025")], "PlacedAdoption_last": [_decided("01/05/2025")]},
            {"PlacedAdoption": [_decided("02/06/2025")], "PlacedAdoption_last": [_decided("01/05/2025", "01/06/2025")]},
        ],
    ),
    rule(
        "563",
        "PlacedAdoption",
        _DECISION,
        "DATE_PLACED_text IS NULL AND coalesce(DATE_PLACED_CEASED_text, REASON_PLACED_CEASED) IS NOT NULL",
        fails=[
            {"PlacedAdoption": _placed(DATE_PLACED_CEASED="01/05/2026")},
            {"PlacedAdoption": _placed(REASON_PLACED_CEASED="RD1")},
        ],
        passes=[{"PlacedAdoption": [_decided("01/05/2025", "01/05/2026"), *_placed()]}],
    ),
    rule(
        "579",
        "PlacedAdoption",
        "DATE_PLACED DATE_PLACED_CEASED",
        select="SELECT d.row FROM PlacedAdoption d JOIN PlacedAdoption b ON b.CHILD = d.CHILD AND b.row <> d.row"
        " WHERE b.DATE_PLACED <= d.DATE_PLACED AND (b.DATE_PLACED_CEASED_text IS NULL OR b.DATE_PLACED_CEASED > d.DATE_PLACED)",
        choice="The new decision is the one at fault; of two on the same day, both. A new decision on the day of the reversal may stand.",
        fails=[
            Example({"PlacedAdoption": [_decided("01/05/2025"), _decided("02/05/2026")]}, (("PlacedAdoption", 1),)),
            Example(
                {"PlacedAdoption": [_decided("01/05/2026"), _decided("01/05/2025", "02/05/2026")]},
                (("PlacedAdoption", 0),),
            ),
        ],
        passes=[{"PlacedAdoption": [_decided("01/05/2025", "02/05/2026"), _decided("02/05/2026")]}],
    ),
    rule(
        "583",
        "PlacedAdoption",
        "DATE_PLACED DATE_PLACED_CEASED",
        select="SELECT d.row FROM PlacedAdoption d JOIN PlacedAdoption a ON a.CHILD = d.CHILD AND a.DATE_PLACED > d.DATE_PLACED"
        " WHERE d.DATE_PLACED_CEASED_text IS NULL",
        choice="The earlier decision is the one to look at: its date of reversal is missing.",
        fails=[Example({"PlacedAdoption": [_decided("02/05/2026"), _decided("01/05/2025")]}, (("PlacedAdoption", 1),))],
        passes=[
            {"PlacedAdoption": [_decided("02/05/2026"), _decided("01/05/2025", "01/05/2026")]},
            {"PlacedAdoption": [_decided("02/05/2026")]},
        ],
    ),
    rule(
        "584",
        "PlacedAdoption",
        "DATE_PLACED",
        select=f"{_REDATED} AND d.DATE_PLACED_CEASED_text IS NOT NULL",
        choice="The decision changed: this year's return reverses it, under a date that is not the one of the year before.",
        fails=[
            {"PlacedAdoption": [_decided("02/05/2025", "01/05/2026")], "PlacedAdoption_last": [_decided("01/05/2025")]}
        ],
        passes=[
            {"PlacedAdoption": [_decided("01/05/2025", "01/05/2026")], "PlacedAdoption_last": [_decided("01/05/2025")]},
            {"PlacedAdoption": [_decided("02/05/2025")], "PlacedAdoption_last": [_decided("01/05/2025")]},
        ],
    ),
    rule(
        "1003",
        "PlacedAdoption",
        "DATE_PLACED",
        select=f"SELECT d.row {_BEFORE_START}",
        also=[find("Episodes", "DECOM RNE", select=f"SELECT e.row {_BEFORE_START}")],
        choice="The child's first episode in the return, where it starts a period of care (RNE S): otherwise the start is not known.",
        fails=[
            Example(
                {"PlacedAdoption": [_decided("30/04/2025")], "Episodes": [_ep("01/05/2025", RNE="S")]},
                (("PlacedAdoption", 0), ("Episodes", 0)),
            )
        ],
        passes=[
            {"PlacedAdoption": [_decided("01/05/2025")], "Episodes": [_ep("01/05/2025", RNE="S")]},
            {"PlacedAdoption": [_decided("30/04/2025")], "Episodes": [_ep("01/05/2025", RNE="P")]},
        ],
    ),
)
