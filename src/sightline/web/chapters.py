"""The chapters of the scorecard: the chapters of measures, in the order of the report."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from sightline.engine.measures.registry import AnyMeasure, measures

#: The order of the report; chapters that are not named follow in the order of their pathways.
ORDER = (
    "contacts_and_referrals",
    "assessments",
    "risk_factors",
    "children_in_need",
    "child_protection",
    "categories_of_abuse",
    "looked_after",
    "placements",
    "unaccompanied_children",
    "care_proceedings",
    "adoption",
    "care_leavers",
    "children_with_disabilities",
    "independent_chairs",
)


@dataclass(frozen=True)
class MeasureChapter:
    """A chapter of the scorecard."""

    id: str
    title: str
    measures: tuple[AnyMeasure, ...]


@cache
def chapters() -> dict[str, MeasureChapter]:
    """Chapters by id, in order."""
    by_chapter: dict[str, list[AnyMeasure]] = {id: [] for id in ORDER}
    for measure in measures().values():
        by_chapter.setdefault(measure.chapter, []).append(measure)
    return {
        id: MeasureChapter(id, id.replace("_", " ").capitalize(), tuple(found))
        for id, found in by_chapter.items()
        if found
    }
