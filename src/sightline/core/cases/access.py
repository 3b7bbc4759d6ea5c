"""Allocation and team duty: the reasons to see a child that come with a case."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from sightline.core.access.models import User
from sightline.core.access.roles import PARTNERS, ROLES, Permission
from sightline.core.access.visibility import People, Reason
from sightline.core.cases.models import Allocation, Case, Transfer
from sightline.core.organisations.models import TeamMembership
from sightline.core.records.dictionary import stream
from sightline.core.records.spells import open_on

_OWN = frozenset(role.id for role in ROLES.values() if role.id not in PARTNERS)
_MANAGERS = frozenset(role.id for role in ROLES.values() if Permission.MANAGE_TEAM in role.permissions)
#: What every service sees of a child whose case it holds: who they are, where and with whom they live, who else works with them.
_COMMON = frozenset({"people", "places", "cases"})
_ENDING = "It ends when the allocation does."


def _allocated(user: User, day: date) -> People:
    return _held(user, day).values("person_id")


def _held(user: User, day: date) -> QuerySet[Any, Any]:
    return Allocation.objects.filter(open_on(day), worker=user.worker_id)


def _of_the_service(user: User, day: date, model: type[Model]) -> People | None:
    """A partner sees of a case that it holds its own service's part of the record."""
    part = stream(model)
    held = _held(user, day)
    return (held if part in _COMMON else held.filter(case__service=part)).values("person_id")


def _of_the_team(user: User, day: date) -> People:
    teams = TeamMembership.objects.filter(open_on(day), worker=user.worker_id).values("team_id")
    return Allocation.objects.filter(open_on(day), team__in=teams).values("person_id")


def _held_by_nobody(day: date) -> QuerySet[Any]:
    """Open cases that neither a team nor a worker holds."""
    held = Allocation.objects.filter(open_on(day), case=OuterRef("pk"))
    return Case.objects.filter(open_on(day), ~Exists(held))


def _to_allocate(user: User, day: date) -> People:
    """A case that nobody holds would be on nobody's list. Whoever manages a team of its service in its agency reads it, to give it to somebody."""
    teams = TeamMembership.objects.filter(open_on(day), worker=user.worker_id)
    own = teams.filter(team__service=OuterRef("service"), team__agency=OuterRef("agency"))
    return _held_by_nobody(day).filter(Exists(own)).values("person_id")


def _offered(user: User, day: date) -> People:
    """Whoever is to take a case over must read it first: until they accept it, send it back, or it is withdrawn."""
    mine = Q(to_worker=user.worker_id)
    if user.may(Permission.MANAGE_TEAM):
        teams = TeamMembership.objects.filter(open_on(day), worker=user.worker_id).values("team_id")
        mine |= Q(to_team__in=teams)
    waiting = Transfer.objects.filter(mine, accepted_date=None, returned_date=None, withdrawn_date=None)
    return waiting.values("person_id")


def _workers(person: int, day: date) -> Iterable[int]:
    held = Allocation.objects.filter(open_on(day), person=person, worker__isnull=False)
    return held.values_list("worker_id", flat=True).order_by()


def _teams(person: int, day: date) -> Iterable[int]:
    teams = Allocation.objects.filter(open_on(day), person=person).values("team_id")
    members = TeamMembership.objects.filter(open_on(day), team__in=teams)
    return members.values_list("worker_id", flat=True).order_by()


def _allocators(person: int, day: date) -> Iterable[int]:
    cases = _held_by_nobody(day).filter(person=person)
    members = TeamMembership.objects.filter(
        open_on(day), team__service__in=cases.values("service"), team__agency__in=cases.values("agency")
    )
    return members.values_list("worker_id", flat=True).order_by()


REASONS = (
    Reason(
        *("allocated", "The case is allocated to you.", _allocated, _OWN),
        ends="end_date",
        ending=_ENDING,
        candidates=_workers,
    ),
    Reason(
        *("allocated_part", "The case of your service is allocated to you.", _allocated, PARTNERS),
        ends="end_date",
        ending=_ENDING,
        shows=_of_the_service,
        candidates=_workers,
    ),
    Reason(
        *("team", "The case is allocated to your team.", _of_the_team, _MANAGERS),
        ends="end_date",
        ending="It ends when the team's allocation or your place in the team does.",
        candidates=_teams,
    ),
    Reason(
        *("unallocated", "The case is open and no team holds it: it waits for somebody to allocate it.", _to_allocate),
        _MANAGERS,
        ending="It ends when the case is allocated or closes.",
        candidates=_allocators,
    ),
    Reason(
        *("transfer", "The case is offered to you or your team for transfer.", _offered, _OWN),
        ending="It ends when the transfer is accepted, sent back or withdrawn.",
    ),
)
