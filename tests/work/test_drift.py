"""Drift lists: each rule on the day before, on and after its boundary; issuing, and what is told of its effect."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from sightline.engine.actions.engine import perform
from sightline.engine.deadlines import ledger
from sightline.engine.work import drift
from sightline.engine.work.declarations import drift_lists
from sightline.engine.work.models import DriftIssue, DriftListed
from sightline.standards.working_days import add_working_days

from .conftest import DAY, Make

pytestmark = pytest.mark.django_db
A_DAY = timedelta(days=1)


def on(id: str, user: Any, day: date) -> set[int]:
    """The records on a list on a day."""
    return {drift.named(row)[1] for row in drift.rows(user, drift_lists()[id], day)}


class TestPlansThatLast:
    @pytest.mark.parametrize(
        ("id", "reached", "left"),
        [
            ("plans-9-months", date(2017, 1, 31), date(2017, 4, 30)),
            ("plans-12-months", date(2017, 4, 30), date(2017, 7, 31)),
            ("plans-15-months", date(2017, 7, 31), None),
            ("plans-18-months", date(2017, 10, 31), date(2018, 1, 31)),
            ("plans-21-months", date(2018, 1, 31), date(2018, 4, 30)),
            ("plans-24-months", date(2018, 4, 30), None),
        ],
    )
    def test_are_listed_from_the_day_after(
        self, staff: SimpleNamespace, child: Make, plan: Make, id: str, reached: date, left: date | None
    ) -> None:
        # A plan that starts on the 30th is as old at the end of a short month.
        found = plan(child(), date(2016, 4, 30))
        start = date(2016, 4, 30)
        reached = reached if reached.day == 30 else reached.replace(day=min(reached.day, start.day))
        assert on(id, staff.manager, reached - A_DAY) == set()
        assert on(id, staff.manager, reached) == set()
        assert on(id, staff.manager, reached + A_DAY) == {found.pk}
        if left is not None:
            left = left.replace(day=min(left.day, start.day))
            assert on(id, staff.manager, left) == {found.pk}
            assert on(id, staff.manager, left + A_DAY) == set()

    def test_leave_the_list_when_they_end(self, staff: SimpleNamespace, child: Make, plan: Make) -> None:
        ended = plan(child(), date(2015, 1, 5), DAY)
        assert on("plans-15-months", staff.manager, DAY - A_DAY) == {ended.pk}
        assert on("plans-15-months", staff.manager, DAY) == set()

    def test_are_seen_by_those_who_see_the_child(self, staff: SimpleNamespace, child: Make, plan: Make) -> None:
        plan(child(), date(2015, 1, 5))
        assert on("plans-15-months", staff.stranger, DAY) == set()


class TestOtherLists:
    def test_a_second_plan_is_listed_while_it_is_open(self, staff: SimpleNamespace, child: Make, plan: Make) -> None:
        one = child()
        plan(one, date(2014, 1, 6), date(2014, 6, 6))
        second = plan(one, DAY)
        assert on("repeat-plans", staff.manager, DAY - A_DAY) == set()
        assert on("repeat-plans", staff.manager, DAY) == {second.pk}

    def test_a_plan_without_a_visit_is_listed_from_the_day_after_the_limit(
        self, make: Make, staff: SimpleNamespace, child: Make, plan: Make
    ) -> None:
        one = child()
        found = plan(one, date(2017, 5, 8))
        limit = add_working_days(date(2017, 5, 8), 10)
        for day, listed in ((limit - A_DAY, set()), (limit, set()), (limit + A_DAY, {found.pk})):
            assert on("plans-without-visits", staff.manager, day) == listed
        make("child_protection.Visit", person=one.person, plan=found, visit_date=limit + A_DAY)
        ledger.rebuild()
        assert on("plans-without-visits", staff.manager, limit + A_DAY) == set()

    def test_a_case_of_need_is_listed_from_the_day_after_two_years(
        self, make: Make, staff: SimpleNamespace, child: Make
    ) -> None:
        one = child(opened=date(2015, 6, 7))
        ledger.rebuild()
        for day, listed in ((DAY - A_DAY, set()), (DAY, set()), (DAY + A_DAY, {one.case.pk})):
            assert on("child-in-need-2-years", staff.manager, day) == listed
        make("looked_after.PeriodOfCare", **one.of, start_date=DAY + A_DAY, category_of_need="N1")
        assert on("child-in-need-2-years", staff.manager, DAY + A_DAY) == set()

    def test_an_assessment_is_listed_from_its_35th_working_day(
        self, make: Make, staff: SimpleNamespace, child: Make
    ) -> None:
        found = make("assessment.Assessment", **child().of, start_date=date(2017, 4, 3))
        day = add_working_days(date(2017, 4, 3), 35)
        for when, listed in ((day - A_DAY, set()), (day, {found.pk}), (day + A_DAY, {found.pk})):
            assert on("assessments-day-35", staff.manager, when) == listed

    def test_an_unplanned_move_is_listed_for_three_months(
        self, make: Make, staff: SimpleNamespace, child: Make
    ) -> None:
        one = child()
        period = make("looked_after.PeriodOfCare", **one.of, start_date=date(2016, 1, 4), category_of_need="N1")
        placed = {"person": one.person, "period": period, "placement_type": "U4", "authority": "E10000028"}
        make("looked_after.Placement", **placed, start_date=date(2016, 1, 4), end_date=date(2017, 3, 7), planned=False)
        move = make("looked_after.Placement", **placed, start_date=date(2017, 3, 7), planned=False)
        assert on("unplanned-moves", staff.manager, date(2017, 3, 6)) == set()
        assert on("unplanned-moves", staff.manager, date(2017, 3, 7)) == {move.pk}
        assert on("unplanned-moves", staff.manager, date(2017, 6, 6)) == {move.pk}
        assert on("unplanned-moves", staff.manager, date(2017, 6, 7)) == set()

    @pytest.mark.parametrize(
        ("authority", "status", "listed"),
        [("E10000028", "C2", False), ("E08000026", "C2", True), ("E08000026", "V3", False)],
    )
    def test_a_child_placed_out_of_area_is_listed_while_placed(
        self, make: Make, staff: SimpleNamespace, child: Make, authority: str, status: str, listed: bool
    ) -> None:
        one = child()
        period = make("looked_after.PeriodOfCare", **one.of, start_date=date(2017, 1, 4), category_of_need="N1")
        spell = {"person": one.person, "period": period, "start_date": date(2017, 1, 4), "end_date": DAY}
        placed = make("looked_after.Placement", **spell, placement_type="U4", authority=authority)
        make("looked_after.Episode", **spell, placement=placed, start_reason="S", legal_status=status)
        assert on("placed-out-of-area", staff.manager, date(2017, 1, 3)) == set()
        assert on("placed-out-of-area", staff.manager, date(2017, 1, 4)) == ({placed.pk} if listed else set())
        assert on("placed-out-of-area", staff.manager, DAY) == set()

    def test_a_review_is_listed_from_14_days_before_until_the_day(
        self, staff: SimpleNamespace, child: Make, plan: Make
    ) -> None:
        found = plan(child(), date(2017, 3, 7))
        due = date(2017, 6, 7)
        days = {due - 15 * A_DAY: set(), due - 14 * A_DAY: {found.pk}, due: {found.pk}, due + A_DAY: set()}
        for day, listed in days.items():
            assert on("reviews-due", staff.manager, day) == listed


class TestIssuing:
    def test_keeps_what_was_listed_and_tells_its_effect(
        self, make: Make, change: Make, staff: SimpleNamespace, child: Make, plan: Make
    ) -> None:
        children = [child(), child(), child()]
        plans = [plan(one, date(2015, 1, 5)) for one in children]
        done = perform("work.issue_list", by=staff.manager, because="test", values={"drift_list": "plans-15-months"})
        issued = done.record.issued_date
        assert set(DriftListed.objects.values_list("record_id", flat=True)) == {one.pk for one in plans}
        change(plans[0], end_date=issued, end_reason="01")
        make(
            "child_protection.DriftReview",
            person=children[1].person,
            plan=plans[1],
            review_date=issued,
            agreed_date=issued,
            chair=staff.chair.worker,
            exit_strategy="Father to move in",
        )
        which = drift_lists()["plans-15-months"]
        [told] = drift.outcomes(staff.manager, which, issued)
        assert (told.listed, told.ended, told.continuing, told.reviewed, told.agreed) == (3, 1, 2, 1, 1)
        again = drift.next_issue(which, [told])
        assert again is not None
        assert 59 <= (again - issued).days <= 62

    def test_is_told_to_nobody_who_does_not_see_the_children(
        self, make: Make, staff: SimpleNamespace, child: Make, plan: Make
    ) -> None:
        plan(child(), date(2015, 1, 5))
        perform("work.issue_list", by=staff.manager, because="test", values={"drift_list": "plans-15-months"})
        staff.stranger.role = "team_manager"
        assert drift.outcomes(staff.stranger, drift_lists()["plans-15-months"], DAY) == []

    def test_is_refused_for_a_list_that_is_not_issued(self, staff: SimpleNamespace) -> None:
        from sightline.engine.actions.refusals import Invalid

        with pytest.raises(Invalid):
            perform("work.issue_list", by=staff.manager, because="test", values={"drift_list": "repeat-plans"})
        assert not DriftIssue.objects.exists()


def test_every_list_says_its_rule() -> None:
    assert len(drift_lists()) == 13
    for which in drift_lists().values():
        assert which.boundary.endswith(".") or which.boundary.endswith("more).")
        assert "listed" in which.boundary
