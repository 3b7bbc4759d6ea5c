"""Figures: one number of the report with everything needed to check it, worked out from a spec."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date

from sightline.engine.disclosure.counts import Count, Counted
from sightline.engine.measures.declare import Kind, Measure, Statistic
from sightline.engine.measures.registry import AnyMeasure, measure
from sightline.engine.measures.results import Result, Status, rounded
from sightline.engine.report.declared import Aspect, Of, Spec
from sightline.standards.periods import Period

NOT_COVERED = "not covered"
SUPPRESSED = "c"


@dataclass(frozen=True)
class Figure:
    """One number of the report.

    `value` is unrounded and signed, None when `status` is not a value; `printed` is what the report prints, with a hyphen as minus. `rows`
    is how many records the figure's list has: its numerator for counts, shares and rates, its base for means; None where there is no list
    (changes, comparators, limits). `as_at` is a day for a stock, `start/end` for a flow. `sort` says where it comes from: measure,
    comparator, fact, limit. `behind` are the counts that the figure gives away, which disclosure control looks at.
    """

    id: str
    title: str
    sort: str
    value: float | None
    status: str
    printed: str
    places: int
    unit: str
    period: str
    as_at: str
    area: str
    definition: str
    source: str
    ledger_ids: tuple[str, ...] = ()
    numerator: float | None = None
    denominator: float | None = None
    measure: str = ""
    aspect: Aspect = Aspect.VALUE
    of: Of = Of.OWN
    breakdown: str = ""
    category: str = ""
    snapshot: str = ""
    population: str = ""
    rows: int | None = None
    chapters: tuple[str, ...] = ()
    behind: tuple[tuple[Count, int], ...] = field(default=(), repr=False)
    suppressed: bool = False
    differs_from: tuple[str, ...] = ()

    @property
    def has_value(self) -> bool:
        """Whether there is something to print: a value, or a value that is withheld."""
        return self.value is not None or self.suppressed

    @property
    def shown(self) -> float:
        """The value at the precision at which it is printed; nought when there is none."""
        return float(rounded(self.value, self.places)) if self.value is not None else 0.0

    def withheld(self) -> Figure:
        """The same figure as the published edition prints it when it may not be shown."""
        return replace(
            self, value=None, numerator=None, denominator=None, rows=None, printed=SUPPRESSED, status="withheld", behind=(),
            suppressed=True,
        )  # fmt: skip


def from_results(
    spec: Spec,
    id: str,
    now: Result,
    then: Result | None,
    period: Period,
    before: Period | None,
    snapshot: str,
    given_away: Counted,
) -> Figure:
    """The figure of a measure: its value, or its change from `then`."""
    what = measure(spec.measure)
    value = _value(spec.aspect, what, now, then)
    unit, places = unit_of(spec.aspect, what), _places(spec, what)
    missing = now.status if now.value is None or then is None else then.status
    changing = spec.aspect.is_change
    return Figure(
        id=id,
        title=spec.title or what.title,
        sort="measure",
        value=value,
        status="value" if value is not None else _why_not(missing),
        printed=_why_not(missing) if value is None else print_value(value, places, unit, signed=changing),
        places=places,
        unit=unit,
        period=period.label if not changing or before is None else f"{period.label} vs {before.label}",
        as_at=as_at(what, period, before if changing else None),
        area=now.area,
        definition=what.definition,
        source=what.source,
        ledger_ids=spec.ledger,
        differs_from=spec.differs,
        numerator=None if changing else now.numerator,
        denominator=None if changing else now.denominator,
        measure=spec.measure,
        aspect=spec.aspect,
        breakdown=spec.breakdown,
        category=spec.category,
        snapshot=snapshot,
        population=now.population,
        rows=None if changing or value is None else _rows(what, now),
        behind=() if value is None else tuple(given_away.items()),
    )


def _value(aspect: Aspect, what: AnyMeasure, now: Result, then: Result | None) -> float | None:
    if now.value is None or (aspect.is_change and (then is None or then.value is None)):
        return None
    if not aspect.is_change or then is None or then.value is None:
        return now.value
    if aspect is Aspect.CHANGE_PCT:
        return 100 * (now.value - then.value) / then.value if then.value else None
    del what
    return now.value - then.value


def unit_of(aspect: Aspect, what: AnyMeasure) -> str:
    if aspect is Aspect.CHANGE_PCT:
        return "percent"
    if what.statistic is Statistic.SHARE:
        return "percentage points" if aspect.is_change else "percent"
    return "per 10,000 children" if what.statistic is Statistic.RATE else what.unit


def _places(spec: Spec, what: AnyMeasure) -> int:
    if spec.places is not None:
        return spec.places
    return 1 if spec.aspect is Aspect.CHANGE_PCT else what.places


def _rows(what: AnyMeasure, now: Result) -> int | None:
    if not isinstance(what, Measure):
        return None if now.numerator is None else int(now.numerator)
    over_a_value = what.statistic not in (Statistic.COUNT, Statistic.SHARE, Statistic.RATE)
    count = now.denominator if over_a_value else now.numerator
    return None if count is None else int(count)


def as_at(what: AnyMeasure, period: Period, before: Period | None = None) -> str:
    """The day of a stock (both days of its change), or the first and last day of a flow."""
    if isinstance(what, Measure) and what.kind is Kind.OPEN_AT:
        return f"{before.end}/{period.end}" if before else f"{period.end}"
    return f"{period.start}/{period.end}"


def _why_not(status: Status) -> str:
    return NOT_COVERED if status in (Status.NOT_COVERED, Status.NO_POPULATION) else status.value


def print_value(value: float, places: int, unit: str, *, signed: bool = False) -> str:
    """A number as the report prints it: rounded half up, thousands separated, `%` or ` points` behind, a sign before a change."""
    number = rounded(value, places)
    text = f"{number:+,}" if signed and number else f"{number if number else abs(number):,}"
    return text + {"percent": "%", "percentage points": " points"}.get(unit, "")


def day_of(text: str) -> date:
    """The last day of `as_at`."""
    return date.fromisoformat(text.rsplit("/", 1)[-1])
