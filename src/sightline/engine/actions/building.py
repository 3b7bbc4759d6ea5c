"""What the builders of actions share: the actions that write several records at once."""

from __future__ import annotations

from typing import Any

from django.apps import apps

from sightline.core.access.models import User
from sightline.core.people.models import Person
from sightline.core.records import writing
from sightline.engine.actions.declarations import Attempt
from sightline.engine.actions.refusals import Fault, Invalid


def named_once(attempt: Attempt, group: str = "children", *, besides: Person | None = None) -> None:
    """Raises Invalid when a group of rows names one child twice, or the child whom the action is about besides."""
    seen = {besides.pk} if besides is not None else set()
    for place, row in enumerate(attempt.values[group]):
        if row["person"].pk in seen:
            raise Invalid(attempt.action.title, [Fault(f"{group}.{place}.person", "This child is named twice.")])
        seen.add(row["person"].pk)


def open_case(person: Person) -> Any:
    """The child's open case of need; None where there is none."""
    cases = apps.get_model("cases.Case")._default_manager
    return cases.filter(person=person, service="social_care", end_date=None).first()


def acting_name() -> str:
    """Who acts, by the name that the history signs with: what one decides another checks."""
    return writing.require("an action").by


def acting_user() -> User | None:
    """The user who acts; None for a part of the system."""
    now = writing.current()
    return User.objects.filter(username=now.by).select_related("worker").first() if now else None
