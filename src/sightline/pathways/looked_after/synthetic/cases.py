"""The case that each period of care lies in: opened before care, closed with it or some time after."""

from __future__ import annotations

from sightline.engine.synthetic.chance import Chance
from sightline.engine.synthetic.days import Day
from sightline.engine.synthetic.lives import Care
from sightline.engine.synthetic.world import World
from sightline.pathways.looked_after.synthetic.stories import Story

LEADS = {0: 24, 4: 12, 15: 12, 45: 14, 110: 14, 250: 12, 600: 8, 1200: 4}
CLOSED_WITH = {
    "E11": "RC1",
    "E12": "RC1",
    "E2": "RC2",
    "E3": "RC5",
    "E41": "RC3",
    "E7": "RC6",
    "E16": "RC7",
    "E15": "RC7",
}


def open_cases(world: World, stories: list[Story]) -> None:
    """One case for each story. What becomes of it when a child comes of age is leaving care's to say."""
    chance = world.chance("care cases")
    for story in stories:
        first, last = story.care[0], story.care[-1]
        start = _opened(world, chance, story)
        end = _closed(chance, last)
        if end is not None and end > world.year:
            end = None
        need = "N8" if story.unaccompanied else first.need
        case = world.open_case(first.child, start, end, kind="care", need=need, reason=_reason(last))
        assert case.referral is not None
        case.referral.outcome = "CLA" if first.start - start < 3 else "ASSESS"
        first.child.first_known = min(first.child.first_known, start)
        for spell in story.care:
            spell.case = case


def _opened(world: World, chance: Chance, story: Story) -> Day:
    first = story.care[0]
    if story.unaccompanied:
        return first.start
    lead = chance.pick(LEADS)
    start = first.start - lead - (chance.between(0, lead // 2) if lead else 0)
    start = max(start, first.child.born)
    # Care that begins after the year lies in a case that was open by its end.
    return min(start, world.year - chance.between(0, 60)) if first.start > world.year else start


def _closed(chance: Chance, last: Care) -> Day | None:
    if last.end is None:
        return None
    if last.reason in CLOSED_WITH:
        return last.end
    if last.reason in ("E43", "E44", "E45", "E46", "E47", "E48"):
        return last.end + chance.pick({0: 60, 60: 20, 150: 20})
    return last.end + chance.between(25, 240)


def _reason(last: Care) -> str:
    code = last.reason or ""
    if code in ("E43", "E44", "E45", "E46", "E47", "E48"):
        return "RC4"
    return CLOSED_WITH.get(code, "RC7")
