"""The scorecard: each measure of a chapter with its value, its change, its trend and its comparators."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from sightline.engine.measures.declare import Measure, Polarity
from sightline.engine.measures.registry import AnyMeasure
from sightline.engine.measures.results import printed
from sightline.standards.periods import Period, containing
from sightline.web.compared import Comparator, comparators
from sightline.web.figures import Figures
from sightline.web.present import ChangeInWords, Shown, change, figure, unit_of
from sightline.web.svg import sparkline

TREND_PARTS = 8


@dataclass(frozen=True)
class Trend:
    """The last periods of a figure: a drawing and the words that say the same."""

    drawing: Markup
    words: str


@dataclass(frozen=True)
class Target:
    """A target and whether it is met."""

    text: str
    verdict: str


@dataclass(frozen=True)
class Row:
    """One measure on the scorecard."""

    measure: AnyMeasure
    unit: str
    now: Shown
    prior: Shown
    change: ChangeInWords | None
    trend: Trend
    target: Target | None
    comparators: Sequence[Comparator]


def row(figures: Figures, what: AnyMeasure, period: Period, where: str, *, exact: bool) -> Row:
    """A measure's row for a period and an area."""
    now = figure(figures, what.id, period, where, exact=exact)
    prior = figure(figures, what.id, period.prior(), where, exact=exact)
    return Row(
        what,
        unit_of(what),
        now,
        prior,
        change(now, prior, what),
        trend(figures, what, period, where, exact=exact),
        target(what, now),
        comparators(what, period, where),
    )


def trend_periods(period: Period) -> list[Period]:
    """The periods of a trend that ends with a period: quarters for a year, else periods of its own kind."""
    part = containing(period.end, "quarter" if period.kind in ("year", "range") else period.kind)
    found = [part]
    while len(found) < TREND_PARTS:
        found.append(found[-1].previous())
    return found[::-1]


def trend(figures: Figures, what: AnyMeasure, period: Period, where: str, *, exact: bool) -> Trend:
    """The trend that ends with a period."""
    parts = [(part, figure(figures, what.id, part, where, exact=exact)) for part in trend_periods(period)]
    known = [(part, one) for part, one in parts if one.value is not None]
    if len(known) < 2:
        return Trend(Markup(""), "No trend yet")
    (first, then), (last, now) = known[0], known[-1]
    return Trend(
        sparkline([one.value for _, one in parts]), f"{then.text} in {first.title} to {now.text} in {last.title}"
    )


def target(what: AnyMeasure, now: Shown) -> Target | None:
    """A measure's target, and whether a value meets it within the tolerance."""
    if not isinstance(what, Measure) or what.target is None:
        return None
    text = printed(what.target, what)
    if now.value is None or what.polarity is Polarity.NEITHER:
        return Target(text, "")
    short = what.target - now.value if what.polarity is Polarity.HIGH else now.value - what.target
    return Target(text, "met" if short <= 0 else "within tolerance" if short <= what.tolerance else "not met")
