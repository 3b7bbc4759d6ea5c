"""What the rules of returns find in the child's record, for those who answer it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from sightline.core.access.models import User
from sightline.core.access.roles import Permission
from sightline.core.access.visibility import visible_rows
from sightline.core.people.models import Person
from sightline.engine.return_issues.lists import in_state, rule_of
from sightline.engine.return_issues.models import Issue

TITLE = "Issues of returns"
ORDER = 70
TEMPLATE = "panels/return_issues.html"


def panel(request: HttpRequest, user: User, person: Person) -> dict[str, Any] | None:
    """The open issues; nothing where there is none."""
    del request
    if not user.may(Permission.ANSWER_ISSUES):
        return None
    found = visible_rows(user, Issue, about=[person.pk]).filter(in_state("open"), person=person)
    issues = [(one, rule_of(one)) for one in found.order_by("rule", "pk")]
    return {"issues": issues} if issues else None
