"""What a measure is.

A pathway declares `Measure`s in its `measures.py`. A measure never writes periods, areas, breakdowns, prior years,
comparators or disclosure control: the engine supplies those to all of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

import ibis.expr.types as ir

Predicate = Callable[[ir.Table], ir.BooleanValue]


class Kind(StrEnum):
    """How a row of a cohort belongs to a period."""

    EVENTS = "events in the period"
    STARTS = "starts in the period"
    ENDS = "ends in the period"
    OPEN_AT = "open on the last day of the period"
    OPEN_DURING = "open on any day of the period"


class Statistic(StrEnum):
    """The arithmetic."""

    COUNT = "count"
    SHARE = "share (%)"
    RATE = "rate per 10,000 children"
    MEAN = "mean"
    MEDIAN = "median"
    SUM = "sum"
    MINIMUM = "minimum"
    MAXIMUM = "maximum"


class Polarity(StrEnum):
    """Which way is better."""

    HIGH = "higher is better"
    LOW = "lower is better"
    NEITHER = "neither way is better in itself"


@dataclass(frozen=True)
class Cohort:
    """A fact read as events (`date`) or spells (`start`, `end`).

    The fact's table has `agency_id` and `source_system`, a row key (`key`) that is the id of a row of the record
    table `record`, and `person_id` unless `person` is False (anonymous answers, meetings). `streams` names the
    streams whose coverage decides which periods can be answered; the first is the rows' own.
    `protected` is False where a small count tells of no child or family (staff in post), so that disclosure control leaves it.
    """

    fact: str
    record: str
    streams: tuple[str, ...]
    date: str = ""
    start: str = ""
    end: str = ""
    key: str = "record_id"
    person: bool = True
    protected: bool = True


@dataclass(frozen=True)
class Category:
    """An extra breakdown of one measure: a column of its fact, labelled by a code set."""

    column: str
    codes: str = ""


@dataclass(frozen=True)
class Benchmark:
    """Where published figures of other areas for the same measure are found, and how many years back the report compares."""

    indicator: str = ""
    printed: str = ""


@dataclass(frozen=True)
class Measure:
    """One measure.

    `where` chooses the rows that count (the base of a share), `of` the rows of the base that make its numerator; both
    see the fact's columns and `period_start`, `period_end`. `children` counts different people instead of rows.
    `value` is the column that a mean, sum or extreme is taken over, in `unit`. `lookback_months` says how far back before the period
    the streams must be covered, `window_months` how far back from its last day. `places` is the precision at which it is
    printed.
    """

    id: str
    title: str
    chapter: str
    cohort: Cohort
    kind: Kind
    statistic: Statistic
    definition: str
    source: str
    unit: str = "children"
    where: Predicate | None = None
    of: Predicate | None = None
    value: str = ""
    children: bool = False
    places: int = 0
    polarity: Polarity = Polarity.NEITHER
    lookback_months: int = 0
    window_months: int = 0
    categories: dict[str, Category] = field(default_factory=dict)
    benchmark: Benchmark = Benchmark()
    target: float | None = None
    tolerance: float = 0.0
    population_version: str = ""

    def __post_init__(self) -> None:
        if (self.statistic is Statistic.SHARE) != (self.of is not None):
            raise ValueError(f"{self.id}: a share, and only a share, says `of` which rows it is")
        if (self.statistic in _OVER_A_VALUE) != bool(self.value):
            raise ValueError(f"{self.id}: a {self.statistic} needs the column it is taken over, and a count has none")
        needed = (self.cohort.date,) if self.kind is Kind.EVENTS else (self.cohort.start, self.cohort.end)
        if not all(needed):
            raise ValueError(f"{self.id}: its cohort cannot be read as {self.kind}")

    @property
    def is_count(self) -> bool:
        """Whether its value is the number of rows (or children) of its list."""
        return self.statistic is Statistic.COUNT


@dataclass(frozen=True)
class Combined:
    """A measure of measures: the mean, minimum or maximum of another measure over the months or quarters of a period.

    Over weeks there is only a mean: the count of the period divided by its whole weeks.
    """

    id: str
    title: str
    chapter: str
    over: str
    parts: str
    statistic: Statistic
    definition: str
    source: str
    unit: str = "children"
    places: int = 0
    polarity: Polarity = Polarity.NEITHER

    def __post_init__(self) -> None:
        over_weeks = self.parts == "week" and self.statistic is Statistic.MEAN
        over_parts = self.parts in ("month", "quarter") and self.statistic in (
            Statistic.MEAN,
            Statistic.MINIMUM,
            Statistic.MAXIMUM,
        )
        if not (over_weeks or over_parts):
            raise ValueError(
                f"{self.id}: combine by mean, minimum or maximum over months or quarters, or by mean over weeks"
            )


_OVER_A_VALUE = (Statistic.MEAN, Statistic.MEDIAN, Statistic.SUM, Statistic.MINIMUM, Statistic.MAXIMUM)
