"""What a report may choose: the base of its rates, where its comparators come from, differences that are known and explained.

`data/reports/<year>.yaml` holds them by area; an operator's file of the same name in `var/local/reports/` comes first. Without either, the
rates are DfE's and the comparators the published statistics of the year before.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from sightline.core.errors import InputProblem
from sightline.standards import populations
from sightline.standards.data import data_dir, local_path
from sightline.standards.periods import Period

DFE = "dfe"
PRINTED = "printed"
SMALLEST_SHOWN = 5


@dataclass(frozen=True)
class Difference:
    """A known difference: which finding of the check it explains, why it is so, and who signed that.

    One that explains no finding is told to readers all the same: it says how this report differs from another.
    """

    finding: str
    explanation: str
    signed_by: str
    signed_on: str
    title: str = ""


@dataclass(frozen=True)
class Settings:
    """The choices of one report. `smallest_shown`: in the published edition, counts from 1 up to the number below it are withheld."""

    title: str = "Annual report on the effectiveness of safeguarding"
    body: str = ""
    population_rule: str = populations.DEFAULT_RULE
    comparators: str = DFE
    smallest_shown: int = SMALLEST_SHOWN
    notes: tuple[str, ...] = ()
    differences: tuple[Difference, ...] = field(default=())


def settings_for(of: Period, area_code: str) -> Settings:
    """The settings of an area's report. Raises InputProblem for a setting that there is not."""
    name = f"{of.label}.yaml"
    path = local_path("reports", name) or data_dir() / "reports" / name
    if not path.is_file():
        return Settings()
    held: Mapping[str, Any] = (yaml.safe_load(path.read_text(encoding="utf-8")) or {}).get("areas", {})
    given = dict(held.get(area_code) or {})
    given["notes"] = tuple(given.get("notes", ()))
    given["differences"] = tuple(Difference(**one) for one in given.get("differences", ()))
    try:
        found = Settings(**given)
    except TypeError as error:
        raise InputProblem(f"a setting of the report is not known: {error}", str(path.name)) from error
    if found.comparators not in (DFE, PRINTED):
        raise InputProblem(f"comparators: '{found.comparators}'", path.name, f"write {DFE} or {PRINTED}")
    return found
