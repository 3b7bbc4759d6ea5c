"""Who lives with the person, and who is related to them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import Q
from django.http import HttpRequest

from sightline.core.access.models import User
from sightline.core.access.standing import standing
from sightline.core.access.visibility import visible_rows
from sightline.core.audit.record import What
from sightline.core.people.models import HouseholdMember, Person, Relationship
from sightline.core.restrictions.family import told_of_family
from sightline.engine.screens import words
from sightline.standards.codes import codeset
from sightline.web.reading import audited_read

TITLE = "Household and family"
TEMPLATE = "panels/family.html"
ORDER = 20


def panel(request: HttpRequest, user: User, person: Person) -> dict[str, Any] | None:
    """Members of the household and relatives: those whose records the reader sees, and by name those of a child seen whole."""
    day = standing().day
    told, related = told_of_family(user, person, day)
    home = _household(user, person)
    relations = _relations(person, {*related, *_known(user, person)})
    seen = set(visible_rows(user, Person).filter(pk__in=home | set(relations) | told).values_list("pk", flat=True))
    if unseen := told - seen:
        audited_read(request, What.READ, "family", people=unseen)
    people = {each.pk: each for each in Person.objects.filter(pk__in=seen | told)}
    lives_there = home | _living_with(person, told)
    called = words.names(people)
    members = [
        {
            "id": id,
            "name": called.get(id, f"Person {id}"),
            "age": words.age(each, day),
            "relations": relations.get(id, []),
            "at_home": id in lives_there,
            "opens": id in seen,
        }
        for id, each in sorted(people.items(), key=lambda item: item[1].birth_date or day)
    ]
    return {"members": members, "number": person.pk}


def _household(user: User, person: Person) -> set[int]:
    members = visible_rows(user, HouseholdMember).filter(end_date=None)
    homes = list(members.filter(person=person).values_list("household", flat=True))
    found = members.filter(household__in=homes).exclude(person=person)
    return set(found.values_list("person_id", flat=True))


def _living_with(person: Person, people: set[int]) -> set[int]:
    """Those of these people who live in a household of the person."""
    members = HouseholdMember.objects.filter(end_date=None)
    homes = members.filter(person=person).values("household")
    return set(members.filter(household__in=homes, person__in=people).values_list("person_id", flat=True))


def _known(user: User, person: Person) -> Iterable[Relationship]:
    return visible_rows(user, Relationship).filter(Q(person=person) | Q(other=person), end_date=None)


def _relations(person: Person, known: Collection[Relationship]) -> dict[int, list[str]]:
    """How each related person is related, said from either side: `person` is `kind` of `other`."""
    kinds = codeset("relationship")
    found: dict[int, list[str]] = {}
    for each in sorted(known, key=lambda one: one.pk):
        said = kinds.display(each.kind).lower()
        if each.person_id == person.pk:
            found.setdefault(each.other_id, []).append(f"this person is their {said}")
        else:
            rights = "; parental responsibility" if each.parental_responsibility else ""
            found.setdefault(each.person_id, []).append(said + rights)
    return found
