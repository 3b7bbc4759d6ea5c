"""Directives in running text: `{figure id}`, `{figure id|way to write it}`, `{figure id = typed number}`, `{variable}`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from sightline.engine.report.figures import Figure
from sightline.engine.report.figuring import Figures
from sightline.engine.report.model import Run, Shown, Text
from sightline.engine.report.words import in_words

DIRECTIVE = re.compile(r"\{([^{}\n]+)\}")
_PLACE = re.compile("\ue000(\\d+)\ue001")


@dataclass(frozen=True)
class Directive:
    """One directive taken apart. `typed` is the number that an author wrote beside it, for the check."""

    name: str
    how: str = ""
    typed: str = ""


def parse(inside: str) -> Directive:
    """From the text between the braces."""
    name, _, typed = inside.partition("=")
    name, _, how = name.partition("|")
    return Directive(name.strip(), " ".join(how.split()), typed.strip())


class Filling:
    """Text in the course of being filled in: directives are put aside while Markdown is read, and put back as runs."""

    def __init__(self, figures: Figures, variables: Mapping[str, str], chapter: str) -> None:
        self.figures = figures
        self.variables = variables
        self.chapter = chapter
        self._aside: list[Shown] = []

    def figures_in(self, text: str) -> list[Figure]:
        """The figures that a text names, those compared with included."""
        found = []
        for inside in DIRECTIVE.findall(text):
            directive = parse(inside)
            if directive.name in self.variables:
                continue
            found.append(self.figures.named(directive.name, self.chapter))
            if directive.how.startswith("against "):
                found.append(self.figures.named(directive.how.split(" ", 1)[1], self.chapter))
        return found

    def put_aside(self, text: str) -> str:
        """The text with variables filled in and a mark in the place of each figure."""
        return DIRECTIVE.sub(lambda match: self._mark(parse(match[1])), text)

    def put_aside_outside_fences(self, text: str) -> str:
        """As `put_aside`, leaving what stands between lines of three backquotes as it is."""
        parts = re.split(r"(^```.*?^```$)", text, flags=re.DOTALL | re.MULTILINE)
        return "".join(part if part.startswith("```") else self.put_aside(part) for part in parts)

    def _mark(self, directive: Directive) -> str:
        if directive.name in self.variables:
            return self.variables[directive.name]
        figure = self.figures.named(directive.name, self.chapter)
        other = None
        if directive.how.startswith("against "):
            other = self.figures.named(directive.how.split(" ", 1)[1], self.chapter)
        self._aside.append(Shown(figure, in_words(figure, directive.how, other)))
        return f"\ue000{len(self._aside) - 1}\ue001"

    def runs(self, text: str, *, strong: bool = False, emphasis: bool = False) -> list[Run]:
        """A piece of text with its figures back in place."""
        found: list[Run] = []
        for index, part in enumerate(_PLACE.split(text)):
            if index % 2:
                shown = self._aside[int(part)]
                found.append(Shown(shown.figure, shown.text, strong))
            elif part:
                found.append(Text(part, strong, emphasis))
        return found
