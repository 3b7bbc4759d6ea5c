"""Puts a report together: figures worked out, chapters composed, disclosure control between the two when the edition asks for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from sightline.engine.measures.results import Results
from sightline.engine.report.chapters import chapters, declared_figures
from sightline.engine.report.compose import Composer
from sightline.engine.report.disclose import withhold
from sightline.engine.report.figuring import Figures
from sightline.engine.report.model import Cover, Document
from sightline.engine.report.passages import Passage
from sightline.engine.report.settings import Settings
from sightline.engine.report.words import day_in_words
from sightline.standards.areas import area, region_of
from sightline.standards.periods import Period

Edition = Literal["internal", "published"]
Tell = Callable[[str], None]


@dataclass(frozen=True)
class Asked:
    """Which report is asked for."""

    of: Period
    area: str
    edition: Edition = "internal"
    snapshot: str = ""
    made: str = ""


def document(asked: Asked, results: Results, settings: Settings, passages: Sequence[Passage] = ()) -> Document:
    """The report composed. In the published edition, figures that must be withheld are found over the whole report before it is composed."""
    declared = declared_figures(chapters())
    figures = Figures(results, asked.of, asked.area, settings, declared, asked.snapshot)
    composer = Composer(figures, variables(asked), passages)
    sections = [composer.section(chapter) for chapter in chapters()]
    if asked.edition == "published":
        figures.replace_all(withhold(figures))
        sections = [composer.section(chapter) for chapter in chapters()]
    return Document(cover(asked, settings), tuple(sections), tuple(figures.all()), asked.snapshot)


def variables(asked: Asked) -> Mapping[str, str]:
    """What a chapter may call by name: the area, the year, the days it begins and ends on."""
    where, prior = area(asked.area), asked.of.prior()
    region = region_of(asked.area)
    return {
        "area": where.name,
        "area's": f"{where.name}’" if where.name.endswith("s") else f"{where.name}’s",
        "region": region.name if region else "the region",
        "year": asked.of.label,
        "prior year": prior.label,
        "year start": day_in_words(asked.of.start),
        "year end": day_in_words(asked.of.end),
        "prior year end": day_in_words(prior.end),
        "edition": asked.edition,
    }


def cover(asked: Asked, settings: Settings) -> Cover:
    """The first page."""
    where = area(asked.area)
    return Cover(
        settings.title,
        settings.body or f"Safeguarding children in {where.name}",
        where.name,
        asked.of.label,
        {"internal": "Internal edition", "published": "Published edition"}[asked.edition],
        asked.made,
        settings.notes,
    )
