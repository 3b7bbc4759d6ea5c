"""Who a child is in the children in need census."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from heapq import merge
from typing import Any

from django.db.models import Q

from sightline.core.people.models import Disability, Identifier, Person
from sightline.engine.exchange.child import Child
from sightline.engine.exchange.cut import Cut
from sightline.engine.exchange.declarations import Builder, TableWriter, Told
from sightline.engine.exchange.people import (
    IDENTIFIER_FIELDS,
    NO_DISABILITY,
    PERSON_FIELDS,
    add_person,
    identify,
    people_told,
    pupil_number,
)
from sightline.standards.groups import sex, sex_for_cin


def census_person(child: Child) -> None:
    """The child of a children in need census."""
    row = next(iter(child.of("Child")))
    coded = row["Sex"] or row["GenderCurrent"]
    if coded is None:
        child.fault(row, "Sex is missing")
        return
    if row["PersonBirthDate"] is None and row["ExpectedPersonBirthDate"] is None:
        child.fault(row, "PersonBirthDate and ExpectedPersonBirthDate are both missing")
    add_person(
        child,
        row,
        row["LAchildID"],
        sex(coded),
        row["Ethnicity"],
        row["PersonBirthDate"],
        row["ExpectedPersonBirthDate"],
    )
    if child.person is not None:
        child.person.fields["death_date"] = row["PersonDeathDate"]
    pupil_number(child, row, row["UPN"], "upn")
    pupil_number(child, row, row["FormerUPN"], "former_upn")
    if row["UPNunknown"]:
        identify(child, row, "upn_unknown", row["UPNunknown"])
    for found in child.of("Disability"):
        if found["Disability"] != "NONE":
            child.add(Disability, found, f"disability/{found['Disability']}", disability=found["Disability"])


BUILDERS = (
    Builder(
        "cin",
        ("Child", "Disability"),
        {Person: PERSON_FIELDS, Identifier: IDENTIFIER_FIELDS, Disability: ("person", "disability")},
        census_person,
        order=0,
    ),
)


def census_children(cut: Cut) -> Iterator[Told]:
    """The child's block of a children in need census."""
    for row in people_told(cut):
        of_the_year = sex_for_cin(row["sex"], cut.end)
        values = {
            "LAchildID": row["reference"],
            "UPN": row["upn"],
            "FormerUPN": row["former_upn"],
            "UPNunknown": None if row["upn"] else row["upn_unknown"],
            "PersonBirthDate": cut.by_then(row["birth_date"]),
            "ExpectedPersonBirthDate": None if cut.by_then(row["birth_date"]) else _expected(row),
            "GenderCurrent": of_the_year,
            "Sex": of_the_year,
            "PersonDeathDate": cut.by_then(row["death_date"]),
            "Ethnicity": row["ethnicity"],
        }
        yield Told(row["child"], values)


def _expected(row: dict[str, Any]) -> date | None:
    """The day of birth that was expected; of a child who was born after the year and of whom no such day is known, the day of birth."""
    found: date | None = row["expected_birth_date"] or row["birth_date"]
    return found


def census_disabilities(cut: Cut) -> Iterator[Told]:
    """Each disability that a child had in the year; `NONE` for a child of whom none is on record."""
    children = cut.rows(Person).filter(cut.about_children("pk"))
    known = Q(start_date=None) | Q(start_date__lte=cut.end)
    lasting = Q(end_date=None) | Q(end_date__gte=cut.start)
    held = cut.rows(Disability).filter(known & lasting, cut.about_children())
    none = cut.told(children.exclude(pk__in=held.values("person")), person="pk")
    some = cut.told(held, "disability", order=("disability",))
    seen: tuple[Any, ...] = ()
    for row in merge(none, some, key=lambda row: row["child"]):
        found = row.get("disability", NO_DISABILITY)
        if (row["child"], found) != seen:
            yield Told(row["child"], {"Disability": found})
        seen = row["child"], found


WRITERS = (
    TableWriter("cin", "Child", census_children),
    TableWriter("cin", "Disability", census_disabilities),
)
