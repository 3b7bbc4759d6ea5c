"""Results kept beside their snapshot: worked out once for each period and set of definitions.

The name of the kept file holds a hash of everything that decides a figure (facts, measures, the engine, code maps),
so that a changed definition never answers with an old number.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from sightline.core.registry import pathway_modules
from sightline.engine.derive.source import SnapshotTables
from sightline.engine.measures.compute import RESULTS, ReadingPlan, compiled, compute
from sightline.engine.measures.declare import Measure
from sightline.engine.measures.registry import measures
from sightline.engine.measures.results import Results
from sightline.engine.snapshot.store import Snapshot
from sightline.standards import populations
from sightline.standards.data import data_dir, local_path
from sightline.standards.local_changes import in_use
from sightline.standards.periods import Period

_ENGINE = Path(__file__).resolve().parents[1]
_MAPS = ("ethnicity_group_map", "placement_group_map", "reason_ceased_group_map", "age_band_dfe", "age_band_lac")


def results_for(
    snapshot: Snapshot, periods: Sequence[Period], *, population_rule: str = populations.DEFAULT_RULE
) -> Results:
    """Results of every measure for the periods: those already kept are read, the others worked out and kept."""
    folder = snapshot.path / "results" / definitions_hash()
    known, table = _read(folder)
    missing = [period for period in dict.fromkeys(periods) if period.label not in known]
    if missing:
        tables, plans = opened(snapshot)
        table = pa.concat_tables([table, compute(tables, plans, missing)])
        _write(folder, known | {period.label for period in missing}, table)
    return Results(table, population_rule=population_rule)


def opened(snapshot: Snapshot) -> tuple[SnapshotTables, list[ReadingPlan]]:
    """The snapshot with its facts worked out, and the plans of every measure: compiled once for each set of definitions and schema."""
    kept = snapshot.path.parent / ".plans" / f"{definitions_hash()}-{snapshot.manifest.schema}.json"
    if kept.is_file():
        raw = json.loads(kept.read_text(encoding="utf-8"))
        return SnapshotTables(snapshot, raw["facts"]), [_plan(plan) for plan in raw["plans"]]
    tables = SnapshotTables(snapshot)
    plans = compiled(tables, [what for what in measures().values() if isinstance(what, Measure)])
    _put_in_place(kept, json.dumps({"facts": tables.fact_statements, "plans": [asdict(plan) for plan in plans]}))
    return tables, plans


def _plan(raw: dict[str, Any]) -> ReadingPlan:
    ids = {breakdown: tuple(found) for breakdown, found in raw["measures"].items()}
    return ReadingPlan(
        tuple(raw["streams"]), raw["lookback_months"], raw["window_months"], raw["held"], raw["summed"], ids
    )


def definitions_hash() -> str:
    """A hash of what decides a figure: the source of facts, measures and engine, the maps they group by, and the local rules followed."""
    return _hash(tuple(sorted(in_use().editions.items())))


@cache
def _hash(rules: tuple[tuple[str, int], ...]) -> str:
    digest = hashlib.sha256(repr(rules).encode() if rules else b"")
    for path in [*_source_files(), *_map_files()]:
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _source_files() -> list[Path]:
    declared = [Path(str(module.__file__)) for name in ("facts", "measures") for module in pathway_modules(name)]
    return [*sorted((_ENGINE / "derive").glob("*.py")), *sorted((_ENGINE / "measures").glob("*.py")), *declared]


def _map_files() -> list[Path]:
    return [local_path("codesets", f"{name}.csv") or data_dir() / "codesets" / f"{name}.csv" for name in _MAPS]


def _read(folder: Path) -> tuple[set[str], pa.Table]:
    try:
        known = set(json.loads((folder / "periods.json").read_text(encoding="utf-8")))
        return known, pq.read_table(folder / "results.parquet", schema=RESULTS)
    except FileNotFoundError:
        return set(), RESULTS.empty_table()


def _write(folder: Path, known: set[str], table: pa.Table) -> None:
    """The table before the list of periods that says it is there; each put in place whole."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = folder / f".{os.getpid()}"
    pq.write_table(table, draft)
    draft.replace(folder / "results.parquet")
    _put_in_place(folder / "periods.json", json.dumps(sorted(known)))


def _put_in_place(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}-{os.getpid()}")
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)
