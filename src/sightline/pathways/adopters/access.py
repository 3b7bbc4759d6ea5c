"""Whoever works with a prospective adopter sees who they are and how far they have come; of a child they see nothing by it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Model, Q

from sightline.core.access.models import User
from sightline.core.access.roles import ROLES, Permission
from sightline.core.access.visibility import People, Reason
from sightline.core.organisations.models import TeamMembership
from sightline.core.records.spells import open_on
from sightline.pathways.adopters.models import ProspectiveAdopter

_MANAGERS = frozenset(role.id for role in ROLES.values() if Permission.MANAGE_TEAM in role.permissions)
_PARTS = frozenset({ProspectiveAdopter._meta.app_label, "people"})
_ENDING = "It ends when they leave the process, or with the adoption order."


def _in_process(day: date) -> Q:
    return (Q(left_date=None) | Q(left_date__gt=day)) & (Q(order_date=None) | Q(order_date__gt=day))


def _assessed(user: User, day: date) -> People:
    return ProspectiveAdopter.objects.filter(_in_process(day), worker=user.worker_id).values("person_id")


def _of_the_team(user: User, day: date) -> People:
    teams = TeamMembership.objects.filter(open_on(day), worker=user.worker_id).values("team_id")
    return ProspectiveAdopter.objects.filter(_in_process(day), team__in=teams).values("person_id")


def _part(people: People, model: type[Model]) -> People | None:
    return people if model._meta.app_label in _PARTS else None


def _workers(person: int, day: date) -> Iterable[int]:
    found = ProspectiveAdopter.objects.filter(_in_process(day), person=person, worker__isnull=False)
    return found.values_list("worker_id", flat=True).order_by()


def _members(person: int, day: date) -> Iterable[int]:
    teams = ProspectiveAdopter.objects.filter(_in_process(day), person=person).values("team_id")
    members = TeamMembership.objects.filter(open_on(day), team__in=teams)
    return members.values_list("worker_id", flat=True).order_by()


REASONS = (
    Reason(
        *("adopter", "You work with the prospective adopter.", _assessed),
        ending=_ENDING,
        shows=lambda user, day, model: _part(_assessed(user, day), model),
        candidates=_workers,
    ),
    Reason(
        *("adopter_team", "Your team works with the prospective adopter.", _of_the_team, _MANAGERS),
        ending=_ENDING,
        shows=lambda user, day, model: _part(_of_the_team(user, day), model),
        candidates=_members,
    ),
)
