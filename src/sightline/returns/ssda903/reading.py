"""Reading an SSDA903 set to the tables that its rules read: CSV files, found by name as the import finds them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import reduce
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from sightline.core.errors import InputProblem
from sightline.engine.exchange.csv_files import (
    cells_of,
    delimiter,
    not_utf8,
    refuse_twice,
    table_called,
    table_twice,
    trimmed,
)
from sightline.engine.exchange.rules.declarations import RuleTable, plain
from sightline.engine.exchange.spreadsheets import refuse_formulas
from sightline.returns.ssda903.tables import TABLES

#: What the schema asks for in every row. Blank cells of most of these are no rule's: the Department's own system would not load the file.
#: Source: SSDA903 schema 3.3.0 (elements without minOccurs="0").
REQUIRED = {
    "Header": ("CHILD", "UPN", "SEX", "DOB", "ETHNIC"),
    "Episodes": ("CHILD", "DECOM", "RNE", "LS", "CIN"),
    "Reviews": ("REVIEW", "REVIEW_CODE"),
    "Missing": ("MISSING", "MIS_START"),
    "PlacedAdoption": ("DATE_PLACED",),
}


def blanks(tables: Mapping[str, pa.Table]) -> list[tuple[int, str]]:
    """Where a table lacks what the schema asks for in every row: line of its file, and what is wrong. A column that did not come is told once."""
    found: list[tuple[int, str]] = []
    for name, columns in REQUIRED.items():
        held = tables.get(name)
        if held is None:
            continue
        known = {plain(column): column for column in held.column_names}
        for column in columns:
            if plain(column) not in known:
                found.append((1, f"{name}: the column {column} is missing, and the schema asks for it in every row"))
                continue
            rows = pc.indices_nonzero(pc.is_null(held[known[plain(column)]])).to_pylist()
            found += [(row + 2, f"{name}: {column} is empty, and the schema asks for it in every row") for row in rows]
    return sorted(found)


def read(files: Mapping[str, Path], shown_as: str) -> dict[str, pa.Table]:
    """The tables of a set as texts, by their names. Files that are no table of the set are left. Raises InputProblem."""
    found: dict[str, pa.Table] = {}
    for name, path in files.items():
        table = _table(name)
        if table is None:
            continue
        if table.name in found:
            raise table_twice(table.name, shown_as)
        found[table.name] = _read(path, f"{shown_as}/{name}")
    if not found:
        raise InputProblem(
            "No file of the set was found",
            shown_as,
            "Give the folder that holds the CSV files; they are found by name, as in episodes.csv.",
        )
    return found


def _table(name: str) -> RuleTable | None:
    bare = table_called(name)
    return next((table for table in TABLES if bare in (plain(table.name), *table.other)), None)


def _read(path: Path, where: str) -> pa.Table:
    try:
        with path.open(encoding="utf-8-sig") as source:
            heading = source.readline()
        names = cells_of(heading)
        refuse_twice(names, where)
        # A column without a name is none of the return's; the reader wants each to have its own.
        names = [name or f"unnamed {number}" for number, name in enumerate(names)]
        table = csv.read_csv(
            path,
            read_options=csv.ReadOptions(column_names=names, skip_rows=1),
            parse_options=csv.ParseOptions(delimiter=delimiter(heading), newlines_in_values=False),
            convert_options=csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), null_values=[""], strings_can_be_null=True
            ),
        )
    except UnicodeDecodeError:
        raise not_utf8(where) from None
    except pa.ArrowInvalid as error:
        raise _unreadable(str(error), where) from None
    for name in table.column_names:
        refuse_formulas(table[name], where, name)
    table = pa.table({name: trimmed(table[name]) for name in names})
    says_something = reduce(pc.or_, (pc.is_valid(column) for column in table.columns))
    return table if pc.all(says_something).as_py() else table.filter(says_something)


def _unreadable(complaint: str, where: str) -> InputProblem:
    """The reader's complaint without the line that it quotes."""
    if "UTF8" in complaint:
        return not_utf8(where)
    line = re.search(r"[Rr]ow #(\d+)", complaint)
    place = f"{where}, line {line[1]}" if line else where
    if "Expected" in complaint:
        return InputProblem(
            "A row has more or fewer cells than the first line",
            place,
            "Export the file again; if it was sent, check that all of it arrived.",
        )
    return InputProblem("The file is not well-formed CSV", place, "Export it again.")
