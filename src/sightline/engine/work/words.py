"""When something is due, as a worker says it, and how pressing that is."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum

from sightline.standards.clocks import UnknownClock, clock
from sightline.standards.dates import months_on
from sightline.standards.working_days import add_working_days, working_days_between

#: What falls due within so many working days is due soon.
SOON = 5
#: A longer time is told in months: nobody plans by the hundredth day.
IN_DAYS = 60


class Status(StrEnum):
    """How pressing something is, the most pressing first. A threshold that has passed is no work done late: it marks a child to look at."""

    LATE = "late"
    TODAY = "today"
    SOON = "soon"
    LATER = "later"
    PASSED = "passed"
    UNDATED = "undated"


TITLES = {
    Status.LATE: "Late",
    Status.TODAY: "Due today",
    Status.SOON: f"In the next {SOON} working days",
    Status.LATER: "Due later",
    Status.PASSED: "Threshold passed",
    Status.UNDATED: "No date set",
}


def soon(day: date) -> date:
    """The last day that counts as soon."""
    return add_working_days(day, SOON)


def status(due: date | None, day: date, *, threshold: bool = False) -> Status:
    """How pressing something due on a date is on a day."""
    if due is None:
        return Status.UNDATED
    if due < day:
        return Status.PASSED if threshold else Status.LATE
    if due == day:
        return Status.TODAY
    return Status.SOON if due <= soon(day) else Status.LATER


def is_threshold(id: str) -> bool:
    """Whether passing a clock raises a flag, rather than making work late."""
    try:
        return clock(id).role == "threshold"
    except UnknownClock:
        return False


def counts_working_days(id: str) -> bool:
    """Whether a clock's limit is in working days, so that what is left is told in them."""
    try:
        return clock(id).unit == "working_days"
    except UnknownClock:
        return False


def when(due: date | None, day: date, *, working: bool = False, threshold: bool = False) -> str:
    """When something is due: `tomorrow`, `in 3 working days`, `2 working days late`; of a threshold, how long ago it passed."""
    if due is None:
        return "no date set"
    if due == day:
        return "today"
    if due == day + timedelta(days=1):
        return "tomorrow"
    if due > day:
        return f"in {_length(day, due, working)}"
    length = _length(due, day, working)
    if threshold:
        return f"passed {length} ago"
    # What was due on Friday is late on Saturday, but by no working day yet.
    return f"{length} late" if length else f"late since {due:%A}"


def _length(first: date, last: date, working: bool) -> str:
    days = (last - first).days
    if days > IN_DAYS:
        months = months_on(first, last)
        return _many(months, "month") if months < 24 else _many(months // 12, "year")
    if working:
        count = working_days_between(first, last)
        return _many(count, "working day") if count else ""
    return _many(days, "day")


def _many(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"
