"""Reads a children in need census file to the tables of its rules.

One child is in memory at a time. The parser is that of the importer, with its safety: see `engine.exchange.xml_elements`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from sightline.core.errors import InputProblem
from sightline.engine.exchange import xml_elements as xml
from sightline.engine.exchange.declarations import Table
from sightline.engine.exchange.xml_elements import check_collection, elements, header_texts, name_of, tag_of, text_of
from sightline.returns.cin.tables import CHILD, NUMBERED, RULE_TABLES, TABLES, TOLD_AS

Row = dict[str, str]
_COLUMNS = {table.name: frozenset(table.columns) for table in RULE_TABLES}


@dataclass(frozen=True)
class _Block:
    """A block of the file: the table of its rows, the column that numbers it, and the blocks inside it.

    `wrappers` are elements that only hold others together. `each` is the one value of a block that stands in a row of its own for each time
    it comes: where it has a table, in that table, otherwise beside the other values of its block.
    """

    table: str
    number: str = ""
    wrappers: tuple[str, ...] = ()
    inner: dict[str, _Block] = field(default_factory=dict)
    each: dict[str, str] = field(default_factory=dict)


def _block(table: Table) -> _Block:
    """A block with those inside it, as the layout has them."""
    inside = [one for one in TABLES if one.within == table.name]
    return _Block(
        _table_of(table),
        NUMBERED.get(table.name, ""),
        wrappers=table.containers,
        inner={name: _block(one) for one in inside if not one.leaf for name in (one.name, *one.other)},
        each={one.name: _table_of(one) for one in inside if one.leaf},
    )


def _table_of(table: Table) -> str:
    """The table of the rules in which the rows of a block stand."""
    return TOLD_AS.get(table.name, (table.name,))[0]


_WHOLE = _block(TABLES[0])
#: What a child always has: without the block, its row is empty, so that the rules say what is missing.
_ALWAYS = {name: replace(_WHOLE, table=name, inner={}) for name in TOLD_AS[xml.CHILD]}
_CHILD = _ALWAYS | _WHOLE.inner


def read(files: Mapping[str, Path], shown_as: str) -> dict[str, list[Row]]:
    """The tables of a census, each a list of rows with their texts as in the file. Raises InputProblem for what is no census.

    Blocks are numbered within their child, from 1. Text between elements and elements that the census does not know are passed over: the
    schema (`schema.schema_faults`) speaks of them.
    """
    if len(files) != 1:
        raise InputProblem(f"A census is one file, not {len(files)}", shown_as, "Give the XML file of one census.")
    (path,) = files.values()
    reader = _Reader(shown_as)
    for element in elements(path, shown_as, (xml.CHILD, xml.HEADER)):
        if name_of(element) == xml.HEADER:
            reader.header(element)
        else:
            reader.child(element)
    if not reader.children:
        raise InputProblem("The file holds no children", shown_as, "Check that it is a whole census file.")
    return reader.result()


def says(tables: Mapping[str, Any]) -> dict[str, str]:
    """The authority and the year in which the collection ends, where the header names them."""
    header: Mapping[str, str] = next(iter(tables.get("Header", ())), {})
    named = {"authority": header.get("LEA"), "year": header.get("Year")}
    return {what: text for what, text in named.items() if text}


class _Reader:
    """Gathers the rows of one file."""

    def __init__(self, shown_as: str) -> None:
        self.children = 0
        self._shown_as = shown_as
        self._tables: dict[str, list[Row]] = {table.name: [] for table in RULE_TABLES}
        self._rows: list[tuple[str, Row]] = []
        self._numbers: Counter[str] = Counter()

    def result(self) -> dict[str, list[Row]]:
        """The tables. A file without a header has an empty one, so that the rules say what is missing."""
        return self._tables | {"Header": self._tables["Header"] or [{}]}

    def header(self, element: Any) -> None:
        """Read the header into its one row."""
        row = {name: text for name, text in header_texts(element).items() if name in _COLUMNS["Header"]}
        check_collection(row.get("Collection", xml.COLLECTION), element, self._shown_as)
        self._tables["Header"].append(row)

    def child(self, element: Any) -> None:
        """Read one child. Its identifier may come anywhere in it, so its rows are given the identifier last."""
        self.children += 1
        self._rows, self._numbers = [], Counter()
        for item in element:
            block = _CHILD.get(tag_of(item, self._shown_as))
            if block is not None:
                self._block(item, block, {})
        held = {name for name, _ in self._rows}
        self._rows += [(name, {}) for name in _ALWAYS if name not in held]
        known = next((row[CHILD] for name, row in self._rows if name == "ChildIdentifiers" and CHILD in row), "")
        for name, row in self._rows:
            self._tables[name].append({CHILD: known, **row})

    def _block(self, element: Any, block: _Block, above: Row) -> None:
        """Read one block and those inside it; `above` are the numbers of the blocks that hold it."""
        numbers = dict(above)
        if block.number:
            self._numbers[block.number] += 1
            numbers[block.number] = str(self._numbers[block.number])
        row = dict(numbers)
        repeated: list[tuple[str, Row]] = []
        inside: list[tuple[Any, _Block]] = []
        self._fill(element, block, row, repeated, inside)
        beside = [values for name, values in repeated if name == block.table]
        self._rows += [(block.table, row | values) for values in beside or [{}]]
        self._rows += [(name, numbers | values) for name, values in repeated if name != block.table]
        for item, inner in inside:
            self._block(item, inner, numbers)

    def _fill(
        self,
        element: Any,
        block: _Block,
        row: Row,
        repeated: list[tuple[str, Row]],
        inside: list[tuple[Any, _Block]],
    ) -> None:
        """Sort what an element holds into the values of its row, values that repeat, and blocks inside it."""
        for item in element:
            tag = tag_of(item, self._shown_as)
            if tag in block.each:
                repeated.append((block.each[tag], {tag: text_of(item)}))
            elif tag in block.inner:
                inside.append((item, block.inner[tag]))
            elif tag in block.wrappers:
                self._fill(item, block, row, repeated, inside)
            elif tag in _COLUMNS[block.table] and tag not in _GIVEN:
                row[tag] = xml.UNREADABLE if tag in row else text_of(item)


#: Numbers that the reader gives, and no file.
_GIVEN = frozenset(NUMBERED.values())
