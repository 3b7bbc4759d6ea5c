"""Whom the page of a child names as family: a mother has no case of her own, and who works with her child must know who she is."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db.models import Q

from sightline.core.access.models import User
from sightline.core.access.visibility import barred, own_children
from sightline.core.people.models import HouseholdMember, Person, Relationship
from sightline.core.restrictions.standing import sealed_from_anybody


def told_of_family(user: User, child: Person, day: date) -> tuple[set[int], list[Relationship]]:
    """Of a child whose whole record the user sees: the people of the same household and the relatives, by id, and how they are related.

    Their own records stay as open or shut to the user as they were. Never somebody sealed from anybody or closed to the user, nor a sealed
    record; of a child seen in part nobody.
    """
    if not own_children(user, day).filter(pk=child.pk).exists():
        return set(), []
    sealed, records = sealed_from_anybody(day)
    members = _without(records, HouseholdMember._meta.db_table, Q(end_date=None))
    homes = HouseholdMember.objects.filter(members, person=child).values("household")
    home = set(HouseholdMember.objects.filter(members, household__in=homes).values_list("person_id", flat=True))
    related = _without(records, Relationship._meta.db_table, Q(end_date=None) & (Q(person=child) | Q(other=child)))
    found = list(Relationship.objects.filter(related).order_by("id"))
    people = home.union(*({each.person_id, each.other_id} for each in found)) - {child.pk} - sealed
    people -= barred(user, people)
    return people, [each for each in found if {each.person_id, each.other_id} <= people | {child.pk}]


def _without(records: dict[str, list[int]], table: str, rows: Q) -> Q:
    """Rows of a table that are not sealed one by one."""
    closed: Collection[int] = records.get(table, ())
    return rows & ~Q(pk__in=closed) if closed else rows
