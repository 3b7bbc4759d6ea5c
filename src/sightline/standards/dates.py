"""Calendar months, years, birthdays and ages, for one date and for numpy arrays of dates (`datetime64[D]`; NaT passes through)."""

from __future__ import annotations

import calendar as _calendar
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

Dates = npt.NDArray[np.datetime64]
Integers = npt.NDArray[np.int64]


def add_months(day: date, months: int) -> date:
    """The same day of the month so many calendar months on, clipped to the month's end: 31 August + 6 is 28 or 29 February."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, _calendar.monthrange(year, month + 1)[1]))


def add_years(day: date, years: int) -> date:
    """The same date so many years on; 29 February becomes 28 February in a common year (the end of its month, as `add_months`)."""
    return add_months(day, 12 * years)


def months_on(first: date, last: date) -> int:
    """Whole calendar months from a day to a later one: 31 January to 28 February is none yet."""
    return (last.year - first.year) * 12 + last.month - first.month - (last.day < first.day)


def birthday(birth: date, age: int) -> date:
    """The day on which that age is reached.

    A person reaches an age at the start of the anniversary of birth (Family Law Reform Act 1969 s9). Where 29 February has no
    anniversary the age is reached on 1 March: on 28 February the anniversary is still to come.
    """
    year = birth.year + age
    if (birth.month, birth.day) == (2, 29) and not _calendar.isleap(year):
        return date(year, 3, 1)
    return birth.replace(year=year)


def age_on(birth: date, day: date) -> int:
    """Age in whole years on a day (negative before birth). See `birthday` for 29 February."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def as_dates(values: Any) -> Dates:
    """A numpy array of days from dates, ISO texts or datetimes (whose time of day is dropped). None becomes NaT."""
    return np.asarray(values, dtype="datetime64[D]")


def add_months_many(days: Any, months: Any) -> Dates:
    """`add_months` for arrays; `months` may be one number or one for each day."""
    days = as_dates(days)
    month = days.astype("datetime64[M]")
    target = month + np.asarray(months, dtype="timedelta64[M]")
    offset = days - month.astype("datetime64[D]")
    last = (target + np.timedelta64(1, "M")).astype("datetime64[D]") - np.timedelta64(1, "D")
    found: Dates = np.minimum(target.astype("datetime64[D]") + offset, last)
    return found


def ages_on(births: Any, days: Any) -> Integers:
    """`age_on` for arrays, either of which may be a single date. A missing date gives the smallest 64-bit integer: mask it first."""
    births, days = np.broadcast_arrays(as_dates(births), as_dates(days))
    missing = np.isnat(births) | np.isnat(days)
    years = _year(days) - _year(births)
    found: Integers = np.where(missing, np.iinfo(np.int64).min, years - (_month_day(days) < _month_day(births)))
    return found


def _year(days: Dates) -> Integers:
    found: Integers = days.astype("datetime64[Y]").astype(np.int64)
    return found


def _month_day(days: Dates) -> Integers:
    """A number that orders days within the year by month and then by day, so that 29 February lies between 28 February and 1 March."""
    month = days.astype("datetime64[M]")
    in_month = (days - month.astype("datetime64[D]")).astype(np.int64)
    of_year = month.astype(np.int64) - days.astype("datetime64[Y]").astype("datetime64[M]").astype(np.int64)
    found: Integers = of_year * 31 + in_month
    return found
