"""Who works with the person, from each agency, and how fresh that is."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from sightline.core.access.models import User
from sightline.core.access.standing import standing
from sightline.core.access.visibility import visible_rows
from sightline.core.cases.models import Allocation
from sightline.core.organisations.models import Organisation
from sightline.core.people.models import Person
from sightline.engine.screens import words
from sightline.engine.screens.chronology import chronology

TITLE = "Who is involved"
TEMPLATE = "panels/involved.html"
ORDER = 30


def panel(request: HttpRequest, user: User, person: Person) -> dict[str, Any] | None:
    """The workers who hold the person's cases, and the agencies whose records there are, each with the day of its last one."""
    del request
    held = visible_rows(user, Allocation, about=[person.pk]).filter(person=person, end_date=None)
    day = standing().day
    last: dict[int, Any] = {}
    for event in chronology(user, person):
        if event.day <= day:
            last.setdefault(event.agency, event.day)
    names = dict(Organisation.objects.filter(pk__in=last).values_list("pk", "name"))
    return {
        "workers": [
            {
                "worker": words.staff(each.worker) if each.worker else "no worker yet",
                "team": each.team.name,
                "since": each.start_date,
            }
            for each in held.select_related("worker", "team").order_by("start_date")
        ],
        "agencies": [
            {"name": names[agency], "day": found, "days": (day - found).days} for agency, found in last.items()
        ],
    }
