"""Lives the families at the front door and tells contacts and referrals as records."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sightline.engine.synthetic import days
from sightline.engine.synthetic.chance import Chance
from sightline.engine.synthetic.days import Day
from sightline.engine.synthetic.lives import Child, Referral
from sightline.engine.synthetic.tables import Table, on
from sightline.engine.synthetic.world import World, sibling_births
from sightline.pathways.front_door.synthetic import chains
from sightline.pathways.front_door.synthetic.needs import Balance, Need, open_cases

SOURCES = {
    "6": 29, "2A": 16, "1A": 9, "1D": 3, "1B": 3, "1C": 2, "3A": 3, "3B": 4, "3C": 2, "3D": 2, "3E": 5, "3F": 3, "4": 2,
    "5A": 3, "5B": 3, "5C": 3, "7": 4, "8": 3, "9": 3, "2B": 1, "10": 1,
}  # fmt: skip
EARLY_HELP_SOURCE = days.of(2022, 4, 1)  # 5D
NEEDS = {"N1": 52, "N5": 18, "N4": 12, "N2": 5, "N3": 3, "N6": 3, "N8": 3, "N9": 1, "N7": 1, "N0": 2}
ISSUES = {
    "DOMESTIC_ABUSE": 24, "NEGLECT": 12, "ABUSE_PHYSICAL": 10, "ABUSE_EMOTIONAL": 8, "ABUSE_SEXUAL": 5, "SUBSTANCE": 8,
    "MENTAL_HEALTH_PARENT": 6, "MENTAL_HEALTH_CHILD": 6, "EXPLOITATION": 2, "MISSING": 3, "BEHAVIOUR": 5, "FAMILY_STRESS": 6,
    "HOUSING_MONEY": 2, "DISABILITY": 1, "EDUCATION": 1, "OTHER": 1,
}  # fmt: skip
CONTACT_ISSUES = {**ISSUES, "INFORMATION": 18, "FAMILY_STRESS": 12}
KNOWN_FAMILIES = 0.4  # of contacts, those about a family that was referred at another time
AGAIN = 0.45  # of the other contacts, those about a child already heard of
UNBORN = 0.02


def live(world: World) -> None:
    """Decide which families are referred, when their cases close and which come back."""
    needs = Balance(world).fill()
    chains.link(world, needs)
    chance = world.chance("families at the door")
    for need in needs:
        if need.previous is None:
            _family(world, chance, chains.chain(need))
    _plan_contacts(world)


def _family(world: World, chance: Chance, needs: list[Need]) -> None:
    """One family with its referrals in order."""
    first, last = needs[0].start, max(one.over or world.year for one in needs)
    births = sibling_births(chance, needs[0].size, first, max(last, first))
    if needs[0].size == 1 and len(needs) == 1 and chance.random() < UNBORN:
        births = [first + chance.between(10, 160)]
    family = world.family()
    children = [world.child(family, birth, first) for birth in births]
    for child in children:
        child.referred = True
    before: dict[int, Referral] = {}
    for need in needs:
        need.children = children
        primary = chance.pick(NEEDS)
        source = _source(chance, need.start)
        for child, referral in zip(children, _refer(world, chance, need, primary), strict=True):
            referral.source = source
            referral.previous = before.get(id(child))
            before[id(child)] = referral


def _refer(world: World, chance: Chance, need: Need, primary: str) -> list[Referral]:
    if need.accepted:
        found = []
        for case in open_cases(world, chance, need, primary):
            assert case.referral is not None
            found.append(case.referral)
        return found
    made = [Referral(child, need.start, need=primary, outcome="NFA") for child in need.children]
    world.referrals += made
    return made


def _source(chance: Chance, day: Day) -> str:
    return chance.pick({**SOURCES, "5D": 6} if day >= EARLY_HELP_SOURCE else SOURCES)


def tables(world: World) -> Iterator[Table]:
    """Contacts, then referrals, so that a referral can name the contact it came from."""
    chance = world.chance("front door records")
    referrals = sorted(world.referrals, key=lambda referral: referral.on)
    world.number("front_door.Referral", referrals)
    contacts, came_from = _contacts(world, chance, referrals)
    columns = (
        "id", "person_id", "contact_date", "source", "presenting_issue", "outcome", "outcome_date", "decided_by_id", "recorded_at",
    )  # fmt: skip
    ids = world.reserve("front_door.Contact", len(contacts))
    yield Table("front_door.Contact", columns, [(i, *row) for i, row in zip(ids, contacts, strict=True)])
    numbers = {id(referral): i for i, referral in zip(ids, came_from, strict=True) if referral is not None}
    yield _referral_rows(world, referrals, numbers)


def _referral_rows(world: World, referrals: list[Referral], contacts: dict[int, int]) -> Table:
    columns = (
        "id", "person_id", "case_id", "contact_id", "previous_id", "referral_date", "source", "primary_need", "outcome", "decision_date",
        "no_further_action", "recorded_at",
    )  # fmt: skip
    rows = [
        (
            one.id,
            one.child.id,
            one.case.id if one.case else None,
            contacts.get(id(one)),
            one.previous.id if one.previous else None,
            on(one.on),
            one.source,
            one.need,
            one.outcome,
            on(days.next_working_day(one.on) if one.id % 5 else days.add_working_days(one.on, 1)),
            one.case is None,
            world.clerk(one.on),
        )
        for one in referrals
    ]
    return Table("front_door.Referral", columns, rows)


def _contacts(
    world: World, chance: Chance, referrals: list[Referral]
) -> tuple[list[tuple[Any, ...]], list[Referral | None]]:
    """All contacts in order of their day, and beside each the referral it became."""
    told: list[tuple[Day, Child, str, str, str, Referral | None]] = []
    for referral in referrals:
        if referral.on > world.before and chance.random() < 0.9:
            day = max(world.before + 1, referral.on - chance.pick({0: 70, 1: 20, 3: 10}))
            told.append((day, referral.child, referral.source, chance.pick(ISSUES), "REFERRAL", referral))
    for day, child, outcome in world.kept["contacts"]:
        told.append((day, child, _source(chance, day), chance.pick(CONTACT_ISSUES), outcome, None))
    told.sort(key=lambda one: one[0])
    rows = [
        (
            child.id,
            on(day),
            source,
            issue,
            outcome,
            on(days.next_working_day(day)),
            world.staff.contact_officer(chance),
            world.clerk(day),
        )
        for day, child, source, issue, outcome, _ in told
    ]
    return rows, [one[-1] for one in told]


def _plan_contacts(world: World) -> None:
    """Choose day, child and outcome of every contact that ended at the door; makes the children nobody else has heard of."""
    chance = world.chance("contacts")
    known = [child for child in world.children if any(case.kind == "need" for case in child.cases)]
    told: list[tuple[Day, Child, str]] = []
    only_contacts: list[Child] = []
    for name, outcomes in (("prior", world.profile.contacts.prior), ("year", world.profile.contacts.year)):
        first, last = world.span(name)
        for outcome, count in outcomes.items():
            for _ in range(count):
                day = _open_day(chance, first, last)
                told.append((day, _about(world, chance, day, known, only_contacts), outcome))
    world.kept["contacts"] = told


def _open_day(chance: Chance, first: Day, last: Day) -> Day:
    day = chance.between(first, last)
    if not days.is_working_day(day) and chance.random() < 0.75:
        moved = days.next_working_day(day)
        return moved if moved <= last else day
    return day


def _about(world: World, chance: Chance, day: Day, known: list[Child], only_contacts: list[Child]) -> Child:
    """Whom a contact is about: nobody with an open case, since what comes in about them goes to their worker."""
    if known and chance.random() < KNOWN_FAMILIES:
        for _ in range(8):
            child = chance.choice(known)
            if _could_be(child, day):
                child.first_known = min(child.first_known, day)
                return child
    if only_contacts and chance.random() < AGAIN:
        child = chance.choice(only_contacts)
        if _could_be(child, day):
            child.first_known = min(child.first_known, day)
            return child
    made = world.siblings(chance, 1, day, day)[0]
    only_contacts.append(made)
    return made


def _could_be(child: Child, day: Day) -> bool:
    return (
        child.birth is not None
        and child.birth <= day < days.add_years(child.birth, 18)
        and not any(case.open_on(day) for case in child.cases)
    )
