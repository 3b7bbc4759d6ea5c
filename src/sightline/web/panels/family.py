"""Who lives with the person, and who is related to them."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from sightline.core.access.models import User
from sightline.core.access.standing import standing
from sightline.core.access.visibility import visible_rows
from sightline.core.people.models import HouseholdMember, Person, Relationship
from sightline.engine.screens import words
from sightline.standards.codes import codeset

TITLE = "Household and family"
TEMPLATE = "panels/family.html"
ORDER = 20


def panel(request: HttpRequest, user: User, person: Person) -> dict[str, Any] | None:
    """Members of the household and relatives, as far as the reader may see them."""
    del request
    home = _household(user, person)
    relations = _relations(user, person)
    seen = visible_rows(user, Person).filter(pk__in=home | set(relations))
    people = {each.pk: each for each in seen}
    called = words.names(people)
    day = standing().day
    members = [
        {
            "id": id,
            "name": called.get(id, f"Person {id}"),
            "age": words.age(each, day),
            "relations": relations.get(id, []),
            "at_home": id in home,
        }
        for id, each in sorted(people.items(), key=lambda item: item[1].birth_date or day)
    ]
    return {"members": members, "number": person.pk}


def _household(user: User, person: Person) -> set[int]:
    members = visible_rows(user, HouseholdMember).filter(end_date=None)
    homes = list(members.filter(person=person).values_list("household", flat=True))
    found = members.filter(household__in=homes).exclude(person=person)
    return set(found.values_list("person_id", flat=True))


def _relations(user: User, person: Person) -> dict[int, list[str]]:
    """How each related person is related, said from either side: `person` is `kind` of `other`."""
    kinds = codeset("relationship")
    found: dict[int, list[str]] = {}
    known = visible_rows(user, Relationship).filter(end_date=None)
    for each in known.filter(person=person):
        found.setdefault(each.other_id, []).append(f"this person is their {kinds.display(each.kind).lower()}")
    for each in known.filter(other=person):
        said = kinds.display(each.kind).lower()
        found.setdefault(each.person_id, []).append(
            said + ("; parental responsibility" if each.parental_responsibility else "")
        )
    return found
