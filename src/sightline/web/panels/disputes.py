"""What the person says about records that were not changed as they asked."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from sightline.core.access.models import User
from sightline.core.access.visibility import visible
from sightline.core.people.models import Person
from sightline.core.rights.disputes import disputes_about

TITLE = "Statements of dispute"
ORDER = 85
TEMPLATE = "panels/disputes.html"


def panel(request: HttpRequest, user: User, person: Person) -> dict[str, Any] | None:
    """The statements; nothing where there is none."""
    del request
    about = disputes_about(person.pk)
    found = [each for each in about if visible(user, each.record_table, [each.record_id])]
    return {"disputes": found} if found else None
