"""What the tests of information rights share: a child with a brother, two people who answer requests, and a way to act as either."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from sightline.core.access.models import User
from sightline.engine.actions.engine import Done, perform, version


@pytest.fixture
def family(make: Callable[..., Any]) -> SimpleNamespace:
    """A child grown up, whose case closed long ago, and a brother who is a child yet."""
    child = make("people.Person", birth_date="1990-01-10", sex="F")
    brother = make("people.Person", birth_date="2012-01-10", sex="M")
    make("people.PersonName", person=child, forename="Ada", surname="Invented")
    make("people.PersonName", person=brother, forename="Ben", surname="Invented")
    make("people.Relationship", person=child, other=brother, kind="sibling")
    case = make(
        "cases.Case",
        person=child,
        service="social_care",
        start_date="2004-05-01",
        end_date="2006-05-01",
        closure_reason="RC8",
    )
    home = make("people.Household", reference="F1")
    for one in (child, brother):
        make("people.HouseholdMember", person=one, household=home, start_date="2012-01-10")
    assessment = make(
        "assessment.Assessment", person=child, case=case, start_date="2004-05-02", authorised_date="2004-06-01"
    )
    make("assessment.AssessmentFactor", person=child, assessment=assessment, factor="3A")
    return SimpleNamespace(child=child, brother=brother, case=case, household=home)


@pytest.fixture
def officers(make: Callable[..., Any]) -> tuple[User, User]:
    """Two people who answer requests."""
    worker = make("organisations.Worker", name="Officer", job="business_manager")
    first, second = (User.objects.create(username=name, role="auditor", worker=worker) for name in ("first", "second"))
    return first, second


@pytest.fixture
def act() -> Callable[..., Done]:
    """`act(user, "rights.hold", record=None, subject=..., ...)` performs an action as a user."""

    def do(user: User, action: str, record: Any = None, **values: Any) -> Done:
        seen = version(record) if record is not None else None
        return perform(action, by=user, because="a test", values=values, record=record, seen=seen)

    return do
