"""Pages of work: what they show to whom, that it is audited, what is taken away, and how few questions they ask."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from sightline.core.audit.models import Entry
from sightline.engine.work.models import DriftIssue

from .conftest import Make

pytestmark = pytest.mark.django_db

#: The most questions a page may ask, session and user included, and however long the list.
CEILINGS = {
    "/": 34,
    "/work": 45,
    "/work/team": 32,
    "/work/board": 90,
    "/work/lists/plans-15-months": 40,
    "/work/contacts": 30,
}


@pytest.fixture
def visit(settings: Any) -> Callable[[Any], Client]:
    settings.SECOND_FACTOR = "optional"

    def as_user(user: Any) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return as_user


@pytest.fixture
def on_plans(child: Make, plan: Make) -> list[Any]:
    """Children who have been on a plan for long, today."""
    start = timezone.localdate() - timedelta(days=500)
    found = [child("worker", name=f"Anna-{number}") for number in range(3)]
    return [plan(one, start).person for one in found]


def test_my_work_shows_each_clock_with_its_child_and_what_stops_it(
    visit: Any, staff: SimpleNamespace, on_plans: list[Any]
) -> None:
    text = visit(staff.worker).get(reverse("work")).content.decode()
    assert "Anna-0 Testcase" in text
    assert "late" in text
    assert f"{reverse('do', args=['child_protection.record_visit'])}?person={on_plans[0].pk}" in text
    assert reverse("do", args=["deadlines.explain"]) in text
    assert "allocated to you" in text
    entry = Entry.objects.filter(what="list", about="work").get()
    assert entry.details["people"] == sorted(one.pk for one in on_plans)


def test_a_stranger_sees_nothing_of_it(visit: Any, staff: SimpleNamespace, on_plans: list[Any]) -> None:
    for address in ("/", "/work"):
        assert "Testcase" not in visit(staff.stranger).get(address).content.decode()


def test_a_wrong_status_or_page_is_not_there(visit: Any, staff: SimpleNamespace) -> None:
    client = visit(staff.worker)
    for query in ("?status=none", "?page=0", "?page=2", "?page=x", "?page=" + "9" * 30):
        assert client.get(f"/work{query}").status_code == 404
    for query in ("?clock=none", "?process=none", "?worker=99999999999999999999", "?stream=<b>"):
        assert client.get(f"/work{query}").status_code == 200


def test_what_is_taken_away_says_who_took_it_and_is_audited(
    visit: Any, staff: SimpleNamespace, on_plans: list[Any]
) -> None:
    client = visit(staff.manager)
    for name, arguments in (("work-team-csv", []), ("work-drift-csv", ["plans-15-months"])):
        answer = client.post(reverse(name, args=arguments), {"purpose": "supervision"})
        lines = answer.content.decode().splitlines()
        assert "(manager)" in lines[0]
        assert "Anna-1 Testcase" in answer.content.decode()
    assert [entry.purpose for entry in Entry.objects.filter(what="export")] == ["supervision", "supervision"]


def test_hostile_names_are_shown_as_text(visit: Any, staff: SimpleNamespace, child: Make, plan: Make) -> None:
    plan(child("worker", name="<script>alert(1)</script>"), timezone.localdate() - timedelta(days=60))
    text = visit(staff.worker).get("/work").content.decode()
    assert "<script>alert(1)" not in text
    assert "&lt;script&gt;alert(1)" in text


def test_a_list_is_issued_and_says_what_came_of_it(visit: Any, staff: SimpleNamespace, on_plans: list[Any]) -> None:
    client = visit(staff.manager)
    page = reverse("work-drift", args=["plans-15-months"])
    assert "not been issued" in client.get(page).content.decode()
    answer = client.post(reverse("work-drift-issue", args=["plans-15-months"]), follow=True)
    assert "with 3 records" in answer.content.decode()
    assert "The next list is due by" in answer.content.decode()
    assert DriftIssue.objects.get().issued_by == staff.manager.worker
    assert client.post(reverse("work-drift-issue", args=["repeat-plans"])).status_code == 404


def test_a_manager_who_is_no_worker_is_told_why_no_list_is_issued(visit: Any, staff: SimpleNamespace) -> None:
    staff.manager.worker = None
    staff.manager.save()
    answer = visit(staff.manager).post(reverse("work-drift-issue", args=["plans-15-months"]))
    assert answer.status_code == 422
    assert "tied to no agency" in answer.content.decode()
    assert not DriftIssue.objects.exists()


def test_the_digest_is_turned_off_and_on(visit: Any, staff: SimpleNamespace) -> None:
    from sightline.engine.work import alerts

    client = visit(staff.worker)
    client.post(reverse("work-digest"), {"wanted": "no"})
    assert not alerts.wanted(staff.worker)
    client.post(reverse("work-digest"), {"wanted": "yes"})
    assert alerts.wanted(staff.worker)


def test_the_first_page_leads_to_a_form_that_was_begun(visit: Any, staff: SimpleNamespace, on_plans: list[Any]) -> None:
    client = visit(staff.worker)
    address = f"{reverse('draft-keep', args=['notes.set_task'])}?person={on_plans[0].pk}"
    client.post(address, {"what": "Ring the school"})
    text = client.get("/").content.decode()
    form = f"{reverse('do', args=['notes.set_task'])}?person={on_plans[0].pk}"
    assert form in text
    assert "Ring the school" in client.get(form).content.decode()


def test_the_contact_queue_puts_red_first(visit: Any, make: Make, staff: SimpleNamespace, child: Make) -> None:
    today = timezone.localdate()
    for name, priority in (("Green", "GREEN"), ("Red", "RED")):
        taken = {"received_date": today, "source": "1A", "priority": priority, "team": staff.team}
        intake = make("front_door.Intake", **taken)
        about = {"contact_date": today, "source": "1A", "presenting_issue": "OTHER"}
        make("front_door.Contact", person=child("worker", name=name).person, intake=intake, **about)
    text = visit(staff.manager).get("/work/contacts").content.decode()
    assert 0 < text.index("Red Testcase") < text.index("Green Testcase")
    assert "hour" in text


@pytest.mark.parametrize("address", CEILINGS)
def test_pages_ask_few_questions(
    visit: Any, staff: SimpleNamespace, on_plans: list[Any], address: str, django_assert_max_num_queries: Any
) -> None:
    client = visit(staff.manager)
    client.get(address)
    with django_assert_max_num_queries(CEILINGS[address]):
        assert client.get(address).status_code == 200
