"""Rows on their way to the record: ids, times of recording, and a table for each kind of record."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sightline.engine.synthetic import days
from sightline.engine.synthetic.chance import Chance
from sightline.engine.synthetic.days import Day

Reserve = Callable[[str, int], range]
LAGS = {0: 58, 1: 20, 2: 7, 3: 5, 5: 4, 8: 3, 14: 2, 45: 1}


@dataclass(frozen=True)
class Table:
    """Rows for one kind of record (`looked_after.Placement`), in the order of the columns."""

    record: str
    columns: Sequence[str]
    rows: Sequence[tuple[Any, ...]]


class Counter:
    """Gives out ids when no database does: 1, 2, 3 for each kind of record."""

    def __init__(self) -> None:
        self._next: dict[str, int] = {}

    def __call__(self, record: str, count: int) -> range:
        first = self._next.get(record, 1)
        self._next[record] = first + count
        return range(first, first + count)


class Clerk:
    """Says when something was recorded: most of it at once, some days later, a little of it late."""

    def __init__(self, chance: Chance) -> None:
        self._lags = [(chance.pick(LAGS), chance.randrange(4)) for _ in range(997)]
        self._turn = 0

    def __call__(self, day: Day) -> datetime:
        self._turn = (self._turn + 1) % 997
        lag, part = self._lags[self._turn]
        return days.moment(day + lag, part)


def on(day: Day | None) -> date | None:
    """A date, or None."""
    return None if day is None else days.as_date(day)
