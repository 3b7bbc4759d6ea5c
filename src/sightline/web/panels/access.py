"""Why the reader sees this person, and when each reason ends."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from sightline.core.access.models import User
from sightline.core.access.roles import Permission
from sightline.core.access.visibility import explain, visible_rows
from sightline.core.people.models import Person
from sightline.core.restrictions.models import SharingDecision

TITLE = "Why can I see this?"
TEMPLATE = "panels/access.html"
ORDER = 90


def panel(request: HttpRequest, user: User, person: Person) -> dict[str, Any] | None:
    """The reasons, and what can be done about who sees the person."""
    del request
    shared = visible_rows(user, SharingDecision, about=[person.pk]).filter(person=person).select_related("partner")
    return {
        "reasons": explain(user, [person.pk]).get(person.pk, []),
        "shared": list(shared.order_by("end_date", "id")[:10]),
        "manages": user.may(Permission.MANAGE_TEAM),
        "restricts": user.may(Permission.RESTRICT),
        "shares": user.may(Permission.SHARE),
        "number": person.pk,
    }
