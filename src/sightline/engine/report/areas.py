"""Which area a report is about, when the command or a page leaves it open."""

from __future__ import annotations

from sightline.core.errors import InputProblem
from sightline.engine.snapshot.store import Snapshot
from sightline.standards.areas import area
from sightline.standards.periods import Period


def area_asked(text: str | None, snapshot: Snapshot, of: Period | None = None) -> str:
    """The code of the area asked for, or of the only one with records of the period. Raises InputProblem."""
    coverage = snapshot.manifest.coverage
    of_period = {row.area for row in coverage if of and row.start <= of.start and of.end <= row.end}
    covered = sorted(of_period or {row.area for row in coverage})
    if text:
        found = area(text)
        if not found.known and found.code not in covered:
            raise InputProblem(f"'{text}' is not a known area", "--area", "write a GSS code or a name")
        return found.code
    if len(covered) == 1:
        return covered[0]
    if not covered:
        raise InputProblem(
            "the snapshot covers no area", snapshot.id, "load records first, or name an area with --area"
        )
    names = ", ".join(f"{code} ({area(code).name})" for code in covered)
    raise InputProblem("several areas have records", "--area", f"choose one: {names}")
