"""The manager's board: cases that nobody holds, caseloads, and what waits for a decision."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from sightline.core.access.roles import Permission
from sightline.core.access.viewers import who_sees
from sightline.core.access.visibility import explain
from sightline.core.cases.models import Allocation
from sightline.core.records.writing import writing
from sightline.engine.actions.declarations import actions
from sightline.engine.work import alerts, board
from sightline.engine.work.declarations import awaiting

from .conftest import DAY, Make

pytestmark = pytest.mark.django_db


def test_a_case_that_only_the_team_holds_is_unallocated(staff: SimpleNamespace, child: Make) -> None:
    child("worker")
    waiting = child(None)
    assert [one.case for one in board.unallocated(staff.manager, DAY)] == [waiting.case.pk]
    assert board.unallocated(staff.stranger, DAY) == []


class TestACaseThatNoTeamHolds:
    """Opened and never allocated, or its allocation ended: it has no team by which a manager would see it."""

    @pytest.fixture
    def orphan(self, change: Make, child: Make) -> Any:
        one = child("worker", opened=date(2017, 5, 1))
        change(Allocation.objects.get(case=one.case), end_date=date(2017, 6, 1))
        return one

    def test_is_on_the_board_of_every_manager_of_its_service_until_it_is_allocated(
        self, make: Make, staff: SimpleNamespace, orphan: Any
    ) -> None:
        [one] = board.unallocated(staff.manager, DAY)
        assert (one.case, one.name, one.team) == (orphan.case.pk, "Anna Testcase", board.NO_TEAM)
        assert board.unallocated_count(staff.manager, DAY) == 1
        assert board.unallocated_count(staff.worker, DAY) == 0
        given = {"worker": staff.worker.worker, "start_date": DAY}
        make("cases.Allocation", person=orphan.person, case=orphan.case, team=staff.team, **given)
        assert board.unallocated_count(staff.manager, DAY) == 0

    def test_is_none_of_a_manager_of_another_service(self, change: Make, staff: SimpleNamespace, orphan: Any) -> None:
        change(staff.team, service="leaving_care")
        assert board.unallocated(staff.manager, DAY) == []

    def test_says_why_its_child_is_seen_and_by_whom(self, staff: SimpleNamespace, orphan: Any) -> None:
        [why] = explain(staff.manager, [orphan.person.pk], DAY)[orphan.person.pk]
        assert (why.reason, why.whole) == ("unallocated", True)
        assert [one.user for one in who_sees(orphan.person, DAY)] == [staff.manager]

    def test_is_counted_in_the_digest(self, staff: SimpleNamespace, orphan: Any) -> None:
        assert "1 open without a worker" in alerts.words(alerts.figures(staff.manager, DAY))

    def test_under_a_seal_is_on_no_board(self, make: Make, staff: SimpleNamespace, orphan: Any) -> None:
        make("restrictions.Seal", person=orphan.person, policy="hidden", ask=staff.stranger.worker, start_date=DAY)
        assert board.unallocated_count(staff.manager, DAY) == 0


def test_each_case_counts_once_under_its_first_kind(
    make: Make, staff: SimpleNamespace, child: Make, plan: Make
) -> None:
    plan(child("worker"), date(2017, 5, 1))
    both = child("worker")
    plan(both, date(2017, 5, 1))
    make("looked_after.PeriodOfCare", **both.of, start_date=date(2017, 5, 2), category_of_need="N1")
    child("worker")
    child("colleague")
    kinds, loads = board.caseloads(staff.manager, DAY)
    assert kinds[:2] == ["Looked after", "Child protection plan"]
    by_name = {load.name: load for load in loads}
    assert by_name["Worker worker"].kinds == {"Looked after": 1, "Child protection plan": 1, kinds[2]: 1}
    assert (by_name["Worker worker"].total, by_name["Worker colleague"].total) == (3, 1)


class TestWhatWaits:
    def test_shows_an_assessment_sent_for_authorisation_until_it_is_decided(
        self, make: Make, change: Make, staff: SimpleNamespace, child: Make
    ) -> None:
        one = child()
        found = make("assessment.Assessment", **one.of, start_date=date(2017, 5, 1))
        assert board.inbox(staff.manager, DAY) == []
        change(found, submitted_date=date(2017, 6, 1), submitted_by=staff.worker.worker)
        [waiting] = board.inbox(staff.manager, DAY)
        assert (waiting.what.id, waiting.count, waiting.rows[0].id) == ("assessments", 1, found.pk)
        assert board.inbox(staff.worker, DAY) == []
        change(found, authorised_date=date(2017, 6, 2), authorised_by=staff.manager.worker)
        assert board.inbox(staff.manager, DAY) == []

    def test_names_only_those_children_whom_the_reader_may_see(
        self, make: Make, staff: SimpleNamespace, child: Make
    ) -> None:
        taken = {"received_date": DAY, "source": "1A", "priority": "RED"}
        intake = make("front_door.Intake", **taken)
        seen, unseen = child("worker", name="Anna"), child("stranger", name="Berta")
        allocation = Allocation.objects.get(case=unseen.case)
        with writing("test", by="tester", because="another team's child"):
            allocation.team = make("organisations.Team", name="Another team", service="social_care")
            allocation.save()
        for one in (seen, unseen):
            about = {"contact_date": DAY, "source": "1A", "presenting_issue": "OTHER"}
            make("front_door.Contact", person=one.person, intake=intake, **about)
        [waiting] = board.inbox(staff.manager, DAY)
        assert (waiting.rows[0].people, waiting.rows[0].name) == ((seen.person.pk,), "Anna Testcase")

    def test_leaves_out_what_one_asked_for_oneself(self, make: Make, staff: SimpleNamespace, child: Make) -> None:
        own = {"submitted_date": date(2017, 6, 1), "submitted_by": staff.manager.worker}
        make("assessment.Assessment", **child().of, start_date=date(2017, 5, 1), **own)
        assert board.inbox(staff.manager, DAY) == []

    def test_shows_a_drift_review_to_the_chair(
        self, make: Make, staff: SimpleNamespace, child: Make, plan: Make
    ) -> None:
        one = child()
        on_it = plan(one, date(2015, 1, 5))
        meeting = make(
            "child_protection.Conference", kind="RCPC", conference_date=date(2017, 5, 1), chair=staff.chair.worker
        )
        make("child_protection.ConferenceChild", person=one.person, conference=meeting, plan=on_it)
        make(
            "child_protection.DriftReview",
            person=one.person,
            plan=on_it,
            review_date=date(2017, 6, 1),
            exit_strategy="Move",
        )
        assert [waiting.what.id for waiting in board.inbox(staff.chair, DAY)] == ["drift-reviews"]
        assert board.waiting_count(staff.chair, DAY) == 1

    def test_is_declared_with_an_action_and_states_that_are_there(self) -> None:
        for what in awaiting():
            assert actions()[what.action].amends
            assert actions()[what.action].permission in Permission
            assert what.model._default_manager.filter(what.condition).count() == 0
            fields: Any = {field.name for field in what.model._meta.get_fields()}
            assert what.since in fields
            assert not what.asker or what.asker in fields
