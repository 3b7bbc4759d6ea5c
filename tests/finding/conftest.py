"""What the tests of finding share: an agency, people with names and numbers, workers who see some of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from sightline.core.access.models import User
from sightline.core.organisations.models import Organisation
from sightline.engine.actions.engine import Done, System, perform, version

Make = Callable[..., Any]


@pytest.fixture
def person(make: Make) -> Make:
    """`person("Amelia", "Acornmock", "2010-02-01", nhs="9990000018", line_1=..., postcode=..., phone=...)`."""

    def one(forename: str, surname: str, born: str | None = None, **more: str) -> Any:
        found = make("people.Person", birth_date=born, sex="F")
        make("people.PersonName", person=found, forename=forename, surname=surname)
        for scheme in ("nhs", "upn", "local"):
            if scheme in more:
                make("people.Identifier", person=found, scheme=scheme, value=more[scheme])
        if "postcode" in more:
            place = make("places.Place", line_1=more.get("line_1", ""), postcode=more["postcode"])
            make("people.PersonAddress", person=found, place=place, start_date=born or "2015-01-01")
        for kind in ("phone", "email"):
            if kind in more:
                make("people.ContactPoint", person=found, kind=kind, value=more[kind], safe_to_use="yes")
        return found

    return one


@pytest.fixture
def allocate(make: Make) -> Callable[..., None]:
    """`allocate(user, person)`: a case of the person is the user's."""

    def one(user: User, who: Any, service: str = "social_care") -> None:
        team = make("organisations.Team", name=f"Team of {user.username}", service="social_care")
        case = make("cases.Case", person=who, service=service, start_date="2017-04-03")
        make("cases.Allocation", person=who, case=case, team=team, worker=user.worker, start_date="2017-04-03")

    return one


@pytest.fixture
def worker_of(make: Make, allocate: Callable[..., None]) -> Callable[..., User]:
    """`worker_of("team_manager", a, b)`: a user of a role, to whom cases of these people are allocated."""
    made: list[User] = []

    def user(role: str, *people: Any) -> User:
        name = f"{role}-{len(made)}"
        worker = make("organisations.Worker", name=f"Worker {name}", job="social_worker")
        found = User.objects.create(username=name, role=role, worker=worker)
        made.append(found)
        for one in people:
            allocate(found, one)
        return found

    return user


@pytest.fixture
def seal(make: Make) -> Callable[..., Any]:
    """`seal(person, "hidden", ask, other_member)`: a seal of which the users are members."""

    def one(who: Any, policy: str, *members: User) -> Any:
        found = make(
            "restrictions.Seal",
            policy=policy,
            person=who,
            ask=members[0].worker,
            reason="Somebody related works here.",
            start_date="2017-01-01",
        )
        for member in members:
            make("restrictions.SealMember", seal=found, worker=member.worker, start_date="2017-01-01")
        return found

    return one


@pytest.fixture
def act() -> Callable[..., Done]:
    """`act(user, "people.merge", record, reason=...)` performs an action as somebody who has just looked at the record."""

    def do(by: Any, action: str, record: Any = None, **values: Any) -> Done:
        seen = version(record) if record is not None and isinstance(by, User) else None
        return perform(action, by=by, because="a test", values=values, record=record, seen=seen)

    return do


@pytest.fixture
def system(agency: Organisation) -> System:
    return System("test", agency.id)
