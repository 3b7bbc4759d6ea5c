"""Prospective adopters: seen by those who work with them, step by step to the order, and no way to a child's record."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from sightline.core.access.models import User
from sightline.core.access.standing import standing
from sightline.core.access.visibility import explain, visible
from sightline.core.people.models import Person
from sightline.engine.actions.refusals import Invalid, NotNow, NotPermitted
from sightline.engine.screens.words import called
from sightline.pathways.adopters.models import ProspectiveAdopter


@pytest.fixture
def today(db: None) -> date:
    return standing().day


@pytest.fixture
def adopter(make: Any) -> Any:
    return make("people.Person", birth_date=date(1985, 5, 5), sex="F")


def again(user: User) -> User:
    return User.objects.get(pk=user.pk)


def sees(user: User, record: Any) -> bool:
    return bool(visible(again(user), type(record), [record.pk]))


def days(today: date, *ago: int) -> list[date]:
    return [today - timedelta(days=each) for each in ago]


class TestAProspectiveAdopter:
    def test_comes_step_by_step_to_the_order(
        self, act: Any, people: SimpleNamespace, teams: SimpleNamespace, adopter: Any, today: date
    ) -> None:
        asked, one, one_ended, two, approved, matched, placed, order = days(today, 400, 380, 330, 320, 200, 100, 90, 0)
        given = {"person": adopter, "enquiry_date": asked, "team": teams.safeguarding}
        record = act(people.worker, "adopters.enquire", **given).record
        assert record.worker == people.worker.worker
        with pytest.raises(NotNow):
            act(again(people.worker), "adopters.match", record, matched_date=matched)
        steps = (("start_stage_1", "stage_1_start_date", one), ("end_stage_1", "stage_1_end_date", one_ended))
        for action, name, day in (*steps, ("start_stage_2", "stage_2_start_date", two)):
            act(again(people.worker), f"adopters.{action}", record, **{name: day})
        with pytest.raises(NotPermitted):
            act(again(people.worker), "adopters.approve", record, approved_date=approved)
        act(again(people.manager), "adopters.approve", record, approved_date=approved)
        act(again(people.worker), "adopters.match", record, matched_date=matched)
        act(again(people.worker), "adopters.place", record, placed_date=placed, children_placed=2)
        assert sees(people.worker, record)
        act(again(people.worker), "adopters.adopt", record, order_date=order)
        assert not sees(people.worker, record), "with the order the reason ends"
        assert ProspectiveAdopter.objects.get().order_date == order

    def test_is_seen_by_their_worker_and_the_teams_manager_and_shows_them_no_record_of_a_child(
        self, act: Any, make: Any, people: SimpleNamespace, teams: SimpleNamespace, adopter: Any, today: date
    ) -> None:
        plan = make("disability.EducationHealthCarePlan", person=adopter, request_date=today)
        given = {"person": adopter, "enquiry_date": today, "team": teams.safeguarding}
        record = act(people.worker, "adopters.enquire", **given).record
        for user in (people.worker, people.manager):
            assert sees(user, record)
            assert sees(user, adopter)
            assert not sees(user, plan)
        assert not sees(people.stranger, adopter)
        (reason,) = explain(again(people.worker), [adopter.pk])[adopter.pk]
        assert (reason.words, reason.whole) == ("You work with the prospective adopter.", False)

    def test_leaves_with_a_reason_and_is_seen_no_more(
        self, act: Any, people: SimpleNamespace, adopter: Any, today: date
    ) -> None:
        record = act(people.worker, "adopters.enquire", person=adopter, enquiry_date=today - timedelta(days=9)).record
        with pytest.raises(Invalid, match="is before"):
            act(
                again(people.worker),
                "adopters.leave",
                record,
                left_date=today - timedelta(days=10),
                left_reason="WITHDREW",
            )
        act(again(people.worker), "adopters.leave", record, left_date=today, left_reason="WITHDREW")
        assert not visible(again(people.worker), Person, [adopter.pk])

    def test_is_grown_up(self, act: Any, make: Any, people: SimpleNamespace, today: date) -> None:
        child = make(
            "people.Person", birth_date=today.replace(year=today.year - 18, day=28) + timedelta(days=9), sex="F"
        )
        with pytest.raises(Invalid, match="is 18 or over on the day of the enquiry"):
            act(
                people.worker, "adopters.enquire", person=child, enquiry_date=today.replace(day=28) - timedelta(days=40)
            )

    def test_of_whom_only_the_reference_is_known_is_not_called_an_unborn_child(self, make: Any) -> None:
        adopter = make("people.Person", sex="F")
        assert called(adopter) == f"Person {adopter.pk}"
        assert called(make("people.Person", sex="U", expected_birth_date=date(2030, 1, 1))) == "Unborn child"
