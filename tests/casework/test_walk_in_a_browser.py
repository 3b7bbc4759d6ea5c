"""The family's way through the pages, by mouse, without scripts and by keyboard alone; the year's figures then say just what was done."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from playwright.sync_api import Browser

from sightline.core.access.visibility import visible
from sightline.core.audit.models import Entry
from sightline.core.people.models import Person
from sightline.core.records.models import Change, Coverage
from sightline.engine.measures import store
from sightline.engine.snapshot import place
from sightline.engine.snapshot.take import take
from sightline.pathways.child_protection import models as cp
from sightline.standards.periods import rolling_year

from .hands import Hands
from .test_walk import START, Walk, workday

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]

STREAMS = ("contacts", "referrals", "cases", "assessment", "child_in_need", "child_protection", "looked_after")
MEASURES = ("contacts.total", "referrals.total", "cp.started", "cp.ceased", "cp.open", "csc.open_cases")


@pytest.fixture(
    params=[
        "mouse",
        pytest.param("no scripts", marks=pytest.mark.long),
        pytest.param("keyboard", marks=pytest.mark.long),
    ]
)
def hands(request: pytest.FixtureRequest, browser: Browser, live_server: Any) -> Iterator[Hands]:
    way = request.param
    made = Hands(browser, live_server.url, scripts=way != "no scripts", keyboard=way == "keyboard")
    yield made
    made.close()


@pytest.fixture
def walk(
    hands: Hands, act: Any, people: SimpleNamespace, teams: Any, partners: Any, family: list[Any], make: Any
) -> Walk:
    home = make("people.Household")
    for child in family:
        make("people.HouseholdMember", person=child, household=home, start_date=date(2022, 3, 1))
        make("people.PersonName", person=child, forename=f"Child {child.pk}", surname="Testfamily")
    # The officer finds the children by a search before the contact is taken; searching is tested for itself, so here the contact's children come
    # to be known to the officer by a contact of before.
    taken = {
        "received_date": START,
        "source": "2A",
        "method": "PHONE",
        "narrative": "Asks for advice.",
        "priority": "GREEN",
    }
    consent = {"consent": "GIVEN", "lawful_basis": "PUBLIC_TASK"}
    children = [{"person": child, "presenting_issue": "ABUSE_PHYSICAL"} for child in family]
    act(people.contact, "front_door.take_contact", **taken, **consent, children=children)
    return Walk(hands, people, teams, partners, family)


def figures(year: Any) -> dict[str, float]:
    snapshot = take(place.folder(), place.key())
    rows = store.results_for(snapshot, [year]).table.to_pylist()
    return {
        row["measure"]: row["number"] or 0
        for row in rows
        if row["breakdown"] == "total" and row["measure"] in MEASURES and row["area"] == "E10000028"
    }


def test_a_family_goes_its_way_through_the_pages(walk: Walk, make: Any, settings: Any, tmp_path: Any) -> None:
    settings.VAR_DIR = tmp_path
    # The walk may cross the end of a year of returns: its own twelve months hold it whole.
    year = rolling_year(START + timedelta(180))
    for stream in STREAMS:
        make("records.Coverage", area="E10000028", stream=stream, start_date=date(2014, 4, 1), end_date=year.end)
    assert Coverage.objects.count() == len(STREAMS)
    before = figures(year)
    who, ids = walk.who, [child.pk for child in walk.family]

    walk.told(walk.contact())
    walk.cases()
    assert visible(who.worker, Person, ids) == set(ids)
    walk.strategy()
    walk.enquiries()
    planned = walk.call("ICPC", workday(16), workday(9))
    walk.conclude(planned, workday(16), walk.each(outcome="CP", category="PHY", decision_reason="Risk of harm"))
    plans = list(cp.Plan.objects.order_by("person_id"))
    assert [plan.person_id for plan in plans] == ids
    walk.on_plans(plans)
    walk.review()
    walk.end()

    after = figures(year)
    changed = {name: after[name] - before.get(name, 0) for name in MEASURES}
    assert changed == {
        "contacts.total": 0,  # a contact that became a referral is counted as a referral
        "referrals.total": 3,
        "cp.started": 3,
        "cp.ceased": 3,
        "cp.open": 0,
        "csc.open_cases": 3,
    }
    by = set(Change.objects.exclude(action="test").values_list("by", flat=True))
    assert by == {"contact", "police", "hub_manager", "worker", "manager", "chair"}
    read = set(Entry.objects.filter(what="read").values_list("who", flat=True))
    assert by <= read | {"contact"}, "whoever opened a page left an entry"
    assert by == set(Entry.objects.filter(what="sign-in").values_list("who", flat=True))
