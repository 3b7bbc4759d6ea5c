"""The chapters of the scorecard: the chapters of measures, with the titles and in the order of the report."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from sightline.engine.measures.registry import AnyMeasure, measures
from sightline.engine.report import chapters as report_chapters


@dataclass(frozen=True)
class MeasureChapter:
    """A chapter of the scorecard."""

    id: str
    title: str
    measures: tuple[AnyMeasure, ...]


@cache
def chapters() -> dict[str, MeasureChapter]:
    """Chapters by id, in order. A chapter that the report does not tell comes last, under its own name."""
    by_chapter: dict[str, list[AnyMeasure]] = {}
    for measure in measures().values():
        by_chapter.setdefault(measure.chapter, []).append(measure)
    told = {chapter.id: chapter.title for chapter in report_chapters.chapters()}
    titles = told | {id: id.replace("_", " ").capitalize() for id in by_chapter if id not in told}
    return {id: MeasureChapter(id, title, tuple(by_chapter[id])) for id, title in titles.items() if id in by_chapter}
