"""Figures of other areas: statistical neighbours, the region, England. From DfE's published statistics, or as a report printed them."""

from __future__ import annotations

from dataclasses import dataclass

from sightline.engine.measures.declare import Benchmark, Measure, Statistic
from sightline.engine.measures.registry import measure
from sightline.engine.report.declared import Aspect, Of, Spec
from sightline.engine.report.figures import NOT_COVERED, Figure, print_value, unit_of
from sightline.engine.report.settings import PRINTED
from sightline.standards import benchmarks, profile
from sightline.standards.areas import ENGLAND, area, region_of
from sightline.standards.periods import Period

_UNITS = {"rate_per_10k": "per 10,000 children", "count": "children"}
NAMES = {Of.NEIGHBOURS: "Statistical neighbours", Of.ENGLAND: "England"}


@dataclass(frozen=True)
class Compared:
    """A comparator found: its value, how exact it is, for which period, and who published it."""

    value: float
    places: int
    unit: str
    period: str
    as_at: str
    source: str


def comparator(spec: Spec, id: str, where: str, of: Period, how: str) -> Figure:
    """The comparator a spec asks for. One that is not held has no value and is printed "not covered".

    `how` is the report's setting; where it says `printed` and nothing was printed, the published statistics of the year before answer.
    """
    found = _printed(spec, where) if how == PRINTED else None
    found = found or _published(spec, where, of.prior())
    what = measure(spec.measure) if spec.measure else None
    fact = profile.fact(where, spec.fact) if spec.fact else None
    title = spec.title or f"{what.title if what else (fact.title if fact else spec.fact)}: {name_of(spec.of, where)}"
    changing = spec.aspect.is_change
    return Figure(
        id=id,
        title=title,
        sort="comparator",
        value=found.value if found else None,
        status="value" if found else NOT_COVERED,
        printed=print_value(found.value, found.places, found.unit, signed=changing) if found else NOT_COVERED,
        places=found.places if found else 0,
        unit=found.unit if found else "",
        period=found.period if found else of.prior().label,
        as_at=found.as_at if found else "",
        area=code_of(spec.of, where),
        definition=what.definition if what else "",
        source=found.source if found else "",
        ledger_ids=spec.ledger,
        measure=spec.measure,
        aspect=spec.aspect,
        of=spec.of,
    )


def name_of(of: Of, where: str) -> str:
    """How a table heads the column."""
    region = region_of(where)
    if of is Of.REGION:
        return region.name if region else "Region"
    return NAMES.get(of, area(where).name)


def code_of(of: Of, where: str) -> str:
    """The area code of a comparator, or `statistical_neighbours`."""
    if of is Of.NEIGHBOURS:
        return benchmarks.NEIGHBOURS
    region = region_of(where)
    return ENGLAND if of is Of.ENGLAND else (region.code if region else "")


def _printed(spec: Spec, where: str) -> Compared | None:
    key = spec.printed or _key(spec)
    found = benchmarks.printed(key, code_of(spec.of, where)) if key else ()
    if not found:
        return None
    one = found[-1]
    unit = "percent" if one.unit in ("percent", "percentage") else _UNITS.get(one.unit, one.unit)
    # A fall is printed without its sign; the sign is put back here.
    value = -one.value if one.direction == "decrease" else one.value
    return Compared(value, one.places, unit, one.period, one.as_at, one.source)


def _key(spec: Spec) -> str:
    if spec.fact:
        return spec.fact
    return _benchmark(spec).printed if spec.aspect is Aspect.VALUE else ""


def _benchmark(spec: Spec) -> Benchmark:
    what = measure(spec.measure) if spec.measure else None
    return what.benchmark if isinstance(what, Measure) else Benchmark()


def _published(spec: Spec, where: str, of: Period) -> Compared | None:
    indicator = _benchmark(spec).indicator
    if not indicator or of.kind != "year" or spec.aspect is Aspect.CHANGE_PP:
        return None
    now = _statistic(indicator, spec.of, where, of)
    then = _statistic(indicator, spec.of, where, of.prior()) if spec.aspect.is_change else None
    if now is None or (spec.aspect.is_change and not then):
        return None
    about = benchmarks.indicator(indicator)
    if about.unit.startswith("Rate") != (measure(spec.measure).statistic is Statistic.RATE):
        return None
    places = 1 if about.decimals is None else about.decimals
    value, unit = now, unit_of(Aspect.VALUE, measure(spec.measure))
    if spec.aspect.is_change and then:
        value, places, unit = (
            (100 * (now - then) / then, 1, "percent")
            if spec.aspect is Aspect.CHANGE_PCT
            else (now - then, places, unit)
        )
    source = f"{about.owner}: {about.name} ({about.id})"
    if spec.of is Of.NEIGHBOURS:
        average = benchmarks.neighbour_average(indicator, where, of)
        source += f"; mean of {average.n} of {average.of} neighbours, {average.model} model"
    return Compared(value, places, unit, of.label, "", source)


def _statistic(indicator: str, of: Of, where: str, period: Period) -> float | None:
    if of is Of.NEIGHBOURS:
        return benchmarks.neighbour_average(indicator, where, period).value
    found = benchmarks.england(indicator, period) if of is Of.ENGLAND else benchmarks.region(indicator, where, period)
    return found.value if found else None
