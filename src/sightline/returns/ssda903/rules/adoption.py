"""Rules about children who were adopted, and their adopters (AD1). Source: DfE SSDA903 guide, adoption data items."""

from sightline.engine.exchange.rules.declarations import Example, Rule, find, rule

_ITEMS = "DATE_INT DATE_MATCH FOSTER_CARE NB_ADOPTR SEX_ADOPTR LS_ADOPTR"
_BLANK = (
    "(DATE_INT_text IS NULL OR DATE_MATCH_text IS NULL OR FOSTER_CARE IS NULL OR NB_ADOPTR_text IS NULL"
    " OR SEX_ADOPTR IS NULL OR LS_ADOPTR IS NULL)"
)
_LATE_MATCH = "FROM AD1 t JOIN adopted_ep a ON a.CHILD = t.CHILD WHERE t.DATE_MATCH > a.DECOM"
_LATEST_CARE = "SELECT * FROM care QUALIFY row_number() OVER (PARTITION BY CHILD ORDER BY period DESC) = 1"
_EARLY_DECISION = (
    f"FROM AD1 t JOIN ({_LATEST_CARE}) c ON c.CHILD = t.CHILD WHERE c.first_RNE = 'S' AND c.starts > t.DATE_INT"
)
_WRONG_FOSTER = (
    "FROM AD1 t JOIN adopted_ep e ON e.CHILD = t.CHILD WHERE t.FOSTER_CARE = '0' AND e.PLACE IN ('A2', 'A3', 'A5')"
    " OR t.FOSTER_CARE = '1' AND e.PLACE IN ('A1', 'A4', 'A6')"
)
_LATE_DECISION = "FROM AD1 t JOIN adoptive_start p ON p.CHILD = t.CHILD WHERE t.DATE_INT > p.DECOM"
_OTHER_DECISION = "FROM decision d JOIN AD1 t ON t.CHILD = d.CHILD WHERE d.back = 1 AND d.DATE_PLACED <> t.DATE_INT"
_REVERSED = (
    "FROM decision d JOIN adopters t ON t.CHILD = d.CHILD WHERE d.back = 1 AND d.DATE_PLACED_CEASED_text IS NOT NULL"
)
_SAME_DAY = "FROM AD1 t JOIN adopted_ep e ON e.CHILD = t.CHILD WHERE e.DEC = t.DATE_MATCH"
_ADOPTED = "SELECT e.row, e.CHILD FROM adopted_ep e WHERE e.DEC BETWEEN year_start() AND year_end()"
_IN_THE_YEAR = "Adopted during the year: an episode ended with E11 or E12 on a day in it."


def _ad1(**cells: str) -> list[dict[str, str]]:
    """A row of AD1."""
    return [{"CHILD": "1", **cells}]


def _date(code: str, field: str) -> Rule:
    """A date that is given is one."""
    return rule(
        code,
        "AD1",
        field,
        f"{field}_text IS NOT NULL AND {field} IS NULL",
        choice="A blank is left to rule 151.",
        fails=[{"AD1": _ad1(**{field: "31/06/2026"})}],
        passes=[{"AD1": _ad1(**{field: "30/06/2026"})}, {"AD1": _ad1()}],
    )


def _coded(code: str, field: str, codes: str, good: str, said: str = "") -> Rule:
    """An item that is given has one of its codes; `said` names its text, where it is no text itself."""
    return rule(
        code,
        "AD1",
        field,
        f"{said or field} NOT IN {codes}",
        choice="A blank is left to rule 151.",
        fails=[{"AD1": _ad1(**{field: "X"})}],
        passes=[{"AD1": _ad1(**{field: good})}, {"AD1": _ad1()}],
    )


def _adopters(code: str, status: str, right: tuple[str, ...], bad: str, choice: str = "") -> Rule:
    """Adopters of one legal status are of the sexes that it implies."""
    listed = ", ".join(f"'{sexes}'" for sexes in right)
    return rule(
        code,
        "AD1",
        "LS_ADOPTR SEX_ADOPTR",
        f"LS_ADOPTR = '{status}' AND coalesce(SEX_ADOPTR, '') NOT IN ({listed})",
        choice=f"{choice}Sexes that are left blank do not show it.",
        fails=[{"AD1": _ad1(LS_ADOPTR=status, SEX_ADOPTR=bad)}, {"AD1": _ad1(LS_ADOPTR=status)}],
        passes=[{"AD1": _ad1(LS_ADOPTR=status, SEX_ADOPTR=sexes)} for sexes in right],
    )


def _ep(decom: str, **cells: str) -> dict[str, str]:
    """An episode."""
    return {"CHILD": "1", "DECOM": decom, **cells}


_FULL = {
    "DATE_INT": "01/01/2026",
    "DATE_MATCH": "01/02/2026",
    "FOSTER_CARE": "0",
    "NB_ADOPTR": "2",
    "SEX_ADOPTR": "MF",
    "LS_ADOPTR": "L11",
}
#: Placed on 1 March 2026, under another legal status from 1 April, adopted on 1 May.
_ADOPTION = [
    _ep("01/01/2025", DEC="01/03/2026", RNE="S", PLACE="U6", REC="X1"),
    _ep("01/03/2026", DEC="01/04/2026", RNE="B", PLACE="A5", REC="X1"),
    _ep("01/04/2026", DEC="01/05/2026", RNE="L", PLACE="A5", REC="E11"),
]

RULES = (
    _date("112", "DATE_INT"),
    _date("113", "DATE_MATCH"),
    _coded("114", "FOSTER_CARE", "('0', '1')", "1"),
    rule(
        "151",
        "AD1",
        _ITEMS,
        f"coalesce(DATE_INT_text, DATE_MATCH_text, FOSTER_CARE, NB_ADOPTR_text, SEX_ADOPTR, LS_ADOPTR) IS NOT NULL AND {_BLANK}",
        fails=[{"AD1": _ad1(**_FULL | {"LS_ADOPTR": ""})}],
        passes=[{"AD1": _ad1(**_FULL)}, {"AD1": _ad1()}],
    ),
    _coded("175", "NB_ADOPTR", "('1', '2')", "2", said="NB_ADOPTR_text"),
    _coded("176", "SEX_ADOPTR", "{adopter_sex}", "MF"),
    _coded("177", "LS_ADOPTR", "{adopter_legal_status}", "L12"),
    rule(
        "331",
        "AD1",
        "DATE_MATCH",
        select=f"SELECT t.row {_LATE_MATCH}",
        also=[find("Episodes", "DECOM REC", select=f"SELECT a.row {_LATE_MATCH}")],
        choice="Placed for adoption: the start of the episode that ended with adoption, as its start and its reason are the fields named.",
        fails=[
            Example({"AD1": _ad1(DATE_MATCH="02/04/2026"), "Episodes": _ADOPTION}, (("AD1", 0), ("Episodes", 2))),
            Example(
                {"AD1": _ad1(DATE_MATCH="02/03/2026"), "Episodes": [_ep("01/03/2026", REC="E12")]},
                (("AD1", 0), ("Episodes", 0)),
            ),
        ],
        passes=[
            {"AD1": _ad1(DATE_MATCH="01/04/2026"), "Episodes": _ADOPTION},
            {"AD1": _ad1(DATE_MATCH="02/03/2026"), "Episodes": [_ep("01/03/2026", PLACE="A5", REC="E4A")]},
        ],
    ),
    rule(
        "333",
        "AD1",
        "DATE_INT DATE_MATCH",
        "DATE_MATCH IS NOT NULL AND NOT coalesce(DATE_INT <= DATE_MATCH, false)",
        choice="A match without a date of the decision, or with one that is none, was not decided by then.",
        fails=[
            {"AD1": _ad1(DATE_INT="02/05/2026", DATE_MATCH="01/05/2026")},
            {"AD1": _ad1(DATE_MATCH="01/05/2026")},
        ],
        passes=[
            {"AD1": _ad1(DATE_INT="01/05/2026", DATE_MATCH="01/05/2026")},
            {"AD1": _ad1(DATE_INT="01/05/2026")},
        ],
    ),
    rule(
        "334",
        "AD1",
        "DATE_INT",
        select=f"SELECT t.row {_EARLY_DECISION}",
        also=[find("Episodes", "DECOM RNE", select=f"SELECT c.first_row {_EARLY_DECISION}")],
        choice="A period of care whose first episode in the return does not start it (RNE S) may have started earlier, and is left out.",
        fails=[
            Example(
                {"AD1": _ad1(DATE_INT="31/05/2025"), "Episodes": [_ep("01/06/2025", RNE="S")]},
                (("AD1", 0), ("Episodes", 0)),
            )
        ],
        passes=[
            {"AD1": _ad1(DATE_INT="01/06/2025"), "Episodes": [_ep("01/06/2025", RNE="S")]},
            {"AD1": _ad1(DATE_INT="31/05/2025"), "Episodes": [_ep("01/06/2025", RNE="P")]},
        ],
    ),
    rule(
        "335",
        "AD1",
        "FOSTER_CARE",
        select=f"SELECT t.row {_WRONG_FOSTER}",
        also=[find("Episodes", "PLACE", select=f"SELECT e.row {_WRONG_FOSTER}")],
        choice="The last placement of a child who is adopted: that of the episode that ends with E11 or E12.",
        fails=[
            Example({"AD1": _ad1(FOSTER_CARE="0"), "Episodes": _ADOPTION}, (("AD1", 0), ("Episodes", 2))),
            Example(
                {"AD1": _ad1(FOSTER_CARE="1"), "Episodes": [_ep("01/03/2026", PLACE="A6", REC="E12")]},
                (("AD1", 0), ("Episodes", 0)),
            ),
        ],
        passes=[
            {"AD1": _ad1(FOSTER_CARE="1"), "Episodes": [_ep("01/03/2026", PLACE="A6", REC="E4A")]},
            {"AD1": _ad1(FOSTER_CARE="1"), "Episodes": _ADOPTION},
            {"AD1": _ad1(FOSTER_CARE="0"), "Episodes": [_ep("01/03/2026", PLACE="U6")]},
        ],
    ),
    rule(
        "511",
        "AD1",
        "NB_ADOPTR SEX_ADOPTR",
        "NB_ADOPTR_text = '2' AND SEX_ADOPTR NOT IN ('MM', 'FF', 'MF')",
        fails=[{"AD1": _ad1(NB_ADOPTR="2", SEX_ADOPTR="F1")}],
        passes=[{"AD1": _ad1(NB_ADOPTR="2", SEX_ADOPTR="FF")}, {"AD1": _ad1(NB_ADOPTR="1", SEX_ADOPTR="F1")}],
    ),
    _adopters(
        "514",
        "L0",
        ("M1", "F1"),
        "MF",
        "That there are two adopters is taken from their sexes, the field that the list names; rule 511 holds these to the number. ",
    ),
    _adopters("517", "L3", ("MF",), "MM"),
    _adopters("518", "L4", ("MM", "FF"), "MF"),
    _adopters("519", "L2", ("MM", "FF", "MF"), "F1"),
    _adopters("520", "L11", ("MF",), "FF"),
    rule(
        "521",
        "AD1",
        "DATE_INT",
        select=f"SELECT t.row {_LATE_DECISION}",
        also=[find("Episodes", "PLACE DECOM", select=f"SELECT p.row {_LATE_DECISION}")],
        choice="Placed for adoption: the start of every placement of A3 to A6 that the return has.",
        fails=[
            Example({"AD1": _ad1(DATE_INT="02/03/2026"), "Episodes": _ADOPTION}, (("AD1", 0), ("Episodes", 1))),
            Example(
                {
                    "AD1": _ad1(DATE_INT="01/05/2026"),
                    "Episodes": [
                        _ep("01/04/2026", PLACE="A4", DEC="01/06/2026", REC="X1"),
                        _ep("01/06/2026", PLACE="A4", RNE="P"),
                    ],
                },
                (("AD1", 0), ("Episodes", 0)),
            ),
        ],
        passes=[
            {"AD1": _ad1(DATE_INT="01/03/2026"), "Episodes": _ADOPTION},
            {"AD1": _ad1(DATE_INT="02/03/2026"), "Episodes": [_ep("01/03/2026", PLACE="U5")]},
        ],
    ),
    rule(
        "523",
        "AD1",
        "DATE_INT",
        select=f"SELECT t.row {_OTHER_DECISION}",
        also=[find("PlacedAdoption", "DATE_PLACED", select=f"SELECT d.row {_OTHER_DECISION}")],
        choice="The child's latest decision is the one that led to the adoption.",
        fails=[
            Example(
                {"AD1": _ad1(DATE_INT="01/05/2025"), "PlacedAdoption": _ad1(DATE_PLACED="02/05/2025")},
                (("AD1", 0), ("PlacedAdoption", 0)),
            )
        ],
        passes=[
            {
                "AD1": _ad1(DATE_INT="01/05/2025"),
                "PlacedAdoption": [
                    *_ad1(DATE_PLACED="01/05/2024", DATE_PLACED_CEASED="01/06/2024"),
                    *_ad1(DATE_PLACED="01/05/2025"),
                ],
            },
            {"AD1": _ad1(), "PlacedAdoption": _ad1(DATE_PLACED="02/05/2025")},
        ],
    ),
    _adopters("524", "L12", ("MM", "FF"), "MF"),
    rule(
        "525",
        "AD1",
        _ITEMS,
        select=f"SELECT t.row {_REVERSED}",
        also=[find("PlacedAdoption", "DATE_PLACED_CEASED", select=f"SELECT d.row {_REVERSED}")],
        choice="The child's latest decision is the one that counts: a reversed decision may be followed by a new one.",
        fails=[
            Example(
                {
                    "AD1": _ad1(FOSTER_CARE="0"),
                    "PlacedAdoption": _ad1(DATE_PLACED="01/05/2025", DATE_PLACED_CEASED="01/05/2026"),
                },
                (("AD1", 0), ("PlacedAdoption", 0)),
            )
        ],
        passes=[
            {"AD1": _ad1(FOSTER_CARE="0"), "PlacedAdoption": _ad1(DATE_PLACED="01/05/2025")},
            {"AD1": _ad1(), "PlacedAdoption": _ad1(DATE_PLACED="01/05/2025", DATE_PLACED_CEASED="01/05/2026")},
            {
                "AD1": _ad1(FOSTER_CARE="0"),
                "PlacedAdoption": [
                    *_ad1(DATE_PLACED="01/05/2025", DATE_PLACED_CEASED="01/05/2026"),
                    *_ad1(DATE_PLACED="02/05/2026"),
                ],
            },
        ],
    ),
    rule(
        "582",
        "Episodes",
        "DEC",
        select=f"SELECT e.row {_SAME_DAY}",
        choice="Found at the episode that ends with adoption.",
        fails=[Example({"AD1": _ad1(DATE_MATCH="01/05/2026"), "Episodes": _ADOPTION}, (("Episodes", 2),))],
        passes=[
            {"AD1": _ad1(DATE_MATCH="30/04/2026"), "Episodes": _ADOPTION},
            {"AD1": _ad1(DATE_MATCH="01/05/2026"), "Episodes": [_ep("01/03/2026", DEC="01/05/2026", REC="E4A")]},
        ],
    ),
    rule(
        "601",
        "Episodes",
        "REC",
        select=f"SELECT a.row FROM ({_ADOPTED}) a WHERE NOT EXISTS (SELECT 1 FROM AD1 t WHERE t.CHILD = a.CHILD AND NOT {_BLANK})",
        also=[
            find(
                "AD1",
                _ITEMS,
                select=f"SELECT t.row FROM AD1 t WHERE t.CHILD IN (SELECT a.CHILD FROM ({_ADOPTED}) a) AND {_BLANK}",
            )
        ],
        choice=f"Every one of the fields is needed, so a child without a row in AD1 fails too. {_IN_THE_YEAR}",
        fails=[
            Example({"Episodes": _ADOPTION, "AD1": []}, (("Episodes", 2),)),
            Example({"Episodes": _ADOPTION, "AD1": _ad1(**_FULL | {"DATE_INT": ""})}, (("Episodes", 2), ("AD1", 0))),
        ],
        passes=[
            {"Episodes": _ADOPTION, "AD1": _ad1(**_FULL)},
            {"Episodes": [_ep("01/03/2026", DEC="01/05/2026", REC="E4A")], "AD1": []},
            {"Episodes": [_ep("01/03/2025", DEC="31/03/2026", REC="E11")], "AD1": []},
            {"Episodes": [_ep("01/03/2025", REC="E11")], "AD1": []},
        ],
    ),
    rule(
        "602",
        "AD1",
        "CHILD",
        select=f"SELECT t.row FROM adopters t WHERE NOT EXISTS (SELECT 1 FROM ({_ADOPTED}) a WHERE a.CHILD = t.CHILD)",
        choice=f"A row of AD1 that says nothing is left out. {_IN_THE_YEAR}",
        fails=[
            {"AD1": _ad1(FOSTER_CARE="0"), "Episodes": [_ep("01/03/2026", DEC="01/05/2026", REC="E4A")]},
            {"AD1": _ad1(FOSTER_CARE="0"), "Episodes": [_ep("01/03/2025", DEC="31/03/2026", REC="E11")]},
            {"AD1": _ad1(FOSTER_CARE="0"), "Episodes": [_ep("01/03/2025", REC="E11")]},
        ],
        passes=[
            {"AD1": _ad1(FOSTER_CARE="0"), "Episodes": _ADOPTION},
            {"AD1": _ad1(), "Episodes": [_ep("01/03/2026", DEC="01/05/2026", REC="E4A")]},
        ],
    ),
)
