"""What the tests of actions share: an agency, people who act, and a child with an open case."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from sightline.core.access.models import User
from sightline.core.organisations.models import Organisation
from sightline.engine.actions.engine import Done, System, perform

Act = Callable[..., Any]


@pytest.fixture
def worker(make: Act) -> Any:
    return make("organisations.Worker", name="Worker One", job="social_worker")


@pytest.fixture
def act(agency: Organisation) -> Act:
    """`act("cases.close", record, end_date=...)` performs an action as a part of the system, and gives what it wrote."""

    def do(action: str, record: Any = None, **values: Any) -> Done:
        system = System("test", agency.id)
        return perform(action, by=system, because="a test", values=values, record=record)

    return do


@pytest.fixture
def child(make: Act) -> SimpleNamespace:
    """A child of seven with a case open from 3 April 2017."""
    person = make("people.Person", birth_date="2010-01-10", sex="F")
    case = make("cases.Case", person=person, service="social_care", start_date="2017-04-03")
    person.refresh_from_db()
    return SimpleNamespace(person=person, case=case, of={"person": person, "case": case})


@pytest.fixture
def users(make: Act, worker: Any, child: SimpleNamespace) -> dict[str, User]:
    """One user of every role that records, allocated to the child where the role follows allocations."""
    team = make("organisations.Team", name="Team", service="social_care")
    make("organisations.TeamMembership", worker=worker, team=team, start_date="2017-01-01")
    make("cases.Allocation", **child.of, team=team, worker=worker, start_date="2017-04-03")
    roles = ("social_worker", "team_manager", "conference_chair", "board_manager", "performance_analyst")
    return {role: User.objects.create(username=role, role=role, worker=worker) for role in roles}
