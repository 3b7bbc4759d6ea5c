"""From a chapter as written to blocks: Markdown read, figures put in, tables and charts made.

One line of a paragraph is one sentence. A sentence with a figure that the records do not cover is left out, and a notice at the end of the
chapter says what is not covered: so the same chapter reads well for an authority that holds less.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token

from sightline.core.errors import InputProblem
from sightline.engine.report import pictures, tables
from sightline.engine.report.declared import Chapter
from sightline.engine.report.directives import Filling
from sightline.engine.report.figuring import Figures
from sightline.engine.report.generated import GENERATED
from sightline.engine.report.model import Block, Bullets, Heading, Notice, Paragraph, Run, Runs, Section, Text, Words
from sightline.engine.report.passages import Passage
from sightline.standards.codes import codeset

MAKERS = {**tables.MAKERS, "chart": pictures.chart}
_MARKDOWN = MarkdownIt("commonmark", {"html": False})


class Composer:
    """Composes the chapters of one report."""

    def __init__(self, figures: Figures, variables: Mapping[str, str], passages: Sequence[Passage]) -> None:
        self.figures = figures
        self.variables = variables
        self.passages = passages

    def section(self, chapter: Chapter) -> Section:
        """One chapter composed."""
        filling = Filling(self.figures, self.variables, chapter.id)
        title = filling.put_aside(chapter.title)
        for id in chapter.figures:
            self.figures.named(id, chapter.id)
        kept, silent = self._sentences(chapter, filling)
        blocks = [*self._blocks(kept, chapter, filling)]
        told = [] if chapter.appendix else self._words(chapter)
        notices = self._not_covered(chapter, silent)
        return Section(
            chapter.id, title, (*_without_bare_headings(blocks), *notices, *told), chapter.appendix, chapter.fresh
        )

    def _sentences(self, chapter: Chapter, filling: Filling) -> tuple[str, bool]:
        """The body without the sentences that have no figure to tell, and whether any sentence with a figure is left."""
        kept, inside, told, dropped = [], False, False, False
        for line in chapter.body.splitlines():
            inside ^= line.startswith("```")
            named = [] if inside else filling.figures_in(line)
            if all(figure.has_value for figure in named):
                kept.append(line)
                told |= any(figure.sort == "measure" for figure in named)
            else:
                dropped = True
        return "\n".join(kept), dropped and not told

    def _blocks(self, text: str, chapter: Chapter, filling: Filling) -> Iterator[Block]:
        tokens = _MARKDOWN.parse(filling.put_aside_outside_fences(text))
        index = 0
        while index < len(tokens):
            token = tokens[index]
            close = _closing(tokens, index)
            if token.type == "heading_open":
                words = tokens[index + 1].content
                yield Heading(int(token.tag[1]), words, f"{chapter.id}-{slug(words)}")
            elif token.type == "paragraph_open":
                yield Paragraph(_inline(tokens[index + 1], filling))
            elif token.type in ("bullet_list_open", "ordered_list_open"):
                items = tuple(_inline(one, filling) for one in tokens[index:close] if one.type == "inline")
                yield Bullets(items, token.type == "ordered_list_open")
            elif token.type == "fence":
                yield from self._fence(token, chapter)
            index = close + 1

    def _fence(self, token: Token, chapter: Chapter) -> Iterator[Block]:
        kind = token.info.strip()
        given: Any = yaml.safe_load(token.content) if token.content.strip() else {}
        if kind in GENERATED:
            yield from GENERATED[kind](self.figures, self.variables, chapter)
        elif kind in MAKERS:
            made = MAKERS[kind](self.figures, self.variables, chapter.id, given)
            if made is not None:
                yield made
        else:
            known = ", ".join([*MAKERS, *GENERATED])
            raise InputProblem(f"'{kind}' is not a block of a chapter", chapter.where, f"write one of: {known}")

    def _not_covered(self, chapter: Chapter, silent: bool) -> Iterator[Block]:
        used = [
            f for f in self.figures.all() if chapter.id in f.chapters and f.sort == "measure" and not f.aspect.is_change
        ]
        missing = dict.fromkeys(f.title for f in used if not f.has_value and f.period == self.figures.of.label)
        if not missing or chapter.appendix:
            return
        if silent or not any(f.has_value for f in used):
            yield Notice(f"Not covered: the records held do not answer for this chapter in {self.figures.of.label}.")
        else:
            yield Notice("Not covered by the records held: " + "; ".join(_lower(title) for title in missing) + ".")

    def _words(self, chapter: Chapter) -> Iterator[Words]:
        """The board's own words about the chapter, by kind, in the order of the kinds."""
        for kind in codeset("statement_kind"):
            chosen = [p for p in self.passages if p.chapter == chapter.id and p.kind == kind.code]
            if chosen:
                shown = tuple((self._passage(passage, chapter), passage.answered_by) for passage in chosen)
                yield Words(kind.label, f"{chapter.id}-{slug(kind.label)}", shown)

    def _passage(self, passage: Passage, chapter: Chapter) -> tuple[Block, ...]:
        filling = Filling(self.figures, self.variables, chapter.id)
        return tuple(self._blocks(passage.text, chapter, filling))


def slug(text: str) -> str:
    """An anchor from words."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def _lower(title: str) -> str:
    return title[:1].lower() + title[1:]


def _closing(tokens: Sequence[Token], index: int) -> int:
    """Where the block that opens at an index closes."""
    depth = 0
    for at in range(index, len(tokens)):
        depth += tokens[at].nesting
        if depth == 0:
            return at
    return len(tokens) - 1


def _inline(token: Token, filling: Filling) -> Runs:
    found: list[Run] = []
    strong = emphasis = False
    for child in token.children or ():
        if child.type in ("strong_open", "strong_close"):
            strong = child.type == "strong_open"
        elif child.type in ("em_open", "em_close"):
            emphasis = child.type == "em_open"
        elif child.type in ("softbreak", "hardbreak"):
            found.append(Text(" "))
        elif child.content:
            found.extend(filling.runs(child.content, strong=strong, emphasis=emphasis))
    return tuple(found)


def _without_bare_headings(blocks: Sequence[Block]) -> list[Block]:
    """Without headings under which everything was left out."""
    kept: list[Block] = []
    for block in reversed(blocks):
        following = kept[-1] if kept else None
        bare = isinstance(block, Heading) and (
            following is None or (isinstance(following, Heading) and following.level <= block.level)
        )
        if not bare:
            kept.append(block)
    return kept[::-1]
