"""Rules about a permanent arrangement that the child had before coming into care. Source: DfE SSDA903 guide, previous permanence option."""

from typing import Any

from sightline.engine.exchange.rules.declarations import Example, find, rule
from sightline.standards.areas import areas

_OUTSIDE_ENGLAND = ("NIR", "NUK", "SCO", "WAL")
_AUTHORITIES = ", ".join(
    f"'{code}'"
    for code in sorted(
        {one.old_la_code for one in areas("local_authority", current_only=False)} - {""} | set(_OUTSIDE_ENGLAND)
    )
)
_UNKNOWN = "lower(DATE_PERM) = 'zz/zz/zzzz'"
#: The first day that a date can stand for: 1 January 2010 for zz/zz/2010, nothing for what is no date.
_FIRST_DAY = (
    r"(CASE WHEN regexp_matches(lower(DATE_PERM), '^(\d\d?|zz)/\d\d?/\d\d\d\d$|^zz/zz/\d\d\d\d$')"
    " THEN CAST(try_strptime(regexp_replace(regexp_replace(lower(DATE_PERM), '^zz/zz/', '01/01/'), '^zz/', '01/'), '%d/%m/%Y') AS DATE) END)"
)
_NO_DATE = f"NOT {_UNKNOWN} AND {_FIRST_DAY} IS NULL"
_SAYS_ANY = "coalesce(LA_PERM, PREV_PERM, DATE_PERM) IS NOT NULL"
_LATEST_START = "(SELECT max(c.starts) FROM care c WHERE c.CHILD = PrevPerm.CHILD)"
_TOO_LATE = f"{_FIRST_DAY} >= {_LATEST_START}"
_BEFORE_2016 = f"{_LATEST_START} < DATE '2016-04-01'"


def _given(
    perm: dict[str, str] | None = None, decom: str = "01/05/2026", ls: str = "C2", rne: str = "S"
) -> dict[str, Any]:
    return {
        "Episodes": [{"CHILD": "1", "DECOM": decom, "RNE": rne, "LS": ls}],
        "PrevPerm": [{"CHILD": "1", **perm}] if perm is not None else [],
    }


def _had(date: str = "01/02/2015", la: str = "860", option: str = "P1") -> dict[str, str]:
    return {"PREV_PERM": option, "LA_PERM": la, "DATE_PERM": date}


RULES = (
    rule(
        "630",
        "Episodes",
        "RNE",
        select="SELECT e.row FROM Episodes e WHERE e.RNE = 'S' AND e.DECOM BETWEEN year_start() AND year_end()"
        " AND NOT EXISTS (SELECT 1 FROM PrevPerm p WHERE p.CHILD = e.CHILD"
        " AND (p.PREV_PERM = 'Z1' OR p.PREV_PERM IS NOT NULL AND p.LA_PERM IS NOT NULL AND p.DATE_PERM IS NOT NULL))",
        choice="Asked of children who started to be looked after in the year, under whatever status. The information is whole with Z1, or with the"
        " option, the authority and the date.",
        fails=[_given(), _given({"LA_PERM": "860"}), _given(ls="V4"), _given(_had(la="")), _given(_had(""))],
        passes=[
            _given({"PREV_PERM": "Z1"}),
            _given(_had()),
            _given(decom="31/03/2026"),
            _given(rne="P"),
        ],
    ),
    rule(
        "631",
        "PrevPerm",
        "PREV_PERM",
        "PREV_PERM NOT IN {previous_permanence}",
        choice="A blank is left to rule 630.",
        fails=[_given({"PREV_PERM": "P5"})],
        passes=[_given({"PREV_PERM": "P4"}), _given({"PREV_PERM": "Z1"}), _given({"LA_PERM": "860"})],
    ),
    rule(
        "632",
        "PrevPerm",
        "DATE_PERM",
        f"{_NO_DATE} OR {_TOO_LATE}",
        also=[
            find(
                "Episodes",
                "DECOM",
                select="SELECT c.first_row FROM care c JOIN PrevPerm USING (CHILD)"
                f" WHERE {_FIRST_DAY} >= c.starts AND c.starts = {_LATEST_START}",
            )
        ],
        choice="A day, or a day and month, that is not known is given as zz, and the whole as zz/zz/zzzz; a blank is left to rule 630. The order"
        " comes before the child's latest period of care starts, and the first day that its date can stand for is compared.",
        fails=[
            _given(_had("31/02/2015")),
            _given(_had("zz/13/2015")),
            _given(_had("01/zz/2015")),
            _given(_had("2015")),
            Example(_given(_had("01/05/2026")), (("PrevPerm", 0), ("Episodes", 0))),
            Example(_given(_had("zz/05/2026")), (("PrevPerm", 0), ("Episodes", 0))),
        ],
        passes=[
            _given(_had("28/02/2015")),
            _given(_had("zz/12/2015")),
            _given(_had("zz/zz/2026")),
            _given(_had("ZZ/ZZ/ZZZZ")),
            _given(_had("30/04/2026")),
            _given(_had("")),
            _given({"PREV_PERM": "Z1"}),
        ],
    ),
    rule(
        "633",
        "PrevPerm",
        "LA_PERM",
        f"upper(LA_PERM) NOT IN ({_AUTHORITIES})",
        choice="The Department's three-digit codes, with those of authorities since reorganised, and NIR, NUK, SCO and WAL outside England."
        " A blank is left to rule 630.",
        fails=[_given(_had(la="100")), _given(_had(la="E10000028"))],
        passes=[_given(_had(la="860")), _given(_had(la="909")), _given(_had(la="WAL")), _given(_had(la=""))],
    ),
    rule(
        "634",
        "PrevPerm",
        "LA_PERM PREV_PERM DATE_PERM",
        f"{_SAYS_ANY} AND {_BEFORE_2016}",
        also=[
            find(
                "Episodes",
                "DECOM",
                select=f"SELECT c.first_row FROM care c JOIN PrevPerm USING (CHILD) WHERE {_SAYS_ANY}"
                f" AND c.starts = {_LATEST_START} AND {_BEFORE_2016}",
            )
        ],
        choice="A child whose first episode in the return is not the start of care is taken to have started then.",
        fails=[Example(_given(_had(), decom="31/03/2016"), (("PrevPerm", 0), ("Episodes", 0)))],
        passes=[_given(_had(), decom="01/04/2016"), _given({}, decom="31/03/2016")],
    ),
    rule(
        "635",
        "PrevPerm",
        "LA_PERM DATE_PERM PREV_PERM",
        "PREV_PERM = 'Z1' AND coalesce(LA_PERM, DATE_PERM) IS NOT NULL",
        fails=[_given({"PREV_PERM": "Z1", "LA_PERM": "860"}), _given({"PREV_PERM": "Z1", "DATE_PERM": "01/02/2015"})],
        passes=[_given({"PREV_PERM": "Z1"}), _given(_had())],
    ),
)
