"""Results: what a measure says for a period, an area, a category; its prior year and its change."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

import pyarrow as pa

from sightline.engine.measures.compute import TOTAL
from sightline.engine.measures.declare import Combined, Measure, Statistic
from sightline.engine.measures.registry import AnyMeasure, measure
from sightline.standards import populations
from sightline.standards.periods import Period

Key = tuple[str, str, str, str, str]


class Status(StrEnum):
    """Whether there is a value, and if not, why."""

    VALUE = "value"
    NOT_COVERED = "not covered"
    NO_BASE = "nothing to measure"
    NO_POPULATION = "no population held"


@dataclass(frozen=True)
class Result:
    """One figure. `value` is unrounded and None unless `status` is VALUE; `numerator` and `denominator` are what it was made of."""

    measure: str
    area: str
    period: str
    breakdown: str
    category: str
    status: Status
    value: float | None = None
    numerator: float | None = None
    denominator: float | None = None
    population: str = ""

    @property
    def covered(self) -> bool:
        """Whether the records cover the period."""
        return self.status is not Status.NOT_COVERED


@dataclass(frozen=True)
class Change:
    """The difference between two results, from unrounded values. `percent` is None where the earlier value is nought."""

    difference: float
    percent: float | None


class Results:
    """Every result of one snapshot, looked up by measure, period, area, breakdown and category.

    Rates divide by the population that the rule chooses: one rule, or one for each area.
    """

    def __init__(self, table: pa.Table, *, population_rule: str | Mapping[str, str] = populations.DEFAULT_RULE) -> None:
        self.table = table
        self.population_rule = population_rule
        columns = ("measure", "area", "period", "breakdown", "category", "base", "number", "amount")
        rows = zip(*(table.column(name).to_pylist() for name in columns), strict=True)
        self._lines: dict[Key, tuple[int, int, float | None]] = {row[:5]: row[5:] for row in rows}
        self._categories: dict[tuple[str, str, str, str], list[str]] = {}
        for measure_id, area, period, breakdown, category in self._lines:
            if breakdown != TOTAL:
                self._categories.setdefault((measure_id, area, period, breakdown), []).append(category)

    def areas(self, period: str | None = None) -> list[str]:
        """Areas that have any result, in a period when given."""
        return sorted({key[1] for key in self._lines if period is None or key[2] == period})

    def result(self, id: str, period: Period, area: str, breakdown: str = TOTAL, category: str = "") -> Result:
        """One result; `NOT_COVERED` when no source covers the period. Raises InputProblem for an unknown measure."""
        what = measure(id)
        if isinstance(what, Combined):
            return self._combined(what, period, area, breakdown, category)
        line = self._lines.get((id, area, period.label, breakdown, category))
        if line is None:
            covered = (id, area, period.label, TOTAL, "") in self._lines
            return Result(
                id, area, period.label, breakdown, category, Status.NO_BASE if covered else Status.NOT_COVERED
            )
        return self._from_line(what, period, area, breakdown, category, line)

    def breakdown(self, id: str, period: Period, area: str, breakdown: str) -> list[Result]:
        """A result for each category, in the order of their codes."""
        found = self._categories.get((id, area, period.label, breakdown), [])
        return [self.result(id, period, area, breakdown, category) for category in sorted(found)]

    def change(self, id: str, period: Period, area: str, breakdown: str = TOTAL, category: str = "") -> Change | None:
        """The change from the same period a year earlier; None unless both have a value."""
        now = self.result(id, period, area, breakdown, category)
        then = self.result(id, period.prior(), area, breakdown, category)
        if now.value is None or then.value is None:
            return None
        return Change(now.value - then.value, 100 * (now.value - then.value) / then.value if then.value else None)

    def _combined(self, what: Combined, period: Period, area: str, breakdown: str, category: str) -> Result:
        if what.parts == "week":
            whole = self.result(what.over, period, area, breakdown, category)
            weeks = period.days // 7
            return replace(
                whole, measure=what.id, value=None if whole.value is None else whole.value / weeks, denominator=weeks
            )
        parts = period.months() if what.parts == "month" else period.quarters()
        results = [self.result(what.over, part, area, breakdown, category) for part in parts]
        blank = Result(what.id, area, period.label, breakdown, category, Status.NOT_COVERED)
        if not results or any(not part.covered for part in results):
            return blank
        values = [part.value for part in results if part.value is not None]
        if not values:
            return replace(blank, status=Status.NO_BASE)
        return replace(blank, status=Status.VALUE, value=_combine(what.statistic, values))

    def _from_line(
        self,
        what: Measure,
        period: Period,
        area: str,
        breakdown: str,
        category: str,
        line: tuple[int, int, float | None],
    ) -> Result:
        base, number, amount = line
        found = Result(what.id, area, period.label, breakdown, category, Status.VALUE)
        match what.statistic:
            case Statistic.COUNT:
                return replace(found, value=number, numerator=number)
            case Statistic.RATE:
                return self._rate(period, replace(found, numerator=number))
            case Statistic.SHARE if base:
                return replace(found, value=100 * number / base, numerator=number, denominator=base)
            case _ if amount is not None and base:
                total = amount if what.statistic is Statistic.SUM else amount * base
                return replace(found, value=amount, numerator=total, denominator=base)
        return replace(found, status=Status.NO_BASE, numerator=number, denominator=base)

    def _rate(self, period: Period, found: Result) -> Result:
        where = found.category if found.breakdown == "district" else found.area
        if found.breakdown not in (TOTAL, "district"):
            return replace(found, status=Status.NO_POPULATION)
        rules = self.population_rule
        rule = rules if isinstance(rules, str) else rules.get(found.area, populations.DEFAULT_RULE)
        try:
            people = populations.population(where, period.end, rule=rule)
        except LookupError:
            return replace(found, status=Status.NO_POPULATION)
        rate = 10_000 * (found.numerator or 0) / people.number
        return replace(found, value=rate, denominator=people.number, population=people.provenance)


def _combine(statistic: Statistic, values: Sequence[float]) -> float:
    if statistic is Statistic.MEAN:
        return math.fsum(values) / len(values)
    return min(values) if statistic is Statistic.MINIMUM else max(values)


def rounded(value: float, places: int) -> Decimal:
    """Half up, as statistics are printed: 2.5 is printed 3, and -2.5 is printed -3."""
    return Decimal(repr(value)).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def printed(value: float, what: AnyMeasure) -> str:
    """As the report prints it: rounded, thousands separated, with its unit's sign."""
    text = f"{rounded(value, what.places):,}"
    return f"{text}%" if what.statistic is Statistic.SHARE else text


def periods_for(years: Sequence[Period]) -> list[Period]:
    """The years, their quarters and their months."""
    return [*years, *(q for y in years for q in y.quarters()), *(m for y in years for m in y.months())]
