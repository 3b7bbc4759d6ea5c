"""What every reader of a return's CSV files does: find the table by the file's name, part the cells, refuse what is no such file."""

from __future__ import annotations

import re
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from sightline.core.errors import InputProblem

_DELIMITERS = ",;\t|"
#: What a file's name may carry around the table's: `SSDA903_Episodes_2017-18.csv`.
_AROUND = re.compile(r"^(ssda903|ssda|903)|(19|20)\d\d[-_ ]?(\d\d)?(\d\d)?$")
#: A cell of which something is to be taken away: spaces at either end, or all of it.
_LOOSE = r"^\s|\s$|^$"
_LOUD = re.compile(r"[^a-z0-9]")


def table_called(file: str) -> str:
    """The table that a file's name speaks of, by its letters and digits; empty for a file that is no CSV."""
    stem, _, ending = file.rpartition(".")
    if ending.lower() not in ("csv", "txt"):
        return ""
    return _LOUD.sub("", _AROUND.sub("", _AROUND.sub("", stem.lower()).strip("-_ ")))


def delimiter(heading: str) -> str:
    """What parts the cells of a file, from its first line."""
    return max(_DELIMITERS, key=heading.count)


def cells_of(heading: str) -> list[str]:
    """The names in the first line of a file."""
    return [cell.strip().strip('"').strip() for cell in heading.rstrip("\r\n").split(delimiter(heading))]


def refuse_twice(names: list[str], where: str) -> None:
    """Raises InputProblem where a column comes twice; columns without a name may."""
    named = [name for name in names if name]
    if len(set(named)) < len(named):
        raise InputProblem("A column comes twice", f"{where}, line 1", "Leave each column once.")


def table_twice(table: str, where: str) -> InputProblem:
    """Two files that are one table."""
    return InputProblem(f"Two files are the table {table}", where, "Leave one of them in the folder.")


def not_utf8(where: str) -> InputProblem:
    """A file that is not UTF-8 text."""
    return InputProblem(
        "The file is not UTF-8 text", where, "Save it again as 'CSV UTF-8'; Excel's plain 'CSV' is not."
    )


def trimmed(cells: Any) -> Any:
    """A column of texts without spaces around them, null where nothing is left; the column itself where it is so already."""
    if not pc.any(pc.match_substring_regex(cells, _LOOSE)).as_py():
        return cells
    bare = pc.utf8_trim_whitespace(cells)
    return pc.if_else(pc.equal(bare, ""), pa.scalar(None, pa.string()), bare)
