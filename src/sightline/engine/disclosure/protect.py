"""Protection of results for readers who may see figures but not the records behind them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sightline.engine.disclosure.counts import Count, Counted, behind, relations, with_totals
from sightline.engine.disclosure.suppress import USUAL_THRESHOLD, to_hide
from sightline.engine.measures.registry import measure
from sightline.engine.measures.results import Change, Result, Results, printed

WITHHELD = "c"
NOTE = "c: withheld, so that no small number can be seen or worked out."


@dataclass(frozen=True)
class Protected:
    """A result as it may be shown. `result` is None when it is withheld: what is not handed over cannot leak."""

    printed: str
    result: Result | None

    @property
    def withheld(self) -> bool:
        """Whether it is withheld."""
        return self.result is None


def protect(shown: Sequence[Result], results: Results, *, threshold: int = USUAL_THRESHOLD) -> list[Protected]:
    """The results that are shown together, each as it may be shown, in the same order.

    Give everything that one reader sees side by side in one call: a table with its total, months with their year, this year with the year before.
    """
    hidden = hidden_counts([behind(result, results) for result in shown], results, threshold=threshold)
    return [_protected(result, results, hidden) for result in shown]


def _protected(result: Result, results: Results, hidden: set[Count]) -> Protected:
    if hidden & set(behind(result, results)):
        return Protected(WITHHELD, None)
    text = result.status.value if result.value is None else printed(result.value, measure(result.measure))
    return Protected(text, result)


def protected_change(change: Change | None, now: Protected, then: Protected) -> Change | None:
    """A change may be shown only when both its values are."""
    return None if now.withheld or then.withheld else change


def hidden_counts(
    groups: Iterable[Counted],
    results: Results,
    *,
    sums: Iterable[tuple[Count, Iterable[Count]]] = (),
    threshold: int = USUAL_THRESHOLD,
) -> set[Count]:
    """The counts that must not be seen, of all those that figures give away."""
    counts: Counted = {}
    for group in groups:
        counts |= group
    counts = with_totals(counts, results)
    return {count for count in to_hide(counts, relations(counts, sums), threshold) if isinstance(count, Count)}
