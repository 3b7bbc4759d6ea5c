"""Early help: whoever starts it leads it, sees that part of the child's record while it lasts, and nothing else."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from sightline.core.access.models import User
from sightline.core.access.standing import standing
from sightline.core.access.visibility import visible
from sightline.core.people.models import Person
from sightline.engine.actions.refusals import Invalid, NotNow, NotPermitted
from sightline.engine.deadlines.models import Deadline
from sightline.engine.work import scope
from sightline.engine.work.lists import work_list
from sightline.pathways.early_help.models import Assessment, Episode


@pytest.fixture
def today(db: None) -> date:
    return standing().day


@pytest.fixture
def helper(make: Any) -> User:
    worker = make("organisations.Worker", name="Helper", job="early_help_worker")
    return User.objects.create(username="helper", role="early_help_worker", worker=worker)


def again(user: User) -> User:
    return User.objects.get(pk=user.pk)


class TestEarlyHelp:
    def test_is_led_by_whoever_starts_it_until_it_ends(
        self, act: Any, helper: User, family: list[Any], today: date
    ) -> None:
        child = family[1]
        assert not visible(helper, Person, [child.pk])
        started = {"person": child, "start_date": today - timedelta(days=20), "reason": "SCHOOL"}
        episode = act(helper, "early_help.start", **started).record
        assert episode.worker == helper.worker
        assert visible(again(helper), Person, [child.pk])
        assessed = {"person": child, "episode": episode, "start_date": today - timedelta(days=10)}
        assessment = act(again(helper), "early_help.assess", **assessed).record
        act(again(helper), "early_help.complete", assessment, completed_date=today - timedelta(days=2))
        assert Assessment.objects.get().completed_date == today - timedelta(days=2)
        act(again(helper), "early_help.end", episode, end_date=today, end_reason="MET")
        assert not visible(again(helper), Person, [child.pk])
        assert not visible(again(helper), Episode, [episode.pk])

    def test_shows_its_lead_no_other_part_of_the_record(
        self, act: Any, make: Any, people: SimpleNamespace, helper: User, family: list[Any], today: date
    ) -> None:
        child = family[1]
        plan = make("disability.EducationHealthCarePlan", person=child, request_date=today)
        for user in (helper, people.stranger):
            episode = act(user, "early_help.start", person=child, start_date=today, reason="OTHER").record
            assert visible(again(user), Episode, [episode.pk])
            assert not visible(again(user), type(plan), [plan.pk]), user.role

    def test_is_passed_on_with_the_sight_of_it(
        self, act: Any, people: SimpleNamespace, helper: User, family: list[Any], today: date
    ) -> None:
        episode = act(helper, "early_help.start", person=family[1], start_date=today, reason="OTHER").record
        act(helper, "early_help.pass_on", episode, worker=people.worker.worker)
        assert visible(again(people.worker), Episode, [episode.pk])
        with pytest.raises(NotPermitted):
            act(again(helper), "early_help.end", episode, end_date=today, end_reason="MET")

    def test_ends_with_a_reason_and_once(self, act: Any, helper: User, family: list[Any], today: date) -> None:
        episode = act(helper, "early_help.start", person=family[1], start_date=today, reason="OTHER").record
        with pytest.raises(Invalid):
            act(again(helper), "early_help.end", episode, end_date=today)
        act(again(helper), "early_help.correct", episode, worker=helper.worker, reason="CRIME")
        with pytest.raises(Invalid, match="goes on has neither"):
            act(again(helper), "early_help.correct", episode, end_reason="MET")
        act(again(helper), "early_help.end", episode, end_date=today, end_reason="MET")
        with pytest.raises((NotNow, NotPermitted)):
            act(again(helper), "early_help.pass_on", episode, organisation="Another")

    def test_is_assessed_in_time_or_shows_as_due_to_its_lead(
        self, act: Any, make: Any, change: Any, helper: User, family: list[Any], today: date
    ) -> None:
        episode = act(
            helper, "early_help.start", person=family[1], start_date=today - timedelta(days=70), reason="OTHER"
        ).record
        due = Deadline.objects.get(clock="EHA-COMPLETE", record_id=episode.pk)
        assert (due.outcome, due.stopped) == ("open", None)
        listed = work_list(scope.own(again(helper), today)).page()
        assert [(item.record, item.doing and item.doing.action) for item in listed] == [
            (episode.pk, "early_help.assess")
        ]
        seal = make("restrictions.Seal", person=family[1], policy="hidden", ask=helper.worker, start_date=today)
        assert not work_list(scope.own(again(helper), today)).total, "a seal closes it to its lead, too"
        change(seal, end_date=today)
        about = {"person": family[1], "episode": episode, "start_date": today - timedelta(days=69)}
        assessment = act(again(helper), "early_help.assess", **about).record
        act(again(helper), "early_help.complete", assessment, completed_date=today - timedelta(days=60))
        due = Deadline.objects.get(clock="EHA-COMPLETE", record_id=episode.pk)
        assert due.stopped == today - timedelta(days=60)
        assert due.outcome == "met"

    def test_is_not_started_by_those_who_only_take_contacts(
        self, act: Any, people: SimpleNamespace, family: list[Any], today: date
    ) -> None:
        with pytest.raises(NotPermitted):
            act(people.contact, "early_help.start", person=family[1], start_date=today, reason="OTHER")


def test_its_page_is_shown_to_who_holds_the_case(
    act: Any, people: SimpleNamespace, open_case: Any, family: list[Any], today: date, client: Any
) -> None:
    child = family[1]
    open_case(child, today - timedelta(days=30))
    started = {"person": child, "start_date": today - timedelta(days=20), "reason": "SCHOOL", "organisation": "12"}
    episode = act(people.worker, "early_help.start", **started).record
    assessed = {"person": child, "episode": episode, "start_date": today, "organisation": "The infants' school"}
    act(people.worker, "early_help.assess", **assessed)
    client.force_login(people.worker)
    shown = client.get(f"/records/early_help_episode/{episode.pk}")
    assert shown.status_code == 200
    assert ", The infants&#39; school" in shown.content.decode()
