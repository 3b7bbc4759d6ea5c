"""Figures of other areas beside one's own: published statistics of the same year, else as a report printed them."""

from __future__ import annotations

from dataclasses import dataclass

from sightline.engine.measures.declare import Measure, Statistic
from sightline.engine.measures.registry import AnyMeasure
from sightline.engine.measures.results import printed
from sightline.standards import benchmarks
from sightline.standards.areas import ENGLAND, area, region_of
from sightline.standards.periods import Period, containing

NAMES = ("Statistical neighbours", "Region", "England")
_OF_COUNTS = (Statistic.COUNT, Statistic.SUM)


@dataclass(frozen=True)
class Comparator:
    """One other area's figure. `note` says whose and for when; `value` is None where nothing comparable is held."""

    name: str
    text: str
    note: str
    value: float | None = None
    as_printed: bool = False


def comparators(what: AnyMeasure, period: Period, where: str) -> list[Comparator]:
    """Statistical neighbours, region and England, always in this order.

    Published figures are yearly: part of a year is compared only where the figure does not grow with time, so never for a count.
    """
    region = region_of(where)
    names = (NAMES[0], region.name if region else NAMES[1], NAMES[2])
    codes = (benchmarks.NEIGHBOURS, region.code if region else "", ENGLAND)
    return [_one(what, period, where, name, code) for name, code in zip(names, codes, strict=True)]


def _one(what: AnyMeasure, period: Period, where: str, name: str, code: str) -> Comparator:
    count = what.statistic in _OF_COUNTS
    if not isinstance(what, Measure) or not code or (count and period.kind != "year"):
        return Comparator(name, "", "")
    if count and code != benchmarks.NEIGHBOURS:
        return Comparator(name, "", "a count does not compare with a larger area")
    year = containing(period.end, "year")
    return _published(what, period, where, name, code) or _printed(what, year, name, code) or Comparator(name, "", "")


def _published(what: Measure, period: Period, where: str, name: str, code: str) -> Comparator | None:
    indicator = what.benchmark.indicator
    if not indicator:
        return None
    year = containing(period.end, "year")
    if code == benchmarks.NEIGHBOURS:
        average = benchmarks.neighbour_average(indicator, where, year)
        if average.value is None:
            return None
        return Comparator(name, printed(average.value, what), _neighbours_note(year, period, average), average.value)
    found = benchmarks.value(indicator, area(code), year)
    return (
        None if found.value is None else Comparator(name, printed(found.value, what), _when(year, period), found.value)
    )


def _when(year: Period, period: Period) -> str:
    """The year, where it is not the very period that it stands beside."""
    return "" if year == period else year.label


def _neighbours_note(year: Period, period: Period, average: benchmarks.Average) -> str:
    of = "" if average.n == average.of else f"mean of {average.n} of {average.of}"
    return ", ".join(part for part in (_when(year, period), of) if part)


def _printed(what: Measure, year: Period, name: str, code: str) -> Comparator | None:
    """The newest printed value that is not of a later year."""
    found = [one for one in benchmarks.printed(what.benchmark.printed or what.id, code) if one.period <= year.label]
    if not found:
        return None
    one = found[-1]
    return Comparator(name, printed(one.value, what), f"{one.period}, as printed", one.value, as_printed=True)
