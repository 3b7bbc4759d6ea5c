"""Makes a synthetic partnership and puts it into the record, block by block, through the bulk action."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.apps import apps
from django.db import connection

from sightline.core.errors import InputProblem
from sightline.core.organisations.models import Organisation
from sightline.core.records.models import Coverage, Record
from sightline.engine.actions import bulk
from sightline.engine.synthetic.generate import DEFAULT_SEED, blocks, live, tables
from sightline.engine.synthetic.profile import Profile, read
from sightline.engine.synthetic.providers import Provider
from sightline.engine.synthetic.world import World
from sightline.standards.areas import area

SOURCE_SYSTEM = "synthetic"
DEMONSTRATION = "staffordshire-2016-17"
Tell = Callable[[str], None]


@dataclass
class Summary:
    """What was made: rows by kind of record, and how long it took."""

    profile: str
    area: str
    scale: float
    seed: int
    rows: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    providers: list[Provider] = field(default_factory=list)

    @property
    def total(self) -> int:
        return sum(self.rows.values())


def load(
    profile: Profile | str | Path, *, scale: float = 1.0, seed: int = DEFAULT_SEED, progress: Tell | None = None
) -> Summary:
    """Make a partnership and write it. Each block is written whole or not at all.

    Raises InputProblem when the profile cannot be read, the scale is not above nought, or the record holds a synthetic partnership of
    the area already: two would be counted as one.
    """
    chosen = profile if isinstance(profile, Profile) else read(profile)
    if not (math.isfinite(scale) and scale > 0):
        raise InputProblem(
            "The scale must be a number above nought",
            f"scale {scale}",
            "1 is the county of the profile; 0.1 a tenth of it.",
        )
    if Coverage.objects.filter(area=chosen.area, source_system=SOURCE_SYSTEM).exists():
        raise InputProblem(
            f"The record holds a synthetic partnership of {area(chosen.area).name} already",
            "the database",
            "Use an empty database, or a profile of another area.",
        )
    tell = progress or (lambda _: None)
    summary = Summary(chosen.name, chosen.area, scale, seed)
    started = time.monotonic()
    agency = agency_of(chosen)
    parts = blocks(chosen, scale)
    for block, part in enumerate(parts):
        where = f"part {block + 1} of {len(parts)}: " if len(parts) > 1 else ""
        tell(f"{where}deciding who lives what")
        world = live(part, seed, block, _reserve)
        written = bulk.load(
            "synthetic.load",
            _batches(world, tell, where),
            bulk.Provenance(agency.pk, SOURCE_SYSTEM),
            by="sightline",
            because=f"synthetic partnership {chosen.name}, scale {scale:g}, seed {seed}",
        )
        for table, count in written.items():
            summary.rows[table] = summary.rows.get(table, 0) + count
        summary.providers += world.providers
    _count(summary)
    summary.seconds = time.monotonic() - started
    return summary


def _count(summary: Summary) -> None:
    """The database counts what came in: until it has, it takes minutes to answer for a whole return."""
    with connection.cursor() as cursor:
        for table in summary.rows:
            cursor.execute(f'ANALYZE "{table}"')


def load_demo(tell: Tell) -> None:
    """The partnership of the demonstration; an existing one is kept."""
    profile = read(DEMONSTRATION)
    if Coverage.objects.filter(area=profile.area, source_system=SOURCE_SYSTEM).exists():
        tell("already there, kept as it is")
        return
    summary = load(profile, progress=tell)
    tell(f"{summary.total:,} records")


def agency_of(profile: Profile) -> Organisation:
    """The authority whose records these are."""
    name = area(profile.area).name
    found, _ = Organisation.objects.get_or_create(kind="local_authority", name=name, area=profile.area)
    return found


def _reserve(record: str, count: int) -> range:
    return bulk.reserve(_model(record), count)


def _model(record: str) -> type[Record]:
    return apps.get_model(record)


def _batches(world: World, tell: Tell, where: str) -> Iterator[bulk.Batch]:
    for table in tables(world):
        model = _model(table.record)
        tell(f"{where}{model._meta.verbose_name_plural}")
        yield bulk.Batch(model, table.columns, table.rows)
