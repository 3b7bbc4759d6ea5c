"""Unusual access: what each rule picks out and leaves alone, once, and how its false alarms fall on ethnic groups."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.utils import timezone

from sightline.core.access.models import User
from sightline.core.audit.looked import lookers
from sightline.core.audit.models import Entry, UnusualAccess
from sightline.core.audit.record import What
from sightline.core.audit.unusual import RULES, false_alarms, look, waiting
from sightline.core.organisations.models import Organisation
from sightline.core.records.writing import writing
from sightline.engine.actions.engine import perform
from sightline.engine.actions.refusals import Invalid
from sightline.web.unusual import alarms_by_ethnicity, protected

pytestmark = pytest.mark.django_db

#: A Wednesday and the Saturday after it.
DAY, SATURDAY = date(2024, 5, 15), date(2024, 5, 18)
ZONE = timezone.get_default_timezone()


@pytest.fixture
def make(db: None) -> Callable[..., Any]:
    agency = Organisation.objects.create(name="Anyshire", kind="local_authority", area="E10000028")

    def write(label: str, **values: Any) -> Any:
        with writing("test", by="tester", because="test"):
            return apps.get_model(label).objects.create(agency=agency, **values)

    return write


@pytest.fixture
def world(make: Callable[..., Any]) -> SimpleNamespace:
    """A worker with one child allocated, and another child whom they have no reason to see."""
    worker = make("organisations.Worker", name="Wilma Worker", job="social_worker")
    user = User.objects.create(username="wilma", role="social_worker", worker=worker)
    team = make("organisations.Team", name="Team", service="social_care")
    own, other = (make("people.Person", birth_date="2010-01-10", sex="F", ethnicity="WBRI") for _ in range(2))
    case = make("cases.Case", person=own, service="social_care", start_date="2024-01-01")
    make("cases.Allocation", person=own, case=case, team=team, worker=worker, start_date="2024-01-01")
    return SimpleNamespace(user=user, worker=worker, own=own, other=other)


def _open(who: str, *people: Any, at: datetime | None = None, what: What = What.READ) -> None:
    moment = at or datetime(DAY.year, DAY.month, DAY.day, 10, 0, tzinfo=ZONE)
    Entry.objects.create(at=moment, who=who, what=what, details={"people": [one.pk for one in people]}, purpose="visit")


def _found(rule: str) -> list[tuple[str, int | None, int]]:
    return list(UnusualAccess.objects.filter(rule=rule).values_list("who", "person", "times"))


def test_an_access_with_a_reason_in_working_hours_is_left_alone(world: SimpleNamespace) -> None:
    _open("wilma", world.own)
    assert set(look(DAY, DAY).values()) == {0}
    assert not waiting().exists()


def test_no_reason_at_the_time(world: SimpleNamespace) -> None:
    _open("wilma", world.own, world.other)
    _open("wilma", world.other)
    _open("wilma", world.other, what=What.LIST)
    look(DAY, DAY)
    assert _found("no_reason") == [("wilma", world.other.pk, 2)]


def test_a_reason_that_had_ended_is_none(make: Callable[..., Any], world: SimpleNamespace) -> None:
    once = make("people.Person", birth_date="2010-01-10", sex="F")
    case = make("cases.Case", person=once, service="social_care", start_date="2024-01-01")
    team = apps.get_model("organisations.Team").objects.get()
    spell = {"start_date": "2024-01-01", "end_date": "2024-05-01"}
    make("cases.Allocation", person=once, case=case, team=team, worker=world.worker, **spell)
    _open("wilma", once, at=datetime(2024, 4, 30, 10, 0, tzinfo=ZONE))
    _open("wilma", once)
    look(date(2024, 4, 30), DAY)
    days = UnusualAccess.objects.filter(rule="no_reason").values_list("person", "day")
    assert list(days) == [(once.pk, DAY)]


def test_out_of_hours_and_on_days_off(world: SimpleNamespace) -> None:
    for moment in (
        datetime(2024, 5, 15, 6, 59, tzinfo=ZONE),
        datetime(2024, 5, 15, 7, 0, tzinfo=ZONE),
        datetime(2024, 5, 15, 19, 59, tzinfo=ZONE),
        datetime(2024, 5, 15, 20, 0, tzinfo=ZONE),
        datetime(2024, 5, 18, 12, 0, tzinfo=ZONE),
    ):
        _open("wilma", world.own, at=moment)
    look(DAY, SATURDAY)
    days = UnusualAccess.objects.filter(rule="out_of_hours").order_by("day").values_list("day", "times")
    assert list(days) == [(DAY, 2), (SATURDAY, 1)]


def test_many_records_in_a_short_time(make: Callable[..., Any], world: SimpleNamespace) -> None:
    start = datetime(2024, 5, 15, 9, 0, tzinfo=ZONE)
    people = [make("people.Person", birth_date="2010-01-10") for _ in range(30)]
    for number, person in enumerate(people):
        _open("slow", person, at=start + timedelta(minutes=3 * number))
        _open("quick", person, at=start + timedelta(minutes=number))
    look(DAY, DAY)
    assert _found("many_records") == [("quick", None, 30)]


def test_a_declared_conflict_and_who_shares_its_household(make: Callable[..., Any], world: SimpleNamespace) -> None:
    home = make("people.Household", reference="F1")
    for person in (world.own, world.other):
        make("people.HouseholdMember", person=person, household=home, start_date="2020-01-01")
    make(
        "restrictions.ConflictOfInterest",
        worker=world.worker,
        person=world.own,
        reason="A niece",
        start_date="2024-01-01",
    )
    _open("wilma", world.own)
    _open("wilma", world.other)
    look(DAY, DAY)
    assert _found("conflict") == [("wilma", world.own.pk, 1)]
    assert _found("own_household") == [("wilma", world.other.pk, 1)]


def test_the_same_surname(make: Callable[..., Any], world: SimpleNamespace) -> None:
    make("people.PersonName", person=world.own, forename="Ada", surname="WORKER")
    make("people.PersonName", person=world.other, forename="Ben", surname="Wilma")
    _open("wilma", world.own)
    _open("wilma", world.other)
    look(DAY, DAY)
    assert _found("same_surname") == [("wilma", world.own.pk, 1)]


def test_looking_again_doubles_nothing_and_keeps_reviews(world: SimpleNamespace) -> None:
    _open("wilma", world.other)
    first = look(DAY, DAY)
    assert set(look(DAY, DAY).values()) == {0}
    assert first["No reason at the time"] == 1
    reviewer = User.objects.create(username="reviewer", role="auditor", worker=world.worker)
    found = UnusualAccess.objects.get(rule="no_reason")
    values = {"access": found.pk, "finding": "justified"}
    perform("rights.review_access", by=reviewer, because="a review", values=values)
    _open("wilma", world.other)
    assert look(DAY, DAY)["No reason at the time"] == 1
    found.refresh_from_db()
    assert found.times == 2
    assert found not in waiting()


def test_nobody_reviews_their_own_access(world: SimpleNamespace) -> None:
    User.objects.filter(pk=world.user.pk).update(role="auditor")
    world.user.refresh_from_db()
    found = UnusualAccess.objects.create(
        rule="out_of_hours", who="wilma", day=DAY, times=1, first_at=timezone.now(), last_at=timezone.now()
    )
    with pytest.raises(Invalid, match="your own access"):
        perform("rights.review_access", by=world.user, because="a", values={"access": found.pk, "finding": "justified"})


def test_false_alarms_by_ethnicity_come_from_reviews(make: Callable[..., Any], world: SimpleNamespace) -> None:
    for number in range(12):
        person = make("people.Person", ethnicity="AIND" if number < 6 else "WBRI", birth_date="2010-01-10")
        access = UnusualAccess.objects.create(
            rule="same_surname",
            who="wilma",
            day=DAY,
            person=person.pk,
            times=1,
            first_at=timezone.now(),
            last_at=timezone.now(),
        )
        finding = "justified" if number < 6 else "not_justified"
        make("audit.AccessReview", access=access, finding=finding, reviewed_date=DAY, reviewer="r")
    assert false_alarms("same_surname") == {"AIND": (6, 6), "WBRI": (0, 6)}
    shares = {one.group: one.share for one in alarms_by_ethnicity("same_surname")}
    assert shares == {"Asian or Asian British": "100%", "White": "0%", "All": "50%"}


def test_small_numbers_of_children_are_withheld_and_cannot_be_worked_out() -> None:
    shown = {one.group: (one.reviewed, one.justified) for one in protected({"WHITE": [40, 10], "BLACK": [2, 1], "ASIAN": [20, 30]})}  # fmt: skip
    assert shown["Black or Black British"] == (None, None)
    total = shown["All"]
    others = [values for group, values in shown.items() if group not in ("All", "Black or Black British")]
    for part in (0, 1):
        assert total[part] is None or any(values[part] is None for values in others)


def test_every_rule_says_what_it_does() -> None:
    for rule in RULES:
        assert rule.words.endswith(".")


def test_who_looked_is_told_by_worker(world: SimpleNamespace) -> None:
    later = datetime(2024, 5, 16, 10, 0, tzinfo=ZONE)
    _open("wilma", world.own)
    _open("wilma", world.own, world.other, at=later, what=What.LIST)
    _open("somebody", world.own, at=later - timedelta(hours=1), what=What.PRINT)
    _open("somebody", world.other, at=later)
    first, second = lookers(world.own.pk)
    assert (first.who, first.name, first.role) == ("wilma", "Wilma Worker", "Social worker")
    assert (first.opened, first.listed, first.last, first.purposes) == (1, 1, later, ("visit",))
    assert (second.who, second.opened) == ("somebody", 1)
