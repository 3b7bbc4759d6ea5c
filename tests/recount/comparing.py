"""The engine's results and the recount's, side by side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import isclose
from pathlib import Path

import pytest

from sightline.engine.measures.compute import compute
from sightline.engine.measures.declare import Combined
from sightline.engine.measures.registry import measures
from sightline.engine.measures.results import Results
from sightline.engine.measures.store import opened
from sightline.engine.snapshot.store import Snapshot
from sightline.standards.periods import Period

from . import after_care, child_protection, combined, front_door, looked_after  # noqa: F401 (each registers its recounts)
from .counting import TOTAL, Count, recount
from .reader import Tables

NOTHING = Count(0, 0, None)


@dataclass
class Comparison:
    """How many figures were compared, how many of each measure were not nought, and those that differ."""

    figures: int = 0
    nonzero: Counter[str] = field(default_factory=Counter)
    different: list[str] = field(default_factory=list)

    def note(self, where: Sequence[str], engine: object, ours: object, *, same: bool) -> None:
        """One figure."""
        self.figures += 1
        if (ours.number if isinstance(ours, Count) else ours) not in (None, 0):
            self.nonzero[where[0]] += 1
        if not same:
            self.different.append(f"{' | '.join(where)}: engine {engine}, recount {ours}")


def snapshots(factory: pytest.TempPathFactory) -> Path:
    """One folder for the snapshots of a test run, so that the measures are compiled once for all of them."""
    folder = factory.getbasetemp() / "snapshots"
    folder.mkdir(exist_ok=True)
    return folder


def compare(snapshot: Snapshot, periods: Sequence[Period], areas: Iterable[str]) -> Comparison:
    """Every measure, period and breakdown of the areas, by the engine and by the recount."""
    tables, plans = opened(snapshot)
    results = compute(tables, plans, periods)
    tables.backend.disconnect()
    held: dict[tuple[str, str, str], dict[tuple[str, str], Count]] = {}
    for line in results.to_pylist():
        where = held.setdefault((line["measure"], line["area"], line["period"]), {})
        where[line["breakdown"] or "", line["category"] or ""] = Count(line["base"], line["number"], line["amount"])
    plain, found, asked = Tables(snapshot.path), Comparison(), set(periods)
    total = Results(results)
    for area in areas:
        for period in periods:
            for what in measures().values():
                if isinstance(what, Combined):
                    if not asked.issuperset(_parts(what, period)):
                        continue
                    ours, engine = (
                        combined.combined(plain, what.id, period, area),
                        total.result(what.id, period, area).value,
                    )
                    found.note((what.id, area, period.label), engine, ours, same=_close(engine, ours))
                else:
                    engine_lines = held.get((what.id, area, period.label))
                    _compare_one(
                        found, (what.id, area, period.label), engine_lines, recount(plain, what.id, period, area)
                    )
    return found


def _parts(what: Combined, period: Period) -> list[Period]:
    """The periods that a combined measure is made of."""
    if what.parts == "week":
        return [period]
    return period.months() if what.parts == "month" else period.quarters()


Lines = dict[tuple[str, str], Count] | None


def _compare_one(found: Comparison, where: tuple[str, str, str], engine: Lines, ours: Lines) -> None:
    if engine is None or ours is None:
        found.note((*where, "coverage"), engine, ours, same=engine is None and ours is None)
        return
    for key in sorted({TOTAL, *engine, *ours}):
        theirs, mine = engine.get(key, NOTHING), ours.get(key, NOTHING)
        same = (theirs.base, theirs.number) == (mine.base, mine.number) and _close(theirs.amount, mine.amount)
        found.note((*where, *key), theirs, mine, same=same)


def _close(one: float | None, other: float | None) -> bool:
    return one is other if one is None or other is None else isclose(one, other, rel_tol=1e-9)
