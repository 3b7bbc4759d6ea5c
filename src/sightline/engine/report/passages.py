"""The board's own words, as the report needs them. Where they are kept is the board's affair: a board folder's `passages.py` hands them over."""

from __future__ import annotations

from dataclasses import dataclass

from sightline.core.registry import pathway_modules


@dataclass(frozen=True)
class Passage:
    """One statement for one chapter, in Markdown with figure directives. It is signed off, or it is a draft and says so."""

    chapter: str
    kind: str
    position: int
    text: str
    author: str
    signed_off_by: str = ""
    signed_off_on: str = ""

    @property
    def answered_by(self) -> str:
        """Who wrote it and who signed it off."""
        if not self.signed_off_by:
            return f"{self.author}. Draft, not signed off."
        return f"{self.author}. Signed off by {self.signed_off_by}, {self.signed_off_on}."


def passages(year: str, area: str) -> list[Passage]:
    """Every passage of a year's report for an area, in order of chapter, kind and position. Reads the database."""
    found = [one for module in pathway_modules("passages") for one in module.passages(year, area)]
    return sorted(found, key=lambda one: (one.chapter, one.kind, one.position))
