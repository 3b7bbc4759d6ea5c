"""What the tests of work lists share: a team with its manager, two workers, a chair, and a child on a plan."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from sightline.core.access.models import User
from sightline.engine.deadlines import ledger

Make = Callable[..., Any]

#: A Wednesday.
DAY = date(2017, 6, 7)
LONG_AGO = date(2012, 1, 2)


@pytest.fixture
def staff(make: Make) -> SimpleNamespace:
    """Users by name, each a worker; the manager and both workers belong to one team."""
    team = make("organisations.Team", name="Team 1", service="social_care")
    found: dict[str, Any] = {"team": team}
    roles = {
        "worker": "social_worker",
        "colleague": "social_worker",
        "stranger": "social_worker",
        "manager": "team_manager",
        "chair": "conference_chair",
    }
    for name, role in roles.items():
        worker = make(
            "organisations.Worker", name=f"Worker {name}", job=role if role == "team_manager" else "social_worker"
        )
        if name not in ("stranger", "chair"):
            make("organisations.TeamMembership", worker=worker, team=team, start_date=LONG_AGO)
        found[name] = User.objects.create(username=name, role=role, worker=worker, email=f"{name}@example.org")
    return SimpleNamespace(**found)


@pytest.fixture
def child(make: Make, staff: SimpleNamespace) -> Make:
    """`child("worker")` makes a child whose open case that worker holds; `child(None)` one of the team that nobody holds."""

    def write(holder: str | None = "worker", opened: date = LONG_AGO, name: str = "Anna") -> Any:
        person = make("people.Person", birth_date=date(2010, 5, 1))
        make("people.PersonName", person=person, forename=name, surname="Testcase", kind="legal")
        case = make("cases.Case", person=person, service="social_care", start_date=opened)
        worker = getattr(staff, holder).worker if holder else None
        make("cases.Allocation", person=person, case=case, team=staff.team, worker=worker, start_date=opened)
        return SimpleNamespace(person=person, case=case, of={"person": person, "case": case})

    return write


@pytest.fixture
def plan(make: Make) -> Make:
    """Puts a child on a protection plan."""

    def write(child: Any, start: date, end: date | None = None) -> Any:
        codes = {"initial_category": "NEG", "latest_category": "NEG", "end_reason": "01" if end else None}
        found = make("child_protection.Plan", **child.of, start_date=start, end_date=end, **codes)
        ledger.rebuild([child.person.pk])
        return found

    return write
