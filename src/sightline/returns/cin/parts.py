"""What the rules of the census share in words: how blocks of a child meet, conditions on days, and the rows of examples."""

from __future__ import annotations

from sightline.standards.areas import areas

#: Authorities that have numbered pupils and are in no table of English ones: Wales, service children's education, and Bedfordshire to 2009.
_OTHER_ISSUERS = (*(str(number) for number in range(660, 682)), "702", "820")


def upn_authorities() -> frozenset[str]:
    """The three-digit codes that the second to fourth characters of a UPN may be: a number outlives the authority that gave it."""
    english = {area.old_la_code for area in areas("local_authority", current_only=False)}
    return frozenset(english - {""} | set(_OTHER_ISSUERS))


def same_block(one: str, other: str) -> str:
    """That two rows stand in the same CIN details block."""
    return f"{one}.LAchildID = {other}.LAchildID AND {one}.CINdetailsID = {other}.CINdetailsID"


def in_details(table: str) -> str:
    """Each row of a table (`x`) with the CIN details block that it stands in (`d`)."""
    return f"{table} x JOIN referral d ON {same_block('d', 'x')}"


def of_child(table: str) -> str:
    """Each row of a table (`x`) with the child's identifiers (`i`)."""
    return f"{table} x JOIN ChildIdentifiers i ON i.LAchildID = x.LAchildID"


def two_of_child(table: str) -> str:
    """Every two rows (`x`, `y`) of a table that are of one child."""
    return f"{table} x JOIN {table} y ON y.LAchildID = x.LAchildID AND y.row <> x.row"


def running(day: str, row: str, start: str, end: str) -> str:
    """That a day falls in what a row says ran from `start` until before `end`, which is open where no end is given.

    An end that is no date says nothing, so the condition is null. Both starting on one day run together, however short.
    """
    starts = f"{row}.{start}"
    return f"{day} >= {starts} AND CASE WHEN {row}.{end}_text IS NULL THEN true ELSE {day} < {row}.{end} OR {day} = {starts} END"


def outside_year(day: str) -> str:
    """That a day is given and is not one of the census year, or is no date."""
    return f"{day}_text IS NOT NULL AND ({day} IS NULL OR {day} NOT BETWEEN year_start() AND year_end())"


def late_or_missing(day: str) -> str:
    """That a day is missing, no date, or after the census year."""
    return f"{day} IS NULL OR {day} > year_end()"


def child(**cells: str) -> dict[str, str]:
    """A row of child 1 in an example."""
    return {"LAchildID": "1", **cells}


def block(**cells: str) -> dict[str, str]:
    """A row of child 1, in the child's first CIN details block, in an example."""
    return {"LAchildID": "1", "CINdetailsID": "1", **cells}
