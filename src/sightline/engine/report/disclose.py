"""Which figures of a report the published edition withholds: those that stand on a count that must not be seen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sightline.engine.disclosure.counts import Count
from sightline.engine.disclosure.protect import hidden_counts
from sightline.engine.report.chapters import chapters
from sightline.engine.report.figures import Figure
from sightline.engine.report.figuring import Figures


def withhold(figures: Figures) -> dict[str, Figure]:
    """The figures to print instead, by id.

    The whole report is looked at as one table: a number of one chapter must not give away a number of another.
    """
    everything = figures.all()
    hidden = hidden_counts(
        (dict(figure.behind) for figure in everything),
        figures.results,
        sums=_declared_sums(figures),
        threshold=figures.settings.smallest_shown,
    )
    return {figure.id: figure.withheld() for figure in everything if hidden & {count for count, _ in figure.behind}}


def _declared_sums(figures: Figures) -> Iterator[tuple[Count, Iterable[Count]]]:
    """The sums that chapters declare, in every period in which their total has been worked out."""
    periods = {count.period for figure in figures.all() for count, _ in figure.behind}
    for chapter in chapters():
        for total, parts in chapter.sums:
            for period in periods:
                yield _number(total, figures.area, period), [_number(part, figures.area, period) for part in parts]


def _number(measure: str, area: str, period: str) -> Count:
    return Count(measure, "number", area, period, "total", "")
