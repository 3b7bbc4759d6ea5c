"""The report as a Word document: real headings, real tables with repeated heads, pictures with text alternatives."""

from __future__ import annotations

import io
from collections.abc import Sequence
from itertools import count
from typing import Any

import docx
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from sightline.engine.charts.draw import png
from sightline.engine.report.html import numbers
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
    Row,
    Runs,
    Table,
    Text,
    Words,
)
from sightline.engine.report.words import spoken

INK, QUIET, ACCENT = RGBColor(0x1D, 0x1D, 0x1D), RGBColor(0x4D, 0x53, 0x58), RGBColor(0x12, 0x43, 0x6D)
FONT = "Arial"
WIDTH = Cm(16)
CELL = "Cell"


def write(report: Document) -> bytes:
    """The document's bytes."""
    return _Writer(report).bytes()


class _Writer:
    def __init__(self, report: Document) -> None:
        self.report = report
        self.document: Any = docx.Document()
        self.tables, self.pictures = count(1), count(1)
        _styles(self.document)
        _page(self.document, report)

    def bytes(self) -> bytes:
        self._cover()
        for number, section in zip(numbers(self.report.sections), self.report.sections, strict=True):
            heading = self.document.add_heading(f"{number}  {spoken(section.title)}", 1)
            heading.paragraph_format.page_break_before = True
            for block in section.blocks:
                self.block(block)
        stream = io.BytesIO()
        self.document.save(stream)
        return stream.getvalue()

    def _cover(self) -> None:
        cover = self.report.cover
        self.document.add_paragraph(spoken(cover.body)).style = self.document.styles["Body name"]
        self.document.add_paragraph(spoken(cover.title), style="Title")
        self.document.add_paragraph(f"{cover.area} {cover.period}", style="Subtitle")
        self.document.add_paragraph(cover.edition)
        for note in cover.notes:
            self.document.add_paragraph(spoken(note), style="Note")
        made = f"Made {cover.made} from " if cover.made else "Made from "
        self.document.add_paragraph(f"{made}snapshot {self.report.snapshot or 'of this run'}.", style="Note")
        head = self.document.add_paragraph("Contents", style="Contents head")
        head.paragraph_format.page_break_before = True
        for number, section in zip(numbers(self.report.sections), self.report.sections, strict=True):
            self.document.add_paragraph(f"{number}\t{spoken(section.title)}", style="Contents line")

    def block(self, block: Block) -> None:  # noqa: PLR0912 (one branch for each sort of block)
        match block:
            case Heading():
                self.document.add_heading(spoken(block.text), block.level)
            case Paragraph():
                self._runs(self.document.add_paragraph(), block.runs)
            case Bullets():
                style = "List Number" if block.numbered else "List Bullet"
                for item in block.items:
                    self._runs(self.document.add_paragraph(style=style), item)
            case Table():
                self.table(block, f"Table {next(self.tables)}: ")
            case Picture():
                self._picture(block)
            case Cards():
                rows = tuple(Row(card.label, (card.value, card.change)) for card in block.cards)
                columns = (self.report.cover.period, "Change on the year before")
                self.table(Table("Headline figures", columns, rows), f"Table {next(self.tables)}: ")
            case Notice():
                self.document.add_paragraph(spoken(block.text), style="Note")
            case Words():
                self.document.add_heading(spoken(block.title), 2)
                for blocks, answered in block.passages:
                    for inner in blocks:
                        self.block(inner)
                    self.document.add_paragraph(spoken(answered), style="Note")
            case Entries():
                for entry in block.entries:
                    term = self.document.add_paragraph()
                    term.paragraph_format.keep_with_next = True
                    term.add_run(spoken(entry.title)).bold = True
                    self.document.add_paragraph(spoken(entry.definition))
                    for line in entry.details:
                        self.document.add_paragraph(spoken(line), style="Note")

    def _runs(self, paragraph: Any, runs: Runs) -> None:
        for run in runs:
            added = paragraph.add_run(spoken(run.text))
            added.bold = run.strong or None
            added.italic = (isinstance(run, Text) and run.emphasis) or None

    def table(self, table: Table, number: str) -> None:
        """A table with its caption above, a head that repeats on every page and rows that stay whole."""
        caption = self.document.add_paragraph(spoken(f"{number}{table.title}"), style="Caption")
        caption.paragraph_format.keep_with_next = True
        made = self.document.add_table(rows=1 + len(table.rows), cols=1 + len(table.columns))
        made.style = self.document.styles["Plain rows"]
        made.autofit = False
        _describe(made, spoken(table.title))
        lines = list(made.rows)
        _mark_head(lines[0])
        _line(lines[0], (table.corner, *table.columns), strong=True, right=table.numeric)
        for line, row in zip(lines[1:], table.rows, strict=True):
            _keep_whole(line)
            cells = ("".join(run.text for run in runs) or "–" for runs in row.cells)
            _line(line, (row.label, *cells), strong=row.total, right=table.numeric)
        for note in table.notes:
            self.document.add_paragraph(spoken(note), style="Note")
        if not table.notes:
            self.document.add_paragraph().paragraph_format.space_after = Pt(2)

    def _picture(self, picture: Picture) -> None:
        title = f"Figure {next(self.pictures)}: {picture.chart.title}"
        caption = self.document.add_paragraph(spoken(title), style="Caption")
        caption.paragraph_format.keep_with_next = True
        self.document.add_picture(io.BytesIO(png(picture.chart)), width=WIDTH)
        shape = self.document.inline_shapes[-1]._inline.docPr
        shape.set("descr", spoken(picture.alternative))
        shape.set("title", spoken(picture.chart.title))
        self.document.paragraphs[-1].paragraph_format.keep_with_next = True
        for note in picture.notes:
            self.document.add_paragraph(spoken(note), style="Note")
        self.table(picture.table, "")


def _line(row: Any, texts: Sequence[str], *, strong: bool, right: bool) -> None:
    """Fill a row: its heading to the left, the rest to the right when they are numbers."""
    columns = len(texts) - 1
    first = Cm(2) if columns > 8 else Cm(6.5 if columns > 2 else 8)
    for index, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
        cell.width = first if index == 0 else int((WIDTH - first) / columns)
        _fill(cell, text, strong=strong, right=right and index > 0)


def _fill(cell: Any, text: str, *, strong: bool = False, right: bool = False) -> None:
    paragraph = cell.paragraphs[0]
    paragraph._p.style = CELL  # By its id: looking a style up by name reads the whole list every time.
    paragraph.add_run(spoken(text)).bold = strong or None
    if right:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _mark_head(row: Any) -> None:
    properties = row._tr.get_or_add_trPr()
    head = OxmlElement("w:tblHeader")
    head.set(qn("w:val"), "true")
    properties.append(head)
    _keep_whole(row)


def _keep_whole(row: Any) -> None:
    properties = row._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:cantSplit"))


def _describe(table: Any, text: str) -> None:
    properties = table._tbl.tblPr
    caption = OxmlElement("w:tblCaption")
    caption.set(qn("w:val"), text)
    properties.append(caption)


def _page(document: Any, report: Document) -> None:
    section = document.sections[0]
    section.orientation = WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.5)
    section.top_margin = section.bottom_margin = Cm(2.3)
    section.different_first_page_header_footer = True
    section.header.paragraphs[0].text = f"{report.cover.title}, {report.cover.area} {report.cover.period}"
    section.header.paragraphs[0].style = document.styles["Note"]
    foot = section.footer.paragraphs[0]
    foot.style = document.styles["Note"]
    foot.add_run(f"{report.cover.edition}. Page ")
    _field(foot, "PAGE")
    properties = document.core_properties
    properties.title = f"{report.cover.title}, {report.cover.area} {report.cover.period}"
    properties.author, properties.subject, properties.language = report.cover.body, report.cover.edition, "en-GB"


def _field(paragraph: Any, code: str) -> None:
    run = paragraph.add_run()
    for kind in ("begin", "", "end"):
        if kind:
            part = OxmlElement("w:fldChar")
            part.set(qn("w:fldCharType"), kind)
        else:
            part = OxmlElement("w:instrText")
            part.text = code
        run._r.append(part)


def _styles(document: Any) -> None:
    styles = document.styles
    normal = styles["Normal"]
    _font(normal, 10.5, INK)
    normal.paragraph_format.space_after = Pt(7)
    normal.paragraph_format.line_spacing = 1.2
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "en-GB")
    normal.element.get_or_add_rPr().append(language)
    for level, size in ((1, 18), (2, 13), (3, 11)):
        head = styles[f"Heading {level}"]
        _font(head, size, ACCENT if level == 1 else INK, bold=True)
        head.paragraph_format.space_before, head.paragraph_format.space_after = Pt(14), Pt(6)
    _font(styles["Title"], 28, INK, bold=True)
    _font(styles["Subtitle"], 16, INK)
    _font(styles["Caption"], 10, INK, bold=True)
    _added(styles, "Body name", 12, ACCENT, bold=True, before=90)
    _added(styles, "Note", 8.5, QUIET)
    _added(styles, "Cell", 9, INK, after=2)
    _added(styles, "Contents head", 18, INK, bold=True)
    line = _added(styles, "Contents line", 10.5, INK, after=3)
    line.paragraph_format.tab_stops.add_tab_stop(Cm(1.2))
    _table_style(styles)


def _added(
    styles: Any, name: str, size: float, colour: RGBColor, *, bold: bool = False, before: float = 0, after: float = 6
) -> Any:
    style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style.base_style = styles["Normal"]
    _font(style, size, colour, bold=bold)
    style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
    return style


def _font(style: Any, size: float, colour: RGBColor, *, bold: bool = False) -> None:
    style.font.name, style.font.size, style.font.color.rgb = FONT, Pt(size), colour
    style.font.bold, style.font.italic = bold, False
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        fonts.set(qn(name), FONT)
    for name in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
        if fonts.get(qn(name)) is not None:
            del fonts.attrib[qn(name)]


def _table_style(styles: Any) -> None:
    """Rules between rows and none between columns."""
    style = styles.add_style("Plain rows", WD_STYLE_TYPE.TABLE)
    style.base_style = styles["Normal Table"]
    properties = OxmlElement("w:tblPr")
    borders = OxmlElement("w:tblBorders")
    for edge in ("top", "bottom", "insideH"):
        rule = OxmlElement(f"w:{edge}")
        for name, value in (("val", "single"), ("sz", "4"), ("color", "B8BCC0")):
            rule.set(qn(f"w:{name}"), value)
        borders.append(rule)
    properties.append(borders)
    style.element.append(properties)
