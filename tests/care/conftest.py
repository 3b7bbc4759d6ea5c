"""What the tests of work in care share: an authority, its workers in their roles, and three brothers and sisters with open cases."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from sightline.core.access.models import User
from sightline.engine.actions.engine import Done, perform, version

Act = Callable[..., Any]
BIRTHS = {"eldest": "2000-06-15", "middle": "2008-03-01", "youngest": "2015-09-20"}


@pytest.fixture
def workers(make: Act) -> dict[str, Any]:
    """One worker for each role, all in one team."""
    team = make("organisations.Team", name="Team", service="social_care")
    jobs = {
        "social_worker": "social_worker",
        "team_manager": "team_manager",
        "conference_chair": "independent_chair",
    }
    found: dict[str, Any] = {"team": team}
    for role, job in jobs.items():
        found[role] = make("organisations.Worker", name=f"Worker {role}", job=job)
        make("organisations.TeamMembership", worker=found[role], team=team, start_date="2010-01-01")
    return found


@pytest.fixture
def family(make: Act, workers: dict[str, Any]) -> SimpleNamespace:
    """Three brothers and sisters at one address, allocated to the social worker."""
    place = make("places.Place", postcode="ST16 2LH", line_1="1 Example Street")
    children = {}
    for name, birth in BIRTHS.items():
        person = make("people.Person", birth_date=birth, sex="F")
        case = make("cases.Case", person=person, service="social_care", start_date="2016-01-04")
        allocated = {"team": workers["team"], "worker": workers["social_worker"]}
        make("cases.Allocation", person=person, case=case, start_date="2016-01-04", **allocated)
        make("people.PersonAddress", person=person, place=place, start_date="2015-10-01")
        person.refresh_from_db()
        children[name] = SimpleNamespace(person=person, case=case, of={"person": person, "case": case})
    return SimpleNamespace(**children)


@pytest.fixture
def does(workers: dict[str, Any]) -> Act:
    """`does("team_manager", "looked_after.start", ...)`: a user of that role acts, having just read the record."""
    users = {
        role: User.objects.create(username=role, role=role, worker=worker)
        for role, worker in workers.items()
        if role != "team"
    }

    def do(role: str, action: str, record: Any = None, **values: Any) -> Done:
        seen = version(record) if record is not None else None
        return perform(action, by=users[role], because="a test", values=values, record=record, seen=seen)

    do.users = users  # type: ignore[attr-defined]
    return do
