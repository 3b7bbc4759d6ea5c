"""How long records are kept: one period for each class, counted from a named event, replaceable where local policy decides.

`data/retention.csv` holds the defaults; a file of the same name in the operator's local folder replaces the classes that are local.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sightline.standards.data import DataError, data_path, local_path, parse_date, parse_flag, read_csv, remembered
from sightline.standards.dated import in_force
from sightline.standards.dates import add_years

COLUMNS = ("class", "title", "years", "counted_from", "valid_from", "valid_to", "source", "local")
EVENTS = frozenset({"birth", "death", "adoption_order", "recorded"})


@dataclass(frozen=True, slots=True)
class Period:
    """The years for which records of a class are kept from an event on."""

    id: str
    title: str
    years: int
    counted_from: str
    valid_from: date | None
    valid_to: date | None
    source: str
    local: bool

    def ends(self, event: date) -> date:
        """The first day on which the records may be disposed of."""
        return add_years(event, self.years)


def period(id: str, on: date) -> Period:
    """The period of a class in force on a day. Raises DataError when there is none."""
    for found in periods():
        if found.id == id and in_force(found, on):
            return found
    raise DataError(f"retention.csv: no class '{id}' is in force on {on}.")


@remembered
def periods() -> tuple[Period, ...]:
    """Every class, the operator's own in place of those that are local. Raises DataError where one is not theirs to choose."""
    shipped = _read(data_path("retention.csv"))
    path = local_path("retention.csv")
    own = _read(path) if path else ()
    fixed = {one.id for one in shipped if not one.local}
    if strays := sorted({one.id for one in own} & fixed):
        raise DataError(f"{path}: the period of {', '.join(strays)} is set by law and cannot be replaced.")
    replaced = {one.id for one in own}
    return (*own, *(one for one in shipped if one.id not in replaced))


def _read(path: Path) -> tuple[Period, ...]:
    return tuple(_period(row, f"{path}, line {line}") for line, row in enumerate(read_csv(path, COLUMNS), start=2))


def _period(row: dict[str, str], where: str) -> Period:
    if not row["years"].isdigit() or int(row["years"]) == 0:
        raise DataError(f"{where}: '{row['years']}' is not a whole number of years.")
    if row["counted_from"] not in EVENTS:
        raise DataError(f"{where}: '{row['counted_from']}' is none of {', '.join(sorted(EVENTS))}.")
    first, last = parse_date(row["valid_from"], where), parse_date(row["valid_to"], where)
    local = parse_flag(row["local"], where)
    return Period(row["class"], row["title"], int(row["years"]), row["counted_from"], first, last, row["source"], local)
