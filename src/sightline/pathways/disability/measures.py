"""Measures of the children with disabilities service."""

from __future__ import annotations

from sightline.engine.measures.declare import Cohort, Kind, Measure, Statistic

CHAPTER = "children_with_disabilities"

SERVICE = Cohort(
    "disability.service", record="disability_servicespell", streams=("disability",), start="start", end="end"
)
LOOKED_AFTER = Cohort(
    "disability.looked_after",
    record="disability_servicespell",
    streams=("disability", "looked_after"),
    start="start",
    end="end",
)

MEASURES = (
    Measure(
        "cwd.open",
        "Children with a disability supported by the service",
        CHAPTER,
        SERVICE,
        Kind.OPEN_AT,
        Statistic.COUNT,
        "Children the children with disabilities service was working with on the day.",
        "Annual report 2016-17",
        children=True,
    ),
    Measure(
        "cwd.lac",
        "Disabled children of the service who are looked after",
        CHAPTER,
        LOOKED_AFTER,
        Kind.OPEN_AT,
        Statistic.COUNT,
        "Children the service was working with on the day who were looked after on it.",
        "Annual report 2016-17",
        children=True,
    ),
)
