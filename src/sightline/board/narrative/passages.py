"""Hands the board's statements to the report."""

from __future__ import annotations

from sightline.board.narrative.models import Statement
from sightline.engine.report.passages import Passage
from sightline.engine.report.words import day_in_words


def passages(year: str, area: str) -> list[Passage]:
    """Statements about a year held by an agency of the area."""
    held = Statement.objects.filter(year=year, agency__area=area).order_by("chapter", "kind", "position")
    return [
        Passage(
            one.chapter,
            one.kind,
            one.position,
            one.text,
            one.author,
            one.signed_off_by or "",
            day_in_words(one.signed_off_at.date()) if one.signed_off_at else "",
        )
        for one in held
    ]
