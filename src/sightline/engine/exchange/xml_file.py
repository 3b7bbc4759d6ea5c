"""Reading a children in need census: bytes to children with line numbers, one child at a time.

The parser reads no document type, no entity, nothing from elsewhere, and keeps its limits on depth and size of text.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lxml import etree

from sightline.core.errors import InputProblem
from sightline.engine.exchange.child import Child, Row
from sightline.engine.exchange.declarations import Table

ROOT, CHILD, HEADER = "Message", "Child", "Header"
#: What the parser says, and what is said to the reader.
COMPLAINTS = {
    "premature end": "it ends too early",
    "find end of": "a tag does not end, as where the file is cut off",
    "document is empty": "it holds no XML",
    "start tag expected": "it holds no XML",
    "extra content": "something follows its end",
    "mismatch": "its tags do not match",
    "encoding": "its text is not in the encoding it declares (UTF-8 where it declares none)",
    "entity": "it refers to an entity",
    "depth": "it is nested too deeply",
}
HEADER_ITEMS = ("Collection", "Year", "ReferenceDate", "LEA", "SoftwareCode", "Release", "SerialNo", "DateTime")
LONGEST_TEXT = 1000
#: Stands for what no value may be: an element given twice, or with elements inside it, or without end.
UNREADABLE = "\x01"


@dataclass
class XmlFile:
    """One census file. The header is known once `children` has begun."""

    path: Path
    shown_as: str
    tables: tuple[Table, ...]
    header: dict[str, str] = field(default_factory=dict)
    present: set[str] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)
    odd: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._blocks: dict[str, _Block] = {table.name: _Block(table) for table in self.tables}
        for table in self.tables:
            if table.within:
                self._blocks[table.within].inner[table.name] = self._blocks[table.name]
        # The layout has room for every table, so a block that does not come says that there was none.
        self.present = set(self._blocks)

    def open(self) -> Iterator[Child]:
        """Reads the header, then gives the children as they are asked for. Raises InputProblem for a file that cannot be read."""
        children = self._children()
        first = next(children, None)
        if first is None:
            raise InputProblem("The file holds no children", self.shown_as, "Check that it is a whole census file.")
        return _chained(first, children)

    def _children(self) -> Iterator[Child]:
        """One child after another; each is dropped from memory when the next is asked for."""
        try:
            with self.path.open("rb") as source:
                events = etree.iterparse(
                    source,
                    events=("end",),
                    tag=("{*}" + CHILD, "{*}" + HEADER),
                    resolve_entities=False,
                    load_dtd=False,
                    dtd_validation=False,
                    no_network=True,
                    huge_tree=False,
                    remove_comments=True,
                    remove_pis=True,
                )
                looked = False
                for _event, element in events:
                    if not looked:
                        self._look_at_root(element.getroottree().getroot())
                        looked = True
                    if _name(element) == HEADER:
                        self._read_header(element)
                    else:
                        yield self._child(element)
                    _drop(element)
                if not looked:
                    self._look_at_root(events.root)
        except etree.XMLSyntaxError as error:
            raise InputProblem(
                f"The file is not whole, well-formed XML: {_plainly(error)}",
                f"{self.shown_as}, line {error.lineno}",
                "Export it again; if it was sent, check that all of it arrived.",
            ) from None
        except OSError as error:
            raise InputProblem(f"Cannot be read: {error.strerror}", self.shown_as, "Check the file.") from error

    def _look_at_root(self, root: Any) -> None:
        if root is None or _name(root) != ROOT:
            found = f"it begins with <{_name(root)[:40]}>" if root is not None else "it holds nothing"
            raise InputProblem(
                f"This is not a children in need census: {found}, not <{ROOT}>",
                self.shown_as,
                "Check --as and the file.",
            )

    def _read_header(self, element: Any) -> None:
        for item in element.iter():
            if isinstance(item.tag, str) and _name(item) in HEADER_ITEMS:
                self.header[_name(item)] = (item.text or "").strip()[:60]
        collection = self.header.get("Collection", "CIN")
        if collection != "CIN":
            raise InputProblem(
                "The header names another collection than CIN",
                f"{self.shown_as}, line {element.sourceline}",
                "Check --as and the file.",
            )

    def _child(self, element: Any) -> Child:
        top = Row(CHILD, element.sourceline, {})
        rows = [top]
        self._fill(element, self._blocks[CHILD], top, rows)
        return Child(top.raw.get("LAchildID", ""), top.line, rows)

    def _fill(self, element: Any, block: _Block, row: Row, rows: list[Row]) -> None:
        for item in element:
            tag = item.tag
            if not isinstance(tag, str):
                # An entity that was left standing, since none is ever resolved.
                raise InputProblem(
                    "The file refers to an entity",
                    f"{self.shown_as}, line {item.sourceline}",
                    "Ask for a plain export.",
                )
            if "}" in tag:
                tag = tag.rpartition("}")[2]
            if tag in block.columns:
                text = (item.text or "").strip()
                if tag in row.raw or len(item) or len(text) > LONGEST_TEXT:
                    # Read as text that no kind of value allows, so that the row says so.
                    text = UNREADABLE
                row.raw[tag] = text
            elif tag in block.inner:
                inner = block.inner[tag]
                made = Row(tag, item.sourceline, {}, row)
                rows.append(made)
                if inner.table.leaf:
                    made.raw[tag] = (item.text or "").strip()[:LONGEST_TEXT]
                else:
                    self._fill(item, inner, made, rows)
            elif tag in block.containers:
                self._fill(item, block, row, rows)
            elif len(self.odd) < 50:
                self.odd.add(f"{block.table.name}.{tag[:60]}")


class _Block:
    """One kind of block: which elements are its values, and which are blocks inside it."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.columns = frozenset() if table.leaf else frozenset(column.name for column in table.columns)
        self.containers = frozenset(table.containers)
        self.inner: dict[str, _Block] = {}


def _chained(first: Child, rest: Iterator[Child]) -> Iterator[Child]:
    yield first
    yield from rest


def _drop(element: Any) -> None:
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def _name(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]


def _plainly(error: etree.XMLSyntaxError) -> str:
    """The parser's complaint without quoting the file, which may hold a child's details."""
    text = str(error.msg or "").lower()
    return next((words for part, words in COMPLAINTS.items() if part in text), "it cannot be parsed")
