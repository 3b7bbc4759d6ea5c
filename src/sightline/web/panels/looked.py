"""Who looked at the child, for a manager who sees the child."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from sightline.core.access.models import User
from sightline.core.access.roles import Permission
from sightline.core.audit.looked import lookers
from sightline.core.people.models import Person

TITLE = "Who looked at this record"
ORDER = 90
TEMPLATE = "panels/looked.html"
SHOWN = 5


def panel(request: HttpRequest, user: User, person: Person) -> dict[str, Any] | None:
    """The latest few; only for managers."""
    del request
    if not user.may(Permission.MANAGE_TEAM):
        return None
    found = lookers(person.pk)
    return {"latest": found[:SHOWN], "more": max(0, len(found) - SHOWN)}
