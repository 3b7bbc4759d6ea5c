"""Where snapshots lie and what their manifests say. No database here: a snapshot can be read on its own."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from sightline.core.errors import InputProblem

MANIFEST = "manifest.json"


@dataclass(frozen=True)
class TableEntry:
    """One table of a snapshot."""

    rows: int
    sha256: str
    columns: tuple[str, ...]


@dataclass(frozen=True)
class Covered:
    """What a source's rows cover: one stream of one area, from a day to a day, both included."""

    area: str
    source_system: str
    stream: str
    start: date
    end: date


@dataclass(frozen=True)
class Manifest:
    """What a snapshot is: when it was taken, of which schema, with which rows.

    `last_change` is the number of the newest write to any record that it holds, `ledger` a mark of the deadlines that it holds.
    `rules`: each local rule that differed from the installed one, with the number of the change that was followed.
    """

    id: str
    taken_at: str
    schema: str
    tables: dict[str, TableEntry]
    coverage: tuple[Covered, ...] = field(default=())
    last_change: int = 0
    ledger: str = ""
    rules: dict[str, int] = field(default_factory=dict)

    def to_json(self) -> str:
        """The manifest as JSON text."""
        return json.dumps(asdict(self), indent=1, default=str, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> Manifest:
        """Reads what `to_json` wrote."""
        raw: dict[str, Any] = json.loads(text)
        tables = {
            name: TableEntry(entry["rows"], entry["sha256"], tuple(entry["columns"]))
            for name, entry in raw["tables"].items()
        }
        coverage = tuple(
            Covered(
                c["area"], c["source_system"], c["stream"], date.fromisoformat(c["start"]), date.fromisoformat(c["end"])
            )
            for c in raw["coverage"]
        )
        marks = (raw["last_change"], raw.get("ledger", ""), raw.get("rules", {}))
        return cls(raw["id"], raw["taken_at"], raw["schema"], tables, coverage, *marks)


@dataclass(frozen=True)
class Snapshot:
    """A snapshot on disk."""

    path: Path

    @property
    def id(self) -> str:
        """Its name, which figures quote."""
        return self.path.name

    @cached_property
    def manifest(self) -> Manifest:
        """Its manifest. Raises InputProblem when it is missing: the snapshot was not finished."""
        file = self.path / MANIFEST
        if not file.is_file():
            raise InputProblem(
                "this is not a finished snapshot", str(self.path), "take a new one: ./sightline snapshot"
            )
        return Manifest.from_json(file.read_text(encoding="utf-8"))

    def file(self, table: str) -> Path:
        """The Parquet file of a table."""
        return self.path / "tables" / f"{table}.parquet"

    def verify(self) -> list[str]:
        """Names of the tables whose files do not match the manifest."""
        return [name for name, entry in self.manifest.tables.items() if file_hash(self.file(name)) != entry.sha256]


def file_hash(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def snapshots(folder: Path) -> list[Snapshot]:
    """Finished snapshots, the newest last."""
    return [Snapshot(path.parent) for path in sorted(folder.glob(f"*/{MANIFEST}"))]


def latest(folder: Path) -> Snapshot:
    """The newest snapshot. Raises InputProblem when there is none."""
    found = snapshots(folder)
    if not found:
        raise InputProblem("there is no snapshot yet", str(folder), "take one: ./sightline snapshot")
    return found[-1]
