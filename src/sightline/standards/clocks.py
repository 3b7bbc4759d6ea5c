"""Statutory and local time limits, each declared once in `data/clocks.csv`.

A clock has one or more versions with days of their own. The version in force when the clock started applies for ever: a rule that
changes later never re-times an old case. An operator may replace the limit of a local clock, or of one known only from knowledge, with
rows of the same id in `var/local/clocks.csv`; a row that starts on a date leaves the earlier versions as they were. Changes that an
administrator makes later (`local_changes`) come on top, each from its own day.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal, cast, get_args

import numpy as np

from sightline.standards.data import DataError, data_path, local_path, parse_date, parse_flag, read_csv, remembered
from sightline.standards.dated import day_before, first_day, in_force, last_day, overlapping
from sightline.standards.dates import Dates, add_months, add_months_many, add_years, as_dates
from sightline.standards.local_changes import LocalChanges, NewLimit, in_use
from sightline.standards.working_days import add_working_days, add_working_days_many

Unit = Literal["hours", "working_days", "calendar_days", "weeks", "months", "years"]
Counting = Literal["after", "inclusive", "before"]
Role = Literal["deadline", "earliest", "window", "threshold", "average", "retention", "total"]


class UnknownClock(KeyError):
    """No clock of that id, or none in force on that day."""

    def __str__(self) -> str:
        return str(self.args[0])


@dataclass(frozen=True, slots=True)
class Clock:
    """One version of a limit.

    `counting`: `after` (the trigger is day 0), `inclusive` (the trigger is day 1) or `before` (count back from the trigger).
    `role`: `deadline` (done by then), `earliest` (not before then), `window` (a later event inside it counts), `threshold` (passing it
    raises a flag), `average` (an aim for a mean), `retention`, or `total` (days used in a window). `repeats`: starts again at each stop.
    `family` joins ids that are successive versions of one aim. `local`: an area may choose the limit. `changed`: the number of the change
    by which an administrator set it, else nought.
    """

    id: str
    family: str
    process: str
    starts: str
    stops: str
    limit: int
    unit: Unit
    counting: Counting
    role: Role
    repeats: bool
    recurrence: str
    frameworks: tuple[str, ...]
    valid_from: date | None
    valid_to: date | None
    source: str
    local: bool
    verified: bool
    verification: str
    overridden: bool = False
    changed: int = 0

    @property
    def replaceable(self) -> bool:
        """True when an operator may set another limit."""
        return self.local or not self.verified

    @property
    def limit_in_words(self) -> str:
        """The limit as text: `15 working days`, `1 month`."""
        unit = self.unit.replace("_", " ")
        return f"{self.limit} {unit[:-1] if self.limit == 1 else unit}"

    def due(self, started: date | datetime) -> date | datetime:
        """See `due`."""
        return due(self, started)


def due(clock: Clock, started: date | datetime) -> date | datetime:
    """When the limit is reached: met by anything that stops on or before it.

    A limit in hours keeps the time of day of a datetime (elapsed hours, also across a clock change); from a bare date it is counted in
    whole days, rounded up, since the hour is not known. Every other unit gives a date, from the local date of a datetime. Raises
    OutsideCalendar when working days leave the table.
    """
    if clock.unit == "hours":
        return _due_hours(clock, started)
    day = started.date() if isinstance(started, datetime) else started
    return _due_day(clock, day)


def due_date(clock: Clock, started: date | datetime) -> date:
    """The day on which the limit is reached, whatever the unit."""
    found = due(clock, started)
    return found.date() if isinstance(found, datetime) else found


def is_met(clock: Clock, started: date | datetime, stopped: date | datetime) -> bool:
    """True when the stop is in time. Times of day are compared only when both sides have one."""
    limit = due(clock, started)
    if isinstance(limit, datetime) and isinstance(stopped, datetime):
        return stopped <= limit
    return _day(stopped) <= _day(limit)


def _day(moment: date | datetime) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _due_hours(clock: Clock, started: date | datetime) -> date | datetime:
    sign = -1 if clock.counting == "before" else 1
    if not isinstance(started, datetime):
        return started + sign * timedelta(days=math.ceil(clock.limit / 24))
    length = sign * timedelta(hours=clock.limit)
    if started.tzinfo is None:
        return started + length
    return (started.astimezone(UTC) + length).astimezone(started.tzinfo)


def _due_day(clock: Clock, day: date) -> date:
    sign = -1 if clock.counting == "before" else 1
    if clock.counting == "inclusive":
        # With the trigger as day 1 the count starts one day sooner: 26 weeks "beginning with" a day end 26 weeks less a day later.
        day = day_before(day)
    return _shift(day, sign * clock.limit, clock.unit)


def _shift(day: date, n: int, unit: Unit) -> date:
    if unit == "working_days":
        return add_working_days(day, n)
    if unit == "months":
        return add_months(day, n)
    if unit == "years":
        return add_years(day, n)
    return day + timedelta(days=n * (7 if unit == "weeks" else 1))


def due_many(clock: Clock | str, started: Any) -> Dates:
    """`due_date` for an array of starting days. NaT stays NaT.

    Given an id or a family the version is chosen for each start; NaT where none was in force. Hours are counted in whole days, rounded
    up, unless the array holds times (`datetime64[s]` or finer), when the day of the exact end is given. Raises OutsideCalendar.
    """
    starts = np.asarray(started)
    if starts.dtype.kind != "M":
        starts = as_dates(started)
    if isinstance(clock, Clock):
        return _due_array(clock, starts)
    found: Dates = np.full(starts.shape, np.datetime64("NaT"), dtype="datetime64[D]")
    days = starts.astype("datetime64[D]")
    for version in versions(clock):
        chosen = (days >= np.datetime64(first_day(version))) & (days <= np.datetime64(last_day(version)))
        if chosen.any():
            found[chosen] = _due_array(version, starts[chosen])
    return found


def _due_array(clock: Clock, starts: Dates) -> Dates:
    sign = -1 if clock.counting == "before" else 1
    days = starts.astype("datetime64[D]")
    n = sign * clock.limit
    if clock.unit == "hours":
        if np.datetime_data(starts.dtype)[0] in ("D", "W", "M", "Y"):
            return cast(Dates, days + np.timedelta64(sign * math.ceil(clock.limit / 24), "D"))
        return cast(Dates, (starts + np.timedelta64(n, "h")).astype("datetime64[D]"))
    if clock.counting == "inclusive":
        days = days - np.timedelta64(1, "D")
    if clock.unit == "working_days":
        return add_working_days_many(days, n)
    if clock.unit in ("months", "years"):
        return add_months_many(days, n * (12 if clock.unit == "years" else 1))
    return cast(Dates, days + np.timedelta64(n * (7 if clock.unit == "weeks" else 1), "D"))


def clock(id: str, on: date | None = None) -> Clock:
    """The version of a clock (by id or family) that was in force on a day. Raises UnknownClock.

    When no day is given, the latest version that has begun: a change that is planned is not told of as if it held.
    """
    found = versions(id)
    if on is None:
        today = in_use().day
        return next((version for version in reversed(found) if first_day(version) <= today), found[0])
    for version in found:
        if in_force(version, on):
            return version
    spans = ", ".join(f"{v.valid_from or 'always'} to {v.valid_to or 'now'}" for v in found)
    raise UnknownClock(f"clock '{id}' is not in force on {on} (in force {spans}).")


def versions(id: str) -> tuple[Clock, ...]:
    """All versions of a clock or of a family, oldest first. Raises UnknownClock (naming near ids)."""
    try:
        return _by_name(in_use())[id]
    except KeyError:
        near = get_close_matches(id.upper(), list(_by_name(in_use())), n=3)
        raise UnknownClock(f"no clock '{id}'." + (f" Near: {', '.join(near)}." if near else "")) from None


def clocks(process: str | None = None, on: date | None = None) -> tuple[Clock, ...]:
    """Every version of every clock, or those of one process, or those in force on a day."""
    return tuple(
        c for c in _all(in_use()) if (process is None or c.process == process) and (on is None or in_force(c, on))
    )


@remembered
def _by_name(changes: LocalChanges) -> dict[str, tuple[Clock, ...]]:
    groups: dict[str, list[Clock]] = defaultdict(list)
    for found in _all(changes):
        for name in {found.id, found.family}:
            groups[name].append(found)
    for name, group in groups.items():
        if clash := overlapping(group):
            raise DataError(f"clocks.csv: two versions of '{name}' are in force on {first_day(clash[1])}.")
    return {name: tuple(sorted(group, key=first_day)) for name, group in groups.items()}


@remembered
def _all(changes: LocalChanges) -> tuple[Clock, ...]:
    found = list(_installed())
    for change in changes.limits:
        found = _with_limit(found, change)
    return tuple(found)


@remembered
def _installed() -> tuple[Clock, ...]:
    shipped = _read(data_path("clocks.csv"))
    path = local_path("clocks.csv")
    return tuple(_with_local(shipped, _read(path), str(path)) if path else shipped)


def _with_limit(held: list[Clock], change: NewLimit) -> list[Clock]:
    """The versions with a new limit in the place of the one in force on its first day, until that one would have ended.

    A change of a clock that the product no longer knows, or has since fixed, has no effect.
    """
    found: list[Clock] = []
    for version in held:
        if version.id != change.clock or not version.replaceable or not in_force(version, change.first_day):
            found.append(version)
            continue
        if cut := _cut(version, change.first_day):
            found.append(cut)
        found.append(
            replace(
                version,
                limit=change.limit,
                unit=cast(Unit, change.unit),
                valid_from=change.first_day,
                overridden=True,
                changed=change.number,
                source=change.because,
            )
        )
    return found


def _with_local(shipped: list[Clock], local: list[Clock], where: str) -> list[Clock]:
    """The shipped versions, cut short where the operator's first version of the same clock begins, and the operator's versions."""
    fixed = {c.id: c for c in shipped if not c.replaceable}
    begins: dict[str, date] = {}
    for own in local:
        if own.id in fixed:
            source = fixed[own.id].source
            raise DataError(
                f"{where}: {own.id} is a national limit ({source}) and cannot be replaced. Remove its rows."
            )
        begins[own.id] = min(first_day(own), begins.get(own.id, date.max))
    kept = [c if c.id not in begins else _cut(c, begins[c.id]) for c in shipped]
    return [c for c in kept if c is not None] + [replace(own, local=True, overridden=True) for own in local]


def _cut(clock: Clock, begins: date) -> Clock | None:
    if first_day(clock) >= begins:
        return None
    return replace(clock, valid_to=min(last_day(clock), day_before(begins)))


def _read(path: Path) -> list[Clock]:
    needed = ("id", "process", "starts_when", "stops_when", "limit", "unit", "valid_from", "valid_to", "source")
    return [_clock(row, f"{path}, line {line}") for line, row in enumerate(read_csv(path, needed), start=2)]


def _clock(row: dict[str, str], where: str) -> Clock:
    if not row["limit"].isdigit():
        raise DataError(f"{where}: limit '{row['limit']}' is not a whole number.")
    return Clock(
        id=row["id"],
        family=row.get("family") or row["id"],
        process=row["process"],
        starts=row["starts_when"],
        stops=row["stops_when"],
        limit=int(row["limit"]),
        unit=cast(Unit, _one_of(row["unit"], Unit, where)),
        counting=cast(Counting, _one_of(row.get("counting") or "after", Counting, where)),
        role=cast(Role, _one_of(row.get("role") or "deadline", Role, where)),
        repeats=parse_flag(row.get("repeats", ""), where),
        recurrence=row.get("recurrence", ""),
        frameworks=tuple(part for part in row.get("frameworks", "").split(";") if part),
        valid_from=parse_date(row["valid_from"], where),
        valid_to=parse_date(row["valid_to"], where),
        source=row["source"],
        local=parse_flag(row.get("local", "yes"), where),
        verified=parse_flag(row.get("verified", "no"), where),
        verification=row.get("verification", ""),
    )


def _one_of(value: str, choices: Any, where: str) -> str:
    if value not in get_args(choices):
        raise DataError(f"{where}: '{value}' is not one of {', '.join(get_args(choices))}.")
    return value
