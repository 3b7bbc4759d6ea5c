"""Which figures are withheld from readers who may not open every list, so that no small count can be seen or worked out.

What one year shows of a measure is judged together: the year, its quarters and its months, which add up. A breakdown is
judged with its own total, and is given by year only: those of shorter periods would add up to it across pages.
"""

from __future__ import annotations

from sightline.engine.disclosure.protect import protect
from sightline.engine.measures.compute import TOTAL
from sightline.engine.measures.declare import Combined
from sightline.engine.measures.registry import AnyMeasure, measures
from sightline.standards.periods import Period, containing
from sightline.web.figures import Figures
from sightline.web.giving_way import giving_way


def about_children(what: AnyMeasure) -> bool:
    """Whether a small count of the measure may point at a child."""
    if isinstance(what, Combined):
        return about_children(measures()[what.over])
    return what.cohort.protected


def withheld(figures: Figures, id: str, period: Period, where: str) -> bool:
    """Whether the total of a measure is withheld for a period."""
    year = containing(period.start, "year")
    return period.label in figures.kept(
        ("totals", id, year.label, where), lambda: _hidden_totals(figures, id, year, where)
    )


def withheld_parts(
    figures: Figures, id: str, year: Period, where: str, breakdowns: tuple[str, ...]
) -> frozenset[tuple[str, str]]:
    """The categories of a year's breakdowns that are withheld, each with its breakdown."""
    return figures.kept(
        ("parts", id, year.label, where, breakdowns), lambda: _hidden_parts(figures, id, year, where, breakdowns)
    )


def prepare(figures: Figures) -> None:
    """Judge every measure before anybody asks, the newest years first."""
    for year in reversed(figures.years):
        for where in figures.areas:
            for id in measures():
                with giving_way():
                    withheld(figures, id, year, where.code)


def _hidden_totals(figures: Figures, id: str, year: Period, where: str) -> frozenset[str]:
    periods = [year, *year.quarters(), *year.months()]
    found = protect([figures.results.result(id, period, where) for period in periods], figures.results)
    return frozenset(period.label for period, one in zip(periods, found, strict=True) if one.withheld)


def _hidden_parts(
    figures: Figures, id: str, year: Period, where: str, breakdowns: tuple[str, ...]
) -> frozenset[tuple[str, str]]:
    results = figures.results
    parts = [part for name in breakdowns for part in results.breakdown(id, year, where, name)]
    found = protect([results.result(id, year, where), *parts], results)
    # Where the total is withheld among its own year, parts that add up to it would give it away.
    all_of_them = found[0].withheld or withheld(figures, id, year, where)
    hidden = [part for part, one in zip(parts, found[1:], strict=True) if one.withheld or all_of_them]
    return frozenset((part.breakdown, part.category) for part in hidden if part.breakdown != TOTAL)
