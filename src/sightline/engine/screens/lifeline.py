"""A child's spells as a picture: one band for each kind of spell, from birth to the day. The chronology says the same in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sightline.engine.screens.chronology import Event

#: Kinds of spell beyond so many make the picture a blur; those with the latest spells are drawn.
MOST_BANDS = 10


@dataclass(frozen=True)
class Bar:
    """One spell, in percent of the picture's width."""

    left: float
    width: float
    text: str
    is_open: bool


@dataclass(frozen=True)
class Band:
    """The spells of one kind."""

    title: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class Lifeline:
    """The picture. `years` are marks along it: percent and year."""

    first: date
    last: date
    bands: tuple[Band, ...]
    years: tuple[tuple[float, int], ...]


def lifeline(events: Sequence[Event], day: date) -> Lifeline | None:
    """The picture of a chronology up to a day; None where there is no spell to draw."""
    spells = [event for event in events if event.is_spell and event.day <= day]
    if not spells:
        return None
    first = min(event.day for event in spells)
    days = max((day - first).days, 1)

    def at(when: date) -> float:
        return round(100 * (min(max(when, first), day) - first).days / days, 2)

    kinds = list(dict.fromkeys((event.stream, event.text.partition(",")[0]) for event in spells))[:MOST_BANDS]
    bands = [
        Band(
            title,
            tuple(
                Bar(at(event.day), max(at(event.end or day) - at(event.day), 0.6), _words(event), event.is_open)
                for event in reversed(spells)
                if (event.stream, event.text.partition(",")[0]) == (stream, title)
            ),
        )
        for stream, title in kinds
    ]
    years = list(range(first.year + 1, day.year + 1))
    step = max(len(years) // 8, 1)
    marks = tuple((at(date(year, 1, 1)), year) for year in years[::step])
    return Lifeline(first, day, tuple(bands), marks)


def _words(event: Event) -> str:
    end = "still open" if event.end is None else f"to {event.end:%d %B %Y}"
    return f"{event.text}: from {event.day:%d %B %Y} {end}"
