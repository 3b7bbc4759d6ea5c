"""What needs attention: adverse changes, and adverse differences from other areas, that are larger than chance explains.

Sizes of different measures are made comparable by asking how surprising each is: shares by the usual test of two
proportions, counts as counts that vary like their own square root. That sorts; it proves nothing about a cause.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from sightline.engine.measures.declare import Polarity, Statistic
from sightline.engine.measures.registry import AnyMeasure, measures
from sightline.engine.measures.results import Result
from sightline.standards.periods import Period
from sightline.web.chapters import chapters
from sightline.web.compared import Comparator, comparators
from sightline.web.figures import Figures
from sightline.web.present import WITHHELD, ChangeInWords, Shown, change, figure

SURPRISING = 1.96
MOST_PER_CHAPTER = 2
MOST = 8


@dataclass(frozen=True)
class Concern:
    """One figure that needs attention, and why."""

    chapter: str
    measure: AnyMeasure
    now: Shown
    words: str
    surprise: float


def concerns(figures: Figures, period: Period, where: str, *, exact: bool) -> list[Concern]:
    """The most surprising adverse figures, at most two of a chapter, the most surprising first."""
    found = [
        concern for what in measures().values() if (concern := _concern(figures, what, period, where, exact=exact))
    ]
    kept: list[Concern] = []
    for concern in sorted(found, key=lambda one: -one.surprise):
        if sum(one.chapter == concern.chapter for one in kept) < MOST_PER_CHAPTER:
            kept.append(concern)
    return kept[:MOST]


def compared(figures: Figures, period: Period, where: str) -> int:
    """How many figures could need attention: those that have a better and a worse, a value, and something to be held against."""

    def valued(what: AnyMeasure, of: Period) -> bool:
        return figures.results.result(what.id, of, where).value is not None

    return sum(
        what.polarity is not Polarity.NEITHER
        and valued(what, period)
        and (valued(what, period.prior()) or any(other.value is not None for other in comparators(what, period, where)))
        for what in measures().values()
    )


def _concern(figures: Figures, what: AnyMeasure, period: Period, where: str, *, exact: bool) -> Concern | None:
    if what.polarity is Polarity.NEITHER:
        return None
    now = figures.results.result(what.id, period, where)
    then = figures.results.result(what.id, period.prior(), where)
    shown_now = figure(figures, what.id, period, where, exact=True)
    shown_then = figure(figures, what.id, period.prior(), where, exact=True)
    moved = change(shown_now, shown_then, what)
    reasons = []
    if moved and moved.verdict == "worse" and (size := _change_surprise(what, now, then)) >= SURPRISING:
        reasons.append((size, _moved(moved, shown_then, period.prior())))
    for other in comparators(what, period, where):
        if (size := _difference_surprise(what, now, other)) >= SURPRISING:
            note = f" ({other.note})" if other.note else ""
            reasons.append((size, f"{other.name}: {other.text}{note}"))
    # Only what is to be said is judged for disclosure: that is the costly part.
    if not reasons or any(
        figure(figures, what.id, part, where, exact=exact) == WITHHELD for part in (period, period.prior())
    ):
        return None
    title = chapters()[what.chapter].title
    return Concern(
        title, what, shown_now, "; ".join(words for _, words in reasons[:2]), max(size for size, _ in reasons)
    )


def _moved(moved: ChangeInWords, then: Shown, prior: Period) -> str:
    return f"{moved.text} from {then.text} in {prior.title}"


def _change_surprise(what: AnyMeasure, now: Result, then: Result) -> float:
    if what.statistic is Statistic.SHARE and now.denominator and then.denominator:
        share = ((now.numerator or 0) + (then.numerator or 0)) / (now.denominator + then.denominator)
        spread = math.sqrt(share * (1 - share) * (1 / now.denominator + 1 / then.denominator))
        return abs((now.value or 0) - (then.value or 0)) / 100 / spread if spread else 0.0
    if what.statistic in (Statistic.COUNT, Statistic.RATE) and now.numerator is not None and then.numerator is not None:
        together = now.numerator + then.numerator
        return abs(now.numerator - then.numerator) / math.sqrt(together) if together else 0.0
    return 0.0


def _difference_surprise(what: AnyMeasure, now: Result, other: Comparator) -> float:
    """For shares only, which do not depend on the size of the area; 0 where the difference is to the good."""
    if what.statistic is not Statistic.SHARE or other.value is None or now.value is None or not now.denominator:
        return 0.0
    share = other.value / 100
    spread = math.sqrt(max(share * (1 - share), 0) / now.denominator)
    adverse = now.value < other.value if what.polarity is Polarity.HIGH else now.value > other.value
    return abs(now.value - other.value) / 100 / spread if spread and adverse else 0.0
