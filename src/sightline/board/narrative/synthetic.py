"""The demonstration board's words: read from `data/demo/`, where a file is held for the profile's area and year."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import yaml

from sightline.engine.synthetic.tables import Table
from sightline.engine.synthetic.world import World
from sightline.standards.data import data_dir
from sightline.standards.periods import containing

ORDER = 900
COLUMNS = (
    "id",
    "year",
    "chapter",
    "kind",
    "position",
    "text",
    "author",
    "signed_off_by",
    "signed_off_at",
    "recorded_at",
)


def live(world: World) -> None:
    """Words do not live."""
    del world


def tables(world: World) -> Iterator[Table]:
    """The statements, once."""
    year = containing(world.profile.year_end, "year").label
    path = data_dir() / "demo" / f"narrative-{year}.yaml"
    held: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8")) if path.is_file() else {}
    if held.get("area") == world.profile.area and world.block == 0:
        yield _statements(world, held)


def _statements(world: World, held: dict[str, Any]) -> Table:
    given = held["statements"]
    ids = world.reserve("narrative.Statement", len(given))
    places: Counter[tuple[str, str]] = Counter()
    rows = []
    signed_at: datetime = held["signed_off_at"].astimezone(UTC)
    for id, one in zip(ids, given, strict=True):
        place = (one["chapter"], one["kind"])
        places[place] += 1
        signature = (held["signed_off_by"], signed_at)
        rows.append((id, held["year"], *place, places[place], one["text"], one["author"], *signature, signed_at))
    return Table("narrative.Statement", COLUMNS, rows)
