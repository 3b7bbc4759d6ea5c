"""Conditions that the rules about missing periods and about deprivation of liberty orders share: both are stretches of days of one child.

Each gives a condition on a row of `table`, whose first and last days are in the columns `start` and `end`. A day that is no valid date counts as
neither given nor missing.
"""

_FAR = "DATE '9999-12-31'"


def is_open(end: str, row: str = "") -> str:
    """No last day is given."""
    return f"{row}{end}_text IS NULL"


def overlaps(table: str, start: str, end: str) -> str:
    """An earlier stretch of the child was still open, or had not ended, when this one started. Of two alike, both."""
    ends_first = f"coalesce(b.{end}, {_FAR}) <= coalesce({table}.{end}, {_FAR})"
    return (
        f"EXISTS (SELECT 1 FROM {table} b WHERE b.CHILD = {table}.CHILD AND b.row <> {table}.row"
        f" AND ({is_open(end, 'b.')} OR b.{end} > {table}.{start})"
        f" AND (b.{start} < {table}.{start} OR b.{start} = {table}.{start} AND {ends_first}))"
    )


def not_carried_over(table: str, start: str, end: str) -> str:
    """A row of the year before that was open and has no row this year that started on the same day."""
    return (
        f"{is_open(end)} AND {start} IS NOT NULL AND NOT EXISTS"
        f" (SELECT 1 FROM {table} b WHERE b.CHILD = {table}_last.CHILD AND b.{start} = {table}_last.{start})"
    )


def open_after_care(table: str, start: str, end: str) -> str:
    """No last day, although a period of care ended after it started, or the child's last period of care is over."""
    return (
        f"{is_open(end)} AND EXISTS (SELECT 1 FROM care c WHERE c.CHILD = {table}.CHILD AND NOT c.is_open AND c.last_REC <> 'X1'"
        f" AND (c.ends >= {table}.{start} OR c.period = (SELECT max(d.period) FROM care d WHERE d.CHILD = c.CHILD)))"
    )
