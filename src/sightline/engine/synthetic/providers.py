"""The invented providers of placements as a list like Ofsted's, which a return is held against and which is not published as a whole."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from sightline.core.errors import InputProblem
from sightline.standards.areas import area

COLUMNS = ("URN", "LA_NAME_FROM_ONS_LOOKUP", "LA_CODE_INFERRED", "PLACE_CODES", "PROVIDER_CODES", "OUTWARD_POSTCODE")


@dataclass(slots=True)
class Provider:
    """A line of the list: the types of placement it provides, its sector, and where it is."""

    urn: str
    sector: str
    authority: str
    outward: str = ""
    codes: set[str] = field(default_factory=set)


def write_list(path: Path, providers: Iterable[Provider]) -> None:
    """Write the list as `sightline validate --providers` reads it. Raises InputProblem where the file cannot be written."""
    try:
        with path.open("w", encoding="utf-8", newline="") as file:
            lines = csv.writer(file)
            lines.writerow(COLUMNS)
            for one in providers:
                codes = ", ".join(sorted(one.codes))
                lines.writerow((one.urn, area(one.authority).name, one.authority, codes, one.sector, one.outward))
    except OSError as error:
        advice = "Name a file in a folder that you may write to."
        raise InputProblem(f"Cannot be written: {error.strerror}", str(path), advice) from error
