"""The missing children of a synthetic partnership: some of the older ones who are looked after are gone now and then, mostly for a day or two."""

from __future__ import annotations

from collections.abc import Iterator

from sightline.engine.synthetic import days
from sightline.engine.synthetic.chance import Chance
from sightline.engine.synthetic.days import Day
from sightline.engine.synthetic.lives import Care
from sightline.engine.synthetic.tables import Table, on
from sightline.engine.synthetic.world import World

ORDER = 85
FIRST_AGE = 11
SHARE = 0.16  # of those of that age in care in a year
KINDS = {"M": 70, "A": 30}
TIMES = {1: 50, 2: 20, 3: 12, 5: 10, 9: 8}
LENGTHS = {0: 25, 1: 45, 2: 18, 4: 12}
MARGIN = 8  # days from the beginning and the end of care, and of a year


def live(world: World) -> None:
    """Nothing to decide for others."""
    del world


def tables(world: World) -> Iterator[Table]:
    """Missing episodes of the two years told."""
    chance = world.chance("missing")
    rows = [
        (spell.child.id, chance.pick(KINDS), on(start), on(end), world.clerk(start))
        for name in ("prior", "year")
        for spell in world.care
        for start, end in _gone(chance, spell, *world.span(name))
    ]
    yield world.table("missing.MissingEpisode", ("person_id", "kind", "start_date", "end_date", "recorded_at"), rows)


def _gone(chance: Chance, spell: Care, first: Day, last: Day) -> Iterator[tuple[Day, Day]]:
    """When a child was gone in a year of care, one after another."""
    day = max(first, spell.start) + MARGIN
    until = min(last, spell.end or last) - MARGIN
    if spell.track == "respite" or days.age(spell.child.born, day) < FIRST_AGE or chance.random() > SHARE:
        return
    for _ in range(chance.pick(TIMES)):
        day += chance.between(1, 60)
        back = day + chance.pick(LENGTHS)
        if back >= until:
            return
        yield day, back
        day = back
