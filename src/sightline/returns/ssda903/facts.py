"""What several rules of SSDA903 ask, worked out once: the order of episodes, periods of care, who was looked after for the whole year.

Everything is ordered by what the rows say, never by where they stand, so that shuffled rows give the same.
"""
# ruff: noqa: S608 (the SQL is put together from declarations in the code, never from input)

from sightline.engine.exchange.rules.declarations import Fact

_BESIDE = (
    "row",
    "DECOM",
    "DEC",
    "REC",
    "RNE",
    "LS",
    "CIN",
    "PLACE",
    "PLACE_PROVIDER",
    "PL_POST",
    "URN",
    "PL_LA",
    "PL_LOCATION",
)
#: Episodes with the same start are ordered by the rest of what they say.
_IN_ORDER = (
    "PARTITION BY CHILD ORDER BY DECOM NULLS LAST, DEC NULLS LAST, coalesce(RNE, ''), coalesce(LS, ''), coalesce(PLACE, ''),"
    " coalesce(REC, ''), coalesce(CIN, ''), coalesce(PL_POST, ''), coalesce(URN, ''), coalesce(PLACE_PROVIDER, '')"
)


def _ordered(table: str) -> str:
    beside = ", ".join(
        f"{word}({column}) OVER w AS {name}_{column}"
        for column in _BESIDE
        for word, name in (("lag", "prev"), ("lead", "next"))
    )
    return f"SELECT *, row_number() OVER w AS n, {beside} FROM {table} WINDOW w AS ({_IN_ORDER})"


def _care(ordered: str) -> str:
    numbered = (
        f"SELECT *, sum(CASE WHEN n = 1 OR RNE = 'S' OR prev_REC IS DISTINCT FROM 'X1' OR prev_DEC IS DISTINCT FROM DECOM"
        f" THEN 1 ELSE 0 END) OVER (PARTITION BY CHILD ORDER BY n) AS period FROM {ordered}"
    )
    return (
        "SELECT CHILD, period, min(DECOM) AS starts, arg_max_null(DEC, n) AS ends,"
        " bool_or(DEC IS NULL) AS is_open, arg_max(coalesce(REC, ''), n) AS last_REC, arg_min(row, n) AS first_row, arg_max(row, n) AS last_row,"
        " arg_min(coalesce(RNE, ''), n) AS first_RNE, count(*) AS episodes,"
        " bool_or(coalesce(LS, '') IN ('V3', 'V4')) AS has_breaks, bool_and(coalesce(LS, '') IN ('V3', 'V4')) AS only_breaks"
        f" FROM ({numbered}) GROUP BY CHILD, period"
    )


FACTS = (
    Fact(
        "ep",
        "Episodes in the order of their starts, each child's numbered from 1 (`n`), with the one before (`prev_DEC` ...) and after (`next_RNE` ...).",
        _ordered("Episodes"),
    ),
    Fact("ep_last", "The same for the return of the year before.", _ordered("Episodes_last")),
    Fact("first_ep", "Each child's first episode.", "SELECT * FROM ep WHERE n = 1"),
    Fact("last_ep", "Each child's latest episode.", "SELECT * FROM ep WHERE next_row IS NULL"),
    Fact("last_year_ep", "Each child's latest episode of the return of the year before.", "SELECT * FROM ep_last WHERE next_row IS NULL"),
    Fact(
        "care",
        "Periods of care: episodes that follow each other without a gap. `ends` and `last_REC` are of its last episode,"
        " `is_open` where that has no end; `has_breaks` where any, `only_breaks` where every episode is under V3 or V4.",
        _care("ep"),
    ),
    Fact("care_last", "Periods of care in the return of the year before.", _care("ep_last")),
    Fact(
        "continuous",
        "Children looked after continuously for at least 12 months at 31 March, short breaks (V3, V4) apart: the OC2 cohort."
        " Source: DfE SSDA903 guide, OC2 data items.",
        "SELECT DISTINCT CHILD FROM care WHERE NOT has_breaks AND starts <= year_start()"
        " AND (is_open OR ends > year_end())",
    ),
    Fact("child_dob", "Each child's date of birth in the header.", "SELECT CHILD, min(DOB) AS DOB FROM Header GROUP BY CHILD"),
    Fact(
        "cared_for",
        "Children with an episode of care in the year.",
        "SELECT DISTINCT CHILD FROM Episodes WHERE DECOM <= year_end() AND (DEC IS NULL OR DEC >= year_start())",
    ),
    Fact(
        "care_leaver",
        "The rows of OC3 that say anything about a care leaver, with the birthday they are about.",
        "SELECT *, birthday(DOB, age_on(DOB, year_end())) AS birthday_in_year FROM OC3 WHERE coalesce(IN_TOUCH, ACTIV, ACCOM) IS NOT NULL",
    ),
    Fact(
        "adopters",
        "The rows of AD1 that say anything about an adoption.",
        "SELECT * FROM AD1 WHERE coalesce(DATE_INT_text, DATE_MATCH_text, FOSTER_CARE, NB_ADOPTR, SEX_ADOPTR, LS_ADOPTR) IS NOT NULL",
    ),
    Fact("adopted_ep", "Episodes that end with adoption.", "SELECT * FROM ep WHERE REC IN ('E11', 'E12')"),
    Fact(
        "adoptive_start",
        "The episodes with which a placement for adoption (A3 to A6) starts: a change of legal status alone does not start one.",
        "SELECT * FROM ep WHERE PLACE IN ('A3', 'A4', 'A5', 'A6')"
        " AND (coalesce(prev_PLACE, '') NOT IN ('A3', 'A4', 'A5', 'A6') OR RNE IN ('S', 'P', 'B'))",
    ),
    Fact(
        "decision",
        "Decisions that a child should be placed for adoption, each child's numbered back from the latest (`back` 1).",
        "SELECT *, rank() OVER (PARTITION BY CHILD ORDER BY coalesce(DATE_PLACED, DATE_PLACED_CEASED) DESC NULLS LAST,"
        " DATE_PLACED_CEASED DESC NULLS FIRST) AS back, min(DATE_PLACED) OVER (PARTITION BY CHILD) AS first_placed FROM PlacedAdoption",
    ),
)  # fmt: skip
