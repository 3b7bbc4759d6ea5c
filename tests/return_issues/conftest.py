"""An authority in June 2024, while the returns of 2023/24 and 2024/25 are collected: a team, an analyst, and children whose cases they hold."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from sightline.core.access.models import User
from sightline.engine.actions.engine import Done, perform, version
from sightline.engine.return_issues.collections import Collection, collection

AREA = "E10000028"
DAY = date(2024, 6, 14)
LONG_AGO = date(2020, 1, 6)

Make = Callable[..., Any]
Act = Callable[..., Done]


@pytest.fixture
def stands(make: Make) -> None:
    """The partnership stands at the day: everything it covers is invented, and ends then."""
    make(
        "records.Coverage",
        area=AREA,
        stream="front_door",
        start_date=LONG_AGO,
        end_date=DAY,
        source_system="synthetic",
    )


@pytest.fixture
def staff(make: Make, stands: None) -> SimpleNamespace:
    """Users by name: a worker and a colleague with their manager in one team, a worker of another team, and an analyst."""
    team, other = (
        make("organisations.Team", name=name, service="social_care") for name in ("Safeguarding", "Elsewhere")
    )
    found: dict[str, Any] = {"team": team}
    for name, role, home in (
        ("worker", "social_worker", team),
        ("colleague", "social_worker", team),
        ("manager", "team_manager", team),
        ("stranger", "social_worker", other),
    ):
        one = make("organisations.Worker", name=f"Worker {name}", job="social_worker")
        make("organisations.TeamMembership", worker=one, team=home, start_date=LONG_AGO)
        found[name] = User.objects.create(username=name, role=role, worker=one)
    found["analyst"] = User.objects.create(username="analyst", role="performance_analyst")
    return SimpleNamespace(**found)


@pytest.fixture
def child(make: Make, staff: SimpleNamespace) -> Make:
    """`child()` makes a child whose case opened in May 2023 and is allocated to the worker; the record is right but for what is changed."""

    def write(holder: str = "worker", born: date = date(2015, 3, 4), need: str = "N1") -> SimpleNamespace:
        person = make("people.Person", birth_date=born, sex="F", ethnicity="WBRI")
        make("people.PersonName", person=person, forename="Anna", surname="Testcase", kind="legal")
        make("people.Identifier", person=person, scheme="local", value=f"L{person.pk}")
        opened = date(2023, 5, 8)
        case = make("cases.Case", person=person, service="social_care", start_date=opened, primary_need=need)
        make(
            "cases.Allocation",
            person=person,
            case=case,
            team=staff.team,
            worker=getattr(staff, holder).worker,
            start_date=opened,
        )
        source = {"referral_date": opened, "source": "1A", "primary_need": need, "no_further_action": False}
        referral = make("front_door.Referral", person=person, case=case, **source)
        return SimpleNamespace(person=person, case=case, referral=referral, of={"person": person, "case": case})

    return write


@pytest.fixture
def census() -> Collection:
    """The children in need census of 2023/24."""
    return collection("cin", "2023-24")


@pytest.fixture
def act(db: None) -> Act:
    """`act(user, "cases.correct", record, ...)` performs an action as a user who has just read the record."""

    def do(user: User, action: str, record: Any = None, **values: Any) -> Done:
        seen = version(record) if record is not None else None
        return perform(action, by=user, because="the work asks for it", values=values, record=record, seen=seen)

    return do
