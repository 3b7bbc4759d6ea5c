"""What a partner's agency was asked about children: on the partner's own work list until it is answered, or is of no use any more."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from sightline.core.access.models import User
from sightline.core.audit.models import Entry
from sightline.core.organisations.models import Organisation
from sightline.engine.work.words import Status
from sightline.pathways.front_door.queues import checks, to_answer
from sightline.standards.working_days import add_working_days

from .conftest import Make

pytestmark = pytest.mark.django_db


@pytest.fixture
def officers(make: Make, change: Make) -> SimpleNamespace:
    """Somebody of the police, and somebody of the health service."""
    found = {}
    for kind in ("police", "health"):
        worker = make("organisations.Worker", name=f"Officer of {kind}", job="social_worker")
        change(worker, agency=Organisation.objects.create(name=kind.title(), kind=kind))
        found[kind] = User.objects.create(username=kind, role="mash_partner", worker=worker)
    return SimpleNamespace(**found)


@pytest.fixture
def asked(make: Make, child: Make, officers: SimpleNamespace) -> Callable[..., Any]:
    """`asked("Anna", days=2)`: the police were asked about a child of a contact that came so many working days ago."""

    def write(name: str, days: int = 0) -> Any:
        day = add_working_days(timezone.localdate(), -days)
        one = child("stranger", name=name)
        intake = make("front_door.Intake", received_date=day, source="2A", priority="RED")
        made = make(
            *("front_door.Contact",),
            person=one.person,
            intake=intake,
            contact_date=day,
            source="2A",
            presenting_issue="OTHER",
        )
        agency = officers.police.worker.agency
        check = make("front_door.AgencyCheck", intake=intake, organisation=agency, asked_date=day)
        return SimpleNamespace(person=one.person, intake=intake, contact=made, check=check)

    return write


def listed(user: Any) -> list[tuple[tuple[str, ...], str, Status]]:
    return [(one.names, one.when, one.status) for one in checks(user, to_answer(user))]


def test_a_check_is_listed_for_the_agency_asked_with_child_and_when_it_is_due(
    officers: SimpleNamespace, staff: SimpleNamespace, asked: Any
) -> None:
    asked("Berta", days=0)
    asked("Anna", days=8)
    late, soon = listed(officers.police)
    assert (late[0], late[2]) == (("Anna Testcase",), Status.LATE)
    assert late[1].endswith(" working days late")
    assert (soon[0], soon[2]) == (("Berta Testcase",), Status.SOON)
    for other in (officers.health, staff.stranger, staff.worker):
        assert listed(other) == []


def test_it_leaves_the_list_when_it_is_answered_or_the_contact_decided(
    officers: SimpleNamespace, change: Make, asked: Any
) -> None:
    answered, decided = asked("Anna"), asked("Berta")
    today = timezone.localdate()
    change(answered.check, answered_date=today, information="Nothing known.")
    assert [names for names, _when, _status in listed(officers.police)] == [("Berta Testcase",)]
    change(decided.contact, outcome="NFA", outcome_date=today)
    change(decided.intake, decided_date=today)
    assert listed(officers.police) == []


def test_a_sealed_child_is_on_no_list(
    officers: SimpleNamespace, staff: SimpleNamespace, make: Make, asked: Any
) -> None:
    one = asked("Anna")
    given = {"policy": "hidden", "ask": staff.manager.worker, "start_date": timezone.localdate()}
    make("restrictions.Seal", person=one.person, **given)
    assert listed(officers.police) == []


def test_the_work_page_shows_them_and_the_audit_says_so(
    settings: Any, officers: SimpleNamespace, staff: SimpleNamespace, asked: Any
) -> None:
    settings.SECOND_FACTOR = "optional"
    one = asked("Anna", days=8)
    answer = reverse("do", args=["front_door.record_answer", one.check.pk])
    pages = {}
    for user in (officers.police, officers.health, staff.worker):
        client = Client()
        client.force_login(user)
        pages[user.username] = [client.get(address).content.decode() for address in ("/work", "/")]
    work, first = pages["police"]
    assert "Anna Testcase" in work
    assert " working days late" in work
    assert f'href="{answer}"' in work
    assert "Checks asked of your agency (1)" in first
    entry = Entry.objects.get(about="checks asked of the agency", who="police")
    assert (entry.details["people"], entry.details["records"]) == ([one.person.pk], [one.check.pk])
    assert "Your agency has answered everything" in pages["health"][0]
    assert "Checks asked" not in pages["worker"][0]
    assert all("Testcase" not in text for name in ("health", "worker") for text in pages[name])


def test_a_long_list_asks_no_more_questions(
    officers: SimpleNamespace, asked: Any, django_assert_max_num_queries: Any
) -> None:
    for number in range(6):
        asked(f"Child-{number}")
    with django_assert_max_num_queries(10):
        assert len(listed(officers.police)) == 6
