"""Dated statutory frameworks: which edition of Working Together, and which local arrangements, were in force on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sightline.standards.data import DataError, data_path, parse_date, parse_flag, read_csv, remembered
from sightline.standards.dated import in_force as _in_force
from sightline.standards.dated import overlapping


@dataclass(frozen=True, slots=True)
class Framework:
    """One edition. `series` is `working_together` or `local_arrangements`; valid on both its first and its last day."""

    id: str
    series: str
    title: str
    valid_from: date | None
    valid_to: date | None
    source: str
    verified: bool


@remembered
def frameworks(series: str = "working_together") -> tuple[Framework, ...]:
    """The editions of a series, oldest first. Raises DataError for a series that is not held or whose editions overlap."""
    path = data_path("frameworks.csv")
    found = [
        Framework(
            row["id"],
            row["series"],
            row["title"],
            parse_date(row["valid_from"], row["id"]),
            parse_date(row["valid_to"], row["id"]),
            row["source"],
            parse_flag(row["verified"], row["id"]),
        )
        for row in read_csv(path)
        if row["series"] == series
    ]
    if not found:
        raise DataError(f"{path}: no frameworks of the series '{series}'.")
    if clash := overlapping(found):
        raise DataError(f"{path}: {clash[0].id} and {clash[1].id} are in force on the same day.")
    return tuple(sorted(found, key=lambda framework: framework.valid_from or date.min))


def framework(id: str) -> Framework:
    """The framework of that id, such as `WT2015`. Raises DataError."""
    for series in ("working_together", "local_arrangements"):
        for found in frameworks(series):
            if found.id == id:
                return found
    raise DataError(f"no framework '{id}'.")


def in_force(day: date, series: str = "working_together") -> Framework | None:
    """The edition in force on a day, None before the first that is held."""
    return next((found for found in frameworks(series) if _in_force(found, day)), None)
