"""Lists that the front door works through."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, IntegerField, QuerySet, Value, When

from sightline.core.access.models import User
from sightline.core.access.visibility import visible_rows
from sightline.pathways.front_door.models import Intake

_ORDER = ("RED", "AMBER", "GREEN")


def undecided(user: User) -> QuerySet[Any]:
    """Contacts as received that wait for a decision, the most urgent and then the longest waiting first."""
    place = Case(
        *(When(priority=code, then=Value(number)) for number, code in enumerate(_ORDER)),
        default=Value(len(_ORDER)),
        output_field=IntegerField(),
    )
    waiting = visible_rows(user, Intake).filter(decided_date=None)
    found: QuerySet[Any] = waiting.annotate(place=place).order_by("place", "received_at", "received_date", "id")
    return found


def feedback_unsent(user: User) -> QuerySet[Any]:
    """Contacts as received that are decided and whose referrer has not been told, the oldest decision first."""
    return visible_rows(user, Intake).filter(decided_date__isnull=False, feedback_date=None).order_by("decided_date")
