"""Reading an SSDA903 set to the tables that its rules read: CSV files, found by name as the import finds them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from sightline.core.errors import InputProblem
from sightline.engine.exchange.rules.declarations import RuleTable, plain
from sightline.engine.exchange.spreadsheets import refuse_formulas
from sightline.returns.ssda903.tables import TABLES

DELIMITERS = ",;\t|"
#: What a file's name may carry around the table's: `SSDA903_Episodes_2017-18.csv`.
_AROUND = re.compile(r"^(ssda903|ssda|903)|(19|20)\d\d[-_ ]?(\d\d)?(\d\d)?$")


def read(files: Mapping[str, Path], shown_as: str) -> dict[str, pa.Table]:
    """The tables of a set as texts, by their names. Files that are no table of the set are left. Raises InputProblem."""
    found: dict[str, pa.Table] = {}
    for name, path in files.items():
        table = _table(name)
        if table is None:
            continue
        if table.name in found:
            raise InputProblem(f"Two files are the table {table.name}", shown_as, "Leave one of them in the folder.")
        found[table.name] = _read(path, f"{shown_as}/{name}")
    if not found:
        raise InputProblem(
            "No file of the set was found",
            shown_as,
            "Give the folder that holds the CSV files; they are found by name, as in episodes.csv.",
        )
    return found


def _table(name: str) -> RuleTable | None:
    stem, _, ending = name.rpartition(".")
    if ending.lower() not in ("csv", "txt"):
        return None
    bare = plain(_AROUND.sub("", _AROUND.sub("", stem.lower()).strip("-_ ")))
    return next((table for table in TABLES if bare in (plain(table.name), *table.other)), None)


def _read(path: Path, where: str) -> pa.Table:
    try:
        with path.open(encoding="utf-8-sig") as source:
            heading = source.readline()
        names = [cell.strip().strip('"').strip() for cell in heading.rstrip("\r\n").split(delimiter(heading))]
        if len(set(names)) < len(names):
            raise InputProblem("A column comes twice", f"{where}, line 1", "Leave each column once.")
        table = csv.read_csv(
            path,
            read_options=csv.ReadOptions(column_names=names, skip_rows=1),
            parse_options=csv.ParseOptions(delimiter=delimiter(heading), newlines_in_values=False),
            convert_options=csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
            ),
        )
    except UnicodeDecodeError:
        raise _not_text(where) from None
    except pa.ArrowInvalid as error:
        raise _unreadable(str(error), where) from None
    for name in table.column_names:
        refuse_formulas(table[name], where, name)
    blank = pa.scalar("")
    whole = [pc.equal(pc.utf8_trim_whitespace(table[name]), blank) for name in table.column_names]
    if not whole:
        return table
    empty = whole[0]
    for one in whole[1:]:
        empty = pc.and_(empty, one)
    return table.filter(pc.invert(empty))


def delimiter(heading: str) -> str:
    """What parts the cells of a file, from its first line."""
    return max(DELIMITERS, key=heading.count)


def _not_text(where: str) -> InputProblem:
    return InputProblem(
        "The file is not UTF-8 text", where, "Save it again as 'CSV UTF-8'; Excel's plain 'CSV' is not."
    )


def _unreadable(complaint: str, where: str) -> InputProblem:
    """The reader's complaint without the line that it quotes."""
    if "UTF8" in complaint:
        return _not_text(where)
    line = re.search(r"[Rr]ow #(\d+)", complaint)
    place = f"{where}, line {line[1]}" if line else where
    if "Expected" in complaint:
        return InputProblem(
            "A row has more or fewer cells than the first line",
            place,
            "Export the file again; if it was sent, check that all of it arrived.",
        )
    return InputProblem("The file is not well-formed CSV", place, "Export it again.")
