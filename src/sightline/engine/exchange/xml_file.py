"""Reading a children in need census: bytes to children with line numbers, one child at a time.

How the file is parsed: see `xml_elements`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sightline.core.errors import InputProblem
from sightline.engine.exchange.child import Child, Row
from sightline.engine.exchange.declarations import Table
from sightline.engine.exchange.xml_elements import (
    CHILD,
    COLLECTION,
    HEADER,
    UNREADABLE,
    check_collection,
    elements,
    header_texts,
    name_of,
    tag_of,
    text_of,
)

#: What a header says is shown to people.
LONGEST_SHOWN = 60


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
            for name in (table.name, *table.other) if table.within else ():
                self._blocks[table.within].inner[name] = self._blocks[table.name]
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
        for element in elements(self.path, self.shown_as, (CHILD, HEADER)):
            if name_of(element) == HEADER:
                self._read_header(element)
            else:
                yield self._child(element)

    def _read_header(self, element: Any) -> None:
        texts = header_texts(element)
        self.header |= {name: text[:LONGEST_SHOWN] for name, text in texts.items() if text != UNREADABLE}
        check_collection(self.header.get("Collection", COLLECTION), element, self.shown_as)

    def _child(self, element: Any) -> Child:
        top = Row(CHILD, element.sourceline, {})
        rows = [top]
        self._fill(element, self._blocks[CHILD], top, rows)
        return Child(top.raw.get("LAchildID", ""), top.line, rows)

    def _fill(self, element: Any, block: _Block, row: Row, rows: list[Row]) -> None:
        for item in element:
            tag = tag_of(item, self.shown_as)
            if tag in block.columns:
                row.raw[tag] = UNREADABLE if tag in row.raw else text_of(item)
            elif tag in block.inner:
                inner = block.inner[tag]
                made = Row(inner.table.name, item.sourceline, {}, row)
                rows.append(made)
                if inner.table.leaf:
                    made.raw[inner.table.name] = text_of(item)
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
