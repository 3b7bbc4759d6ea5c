"""What the casework tests share: an authority with its teams, people in their roles, a partner agency's officer, and a family of three children."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from playwright.sync_api import Browser

from sightline.core.access.models import User
from sightline.core.organisations.models import Organisation
from sightline.engine.actions.engine import Done, System, perform, version

Act = Callable[..., Any]
ROLES = {
    "contact": "contact_officer",
    "hub_manager": "team_manager",
    "manager": "team_manager",
    "worker": "social_worker",
    "chair": "conference_chair",
    "stranger": "social_worker",
    "police": "mash_partner",
}


@pytest.fixture(scope="module")
def browser(chromium: Callable[[], AbstractContextManager[Browser]]) -> Iterator[Browser]:
    with chromium() as launched:
        yield launched


@pytest.fixture
def partners(db: None) -> SimpleNamespace:
    """The agencies that come to meetings."""
    kinds = {"police": "police", "health": "health", "school": "school"}
    return SimpleNamespace(**{name: Organisation.objects.create(name=name, kind=kind) for name, kind in kinds.items()})


@pytest.fixture
def teams(make: Act) -> SimpleNamespace:
    names = ("hub", "safeguarding", "other")
    return SimpleNamespace(**{name: make("organisations.Team", name=name, service="social_care") for name in names})


@pytest.fixture
def people(make: Act, change: Act, teams: SimpleNamespace, partners: SimpleNamespace) -> SimpleNamespace:
    """A user for each part in the work, each a worker; a stranger works in another team, an officer for the police."""
    homes = {"contact": teams.hub, "hub_manager": teams.hub, "chair": None, "stranger": teams.other, "police": None}
    found = {}
    for name, role in ROLES.items():
        worker = make("organisations.Worker", name=f"Worker {name}", job="social_worker")
        if name == "police":
            change(worker, agency=partners.police)
        team = homes.get(name, teams.safeguarding)
        if team is not None:
            make("organisations.TeamMembership", worker=worker, team=team, start_date=date(2015, 1, 1))
        found[name] = User.objects.create(username=name, role=role, worker=worker)
    return SimpleNamespace(**found)


@pytest.fixture
def family(make: Act) -> list[Any]:
    """Three children: a toddler, a schoolchild and a teenager."""
    return [
        make("people.Person", birth_date=born, sex="F")
        for born in (date(2022, 3, 1), date(2016, 6, 10), date(2010, 1, 20))
    ]


@pytest.fixture
def act(db: None) -> Act:
    """`act(user, "cases.close", record, end_date=...)` performs an action as a user who has just read the record."""

    def do(user: User, action: str, record: Any = None, **values: Any) -> Done:
        seen = version(record) if record is not None else None
        return perform(action, by=user, because="the work asks for it", values=values, record=record, seen=seen)

    return do


@pytest.fixture
def system(agency: Organisation) -> Act:
    """`system("cases.open", ...)` performs an action as a part of the system: no role, no reason to see."""

    def do(action: str, record: Any = None, **values: Any) -> Done:
        return perform(action, by=System("test", agency.id), because="a test", values=values, record=record)

    return do


@pytest.fixture
def open_case(make: Act, family: list[Any], people: SimpleNamespace, teams: SimpleNamespace) -> Callable[..., Any]:
    """Opens a case for a child of the family from a day, allocated to the worker."""

    def do(child: Any, day: date) -> Any:
        case = make("cases.Case", person=child, service="social_care", start_date=day)
        of = {"person": child, "case": case, "start_date": day}
        make("cases.Allocation", **of, team=teams.safeguarding, worker=people.worker.worker)
        return case

    return do
