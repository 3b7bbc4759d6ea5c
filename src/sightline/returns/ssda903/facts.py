"""What several rules of SSDA903 ask, worked out once: the order of episodes, periods of care, who was looked after for the whole year.

Everything is ordered by what the rows say, never by where they stand, so that shuffled rows give the same.
"""

from sightline.engine.exchange.rules.declarations import Fact
from sightline.returns.ssda903.tables import RULE_TABLES

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
    "REASON_PLACE_CHANGE",
)
_FIRST = ("RNE", "LS", "PLACE", "REC", "CIN")
_EPISODES = next(table for table in RULE_TABLES if table.name == "Episodes")
#: Episodes with the same start are ordered by all the rest of what they say; only rows that say the same may stand for each other.
_IN_ORDER = "PARTITION BY CHILD ORDER BY DECOM NULLS LAST, DEC NULLS LAST, " + ", ".join(
    f"coalesce({column}, '')"
    for column in (*_FIRST, *(one for one in _EPISODES.text if one not in _FIRST), "DECOM_text", "DEC_text")
)


def _ordered(table: str) -> str:
    beside = ", ".join(
        f"{word}({column}) OVER w AS {name}_{column}"
        for column in _BESIDE
        for word, name in (("lag", "prev"), ("lead", "next"))
    )
    return f"SELECT *, row_number() OVER w AS n, {beside} FROM {table} WINDOW w AS ({_IN_ORDER})"


def _in_periods(ordered: str) -> str:
    return (
        f"SELECT *, sum(CASE WHEN n = 1 OR RNE = 'S' OR prev_REC IS DISTINCT FROM 'X1' OR prev_DEC IS DISTINCT FROM DECOM"
        f" THEN 1 ELSE 0 END) OVER (PARTITION BY CHILD ORDER BY n) AS period FROM {ordered}"
    )


def _care(ordered: str) -> str:
    return (
        "SELECT CHILD, period, min(DECOM) AS starts, arg_max_null(DEC, n) AS ends,"
        " bool_or(DEC IS NULL) AS is_open, arg_max(coalesce(REC, ''), n) AS last_REC, arg_min(row, n) AS first_row, arg_max(row, n) AS last_row,"
        " arg_min(coalesce(RNE, ''), n) AS first_RNE, count(*) AS episodes,"
        " bool_or(coalesce(LS, '') IN ('V3', 'V4')) AS has_breaks, bool_and(coalesce(LS, '') IN ('V3', 'V4')) AS only_breaks"
        f" FROM ({_in_periods(ordered)}) GROUP BY CHILD, period"
    )


def _run(breaks: str) -> str:
    """Episodes of one period of care that follow each other until `breaks`: from when to when (31 March while open) the run of each lasts."""
    return (
        "SELECT row, CHILD, LS, PLACE, min(DECOM) OVER w AS starts,"
        " max(CASE WHEN DEC_text IS NULL THEN year_end() ELSE DEC END) OVER w AS ends"
        f" FROM (SELECT *, sum(CASE WHEN {breaks} THEN 1 ELSE 0 END) OVER (PARTITION BY CHILD, period ORDER BY n) AS run FROM ep_in_care)"
        " WINDOW w AS (PARTITION BY CHILD, period, run)"
    )


#: What an episode may be compared with in the return of the year before.
_CARRIED = (
    "DECOM",
    "RNE",
    "LS",
    "CIN",
    "PLACE",
    "PLACE_PROVIDER",
    "URN",
    "PL_POST",
    "PL_DISTANCE",
    "PL_LA",
    "PL_LOCATION",
)


def _carried() -> str:
    both = ", ".join(f"f.{column}, l.{column} AS last_{column}" for column in _CARRIED)
    return (
        f"SELECT f.row, f.CHILD, {both}, l.DEC_text IS NULL AND l.REC IS NULL AS was_open"
        " FROM first_ep f JOIN last_year_ep l ON l.CHILD = f.CHILD"
    )


def _every(column: str) -> str:
    """The codes that the rows of one provider hold in a column, however they are parted; null where there are none, which matches nothing."""
    return (
        f"nullif(list_filter(regexp_split_to_array(string_agg({column}, ' '), '[^A-Za-z0-9]+'), lambda x: x <> ''), [])"
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
        " A first episode that does not start care (RNE S) had others before it, and a last one that ends X1 has others after it. Who"
        " leaves on 31 March is of the cohort. Source: DfE SSDA903 guide, OC2 data items.",
        "SELECT DISTINCT CHILD FROM (SELECT *, max(period) OVER (PARTITION BY CHILD) AS latest FROM care) WHERE NOT has_breaks"
        " AND starts <= year_end() AND (starts <= year_start() OR period = 1 AND first_RNE <> 'S')"
        " AND (is_open OR ends >= year_end() OR last_REC = 'X1' AND period = latest)",
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
        "SELECT * FROM AD1 WHERE coalesce(DATE_INT_text, DATE_MATCH_text, FOSTER_CARE, NB_ADOPTR_text, SEX_ADOPTR, LS_ADOPTR) IS NOT NULL",
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
    Fact(
        "ep_in_care",
        "Episodes with their period of care (`period`) and the category of need at its start (`start_CIN`).",
        f"SELECT *, first_value(CIN) OVER (PARTITION BY CHILD, period ORDER BY n) AS start_CIN FROM ({_in_periods('ep')})",
    ),
    Fact("ep_legal_run", "Episodes with the days on which their legal status began and ended without a break.", _run("prev_LS IS DISTINCT FROM LS")),
    Fact(
        "ep_place_run",
        "Episodes with the days on which their placement began and ended: a change of legal status alone (L) does not end it.",
        _run("prev_PLACE IS DISTINCT FROM PLACE OR RNE IS DISTINCT FROM 'L'"),
    ),
    Fact(
        "ep_settled",
        "Episodes outside temporary placements, with the one before that was not temporary either (`settled_PLACE`, `settled_POST`, `settled_row`).",
        "SELECT *, lag(PLACE) OVER w AS settled_PLACE, lag(PL_POST) OVER w AS settled_POST, lag(row) OVER w AS settled_row FROM ep"
        " WHERE coalesce(PLACE, '') NOT IN ('T0', 'T1', 'T2', 'T3', 'T4') WINDOW w AS (PARTITION BY CHILD ORDER BY n)",
    ),
    Fact(
        "ep_aged",
        "Episodes with the child's date of birth and age at the start (`age_in`) and the end (`age_out`).",
        "SELECT e.*, d.DOB, age_on(d.DOB, e.DECOM) AS age_in, age_on(d.DOB, e.DEC) AS age_out FROM Episodes e JOIN child_dob d ON d.CHILD = e.CHILD",
    ),
    Fact(
        "ep_carried",
        "Each child's first episode beside the latest of the return of the year before (`last_PLACE` ...), and whether that was open (`was_open`).",
        _carried(),
    ),
    Fact(
        "uasc_child",
        "Children who are unaccompanied asylum-seeking children, or were in this year or the one before.",
        "SELECT CHILD FROM Header WHERE UASC = '1' AND CHILD IS NOT NULL UNION SELECT CHILD FROM UASC WHERE CHILD IS NOT NULL"
        " UNION SELECT CHILD FROM Header_last WHERE UASC = '1' AND CHILD IS NOT NULL"
        " UNION SELECT CHILD FROM UASC_last WHERE CHILD IS NOT NULL",
    ),
    Fact(
        "ofsted_provider",
        "Each provider of Ofsted's list: the codes of its placements, sectors and authorities, its outward postcodes, and when it was registered.",
        f"SELECT URN, {_every('PLACE_CODES')} AS places, {_every('PROVIDER_CODES')} AS sectors, {_every('LA_CODE_INFERRED')} AS authorities,"
        f" {_every('upper(OUTWARD_POSTCODE)')} AS outward,"
        " CASE WHEN count(REG_DATE) = count(*) THEN min(REG_DATE) END AS opened,"
        " CASE WHEN count(REG_END) = count(*) THEN max(REG_END) END AS closed"
        ' FROM "Provider Info" WHERE URN IS NOT NULL GROUP BY URN',
    ),
    Fact(
        "on_31_march",
        "The episodes of children looked after on 31 March, those of short breaks (V3, V4) apart.",
        "SELECT * FROM Episodes WHERE DECOM <= year_end() AND (DEC_text IS NULL OR DEC > year_end()) AND coalesce(LS, '') NOT IN ('V3', 'V4')",
    ),
)  # fmt: skip
