"""The report as HTML: one accessible page, or its chapters as fragments for the web application."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from html import escape
from importlib.resources import files
from itertools import count

from sightline.engine.charts.draw import svg
from sightline.engine.report.declared import Of
from sightline.engine.report.figures import Figure
from sightline.engine.report.generated import definition_anchor
from sightline.engine.report.model import (
    Block,
    Bullets,
    Cards,
    Document,
    Entries,
    Heading,
    Notice,
    Paragraph,
    Picture,
    Runs,
    Section,
    Shown,
    Table,
    Text,
    Words,
)
from sightline.engine.report.words import spoken

Link = Callable[[Figure], str | None]


@dataclass(frozen=True)
class Fragment:
    """One chapter as HTML, without a page around it. The chapter's title is its h2."""

    id: str
    title: str
    html: str
    appendix: bool


def say(text: str) -> str:
    """Text for the eye, safe in HTML."""
    return escape(spoken(text))


def no_link(figure: Figure) -> str | None:
    """Figures without links."""
    del figure
    return None


def to_definition(figure: Figure) -> str | None:
    """A link to the figure's definition on the same page."""
    return f"#{definition_anchor(figure.measure)}" if figure.measure and figure.of is Of.OWN else None


class Renderer:
    """Renders blocks. `link` gives the address a figure leads to, or None; `level` is that of a chapter's title."""

    def __init__(self, link: Link = no_link, level: int = 2) -> None:
        self.link = link
        self.level = level
        self._numbers = count(1)
        self._pictures = count(1)

    def section(self, section: Section, number: str = "") -> str:
        """A chapter."""
        head = f'<h{self.level} id="{section.id}">{_numbered(number)}{say(section.title)}</h{self.level}>'
        body = "\n".join(self.block(block) for block in section.blocks)
        fresh = " fresh" if section.fresh else ""
        return f'<section class="chapter{fresh}" aria-labelledby="{section.id}">\n{head}\n{body}\n</section>'

    def block(self, block: Block) -> str:  # noqa: PLR0911 (one return for each sort of block)
        """Any block."""
        match block:
            case Heading():
                level = self.level + block.level - 1
                return f'<h{level} id="{block.anchor}">{say(block.text)}</h{level}>'
            case Paragraph():
                return f"<p>{self.runs(block.runs)}</p>"
            case Bullets():
                tag = "ol" if block.numbered else "ul"
                return f"<{tag}>" + "".join(f"<li>{self.runs(item)}</li>" for item in block.items) + f"</{tag}>"
            case Table():
                return self.table(block)
            case Picture():
                return self.picture(block)
            case Cards():
                return self._cards(block)
            case Notice():
                return f'<p class="notice">{say(block.text)}</p>'
            case Words():
                return self._words(block)
            case Entries():
                return self._entries(block)

    def runs(self, runs: Runs) -> str:
        """Words and figures in line."""
        return "".join(self._run(run) for run in runs)

    def _run(self, run: Text | Shown) -> str:
        text = say(run.text)
        if isinstance(run, Shown):
            text = self._linked(run.figure, text)
        elif run.emphasis:
            text = f"<em>{text}</em>"
        return f"<strong>{text}</strong>" if run.strong else text

    def _linked(self, figure: Figure, text: str) -> str:
        if figure.suppressed:
            return f'<abbr title="withheld to protect small numbers">{text}</abbr>'
        address = self.link(figure)
        return f'<a class="figure" href="{escape(address)}">{text}</a>' if address else text

    def table(self, table: Table, *, small: bool = False) -> str:
        """A table in a frame that scrolls sideways when the screen is narrow."""
        number = "" if small else f"Table {next(self._numbers)}: "
        numeric = " numeric" if table.numeric else ""
        heads = "".join(
            f'<th scope="col" class="{numeric.strip()}{" short" if len(column) < 10 else ""}">{say(column)}</th>'
            for column in table.columns
        )
        lines = "".join(
            f'<tr{" class=total" if row.total else ""}><th scope="row">{say(row.label)}</th>'
            + "".join(f'<td class="{numeric.strip()}">{self.runs(cell) or _EMPTY}</td>' for cell in row.cells)
            + "</tr>"
            for row in table.rows
        )
        notes = "".join(f'<p class="note">{say(note)}</p>' for note in table.notes)
        title = say(f"{number}{table.title}")
        return (
            f'<div class="table{_shape(table, small)}" id="{table.anchor}"><div class="frame" tabindex="0" role="region" aria-label="{title}">'
            f'<table><caption>{title}</caption><thead><tr><th scope="col">{say(table.corner)}</th>{heads}</tr></thead>'
            f"<tbody>{lines}</tbody></table></div>{notes}</div>"
        )

    def picture(self, picture: Picture) -> str:
        """A chart: its picture with its text alternative, and its data to open."""
        encoded = base64.b64encode(svg(picture.chart).encode()).decode()
        title = say(f"Figure {next(self._pictures)}: {picture.chart.title}")
        notes = "".join(f'<p class="note">{say(note)}</p>' for note in picture.notes)
        return (
            f'<figure class="chart" id="{picture.anchor}"><figcaption>{title}</figcaption>'
            f'<div class="frame" tabindex="0" role="region" aria-label="{title}">'
            f'<img src="data:image/svg+xml;base64,{encoded}" alt="{say(picture.alternative)}"></div>{notes}'
            f"<details><summary>Data of this chart</summary>{self.table(picture.table, small=True)}</details></figure>"
        )

    def _cards(self, cards: Cards) -> str:
        parts = "".join(
            f'<li class="card"><span class="value">{self.runs(card.value)}</span> <span class="label">{say(card.label)}</span>'
            + (f' <span class="change">{self.runs(card.change)} on the year before</span>' if card.change else "")
            + "</li>"
            for card in cards.cards
        )
        return f'<ul class="cards">{parts}</ul>'

    def _words(self, words: Words) -> str:
        parts = "".join(
            f'<div class="passage">{"".join(self.block(block) for block in blocks)}<p class="answered">{say(answered)}</p></div>'
            for blocks, answered in words.passages
        )
        level = self.level + 1
        return f'<div class="words"><h{level} id="{words.anchor}">{say(words.title)}</h{level}>{parts}</div>'

    def _entries(self, entries: Entries) -> str:
        parts = "".join(
            f'<dt id="{entry.anchor}">{say(entry.title)}</dt><dd>{say(entry.definition)}'
            + "".join(f'<span class="details">{say(line)}</span>' for line in entry.details)
            + "</dd>"
            for entry in entries.entries
        )
        return f'<dl class="definitions">{parts}</dl>'


def _shape(table: Table, small: bool) -> str:
    """Classes by size: how wide the first column may be, and whether a page may break the table."""
    shape = " small" if small else " narrow" if len(table.columns) <= 4 else ""
    return f"{shape} long" if len(table.rows) > 20 else shape


_EMPTY = '<span class="none">–</span>'


def _numbered(number: str) -> str:
    return f'<span class="number">{number}</span> ' if number else ""


def fragments(report: Document, link: Link = no_link, *, level: int = 2) -> list[Fragment]:
    """The chapters as HTML for a page of the web application. `link` gives the address of a figure, or None for no link."""
    renderer = Renderer(link, level)
    return [Fragment(one.id, one.title, renderer.section(one), one.appendix) for one in report.sections]


def numbers(sections: Iterable[Section]) -> list[str]:
    """`1`, `2`, … for chapters; `A`, `B`, … for appendices."""
    found, chapter, appendix = [], count(1), count(ord("A"))
    for section in sections:
        found.append(chr(next(appendix)) if section.appendix else str(next(chapter)))
    return found


def page(report: Document, link: Link = to_definition) -> str:
    """The whole report as one HTML page that needs no other file."""
    renderer = Renderer(link)
    numbered = list(zip(numbers(report.sections), report.sections, strict=True))
    contents = "".join(
        f'<li><span class="number">{number}</span><a href="#{section.id}">{say(section.title)}</a></li>'
        for number, section in numbered
    )
    body = "\n".join(renderer.section(section, number) for number, section in numbered)
    title = f"{report.cover.title}, {report.cover.area} {report.cover.period}"
    return (
        f'<!doctype html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n<title>{say(title)}</title>\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<meta name="author" content="{say(report.cover.body)}">\n'
        f'<meta name="description" content="{say(title)}. {say(report.cover.edition)}.">\n<style>\n{style()}\n</style>\n</head>\n<body>\n'
        f'<a class="skip" href="#main">Skip to the report</a>\n{_cover(report)}\n'
        f'<nav class="contents" aria-labelledby="contents"><h2 id="contents">Contents</h2><ol>{contents}</ol></nav>\n'
        f'<main id="main">\n{body}\n</main>\n</body>\n</html>\n'
    )


def _cover(report: Document) -> str:
    cover = report.cover
    notes = "".join(f"<p>{say(note)}</p>" for note in cover.notes)
    made = f"Made {cover.made} from " if cover.made else "Made from "
    return (
        f'<header class="cover"><p class="body">{say(cover.body)}</p><h1>{say(cover.title)}</h1>'
        f'<p class="period">{say(cover.area)} {say(cover.period)}</p><p class="edition">{say(cover.edition)}</p>'
        f'<div class="small">{notes}<p>{made}snapshot {say(report.snapshot or "of this run")}.</p></div></header>'
    )


def style() -> str:
    """The report's own style sheet, for screens and for paper."""
    return files("sightline.engine.report").joinpath("style.css").read_text(encoding="utf-8")
