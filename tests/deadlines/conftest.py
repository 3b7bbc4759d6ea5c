"""What the tests of deadlines share: a way to write records straight, without the checks of actions."""

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps

from sightline.core.organisations.models import Organisation
from sightline.core.records.writing import writing

Make = Callable[..., Any]


@pytest.fixture
def make(db: None) -> Make:
    """`make("child_protection.Plan", person=..., start_date=...)` writes a record and gives it."""
    agency = Organisation.objects.create(name="Anyshire", kind="local_authority", area="E10000028")

    def write(label: str, **values: Any) -> Any:
        with writing("test", by="tester", because="test"):
            return apps.get_model(label).objects.create(agency=agency, **values)

    return write


@pytest.fixture
def change(db: None) -> Make:
    """`change(record, end_date=...)` writes new values."""

    def write(record: Any, **values: Any) -> Any:
        for name, value in values.items():
            setattr(record, name, value)
        with writing("test", by="tester", because="test"):
            record.save()
        return record

    return write


@pytest.fixture
def family(make: Make) -> Any:
    """A child with a case open from 3 April 2017."""
    person = make("people.Person", birth_date="2010-05-01")
    case = make("cases.Case", person=person, service="social_care", start_date="2017-04-03")
    return type("Family", (), {"person": person, "case": case, "of": {"person": person, "case": case}})
