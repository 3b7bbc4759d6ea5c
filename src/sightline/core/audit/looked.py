"""Who looked at a child: the audit's entries about one person, by worker, with reason and last time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, Max, Min, Q

from sightline.core.access.models import User
from sightline.core.access.roles import ROLES
from sightline.core.audit.record import SEEN, What, about_person

#: What is counted as looking; writing is shown beside it, since who wrote has looked.
COUNTED = (*SEEN, What.LIST, What.SEARCH, What.WRITE, What.EMERGENCY_ACCESS, What.RESTRICTED_HIT)


@dataclass(frozen=True)
class Looker:
    """One worker's looking."""

    who: str
    name: str
    role: str
    opened: int
    listed: int
    written: int
    first: datetime
    last: datetime
    purposes: tuple[str, ...]


def lookers(person: int) -> list[Looker]:
    """Everybody to whom the person was shown, the latest first."""
    found = (
        about_person(person)
        .filter(what__in=COUNTED)
        .values("who")
        .annotate(
            opened=Count("id", filter=Q(what__in=[*SEEN, What.EMERGENCY_ACCESS])),
            listed=Count("id", filter=Q(what__in=[What.LIST, What.SEARCH, What.RESTRICTED_HIT])),
            written=Count("id", filter=Q(what=What.WRITE)),
            first=Min("at"),
            last=Max("at"),
            purposes=ArrayAgg("purpose", distinct=True, filter=~Q(purpose=""), default=[]),
        )
        .order_by("-last")
    )
    rows = list(found)
    users = {
        user.get_username(): user
        for user in User.objects.filter(username__in=[row["who"] for row in rows]).select_related("worker")
    }
    return [_looker(dict(row), users.get(row["who"])) for row in rows]


def _looker(row: dict[str, Any], user: User | None) -> Looker:
    worker = user.worker if user else None
    role = ROLES.get(user.role) if user else None
    purposes = tuple(str(text) for text in row.pop("purposes") or ())
    name = worker.name if worker else (user.get_full_name() if user else "")
    return Looker(name=name, role=role.name if role else "", purposes=purposes, **row)
