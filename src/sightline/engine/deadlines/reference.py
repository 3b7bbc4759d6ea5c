"""The calendar and the clocks in the database, and the one SQL function that says when a clock falls due.

`standards` decides what a working day is and which limit holds; this module copies its answer where SQL can join it. The function is a
set-returning one in plain SQL, which PostgreSQL takes apart and plans as joins: half a million due dates cost no more than the joins.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.db import connection, transaction

from sightline.core.options.following import follow
from sightline.engine.deadlines.models import CalendarDay, ClockVersion, ReferenceLoaded
from sightline.standards import clocks, frameworks, working_days
from sightline.standards.data import remembered
from sightline.standards.dated import day_before, first_day, last_day
from sightline.standards.local_changes import LocalChanges, in_use

_FUNCTION = """
CREATE OR REPLACE FUNCTION deadlines_due(clock text, started date)
RETURNS TABLE (due date, framework text) LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN v.working_days IS NULL
                THEN ($2 - v.offset_days + make_interval(months => v.months, days => v.days))::date
                ELSE target.day END,
           v.framework::text
    FROM deadlines_clockversion v
    LEFT JOIN deadlines_calendarday origin
           ON v.working_days IS NOT NULL AND origin.day = $2 - v.offset_days - (v.working_days < 0)::int
    LEFT JOIN deadlines_calendarday target
           ON target.is_working AND target.number = origin.number + v.working_days + (v.working_days < 0)::int
    WHERE v.clock = $1 AND $2 BETWEEN v.first_day AND v.last_day
$$
"""

VersionRow = tuple[str, date, date, str, int, int | None, int, int]


def install_after_migrate(**_signal: object) -> None:
    """Create the function where its tables exist. Safe to repeat."""
    if ClockVersion._meta.db_table in connection.introspection.table_names():
        with connection.cursor() as cursor:
            cursor.execute(_FUNCTION)


def is_current() -> bool:
    """Whether the database holds calendar and clocks as they are."""
    return ReferenceLoaded.objects.filter(id=1, fingerprint=_fingerprint(in_use())).exists()


def refresh() -> bool:
    """Copy calendar and clocks again when they differ from what the database holds. True when they did.

    The database may be ahead of this process: where they differ, it first learns what was changed elsewhere, and never puts an old limit back.
    """
    if is_current():
        return False
    follow(at_once=True)
    if is_current():
        return False
    with transaction.atomic(), connection.cursor() as cursor:
        for model in (CalendarDay, ClockVersion, ReferenceLoaded):
            model._default_manager.all().delete()
        _copy(cursor, "deadlines_calendarday (day, is_working, number)", _calendar())
        columns = "clock, first_day, last_day, framework, offset_days, working_days, months, days"
        _copy(cursor, f"deadlines_clockversion ({columns})", _versions())
        cursor.execute("ANALYZE deadlines_calendarday, deadlines_clockversion")
        ReferenceLoaded.objects.create(id=1, fingerprint=_fingerprint(in_use()))
    return True


def _copy(cursor: Any, target: str, rows: Iterable[tuple[Any, ...]]) -> None:
    with cursor.copy(f"COPY {target} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


@remembered
def _fingerprint(_changes: LocalChanges) -> str:
    content = hashlib.sha256()
    for row in _calendar():
        content.update(repr(row).encode())
    for version in _versions():
        content.update(repr(version).encode())
    return content.hexdigest()


def _calendar() -> Iterator[tuple[date, bool, int]]:
    table = working_days.table()
    first = table.first.toordinal()
    for row, (number, working) in enumerate(zip(table.numbers.tolist(), table.working.tolist(), strict=True)):
        yield date.fromordinal(first + row), working, number


def _versions() -> Iterator[VersionRow]:
    for clock in clocks.clocks():
        for first, last, framework in _editions(clock):
            yield clock.id, first, last, framework, int(clock.counting == "inclusive"), *_length(clock)


def _editions(clock: clocks.Clock) -> Iterator[tuple[date, date, str]]:
    """The days of a version, cut where one edition of Working Together gives way to the next, with the framework that holds on them."""
    other = next((name for name in clock.frameworks if not name.startswith("WT")), "")
    begin, end = first_day(clock), last_day(clock)
    for edition in frameworks.frameworks():
        first, last = max(begin, first_day(edition)), min(end, last_day(edition))
        if edition.id not in clock.frameworks or first > last:
            continue
        if begin < first:
            yield begin, day_before(first), other
        yield first, last, edition.id
        if last == date.max:
            return
        begin = date.fromordinal(last.toordinal() + 1)
    if begin <= end:
        yield begin, end, other


def _length(clock: clocks.Clock) -> tuple[int | None, int, int]:
    """(working days, months, days). Hours count in whole days, rounded up, since records hold days."""
    n = -clock.limit if clock.counting == "before" else clock.limit
    if clock.unit == "working_days":
        return (n, 0, 0) if n else (None, 0, 0)
    if clock.unit in ("months", "years"):
        return None, n * (12 if clock.unit == "years" else 1), 0
    if clock.unit == "hours":
        return None, 0, (1 if n >= 0 else -1) * math.ceil(clock.limit / 24)
    return None, 0, n * (7 if clock.unit == "weeks" else 1)
