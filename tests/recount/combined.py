"""Measures of measures: of the months, quarters or weeks of a period."""

from __future__ import annotations

from math import fsum

from sightline.engine.measures.declare import Combined, Statistic
from sightline.engine.measures.registry import measures
from sightline.standards.periods import Period

from .counting import TOTAL, recount
from .reader import Tables


def combined(tables: Tables, id: str, period: Period, area: str) -> float | None:
    """The value of a combined measure of counts; None where any part is not covered."""
    what = measures()[id]
    assert isinstance(what, Combined)
    if what.parts == "week":
        whole = recount(tables, what.over, period, area)
        return whole[TOTAL].number / (period.days // 7) if whole else None
    parts = [
        recount(tables, what.over, part, area)
        for part in (period.months() if what.parts == "month" else period.quarters())
    ]
    if not parts or None in parts:
        return None
    numbers = [part[TOTAL].number for part in parts if part]
    if what.statistic is Statistic.MINIMUM:
        return min(numbers)
    return max(numbers) if what.statistic is Statistic.MAXIMUM else fsum(numbers) / len(numbers)
