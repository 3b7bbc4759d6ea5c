"""Validity of dated data: from and to are whole days, both included, None meaning 'for ever'."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import Protocol, TypeVar


class Dated(Protocol):
    """Anything with a first and a last day of validity."""

    @property
    def valid_from(self) -> date | None: ...

    @property
    def valid_to(self) -> date | None: ...


D = TypeVar("D", bound=Dated)


def in_force(item: Dated, day: date) -> bool:
    """True when the item is valid on the day."""
    return (item.valid_from is None or item.valid_from <= day) and (item.valid_to is None or day <= item.valid_to)


def first_day(item: Dated) -> date:
    """The first day of validity, the earliest possible date when open."""
    return item.valid_from or date.min


def last_day(item: Dated) -> date:
    """The last day of validity, the latest possible date when open."""
    return item.valid_to or date.max


def overlapping(items: list[D]) -> tuple[D, D] | None:
    """Two items whose validity overlaps, or None. Each version of one thing must have days of its own."""
    ordered = sorted(items, key=first_day)
    for before, after in pairwise(ordered):
        if last_day(before) >= first_day(after):
            return before, after
    return None


def day_before(day: date) -> date:
    """The day before."""
    return day - timedelta(days=1)
