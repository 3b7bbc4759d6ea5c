"""Plans that ended because the children came into care: some of the groups become children whom the looked-after pathway has told of.

The plan's end moves to the day care began, within the span that its numbers were counted in, so that no number changes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from sightline.engine.synthetic import days
from sightline.engine.synthetic.days import Day
from sightline.engine.synthetic.lives import Care
from sightline.engine.synthetic.world import World
from sightline.pathways.child_protection.synthetic.groups import SHORTEST, Group

SHARE = 0.32  # of those who came into care under an order, those who had been on a plan until then
UNBORN_DAYS = 150  # before birth at which a child can be referred


def link(world: World, groups: Sequence[Group]) -> None:
    """Let some families in care be the families of plans that ended on the day."""
    chance = world.chance("plans into care")
    first, last = days.months(*world.span("year"))[0]
    spans = (world.span("prior"), (first, last), (last + 1, world.year))
    waiting: dict[tuple[int, int], list[Group]] = defaultdict(list)
    for group in groups:
        place = _place(spans, group.ends)
        if group.plan and place is not None and group.earlier is None and not group.repeat and not group.transfer:
            waiting[place, group.size].append(group)
    for spells in _families(world):
        start = spells[0].start
        place = _place(spans, start)
        if place is None or chance.random() > SHARE:
            continue
        ready = [group for group in waiting[place, len(spells)] if _fits(group, spells)]
        if ready:
            group = max(ready, key=lambda g: -abs((g.ends or 0) - start))
            waiting[place, len(spells)].remove(group)
            _become(group, spells)


def _place(spans: Sequence[tuple[Day, Day]], day: Day | None) -> int | None:
    return next((i for i, (first, last) in enumerate(spans) if day is not None and first <= day <= last), None)


def _families(world: World) -> list[list[Care]]:
    """Brothers and sisters who came into care on one day under an order, for the first time."""
    found: dict[tuple[int, Day], list[Care]] = defaultdict(list)
    for spell in world.care:
        if spell.interim is not None and spell.interim - spell.start < 30 and len(spell.child.care) == 1:
            found[spell.child.family.number, spell.start].append(spell)
    return [spells for spells in found.values() if len(spells) == len(spells[0].child.family.children)]


def _fits(group: Group, spells: Sequence[Care]) -> bool:
    start = spells[0].start
    youngest = max(spell.child.born for spell in spells)
    return group.conference <= start - SHORTEST and youngest <= group.referred + UNBORN_DAYS * (len(spells) == 1)


def _become(group: Group, spells: Sequence[Care]) -> None:
    """The group's children are those in care, and its case is theirs."""
    group.into_care = True
    group.ends, group.closes = spells[0].start, None
    group.children = [spell.child for spell in spells]
    for spell in spells:
        case = spell.case
        assert case is not None and case.referral is not None
        case.start = case.referral.on = group.referred
        case.referral.outcome = "ASSESS"
        child = spell.child
        child.first_known = min(child.first_known, group.referred)
        if child.birth is not None and child.birth > group.referred:
            child.expected = child.birth
