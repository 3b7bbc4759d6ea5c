"""Writing a children in need census: the children's blocks put together and written one child at a time, in the order of the year's schema.

The order of elements is nowhere written out here: it is read from the published schema of the year, or the last one before it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Any

from lxml import etree

import sightline
from sightline.core.errors import InputProblem
from sightline.engine.exchange.cut import Cut
from sightline.engine.exchange.declarations import FIRST_YEAR, Column, Table, TableWriter, Told
from sightline.engine.exchange.texts import Texts
from sightline.engine.exchange.xml_elements import CHILD, HEADER, ROOT
from sightline.standards import areas
from sightline.standards.data import data_dir

XS = "{http://www.w3.org/2001/XMLSchema}"
CHILDREN = "Children"


@dataclass(frozen=True)
class Shape:
    """An element and what may stand in it, in order; nothing where it holds a value."""

    name: str
    parts: tuple[Shape, ...]


def schema_path(year: int) -> Path:
    """The published schema of a collection year; of a year that has none yet, the last one before it."""
    found = [data_dir() / "returns" / "cin" / f"CIN_schema_{one}.xsd" for one in range(year, FIRST_YEAR - 1, -1)]
    return next(path for path in found if path.is_file())


@cache
def child_shape(year: int) -> Shape:
    """The child's block in the schema of a year."""
    schema = etree.parse(str(schema_path(year))).getroot()
    types = {one.get("name"): one for one in schema.iterfind(f"{XS}complexType")}

    def shape(element: Any) -> Shape:
        kind = types.get(element.get("type"))
        inside = kind if kind is not None else element.find(f"{XS}complexType")
        parts = () if inside is None else inside.iterfind(f"{XS}sequence/{XS}element")
        return Shape(element.get("name"), tuple(shape(part) for part in parts))

    top = types["childrentype"].find(f"{XS}sequence/{XS}element")
    return shape(top)


def header_of(cut: Cut, year: int, made: datetime) -> dict[str, dict[str, str]]:
    """What the header of a census says, by its parts. Raises InputProblem for an authority that the census has no number for."""
    lea = areas.area(cut.area).old_la_code or cut.area.removeprefix("LA")
    if not lea.isdigit():
        raise InputProblem(
            "The authority has no number of three digits, which the census wants", "--area", "Check the authority."
        )
    return {
        "CollectionDetails": {"Collection": "CIN", "Year": str(year), "ReferenceDate": cut.end.isoformat()},
        "Source": {
            "SourceLevel": "L",
            "LEA": lea,
            "SoftwareCode": "Sightline",
            "Release": sightline.__version__,
            "SerialNo": "001",
            "DateTime": made.replace(tzinfo=None, microsecond=0).isoformat(),
        },
    }


class Census:
    """One census on its way into a file."""

    def __init__(self, cut: Cut, tables: list[tuple[Table, TableWriter]], year: int, texts: Texts) -> None:
        self._cut = cut
        self._texts = texts
        self._tables = {table.name: table for table, _writer in tables}
        self._columns: dict[str, tuple[Column, ...]] = {table.name: table.layout(year) for table, _writer in tables}
        self._streams = {table.name: Stream(writer.rows(cut)) for table, writer in tables}
        self._shape = child_shape(year)
        # Blocks that no published schema has yet.
        self._unpublished = [one for one in self._tables.values() if one.within and not _has(self._shape, one.name)]
        self._year = year
        self.rows: dict[str, int] = dict.fromkeys(self._tables, 0)

    def write(self, path: Path, made: datetime) -> Iterator[int]:
        """Writes the file, and gives the id of each child that it has written."""
        header = self._header(made)
        with path.open("wb") as target, etree.xmlfile(target, encoding="utf-8") as file:
            file.write_declaration()
            with file.element(ROOT):
                file.write(header)
                with file.element(CHILDREN):
                    for person, block in self._children():
                        file.write(block)
                        yield person

    def _header(self, made: datetime) -> Any:
        header = etree.Element(HEADER)
        for name, values in header_of(self._cut, self._year, made).items():
            part = etree.SubElement(header, name)
            for item, value in values.items():
                etree.SubElement(part, item).text = value
        return header

    def _children(self) -> Iterator[tuple[int, Any]]:
        for top in self._streams[CHILD]:
            held = {name: stream.of(top.child) for name, stream in self._streams.items() if name != CHILD}
            if not held["CINdetails"]:
                # Sealed rows may leave a child with nothing to tell; the census has no such block.
                continue
            block = etree.Element(CHILD)
            self._fill(block, self._shape, self._tables[CHILD], top, held)
            for name, rows in held.items():
                for _row in rows:
                    self._cut.note(f"rows of {name} belong to no episode of the census: left out")
            yield top.child[1], block

    def _fill(self, parent: Any, shape: Shape, table: Table, told: Told, held: dict[str, list[Told]]) -> None:
        """Puts a row's values, and the blocks inside it, in the order of the schema. What is written is taken out of `held`."""
        columns = self._columns[table.name]
        texts = dict(zip((one.name for one in columns), self._texts.of(table, columns, told.values), strict=True))
        self.rows[table.name] += 1
        self._parts(parent, shape, table, told, texts, held)
        for newer in self._unpublished:
            # It stands last, with its elements as they are declared.
            if newer.within == table.name:
                parts = tuple(Shape(column.name, ()) for column in self._columns[newer.name])
                self._blocks(parent, Shape(newer.name, parts), newer, told, held)

    def _parts(
        self, parent: Any, shape: Shape, table: Table, told: Told, texts: dict[str, str], held: dict[str, list[Told]]
    ) -> None:
        for part in shape.parts:
            inner = self._tables.get(part.name)
            if inner is not None and inner.within == table.name:
                self._blocks(parent, part, inner, told, held)
            elif part.parts:
                container = etree.Element(part.name)
                self._parts(container, part, table, told, texts, held)
                if len(container):
                    parent.append(container)
            elif text := texts.get(part.name):
                etree.SubElement(parent, part.name).text = text

    def _blocks(self, parent: Any, shape: Shape, table: Table, told: Told, held: dict[str, list[Told]]) -> None:
        mine = [row for row in held[table.name] if row.within == told.key]
        held[table.name] = [row for row in held[table.name] if row.within != told.key]
        for row in mine:
            block = etree.SubElement(parent, table.name)
            if table.leaf:
                self.rows[table.name] += 1
                block.text = self._texts.of(table, self._columns[table.name], row.values)[0]
            else:
                self._fill(block, shape, table, row, held)


def _has(shape: Shape, name: str) -> bool:
    """Whether an element of that name stands anywhere in a shape."""
    return any(part.name == name or _has(part, name) for part in shape.parts)


class Stream:
    """The rows of one table, read on only as far as the child in hand."""

    def __init__(self, rows: Iterator[Told]) -> None:
        self._children = groupby(rows, key=attrgetter("child"))
        self._next: tuple[tuple[str, int], list[Told]] | None = None
        self._read_on()

    def __iter__(self) -> Iterator[Told]:
        while self._next is not None:
            yield from self._next[1]
            self._read_on()

    def of(self, child: tuple[str, int]) -> list[Told]:
        """The rows of a child. Children come in order, so those before it have nothing to be told in."""
        while self._next is not None and self._next[0] < child:
            self._read_on()
        if self._next is None or self._next[0] != child:
            return []
        found = self._next[1]
        self._read_on()
        return found

    def _read_on(self) -> None:
        found = next(self._children, None)
        self._next = None if found is None else (found[0], list(found[1]))
