"""How lines are counted: which sources answer, what falls into a period, totals and breakdowns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from math import fsum
from statistics import median
from typing import Any

from sightline.engine.measures.declare import Combined, Statistic
from sightline.engine.measures.registry import AnyMeasure, measures
from sightline.standards import groups
from sightline.standards.dates import add_months, age_on
from sightline.standards.periods import Period

from .reader import Row, Tables

TOTAL = ("total", "")


@dataclass
class Line:
    """One row of a measure's base: the record behind it, the day it is looked at, whether it is in the numerator, and its value."""

    record: Row
    day: date
    hit: bool = True
    value: float | None = None
    person: Any = None
    categories: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Count:
    """What one figure is made of."""

    base: int
    number: int
    amount: float | None = None


class View:
    """The tables as one area sees them for one period: whose rows answer, and plain tests of dates."""

    def __init__(self, tables: Tables, period: Period, area: str, sources: set[str]) -> None:
        self.tables, self.period, self.area, self.sources = tables, period, area, sources

    @cached_property
    def _agencies(self) -> set[int]:
        return {row["id"] for row in self.tables.rows("organisations_organisation") if row["area"] == self.area}

    @property
    def last_day(self) -> date:
        """The day of a count."""
        return self.period.end

    def answers(self, row: Row) -> bool:
        """Whether the row is the area's own, from a source that answers for the period."""
        return row["agency_id"] in self._agencies and source(row) in self.sources

    def own(self, table: str) -> Iterator[Row]:
        """The rows of a table that answer."""
        kept = (table, self.area, frozenset(self.sources))
        if kept not in self.tables.kept:
            self.tables.kept[kept] = [row for row in self.tables.rows(table) if self.answers(row)]
        return iter(self.tables.kept[kept])

    def of(self, table: str, row: Row) -> list[Row]:
        """The rows of a table about the same person, whoever holds them."""
        return self.tables.of(table, row["person_id"])

    def inside(self, day: date | None) -> bool:
        """Whether something happened in the period."""
        return day is not None and self.period.start <= day <= self.period.end


def source(row: Row) -> str:
    """The source of a row. The yearly returns of one kind from one authority (`cin:E10000028:2021-22`) are one source."""
    name: str = row["source_system"]
    head, _, year = name.rpartition(":")
    first, _, second = year.partition("-")
    return head if len(first) == 4 and len(second) == 2 and (first + second).isdecimal() else name


def is_open(row: Row, day: date) -> bool:
    """Whether a spell `[start, end)` covers the day."""
    return bool(row["start_date"] <= day and (row["end_date"] is None or row["end_date"] > day))


Recount = Callable[[View], Iterable[Line]]
RECOUNTS: dict[str, Recount] = {}


def recounts(*ids: str) -> Callable[[Recount], Recount]:
    """Registers a function as the recount of measures."""

    def keep(function: Recount) -> Recount:
        for id in ids:
            assert id not in RECOUNTS, f"{id} has two recounts"
            RECOUNTS[id] = function
        return function

    return keep


def covers(tables: Tables, area: str, stream: str, first: date, last: date) -> set[str]:
    """The sources whose coverage of a stream of an area holds every day from the first to the last."""
    key = (area, stream, first, last)
    if key not in tables.kept:
        tables.kept[key] = _covers(tables, area, stream, first, last)
    found: set[str] = tables.kept[key]
    return found


def _covers(tables: Tables, area: str, stream: str, first: date, last: date) -> set[str]:
    spells: dict[str, list[tuple[date, date]]] = {}
    for row in tables.rows("records_coverage"):
        if row["area"] == area and row["stream"] == stream:
            spells.setdefault(source(row), []).append((row["start_date"], row["end_date"]))
    found = set()
    for name, held in spells.items():
        day = first
        while day <= last:
            reached = [end for start, end in held if start <= day <= end]
            if not reached:
                break
            day = max(reached) + timedelta(days=1)
        if day > last:
            found.add(name)
    return found


def answering(tables: Tables, what: AnyMeasure, period: Period, area: str) -> set[str]:
    """The source that answers for a period: it covers the first stream, and somebody in the area covers each other one.

    Of several the one whose coverage of the stream begins last answers alone.
    """
    assert not isinstance(what, Combined)
    first_day = min(add_months(period.start, -what.lookback_months), add_months(period.until, -what.window_months))
    own, *others = (covers(tables, area, stream, first_day, period.end) for stream in what.cohort.streams)
    if not own or not all(others):
        return set()
    stream = what.cohort.streams[0]
    began = [
        (row["start_date"], source(row))
        for row in tables.rows("records_coverage")
        if row["area"] == area and row["stream"] == stream and source(row) in own
    ]
    return {max(began)[1]}


def lines(tables: Tables, id: str, period: Period, area: str) -> list[Line] | None:
    """The lines of a measure, or None where nothing covers the period."""
    what = measures()[id]
    sources = answering(tables, what, period, area)
    if not sources:
        return None
    return list(RECOUNTS[id](View(tables, period, area, sources)))


def recount(tables: Tables, id: str, period: Period, area: str) -> dict[tuple[str, str], Count] | None:
    """Base, number and amount of a measure by (breakdown, category), the total under `TOTAL`; None where nothing covers the period."""
    what = measures()[id]
    assert not isinstance(what, Combined)
    found = lines(tables, id, period, area)
    if found is None:
        return None
    parts: dict[tuple[str, str], list[Line]] = {TOTAL: found}
    for line in found:
        for breakdown, category in labels(tables, line, with_person=what.cohort.person):
            parts.setdefault((breakdown, category), []).append(line)
    return {key: tally(part, what.statistic, children=what.children) for key, part in parts.items()}


def tally(part: list[Line], statistic: Statistic, *, children: bool) -> Count:
    """Counts lines, or the different children they are about."""

    def count(chosen: list[Line]) -> int:
        return len({line.person for line in chosen}) if children else len(chosen)

    values = [float(line.value) for line in part if line.value is not None]
    arithmetic: dict[Statistic, Callable[[list[float]], float]] = {
        Statistic.MEAN: lambda v: fsum(v) / len(v),
        Statistic.MEDIAN: median,
        Statistic.SUM: fsum,
        Statistic.MINIMUM: min,
        Statistic.MAXIMUM: max,
    }
    if statistic in arithmetic:
        return Count(len(values), len(values), arithmetic[statistic](values) if values else None)
    return Count(count(part), count([line for line in part if line.hit]))


def labels(tables: Tables, line: Line, *, with_person: bool) -> Iterator[tuple[str, str]]:
    """The categories that a line falls into, one for each breakdown."""
    for breakdown, value in line.categories.items():
        yield breakdown, "unknown" if value is None else str(value)
    if with_person:
        person = tables.one("people_person", line.person)
        assert person is not None
        yield "sex", person["sex"]
        yield "age", age_label(person, line.day)
        yield "ethnicity", groups.ethnicity_group(person["ethnicity"])
        yield "disability", "yes" if disabled(tables, line.person) else "no"
        yield "district", district(tables, line.person, line.day)


def age(tables: Tables, person: Any, day: date) -> int | None:
    """Age in whole years on a day; None before birth or when the birth is not known."""
    found = tables.one("people_person", person)
    birth = born(found) if found else None
    return None if birth is None or birth > day else age_on(birth, day)


def born(person: Row) -> date | None:
    """The date of birth; for a child who is not known to be born, the date the birth is expected."""
    birth: date | None = person["birth_date"] or person["expected_birth_date"]
    return birth


def age_label(person: Row, day: date) -> str:
    """The band of the age on a day, or `unborn`, `18+`, `unknown`."""
    birth = born(person)
    if birth is None:
        return "unknown"
    if birth > day:
        return "unborn"
    years = age_on(birth, day)
    return "18+" if years >= 18 else groups.age_band(years) or "unknown"


def disabled(tables: Tables, person: Any) -> bool:
    """Whether a disability is recorded; the code NONE records that there is none."""
    return any(row["disability"] != "NONE" for row in tables.of("people_disability", person))


def district(tables: Tables, person: Any, day: date) -> str:
    """The district of the home address on a day."""
    for row in tables.of("people_personaddress", person):
        if row["kind"] == "home" and is_open(row, day):
            place = tables.one("places_place", row["place_id"])
            return (place["district"] if place else "") or "unknown"
    return "unknown"
