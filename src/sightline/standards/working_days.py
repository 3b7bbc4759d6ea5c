"""Working-day arithmetic for England from one table, `data/calendar/england_working_days.csv`.

The table's running number counts working days up to and including each day, so every question is a subtraction or a look-up. SQL
engines can join the same file and get the same answers; no other part of Sightline decides what a working day is.

Day 0 is the trigger. A limit of N working days ends on the Nth working day after it, also when the trigger falls on a closed day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt

from sightline.standards.data import data_path, read_csv, remembered
from sightline.standards.dates import Dates, Integers, as_dates


class OutsideCalendar(ValueError):
    """A date the working-day table does not reach."""


@dataclass(frozen=True, eq=False)
class WorkingDays:
    """The table as arrays. `numbers[i]` is the running number of `first + i` days; `days[n - 1]` the working day with number n."""

    first: date
    last: date
    numbers: Integers
    working: npt.NDArray[np.bool_]
    days: Dates
    holidays: dict[date, str]
    projected_from: date | None

    def index(self, day: date) -> int:
        """The row of a day. Raises OutsideCalendar."""
        if not self.first <= day <= self.last:
            raise OutsideCalendar(f"{day} is outside the working-day table ({self.first} to {self.last}).")
        return (day - self.first).days

    def indices(self, days: Dates) -> npt.NDArray[np.intp]:
        """The rows of many days, none of them NaT. Raises OutsideCalendar naming the first that the table does not reach."""
        rows: npt.NDArray[np.intp] = (days - np.datetime64(self.first)).astype(np.intp)
        outside = (rows < 0) | (rows >= len(self.numbers))
        if outside.any():
            raise OutsideCalendar(f"{days[outside][0]} is outside the working-day table ({self.first} to {self.last}).")
        return rows

    def numbered(self, number: int) -> date:
        """The working day with that running number. Raises OutsideCalendar."""
        if not 1 <= number <= len(self.days):
            raise OutsideCalendar(f"the count leaves the working-day table ({self.first} to {self.last}).")
        found: date = self.days[number - 1].item()
        return found


@remembered
def table() -> WorkingDays:
    """The working-day table, read once."""
    rows = read_csv(
        data_path("calendar", "england_working_days.csv"), ("day", "is_working_day", "working_day_number", "holiday")
    )
    days = np.array([row["day"] for row in rows], dtype="datetime64[D]")
    working = np.array([row["is_working_day"] == "yes" for row in rows])
    projected = [row["day"] for row in rows if row.get("basis") == "projected"]
    return WorkingDays(
        first=days[0].item(),
        last=days[-1].item(),
        numbers=np.array([int(row["working_day_number"]) for row in rows], dtype=np.int64),
        working=working,
        days=days[working],
        holidays={date.fromisoformat(row["day"]): row["holiday"] for row in rows if row["holiday"]},
        projected_from=date.fromisoformat(projected[0]) if projected else None,
    )


def is_working_day(day: date) -> bool:
    """True on a weekday that is not a bank holiday in England. Raises OutsideCalendar."""
    return bool(table().working[table().index(day)])


def holiday_name(day: date) -> str:
    """The name of the bank holiday on that day, empty when there is none."""
    return table().holidays.get(day, "")


def working_day_number(day: date) -> int:
    """Working days up to and including the day, counted from the start of the table. Raises OutsideCalendar."""
    return int(table().numbers[table().index(day)])


def add_working_days(start: date, n: int) -> date:
    """The nth working day after `start` (before it when n is negative); `start` itself, open or closed, when n is 0."""
    if n == 0:
        return start
    if n > 0:
        return table().numbered(working_day_number(start) + n)
    return table().numbered(working_day_number(start - timedelta(days=1)) + n + 1)


def next_working_day(day: date) -> date:
    """The day itself when it is a working day, else the first one after it."""
    return day if is_working_day(day) else add_working_days(day, 1)


def working_days_between(start: date, end: date) -> int:
    """Working days after `start` up to and including `end`; negative when `end` is earlier.

    Not the test of a limit: work done on the Saturday after a Friday limit is late although no further working day has passed. Compare
    with the due date, or use `working_days_taken`.
    """
    return working_day_number(end) - working_day_number(start)


def working_days_taken(start: date, end: date) -> int:
    """The smallest limit that `end` would have met: `end <= add_working_days(start, n)` exactly when `working_days_taken <= n`.

    A closed end day counts as the working day after it. Raises ValueError when `end` is before `start`.
    """
    if end < start:
        raise ValueError(f"{end} is before {start}.")
    return 0 if end == start else working_days_between(start, end) + (not is_working_day(end))


def add_working_days_many(starts: Any, n: Any) -> Dates:
    """`add_working_days` for arrays; `n` may be one number or one for each start. NaT stays NaT. Raises OutsideCalendar."""
    starts, counts = np.broadcast_arrays(as_dates(starts), np.asarray(n, dtype=np.int64))
    found: Dates = np.array(starts, copy=True)
    moving = ~np.isnat(starts) & (counts != 0)
    if not moving.any():
        return found
    calendar, counts = table(), counts[moving]
    base = starts[moving] - (counts < 0).astype("timedelta64[D]")
    numbers = calendar.numbers[calendar.indices(base)] + counts + (counts < 0)
    if numbers.min() < 1 or numbers.max() > len(calendar.days):
        raise OutsideCalendar(f"a count leaves the working-day table ({calendar.first} to {calendar.last}).")
    found[moving] = calendar.days[numbers - 1]
    return found


def working_days_between_many(starts: Any, ends: Any) -> npt.NDArray[np.float64]:
    """`working_days_between` for arrays; NaN where either date is missing. Raises OutsideCalendar."""
    starts, ends = np.broadcast_arrays(as_dates(starts), as_dates(ends))
    found = np.full(starts.shape, np.nan)
    known = ~(np.isnat(starts) | np.isnat(ends))
    calendar = table()
    found[known] = calendar.numbers[calendar.indices(ends[known])] - calendar.numbers[calendar.indices(starts[known])]
    return found


def working_days_taken_many(starts: Any, ends: Any) -> npt.NDArray[np.float64]:
    """`working_days_taken` for arrays; NaN where either date is missing or the end is before the start. Raises OutsideCalendar."""
    starts, ends = np.broadcast_arrays(as_dates(starts), as_dates(ends))
    found = working_days_between_many(starts, ends)
    known = ~np.isnan(found)
    calendar = table()
    found[known] += ~calendar.working[calendar.indices(ends[known])]
    found[starts == ends] = 0
    found[ends < starts] = np.nan
    return found
