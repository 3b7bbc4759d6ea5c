"""Numbers that an author typed into running text, which nothing keeps true.

A number must be a directive. Left alone are what is not a figure: years, dates, sections of laws, and clock ids in code.
"""

from __future__ import annotations

import re

from sightline.engine.report.directives import DIRECTIVE

_MONTH = "January|February|March|April|May|June|July|August|September|October|November|December"
_NOT_FIGURES = re.compile(
    rf"""
    \b(?:19|20)\d\d(?:[-–/]\d\d(?:\d\d)?)?\b                               # a year, 2016-17
    | \b\d{{1,2}}\s+(?:{_MONTH})\b                                         # 31 March
    | \b(?:[Ss]ections?|s|[Rr]egulations?|[Aa]rticles?|[Ss]chedules?|[Pp]arts?|[Cc]hapters?)\s*\d+[A-Za-z]?(?:\(\d+\))?
    | \b10,000\b                                                           # the base of a rate
    | `[^`]*`
    """,
    re.VERBOSE,
)
_NUMBER = re.compile(r"(?<![\w.,])[-\u2212]?\d[\d,]*(?:\.\d+)?%?")
_IN_WORDS = re.compile(
    r"\b(?:(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)-[a-z]+|[a-z]+ (?:hundred|thousand|million)|dozens?)\b",
    re.IGNORECASE,
)
_FENCE = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)


def typed_numbers(text: str) -> list[str]:
    """The numbers of a text that are not directives, as they are written."""
    bare = _FENCE.sub(" ", text)
    bare = DIRECTIVE.sub(" ", bare)
    bare = _NOT_FIGURES.sub(" ", bare)
    return [found.rstrip(",") for found in _NUMBER.findall(bare)]


def numbers_in_words(text: str) -> list[str]:
    """Numbers spelt out that are too exact to be a manner of speaking, such as `forty-two`. For what a board writes of its own figures."""
    return _IN_WORDS.findall(DIRECTIVE.sub(" ", text))


def number_of(text: str) -> float | None:
    """The number that a text such as `1,240`, `-13%` or `31 weeks` gives; None when it gives none."""
    found = _NUMBER.search(text.replace("\N{MINUS SIGN}", "-"))
    return float(found[0].replace(",", "").rstrip("%")) if found else None
