"""The figures printed in the 2016-17 report, as rows, and how one of them is compared with a figure of ours."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

LEDGER = Path(__file__).with_name("annual_report_2016_17.csv")


@dataclass(frozen=True)
class Printed:
    """One printed figure. `value` is unsigned where `direction` says which way it went."""

    ledger_id: str
    kind: str
    printed: str
    unit: str
    relation: str
    direction: str
    places: int
    as_at: str
    population: str
    derivable: str
    outcome: str
    measure: str
    period: str
    aspect: str
    of: str
    breakdown: str
    category: str
    reason: str


def ledger() -> list[Printed]:
    """Every printed figure of the chapters."""
    with LEDGER.open(newline="", encoding="utf-8") as stream:
        return [Printed(**{**row, "places": int(row["places"])}) for row in csv.DictReader(stream)]  # type: ignore[arg-type]


def differs(printed: Printed, figure: Mapping[str, Any]) -> str:
    """In what a figure of figures.json differs from what was printed; empty when it does not."""
    value = figure["value"]
    if value is None:
        return f"printed {printed.printed}, ours has no value: {figure['status']}"
    wanted = Decimal(printed.printed)
    ours = Decimal(repr(float(value)))
    if printed.direction in ("increase", "decrease"):
        if ours and (ours > 0) != (printed.direction == "increase"):
            return f"printed as an {printed.direction}, ours is {value}"
        ours = abs(ours)
    rounded = ours.quantize(Decimal(1).scaleb(-printed.places), rounding=ROUND_HALF_UP)
    agrees = {
        "eq": rounded == wanted,
        "gt": ours > wanted,
        "about": abs(rounded - wanted) <= wanted / 100,
    }[printed.relation]
    if not agrees:
        return f"printed {printed.relation} {printed.printed}, ours is {value}"
    if printed.as_at and figure["as_at"] and printed.as_at != figure["as_at"] and printed.kind != "target":
        return f"printed as at {printed.as_at}, ours is {figure['as_at']}"
    people = printed.population.split(" ")[0]
    if people.isdigit() and figure["denominator"] != int(people):
        return f"printed over {people} children, ours is over {figure['denominator']}"
    return ""
