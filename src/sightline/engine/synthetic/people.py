"""Tells families as records: people and their roles, names and numbers, households, homes and kin."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sightline.engine.synthetic import days, places
from sightline.engine.synthetic.days import Day
from sightline.engine.synthetic.lives import Family
from sightline.engine.synthetic.naming import Names, nhs_number, pupil_number
from sightline.engine.synthetic.tables import Table, on
from sightline.engine.synthetic.world import World
from sightline.standards.areas import area

SCHOOL_AGE = 5
NHS_STRIDE = 37  # spreads the numbers of one block over the test range


class Parent:
    """A parent in a family."""

    __slots__ = ("birth", "family", "id", "sex")

    def __init__(self, family: Family, birth: Day, sex: str) -> None:
        self.family, self.birth, self.sex = family, birth, sex
        self.id = 0


class People:
    """The people of one world."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.chance = world.chance("people")
        self.names = Names(world.chance("names"))
        self.children = world.children
        self.parents = [parent for family in world.families for parent in self._parents(family)]
        world.number("people.Person", [*self.children, *self.parents])
        self.known = {id(family): min(child.first_known for child in family.children) for family in world.families}
        self.home_places: dict[int, int] = {}

    def _parents(self, family: Family) -> list[Parent]:
        """The parents anybody has recorded: not of children who came alone, nor of those who were the subject of a contact only."""
        if all(child.unaccompanied or not (child.cases or child.referred) for child in family.children):
            return []
        oldest = min(child.born for child in family.children)
        mother = Parent(family, days.born_on(oldest - self.chance.between(18 * 365, 36 * 365)), "F")
        if self.chance.random() < 0.45:
            return [mother]
        return [mother, Parent(family, days.born_on(mother.birth - self.chance.between(-700, 3000)), "M")]

    def tables(self) -> Iterator[Table]:
        """Everything about people that does not belong to a pathway."""
        yield self._people()
        yield self._roles()
        yield from self._names_and_numbers()
        yield from self._homes()
        yield from self._kin()
        yield self._disabilities()

    def _people(self) -> Table:
        clerk = self.world.clerk
        rows: list[tuple[Any, ...]] = [
            (
                child.id,
                on(child.birth),
                on(child.expected),
                on(child.death),
                child.sex,
                child.family.ethnicity,
                clerk(child.first_known),
            )
            for child in self.children
        ]
        rows += [
            (one.id, on(one.birth), None, None, one.sex, one.family.ethnicity, clerk(self.known[id(one.family)]))
            for one in self.parents
        ]
        columns = ("id", "birth_date", "expected_birth_date", "death_date", "sex", "ethnicity", "recorded_at")
        return Table("people.Person", columns, rows)

    def _roles(self) -> Table:
        told = [(child.id, "child", child.first_known) for child in self.children]
        told += [(one.id, "parent", self.known[id(one.family)]) for one in self.parents]
        rows = [(person, role, on(since), self.world.clerk(since)) for person, role, since in told]
        return self.world.table("people.Role", ("person_id", "role", "start_date", "recorded_at"), rows)

    def _names_and_numbers(self) -> Iterator[Table]:
        world, names = self.world, self.names
        surnames = {id(family): names.surname() for family in world.families}
        told: list[tuple[Any, ...]] = [
            (
                child.id,
                names.forename(child.sex) if child.birth else "Unborn",
                surnames[id(child.family)],
                world.clerk(child.first_known),
            )
            for child in self.children
        ]
        for one in self.parents:
            own = one.sex == "M" and self.chance.random() < 0.3
            surname = names.surname() if own else surnames[id(one.family)]
            told.append((one.id, names.forename(one.sex), surname, world.clerk(self.known[id(one.family)])))
        yield world.table("people.PersonName", ("person_id", "forename", "surname", "recorded_at"), told)
        numbers: list[tuple[Any, ...]] = []
        authority = area(world.profile.area).old_la_code
        for place, child in enumerate(self.children):
            when = world.clerk(child.first_known)
            numbers.append((child.id, "local", f"SYN{world.block:02d}{place + 1:07d}", when))
            if child.birth is None:
                continue
            numbers.append((child.id, "nhs", nhs_number((world.block * 70_001 + place) * NHS_STRIDE), when))
            if child.birth <= days.add_years(world.year, -SCHOOL_AGE):
                numbers.append((child.id, "upn", pupil_number(world.block * 1_000_000 + place, authority), when))
        yield world.table("people.Identifier", ("person_id", "scheme", "value", "recorded_at"), numbers)

    def _homes(self) -> Iterator[Table]:
        """Homes of families and, for looked-after children, where they were placed."""
        world = self.world
        sample, around = places.homes(world.profile.area), places.around(world.profile.area)
        ids = world.reserve("places.Place", len(world.families))
        rows: list[tuple[Any, ...]] = []
        for number, family in zip(ids, world.families, strict=True):
            home = world.home_of(family)
            self.home_places[id(family)] = number
            where = (sample.postcodes[home], sample.districts[home], sample.authorities[home])
            rows.append((number, places.line(self.chance), *where, "home", world.clerk(self.known[id(family)])))
        placements = world.kept.get("placements", [])
        carers = {carer: place for _, carer, place, _, _ in placements}
        carer_ids = dict(zip(carers, world.reserve("places.Place", len(carers)), strict=True))
        for carer, place in carers.items():
            where = (around.postcodes[place], around.districts[place], around.authorities[place])
            rows.append((carer_ids[carer], places.line(self.chance), *where, "placement", world.clerk(world.before)))
        yield Table("places.Place", ("id", "line_1", "postcode", "district", "authority", "kind", "recorded_at"), rows)
        lived: list[tuple[Any, ...]] = [
            (child.id, self.home_places[id(child.family)], "home", self.known[id(child.family)], None)
            for child in self.children
        ]
        lived += [
            (one.id, self.home_places[id(one.family)], "home", self.known[id(one.family)], None) for one in self.parents
        ]
        lived += [(child.id, carer_ids[carer], "placement", start, end) for child, carer, _, start, end in placements]
        yield world.table(
            "people.PersonAddress",
            ("person_id", "place_id", "kind", "start_date", "end_date", "recorded_at"),
            [(*row, on(start), on(end), world.clerk(start)) for *row, start, end in lived],
        )

    def _kin(self) -> Iterator[Table]:
        """Households, parents, brothers and sisters."""
        world = self.world
        for family, number in zip(world.families, world.reserve("people.Household", len(world.families)), strict=True):
            family.household_id = number
        yield Table(
            "people.Household",
            ("id", "reference", "recorded_at"),
            [
                (f.household_id, f"F{world.block:02d}{f.number:06d}", world.clerk(self.known[id(f)]))
                for f in world.families
            ],
        )
        members: list[tuple[int, Family]] = [(child.id, child.family) for child in self.children]
        members += [(one.id, one.family) for one in self.parents]
        yield world.table(
            "people.HouseholdMember",
            ("person_id", "household_id", "start_date", "recorded_at"),
            [
                (person, family.household_id, on(self.known[id(family)]), world.clerk(self.known[id(family)]))
                for person, family in members
            ],
        )
        kin = [(parent.id, child, "parent", True) for parent in self.parents for child in parent.family.children]
        kin += [
            (one.id, other, "sibling", False)
            for family in world.families
            for place, one in enumerate(family.children)
            for other in family.children[place + 1 :]
        ]
        yield world.table(
            "people.Relationship",
            ("person_id", "other_id", "kind", "parental_responsibility", "start_date", "recorded_at"),
            [
                (person, child.id, kind, own, on(child.birth), world.clerk(child.first_known))
                for person, child, kind, own in kin
            ],
        )

    def _disabilities(self) -> Table:
        world = self.world
        rows = [
            (child.id, kind, on(child.first_known), world.clerk(child.first_known))
            for child in self.children
            for kind in sorted(child.disabilities)
        ]
        return world.table("people.Disability", ("person_id", "disability", "start_date", "recorded_at"), rows)
