"""Lives the care stories of a world and tells them as records."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sightline.engine.synthetic import days, places
from sightline.engine.synthetic.chance import Chance
from sightline.engine.synthetic.lives import Care, Child
from sightline.engine.synthetic.tables import Table, on
from sightline.engine.synthetic.world import World
from sightline.pathways.looked_after.synthetic import cases, dates, law, respite, reviews, stories, timelines, year
from sightline.pathways.looked_after.synthetic.homes import Homes
from sightline.pathways.looked_after.synthetic.moves import Island, Moves
from sightline.pathways.looked_after.synthetic.providers import Providers
from sightline.pathways.looked_after.synthetic.stays import Stay, Step, stays_of, steps_of

PARTICIPATION = {"PN1": 42, "PN2": 8, "PN3": 3, "PN4": 4, "PN5": 13, "PN6": 22, "PN7": 8}
NAME = "looked_after"


def live(world: World) -> None:
    """Decide who is looked after, when, under what law and where."""
    told = stories.tell(world)
    stories.settle_ages(world, told)
    calendar = dates.Calendar(world)
    dates.set_months(calendar, told)
    timelines.choose_unaccompanied(world, told)
    timelines.set_births(calendar, told)
    timelines.set_lasting(calendar, told)
    timelines.make_care(calendar, told)
    timelines.set_reasons(calendar, told)
    law.Law(world, told).settle()
    # Brothers and sisters have become one family.
    world.families = [family for family in world.families if family.children]
    islands = Moves(world, told).settle()
    Homes(world, told, islands).settle()
    spells = [spell for story in told for spell in story.care]
    for spell in spells:
        spell.child.care.append(spell)
    world.care += spells
    cases.open_cases(world, told)
    world.kept[NAME] = islands


def tables(world: World) -> Iterator[Table]:
    """Periods, placements, episodes, reviews and asylum statuses."""
    chance = world.chance("care records")
    islands: dict[int, list[Island]] = world.kept[NAME]
    respite.add(world, islands)
    spells = sorted(world.care, key=lambda spell: spell.start)
    world.number("looked_after.PeriodOfCare", spells)
    yield _periods(world, chance, spells)
    stays = {id(spell): stays_of(world, chance, islands[id(spell)]) for spell in spells}
    every_stay = [stay for spell in spells for stay in stays[id(spell)]]
    world.number("looked_after.Placement", every_stay)
    yield _placements(world, chance, every_stay)
    yield _episodes(world, [(spell, steps_of(spell, stays[id(spell)])) for spell in spells])
    yield _reviews(world, chance, reviews.settle(world, spells), spells)
    yield _asylum(world, [child for child in world.children if child.unaccompanied])
    yield from year.tables(world, spells)
    world.kept["placements"] = [
        (stay.island.spell.child, stay.island.carer, stay.island.place, stay.start, stay.end)
        for stay in every_stay
        if not stay.temporary
    ]


def _periods(world: World, chance: Chance, spells: list[Care]) -> Table:
    columns = (
        "id", "person_id", "case_id", "start_date", "end_date", "end_reason", "category_of_need", "home_postcode",
        "previous_permanence", "previous_permanence_authority", "previous_permanence_date", "recorded_at",
    )  # fmt: skip
    homes = places.homes(world.profile.area).postcodes
    rows = [
        (
            spell.id,
            spell.child.id,
            spell.case.id if spell.case else None,
            on(spell.start),
            on(spell.end),
            spell.reason if spell.end is not None else None,
            spell.need,
            None if spell.child.unaccompanied else homes[world.home_of(spell.child.family)],
            *year.permanence(chance, spell, world.profile.area),
            world.clerk(spell.start),
        )
        for spell in spells
    ]
    return Table("looked_after.PeriodOfCare", columns, rows)


def _placements(world: World, chance: Chance, stays: list[Stay]) -> Table:
    columns = (
        "id", "person_id", "period_id", "start_date", "end_date", "placement_type", "provider", "urn", "carer_reference",
        "postcode", "authority", "distance_miles", "planned", "change_reason", "recorded_at",
    )  # fmt: skip
    providers = Providers(world)
    rows = [_placement(world, chance, stay, providers.of(chance, stay)) for stay in stays]
    world.providers += providers.known.values()
    return Table("looked_after.Placement", columns, rows)


def _placement(world: World, chance: Chance, stay: Stay, provided: tuple[str, str]) -> tuple[Any, ...]:
    island, spell = stay.island, stay.island.spell
    child, code = spell.child, world.profile.area
    around = places.around(code)
    away = None
    if not child.unaccompanied:
        away = places.miles(places.homes(code), world.home_of(child.family), around, island.place)
    carer = "" if stay.temporary else f"C{world.block:02d}{island.carer:06d}"
    return (
        stay.id,
        child.id,
        spell.id,
        on(stay.start),
        on(stay.end),
        stay.code,
        *provided,
        carer,
        around.postcodes[island.place],
        around.authorities[island.place],
        away,
        chance.random() < 0.72,
        stay.why if stay.end is not None else None,
        world.clerk(stay.start),
    )


def _episodes(world: World, told: list[tuple[Care, list[Step]]]) -> Table:
    columns = (
        "id", "person_id", "period_id", "placement_id", "start_date", "start_reason", "legal_status", "end_date", "end_reason",
        "recorded_at",
    )  # fmt: skip
    steps = [(spell, step) for spell, found in told for step in found]
    ids = world.reserve("looked_after.Episode", len(steps))
    rows = [
        (
            number,
            spell.child.id,
            spell.id,
            step.stay.id,
            on(step.start),
            step.began,
            step.status,
            on(step.end),
            step.ended,
            world.clerk(step.start),
        )
        for number, (spell, step) in zip(ids, steps, strict=True)
    ]
    return Table("looked_after.Episode", columns, rows)


def _reviews(world: World, chance: Chance, held: dict[int, list[reviews.Held]], spells: list[Care]) -> Table:
    columns = ("id", "person_id", "period_id", "review_date", "participation", "chair_id", "parts", "recorded_at")
    told = [(spell, one) for spell in spells for one in held.get(id(spell), [])]
    ids = world.reserve("looked_after.Review", len(told))
    rows = []
    for number, (spell, one) in zip(ids, told, strict=True):
        young = days.age(spell.child.born, one.held) < 4
        chair = world.staff.chair_for(spell.child.family.number, one.held)
        parts = 2 if chance.random() < 0.12 else 1
        taken = "PN0" if young else chance.pick(PARTICIPATION)
        rows.append((number, spell.child.id, spell.id, on(one.held), taken, chair, parts, world.clerk(one.held)))
    return Table("looked_after.Review", columns, rows)


def _asylum(world: World, children: list[Child]) -> Table:
    columns = ("id", "person_id", "start_date", "end_date", "recorded_at")
    ids = world.reserve("looked_after.AsylumStatus", len(children))
    rows = []
    for number, child in zip(ids, children, strict=True):
        start = min(spell.start for spell in child.care)
        # Until the birthday, also of those who are found to be older: their care ends, and what the record said of them stays.
        rows.append((number, child.id, on(start), on(days.add_years(child.born, 18)), world.clerk(start)))
    return Table("looked_after.AsylumStatus", columns, rows)
