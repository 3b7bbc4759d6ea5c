"""Runs the parts of the simulation in order and gives out tables, one block at a time.

A county of scale one or less is one block. A larger one is made of blocks that share nothing but the profile, so that memory does not grow with
the scale.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

from sightline.core.registry import pathway_modules
from sightline.engine.synthetic import caseload
from sightline.engine.synthetic.people import People
from sightline.engine.synthetic.profile import Profile, read
from sightline.engine.synthetic.staff import Staff
from sightline.engine.synthetic.tables import Reserve, Table
from sightline.engine.synthetic.world import World

DEFAULT_SEED = 1617


def parts() -> list[ModuleType]:
    """The pathways' own parts, in the order in which they live."""
    return sorted(pathway_modules("synthetic"), key=lambda part: (part.ORDER, part.__name__))


def blocks(profile: Profile, scale: float) -> list[Profile]:
    """The profile once for each whole of the scale, and once more for what is over."""
    whole = int(scale)
    over = round(scale - whole, 6)
    return [profile] * whole + ([profile.scaled(over)] if over > 0 else [])


def live(profile: Profile, seed: int, block: int = 0, reserve: Reserve | None = None) -> World:
    """One block with everything decided and nothing told."""
    world = World(profile, seed, block)
    if reserve is not None:
        world.reserve = reserve
    world.staff = Staff(world)
    for part in parts():
        part.live(world)
    return world


def tables(world: World) -> Iterator[Table]:
    """The records of one block. What others refer to comes first."""
    yield from world.staff.tables()
    people = People(world)
    told = [(part, iter(part.tables(world))) for part in parts()]
    yield from caseload.tables(world)
    for _, rows in told:
        yield from rows
    yield from people.tables()
    if world.block == 0:
        yield caseload.coverage(world)


def generate(
    profile: Profile | str | Path, *, scale: float = 1.0, seed: int = DEFAULT_SEED, reserve: Reserve | None = None
) -> Iterator[Table]:
    """The records of a whole partnership, without a database. Ids count from one unless `reserve` says otherwise."""
    chosen = profile if isinstance(profile, Profile) else read(profile)
    count = reserve
    for block, part in enumerate(blocks(chosen, scale)):
        world = live(part, seed, block, count)
        count = world.reserve
        yield from tables(world)
