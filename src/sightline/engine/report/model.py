"""The report between its words and its forms: blocks that HTML, PDF and Word each render in their own way."""

from __future__ import annotations

from dataclasses import dataclass, field

from sightline.engine.charts.draw import Chart
from sightline.engine.report.figures import Figure


@dataclass(frozen=True)
class Text:
    """Plain words."""

    text: str
    strong: bool = False
    emphasis: bool = False


@dataclass(frozen=True)
class Shown:
    """A figure in a sentence or a cell, in the words it takes there."""

    figure: Figure
    text: str
    strong: bool = False


Run = Text | Shown
Runs = tuple[Run, ...]


@dataclass(frozen=True)
class Heading:
    """A heading inside a chapter; level 2 is the first below the chapter's title."""

    level: int
    text: str
    anchor: str


@dataclass(frozen=True)
class Paragraph:
    """Sentences."""

    runs: Runs


@dataclass(frozen=True)
class Bullets:
    """A list, numbered or not."""

    items: tuple[Runs, ...]
    numbered: bool = False


@dataclass(frozen=True)
class Row:
    """One line of a table. `label` heads it."""

    label: str
    cells: tuple[Runs, ...]
    total: bool = False


@dataclass(frozen=True)
class Table:
    """A table whose first column heads its rows. `numeric` columns are set to the right."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    anchor: str = ""
    notes: tuple[str, ...] = ()
    numeric: bool = True
    corner: str = "Measure"


@dataclass(frozen=True)
class Picture:
    """A chart with its words and its table."""

    chart: Chart
    alternative: str
    table: Table
    anchor: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Card:
    """One headline figure: its label, its value, its change."""

    label: str
    value: Runs
    change: Runs


@dataclass(frozen=True)
class Cards:
    """A row of headline figures."""

    cards: tuple[Card, ...]


@dataclass(frozen=True)
class Notice:
    """Something the reader must know before going on."""

    text: str


@dataclass(frozen=True)
class Words:
    """Statements of the board of one kind, with who answers for them."""

    title: str
    anchor: str
    passages: tuple[tuple[tuple[Block, ...], str], ...]


@dataclass(frozen=True)
class Entry:
    """One entry of the appendix of definitions."""

    anchor: str
    title: str
    definition: str
    details: tuple[str, ...]


@dataclass(frozen=True)
class Entries:
    """The appendix of definitions."""

    entries: tuple[Entry, ...]


Block = Heading | Paragraph | Bullets | Table | Picture | Cards | Notice | Words | Entries


@dataclass(frozen=True)
class Section:
    """One chapter, ready to be rendered. A `fresh` one begins a page."""

    id: str
    title: str
    blocks: tuple[Block, ...]
    appendix: bool = False
    fresh: bool = False


@dataclass(frozen=True)
class Cover:
    """What the first page says."""

    title: str
    body: str
    area: str
    period: str
    edition: str
    made: str
    notes: tuple[str, ...] = field(default=())


@dataclass(frozen=True)
class Document:
    """The whole report."""

    cover: Cover
    sections: tuple[Section, ...]
    figures: tuple[Figure, ...]
    snapshot: str
