"""Allocation and team duty: the reasons to see a child that come with a case."""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from sightline.core.access.models import User
from sightline.core.access.visibility import People, Reason
from sightline.core.cases.models import Allocation
from sightline.core.organisations.models import TeamMembership


def _open_on(day: date) -> Q:
    return Q(start_date__lte=day) & (Q(end_date=None) | Q(end_date__gt=day))


def _allocated(user: User, day: date) -> People:
    return Allocation.objects.filter(_open_on(day), worker=user.worker_id).values("person_id")


def _of_the_team(user: User, day: date) -> People:
    teams = TeamMembership.objects.filter(_open_on(day), worker=user.worker_id).values("team_id")
    return Allocation.objects.filter(_open_on(day), team__in=teams).values("person_id")


REASONS = (
    Reason("allocated", "The case is allocated to you.", _allocated),
    Reason("team", "The case is allocated to your team.", _of_the_team, frozenset({"team_manager"})),
)
