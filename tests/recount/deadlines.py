"""Limits counted from the records, the clocks and the calendar, not from the ledger."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sightline.standards import clocks


def due(clock: str, started: date) -> date | None:
    """The last day in time, by the version of the clock that was in force when it started; None where none was."""
    try:
        return clocks.due_date(clocks.clock(clock, started), started)
    except clocks.UnknownClock:
        return None


def in_time(clock: str, started: date, stopped: date) -> bool:
    """Whether the stop came on or before the last day."""
    last = due(clock, started)
    return last is not None and stopped <= last


@dataclass(frozen=True)
class Turn:
    """One turn of a chain of clocks: it started, fell due, and was stopped or not."""

    started: date
    due: date
    stopped: date | None
    closed: date | None


def chain(names: list[str], started: date, closed: date | None, stops: list[date]) -> list[Turn]:
    """The turns of clocks that start again at each stop: the first by the first clock, and so on; the last clock goes on for ever.

    A stop outside the subject's own days does not count. When the subject closes, the turn under way has no stop.
    """
    counted = sorted({day for day in stops if day >= started and (closed is None or day <= closed)})
    turns = []
    for number, begin in enumerate([started, *counted]):
        stop = counted[number] if number < len(counted) else None
        if stop is None and closed is not None and begin >= closed:
            continue
        last = due(names[min(number, len(names) - 1)], begin)
        if last is not None:
            turns.append(Turn(begin, last, stop, closed if stop is None else None))
    return turns
