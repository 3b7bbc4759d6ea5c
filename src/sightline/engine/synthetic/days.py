"""Days as whole numbers (`date.toordinal`), which are cheap to draw, compare and shift by the hundred thousand.

Working days and calendar months come from `sightline.standards`; nothing here decides what they are.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import cache, lru_cache

from sightline.standards import working_days
from sightline.standards.dates import add_months as _add_months

Day = int


def day(when: date) -> Day:
    """The number of a date."""
    return when.toordinal()


def of(year: int, month: int, number: int) -> Day:
    """The number of a date given by its parts."""
    return date(year, month, number).toordinal()


@cache
def as_date(number: Day) -> date:
    """The date of a number. Remembered, since the same few thousand days fill every table."""
    return date.fromordinal(number)


@cache
def moment(number: Day, part: int = 0) -> datetime:
    """A time of recording on a day: `part` picks one of a few working hours."""
    return datetime.combine(as_date(number), datetime.min.time(), UTC) + timedelta(hours=9 + part * 2, minutes=7 * part)


@lru_cache(maxsize=200_000)
def add_months(number: Day, months: int) -> Day:
    """So many calendar months on, clipped to the month's end."""
    return _add_months(as_date(number), months).toordinal()


def add_years(number: Day, years: int) -> Day:
    """So many years on; 29 February becomes 28 February."""
    return add_months(number, 12 * years)


@lru_cache(maxsize=50_000)
def add_working_days(number: Day, count: int) -> Day:
    """The nth working day after a day (before it when negative)."""
    return working_days.add_working_days(as_date(number), count).toordinal()


@cache
def is_working_day(number: Day) -> bool:
    """Whether agencies are open."""
    return working_days.is_working_day(as_date(number))


@cache
def next_working_day(number: Day) -> Day:
    """The day itself when it is a working day, else the first after it."""
    return working_days.next_working_day(as_date(number)).toordinal()


@cache
def last_working_day(number: Day) -> Day:
    """The day itself when it is a working day, else the last before it."""
    while not is_working_day(number):
        number -= 1
    return number


def working_days_in(first: Day, last: Day) -> list[Day]:
    """The working days from one day to another, both included."""
    return [number for number in range(first, last + 1) if is_working_day(number)]


def months(first: Day, last: Day) -> list[tuple[Day, Day]]:
    """First and last day of each calendar month between two days."""
    found = []
    while first <= last:
        end = min(add_months(as_date(first).replace(day=1).toordinal(), 1) - 1, last)
        found.append((first, end))
        first = end + 1
    return found


def born_on(number: Day) -> Day:
    """A date of birth: 29 February is moved a day, since its birthdays are a matter of law and not of invention."""
    when = as_date(number)
    return number - 1 if (when.month, when.day) == (2, 29) else number


def age(birth: Day, on: Day) -> int:
    """Age in whole years on a day; negative before birth."""
    born, now = as_date(birth), as_date(on)
    return now.year - born.year - ((now.month, now.day) < (born.month, born.day))


def births_for(first_age: int, last_age: int, on: Day) -> tuple[Day, Day]:
    """The dates of birth, first and last, that give an age between two on a day."""
    return add_years(on, -(last_age + 1)) + 1, add_years(on, -first_age)


def overlap(*spans: tuple[Day, Day]) -> tuple[Day, Day]:
    """What several spans of days have in common; the first day is after the last when that is nothing."""
    return max(span[0] for span in spans), min(span[1] for span in spans)


def union_length(spans: Iterable[tuple[Day, Day]]) -> int:
    """Days covered by at least one span."""
    total, until = 0, 0
    for first, last in sorted(spans):
        total += max(0, last - max(first, until + 1) + 1)
        until = max(until, last)
    return total
