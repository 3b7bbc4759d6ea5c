"""A new version of a local code set from a CSV file: what the file must be, what it changes, and the set as it is from its first day on.

The file lists the whole set as it shall be. Days before the first day are never touched: a code that is given another meaning keeps the old
one until the day before, and a code that is left out ends then.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from sightline.standards.codes import COLUMNS, Code, CodeSet
from sightline.standards.data import DataError, parse_date
from sightline.standards.dated import day_before, first_day, in_force, last_day, overlapping

MOST_BYTES = 200_000
MOST_ROWS = 1000
#: The width of a code field of the record, and of a label that a list can show.
LONGEST = {"code": 24, "label": 200}
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Version:
    """The set from its first day on, and what the version changes: old and new rows of a code."""

    codes: tuple[Code, ...]
    added: tuple[Code, ...]
    relabelled: tuple[tuple[Code, Code], ...]
    ended: tuple[Code, ...]
    left_out: tuple[Code, ...]

    @property
    def changes_nothing(self) -> bool:
        """Whether the set stays as it is."""
        return not (self.added or self.relabelled or self.ended)


def read_version(content: bytes, held: CodeSet, begins: date) -> Version:
    """The version that a file makes of the set. Raises DataError, naming the line."""
    given = [_row(row, line) for line, row in enumerate(_rows(content), start=2)]
    _check_overlaps(given)
    for line, row in enumerate(given, start=2):
        _check_past(row, held, begins, f"Line {line}")
    return _version(given, held, begins)


def _rows(content: bytes) -> list[dict[str, str]]:
    if len(content) > MOST_BYTES:
        raise DataError(
            f"The file is larger than {MOST_BYTES // 1000} kB. A code set is a short list: check that it is the right file."
        )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError("The file is not UTF-8 text: save it again as 'CSV UTF-8'.") from error
    if "\x00" in text:
        raise DataError("The file is not text: save it again as 'CSV UTF-8'.")
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        lines = [row for row in reader if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise DataError(f"Line {reader.line_num}: this is not CSV ({error}).") from error
    heads = [cell.strip() for cell in lines[0]] if lines else []
    if tuple(heads) != COLUMNS:
        raise DataError(f"The first line must be {','.join(COLUMNS)}. It is {','.join(heads)[:100] or 'empty'}.")
    if not 1 < len(lines) <= MOST_ROWS + 1:
        raise DataError(f"The file must list from 1 to {MOST_ROWS} codes. It lists {len(lines) - 1}.")
    if wrong := next((n for n, row in enumerate(lines, start=1) if len(row) != len(COLUMNS)), None):
        raise DataError(
            f"Line {wrong}: {len(COLUMNS)} values are needed. A label with a comma stands in double quotes."
        )
    return [dict(zip(COLUMNS, (cell.strip() for cell in row), strict=True)) for row in lines[1:]]


def _row(row: dict[str, str], line: int) -> Code:
    where = f"Line {line}"
    for name, longest in LONGEST.items():
        value = row[name]
        if not value:
            raise DataError(f"{where}: a code and a label are both needed.")
        if value.startswith(_FORMULA) or not value.isprintable():
            raise DataError(
                f"{where}: the {name} begins as a formula of a spreadsheet does, or holds a sign that cannot be printed."
            )
        if len(value) > longest:
            raise DataError(f"{where}: the {name} is longer than {longest} characters.")
    code = Code(row["code"], row["label"], parse_date(row["valid_from"], where), parse_date(row["valid_to"], where))
    if first_day(code) > last_day(code):
        raise DataError(f"{where}: code '{code.code}' ends before it starts.")
    return code


def _check_overlaps(given: list[Code]) -> None:
    spelt: dict[str, str] = {}
    for row in given:
        if spelt.setdefault(row.code.casefold(), row.code) != row.code:
            raise DataError(f"'{row.code}' and '{spelt[row.code.casefold()]}' differ only in capitals.")
    for code, rows in _by_code(given).items():
        if overlapping(rows):
            raise DataError(f"Code '{code}' has two lines that are valid on the same day. Give each its own days.")


def _check_past(row: Code, held: CodeSet, begins: date, where: str) -> None:
    """The days before the first day stay as they are."""
    before = [one for one in held if one.code == row.code and first_day(one) < begins]
    if last_day(row) < day_before(begins) and row not in before:
        eve = day_before(begins)
        raise DataError(
            f"{where}: '{row.code}' ends on {row.valid_to}, and days before {begins} are not changed."
            f" It ends on {eve} at the earliest."
        )
    if row.valid_from is not None and row.valid_from < begins and not before:
        raise DataError(f"{where}: '{row.code}' is new and begins on {begins} at the earliest.")


def _version(given: list[Code], held: CodeSet, begins: date) -> Version:
    eve = day_before(begins)
    old = {row.code: row for row in held if in_force(row, begins)}
    new = {row.code: row for row in given if in_force(row, begins)}
    kept = [_until(row, eve) for row in held if first_day(row) < begins]
    coming = [_from(row, begins) for row in given if last_day(row) >= begins]
    listed = {row.code for row in given}
    ended = tuple(row for code, row in old.items() if code not in new)
    return Version(
        codes=tuple(_joined(kept, coming, eve)),
        added=tuple(row for code, row in new.items() if code not in old),
        relabelled=tuple((old[code], row) for code, row in new.items() if code in old and old[code].label != row.label),
        ended=ended + tuple(row for row in coming if row.valid_to and row.code in old and row.valid_to != old[row.code].valid_to),
        left_out=tuple(row for row in ended if row.code not in listed),
    )  # fmt: skip


def _until(row: Code, eve: date) -> Code:
    return replace(row, valid_to=min(last_day(row), eve))


def _from(row: Code, begins: date) -> Code:
    return replace(row, valid_from=max(first_day(row), begins))


def _joined(kept: list[Code], coming: list[Code], eve: date) -> Iterable[Code]:
    """In the order of the file, codes that are no longer listed last; one that only goes on is one row, as it was."""
    past = _by_code(kept)
    for row in coming:
        before = past.get(row.code, [])
        goes_on = next((one for one in before if one.label == row.label and one.valid_to == eve), None)
        if goes_on and first_day(row) == date.fromordinal(eve.toordinal() + 1):
            before.remove(goes_on)
        else:
            goes_on = None
        yield from past.pop(row.code, [])
        yield replace(row, valid_from=goes_on.valid_from) if goes_on else row
    for rows in past.values():
        yield from rows


def _by_code(rows: Iterable[Code]) -> dict[str, list[Code]]:
    found: dict[str, list[Code]] = defaultdict(list)
    for row in rows:
        found[row.code].append(row)
    return dict(found)
