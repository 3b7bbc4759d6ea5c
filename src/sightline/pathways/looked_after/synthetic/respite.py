"""Short breaks of disabled children: an agreed series of stays of a few days (legal status V3), which no figure of care counts."""

from __future__ import annotations

from sightline.engine.synthetic import days, places
from sightline.engine.synthetic.lives import Care
from sightline.engine.synthetic.world import World
from sightline.pathways.looked_after.synthetic.moves import Island

SHARE = 0.07  # of the children with the disability service
LAST_START = 19  # day of a month, so that no break meets a month's end
LONGEST = 6  # days


def add(world: World, islands: dict[int, list[Island]]) -> None:
    """A break in some months of the two years for some of the children whom the service works with."""
    chance = world.chance("short breaks")
    carers = max((island.carer for found in islands.values() for island in found), default=0)
    for child in world.children:
        if not child.disability_service or child.care or chance.random() > SHARE:
            continue
        carers += 1
        start, end = child.disability_service[0]
        home = world.home_of(child.family)
        place = places.find(chance, world.profile.area, home, outside=False, far=False)
        for first, _ in days.months(world.before + 1, world.year):
            begins = first + chance.between(1, LAST_START)
            ends = begins + chance.between(1, LONGEST)
            if chance.random() < 0.45 and begins > start and (end is None or ends < end):
                spell = Care(child, begins, ends, "E8", "N2", "respite", case=world.open_social_care(child, begins))
                kind = "FOSTER" if child.born % 2 else "RESIDENTIAL"
                islands[id(spell)] = [
                    Island(spell, begins, ends, kind, outside=False, far=False, carer=carers, place=place)
                ]
                world.care.append(spell)
