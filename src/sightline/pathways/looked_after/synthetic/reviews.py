"""Looked-after reviews: first within 20 working days, then three months, then every six; so many late that each year's share is the profile's."""

from __future__ import annotations

from dataclasses import dataclass

from sightline.engine.synthetic import days
from sightline.engine.synthetic.chance import Chance
from sightline.engine.synthetic.counts import part_of
from sightline.engine.synthetic.days import Day
from sightline.engine.synthetic.lives import Care
from sightline.engine.synthetic.world import World

FIRST_WORKING_DAYS = 20
SECOND_MONTHS = 3
LATER_MONTHS = 6


@dataclass(slots=True, eq=False)
class Held:
    """One review, due and held."""

    due: Day
    held: Day
    moved: bool = False


def settle(world: World, spells: list[Care]) -> dict[int, list[Held]]:
    """The reviews of each period of care, by its identity."""
    chance = world.chance("care reviews")
    found = {id(spell): _on_time(world, chance, spell) for spell in spells if spell.track != "respite"}
    care = world.profile.care
    for name, percent in (("prior", care.reviews_in_time_prior_pct), ("year", care.reviews_in_time_year_pct)):
        _make_late(world, chance, [(s, found[id(s)]) for s in spells if id(s) in found], name, percent)
    return found


def next_due(held: list[Held]) -> Day:
    """When the review after those held is due."""
    return days.add_months(held[-1].held, SECOND_MONTHS if len(held) == 1 else LATER_MONTHS)


def _on_time(world: World, chance: Chance, spell: Care) -> list[Held]:
    """Every review on time. None is needed, or held, that falls due on the day care ends or after it."""
    found: list[Held] = []
    due = days.add_working_days(spell.start, FIRST_WORKING_DAYS)
    while spell.end is None or due < spell.end:
        lead = chance.between(0, 4) if not found else chance.between(0, 17)
        after = (found[-1].held if found else spell.start) + 3
        held = max(days.last_working_day(due - lead), days.next_working_day(after))
        held = min(held, due)
        if held > world.later:
            break
        found.append(Held(due, held))
        due = next_due(found)
    return found


def _make_late(world: World, chance: Chance, reviews: list[tuple[Care, list[Held]]], name: str, percent: float) -> None:
    """Hold so many of a year's reviews late, only where nothing else changes by it: no other review moves to another year or falls away."""
    first, last = world.span(name)
    due = [
        (spell, held, place) for spell, held in reviews for place, one in enumerate(held) if first <= one.due <= last
    ]
    outstanding = sum(
        1
        for spell, held in reviews
        if held and first <= next_due(held) <= last and (spell.end is None or next_due(held) < spell.end)
    )
    total = len(due) + outstanding
    late = total - part_of(total, percent, 1) - outstanding
    for spell, held, place in chance.mixed(due):
        if late <= 0:
            return
        late -= _hold_late(world, chance, spell, held, place)


def _hold_late(world: World, chance: Chance, spell: Care, held: list[Held], place: int) -> bool:
    one = held[place]
    neighbours = held[max(0, place - 1) : place + 2]
    day = days.next_working_day(one.due + chance.between(1, 18))
    if any(other.moved for other in neighbours) or day >= (spell.end or world.later):
        return False
    if place + 1 < len(held) and held[place + 1].held <= day + 20:
        return False
    was = next_due(held[: place + 1])
    months = SECOND_MONTHS if place == 0 else LATER_MONTHS
    becomes = days.add_months(day, months)
    same_years = all(
        (was <= edge) == (becomes <= edge) for edge in (world.before, world.prior, world.year, world.later)
    )
    if not same_years or (spell.end is not None and (was < spell.end) != (becomes < spell.end)):
        return False
    one.held, one.moved = day, True
    if place + 1 < len(held):
        held[place + 1].due = becomes
    return True
