"""The counts behind figures, and how they hang together: what an attacker could set one against another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from sightline.engine.disclosure.suppress import Relation
from sightline.engine.measures.compute import TOTAL
from sightline.engine.measures.declare import Kind, Measure, Statistic
from sightline.engine.measures.registry import AnyMeasure, measure
from sightline.engine.measures.results import Result, Results
from sightline.standards.periods import Period, containing, parse


class Count(NamedTuple):
    """A count behind a figure: of which measure; its `number` (numerator), its `base`, or the `rest` of the base; where and when."""

    measure: str
    part: str
    area: str
    period: str
    breakdown: str
    category: str


Counted = dict[Count, int]


def behind(result: Result, results: Results) -> Counted:
    """The counts that a result gives away: its numerator, the base of a share or mean, every part of a combination."""
    what = measure(result.measure)
    where = (result.area, result.period, result.breakdown, result.category)
    if result.value is None:
        return {}
    if not isinstance(what, Measure):
        return _of_parts(what.over, what.parts, result, results)
    if not what.cohort.protected:
        return {}
    found: Counted = {}
    if what.statistic in (Statistic.COUNT, Statistic.RATE, Statistic.SHARE):
        found[Count(what.id, "number", *where)] = int(result.numerator or 0)
    if what.statistic not in (Statistic.COUNT, Statistic.RATE):
        base = int(result.denominator or 0)
        found[Count(what.id, "base", *where)] = base
        if what.statistic is Statistic.SHARE:
            found[Count(what.id, "rest", *where)] = base - int(result.numerator or 0)
    return found


def _of_parts(over: str, parts: str, result: Result, results: Results) -> Counted:
    period = parse(result.period)
    periods = {"week": [period], "month": period.months(), "quarter": period.quarters()}[parts]
    found: Counted = {}
    for part in periods:
        found |= behind(results.result(over, part, result.area, result.breakdown, result.category), results)
    return found


def with_totals(counts: Counted, results: Results) -> Counted:
    """The counts with the totals that a reader may know from elsewhere: of each breakdown, and of each year whose months are there."""
    found = dict(counts)
    for count in counts:
        if count.breakdown != TOTAL:
            found |= _looked_up(count, parse(count.period), results, breakdown=TOTAL, category="")
        period = parse(count.period)
        if period.kind in ("month", "quarter") and is_flow(measure(count.measure)):
            found |= _looked_up(count, _year_of(period), results)
    return found


def _looked_up(
    count: Count, period: Period, results: Results, *, breakdown: str | None = None, category: str | None = None
) -> Counted:
    by = count.breakdown if breakdown is None else breakdown
    one = count.category if category is None else category
    return behind(results.result(count.measure, period, count.area, by, one), results)


def _year_of(period: Period) -> Period:

    return containing(period.start, "year")


def is_flow(what: AnyMeasure) -> bool:
    """Whether the counts of months could add up to that of the year."""
    return isinstance(what, Measure) and what.kind in (Kind.EVENTS, Kind.STARTS, Kind.ENDS)


def relations(counts: Mapping[Count, int], sums: Iterable[tuple[Count, Iterable[Count]]] = ()) -> list[Relation]:
    """Every sum that the counts may obey. One that the numbers do not bear out is no use to an attacker, and is dropped later."""
    return [
        *_shares(counts),
        *_breakdowns(counts),
        *_years(counts),
        *_same_rows(counts),
        *({total: 1, **dict.fromkeys(parts, -1)} for total, parts in sums),
    ]


def _shares(counts: Mapping[Count, int]) -> Iterator[Relation]:
    for count in counts:
        if count.part == "rest":
            yield {count._replace(part="base"): 1, count._replace(part="number"): -1, count: -1}


def _breakdowns(counts: Mapping[Count, int]) -> Iterator[Relation]:
    groups: defaultdict[Count, list[Count]] = defaultdict(list)
    for count in counts:
        if count.breakdown != TOTAL:
            groups[count._replace(breakdown=TOTAL, category=f"{count.breakdown}=")].append(count)
    for group, parts in groups.items():
        yield {group._replace(category=""): 1, **dict.fromkeys(parts, -1)}


def _years(counts: Mapping[Count, int]) -> Iterator[Relation]:
    groups: defaultdict[tuple[Count, str], list[Count]] = defaultdict(list)
    for count in counts:
        period = parse(count.period)
        if period.kind in ("month", "quarter") and is_flow(measure(count.measure)):
            groups[(count._replace(period=_year_of(period).label), period.kind)].append(count)
    for (year, _), parts in groups.items():
        yield {year: 1, **dict.fromkeys(parts, -1)}


def _same_rows(counts: Mapping[Count, int]) -> Iterator[Relation]:
    """Counts of one cohort on one day that are equal are taken to be the same children: a count here may be a numerator there."""
    first: dict[tuple[object, ...], Count] = {}
    for count, number in counts.items():
        what = measure(count.measure)
        if not isinstance(what, Measure) or number == 0:
            continue
        rows = (what.cohort.record, what.kind, count.area, count.period, number)
        if rows not in first:
            first[rows] = count
        elif count.measure != first[rows].measure and TOTAL in (count.breakdown, first[rows].breakdown):
            yield {first[rows]: 1, count: -1}
