"""Numbers that a partnership chooses for itself, dated like every rule: `local_rule("CONFERENCE-QUORUM", on=day)`.

The shipped ones are `data/local_rules.csv`; an operator's file of the same name in the local folder replaces those it names.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sightline.standards.data import DataError, data_path, local_path, parse_date, read_csv, remembered
from sightline.standards.dated import in_force

COLUMNS = ("id", "title", "value", "valid_from", "valid_to", "source")


@dataclass(frozen=True, slots=True)
class LocalRule:
    """One number and the days on which it holds."""

    id: str
    title: str
    value: int
    valid_from: date | None
    valid_to: date | None
    source: str


def local_rule(id: str, on: date) -> int:
    """The number in force on a day. Raises DataError when there is none."""
    for rule in _all():
        if rule.id == id and in_force(rule, on):
            return rule.value
    raise DataError(f"local_rules.csv: no rule '{id}' is in force on {on}.")


@remembered
def _all() -> tuple[LocalRule, ...]:
    shipped = _read(data_path("local_rules.csv"))
    path = local_path("local_rules.csv")
    own = _read(path) if path else []
    replaced = {rule.id for rule in own}
    return (*own, *(rule for rule in shipped if rule.id not in replaced))


def _read(path: Path) -> list[LocalRule]:
    return [_rule(row, f"{path}, line {line}") for line, row in enumerate(read_csv(path, COLUMNS), start=2)]


def _rule(row: dict[str, str], where: str) -> LocalRule:
    if not row["value"].isdigit():
        raise DataError(f"{where}: '{row['value']}' is not a whole number.")
    first, last = parse_date(row["valid_from"], where), parse_date(row["valid_to"], where)
    return LocalRule(row["id"], row["title"], int(row["value"]), first, last, row["source"])
