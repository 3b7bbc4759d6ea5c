"""The Department's lists of rules: code, message, severity and collection years, from `data/returns/<return>/rules.csv`.

The messages are the Department's own (Crown copyright, Open Government Licence v3.0).
"""

from __future__ import annotations

from dataclasses import dataclass

from sightline.standards.data import data_path, read_csv, remembered


@dataclass(frozen=True)
class Listed:
    """A rule as the Department lists it. `years` are collection years by the year in which they end."""

    code: str
    message: str
    severity: str
    tables: tuple[str, ...]
    fields: tuple[str, ...]
    years: frozenset[int]


@remembered
def listed(return_: str) -> dict[str, Listed]:
    """The rules of a return by code, in the order of the list."""
    rows = read_csv(data_path("returns", return_, "rules.csv"), ("code", "message", "severity", "years_present"))
    return {
        row["code"]: Listed(
            code=row["code"],
            message=row["message"],
            severity=row["severity"].lower(),
            tables=_parts(row["tables"]),
            fields=_parts(row["fields"]),
            years=frozenset(int(year[:4]) + 1 for year in _parts(row["years_present"])),
        )
        for row in rows
    }


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(";") if part.strip())
