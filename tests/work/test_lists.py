"""Work lists: what is on them, in which order, with which counts; and that they equal a plain look at the ledger by the rule of sight."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sightline.core.cases.models import Allocation, Case
from sightline.core.notes.models import Task
from sightline.core.records.writing import writing
from sightline.core.restrictions.models import Seal
from sightline.engine.actions.declarations import actions
from sightline.engine.deadlines import ledger
from sightline.engine.deadlines.declarations import running_clocks
from sightline.engine.deadlines.models import Deadline
from sightline.engine.work import scope, words
from sightline.engine.work.declarations import stops
from sightline.engine.work.lists import Filters, work_list
from sightline.engine.work.words import Status

from .conftest import DAY, Make

pytestmark = pytest.mark.django_db

CLOCKS = ("CP-VISIT", "CORE-REPEAT", "CP-2Y", "ASSESS-45")
EXAMPLES = settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
_clock_rows = st.lists(
    st.tuples(
        st.integers(0, 4),
        st.sampled_from(CLOCKS),
        st.integers(-40, 40),
        st.sampled_from(("open", "open", "met", "late", "not_required")),
    ),
    max_size=25,
)
_tasks = st.lists(st.tuples(st.integers(0, 4), st.none() | st.integers(-20, 20), st.booleans()), max_size=6)


class TestTheListEqualsAPlainScanOfTheLedger:
    @EXAMPLES
    @given(rows=_clock_rows, tasks=_tasks, sealed=st.sets(st.integers(0, 4), max_size=2))
    def test_for_a_worker_and_for_the_team(
        self, make: Make, staff: SimpleNamespace, child: Make, rows: Any, tasks: Any, sealed: set[int]
    ) -> None:
        _clear()
        # Two of the worker's, one of a colleague's, one of the team's that nobody holds, and one that was the worker's until lately.
        children = [child(who) for who in ("worker", "worker", "colleague", None, "worker")]
        with writing("test", by="tester", because="test"):
            Allocation.objects.filter(person=children[4].person).update(end_date=DAY)
            # Left open, the case would wait to be allocated, and its manager would see its tasks.
            Case.objects.filter(person=children[4].person).update(end_date=DAY, closure_reason="RC1")
        for number in sealed:
            make(
                "restrictions.Seal",
                policy="HIDDEN",
                person=children[number].person,
                ask=staff.chair.worker,
                reason="test",
                start_date=date(2017, 1, 1),
            )
        agency = children[0].person.agency_id
        for turn, (number, clock, days, outcome) in enumerate(rows):
            Deadline.objects.create(
                clock=clock,
                stream="child_protection",
                record_table="child_protection_plan",
                record_id=number,
                sequence=turn,
                person=children[number].person,
                agency_id=agency,
                source_system="test",
                started=date(2017, 1, 1),
                due=DAY + timedelta(days=days),
                outcome=outcome,
            )
        for number, days, done in tasks:
            make(
                "notes.Task",
                person=children[number].person,
                what="Ring the school",
                worker=staff.worker.worker,
                set_date=date(2017, 1, 1),
                due_date=None if days is None else DAY + timedelta(days=days),
                done_date=DAY if done else None,
            )
        for who, holders in (("worker", {0, 1}), ("manager", {0, 1, 2, 3})):
            user = getattr(staff, who)
            found = work_list(scope.own(user, DAY) if who == "worker" else scope.team(user, DAY))
            people = {children[number].person.pk for number in holders - sealed}
            assert [_told(item) for item in found.page()] == sorted(_scan(people), key=lambda each: each[0] or date.max)
            counted = Counter(item.status for item in found.page())
            assert {status: count for status, count in found.counts.items() if count} == dict(counted)
            assert found.total == sum(counted.values())


def _clear() -> None:
    Deadline.objects.all().delete()
    with writing("test", by="tester", because="test"):
        for model in (Task, Seal, Allocation):
            model.objects.all().delete()


def _scan(people: set[int]) -> list[tuple[Any, ...]]:
    """Every open deadline and task of these people, read in plain Python."""
    found: list[tuple[Any, ...]] = []
    for row in sorted(Deadline.objects.all(), key=lambda each: each.pk):
        if row.outcome == "open" and row.person_id in people:
            passes = words.is_threshold(row.clock)
            found.append((row.due, "child_protection_plan", row.record_id, _status(row.due, passes)))
    for task in sorted(Task.objects.all(), key=lambda each: each.pk):
        if task.person_id in people and task.done_date is None:
            found.append((task.due_date, "notes_task", task.pk, _status(task.due_date, False)))
    return found


def _status(due: date | None, passes: bool) -> Status:
    if due is None:
        return Status.UNDATED
    if due < DAY:
        return Status.PASSED if passes else Status.LATE
    if due == DAY:
        return Status.TODAY
    # From a Wednesday, five working days reach to the next one.
    return Status.SOON if due <= DAY + timedelta(days=7) else Status.LATER


def _told(item: Any) -> tuple[Any, ...]:
    return item.due, item.table, item.record, item.status


class TestAWorkList:
    def test_narrows_by_clock_process_status_stream_and_worker(
        self, staff: SimpleNamespace, child: Make, plan: Make
    ) -> None:
        plan(child("worker"), date(2017, 5, 1))
        plan(child("colleague"), date(2017, 5, 1))
        whose = scope.team(staff.manager, DAY)
        everything = work_list(whose)
        assert everything.total == len(everything.page()) > 4
        for filters in (
            Filters(clock="CP-VISIT"),
            Filters(process="CP visits"),
            Filters(status=Status.LATE),
            Filters(stream="child_protection", process="core group"),
            Filters(worker=staff.colleague.worker_id),
        ):
            found = work_list(whose, filters)
            assert 0 < found.total < everything.total
            assert len(found.page()) == found.total
        assert {item.holders for item in work_list(whose, Filters(worker=staff.colleague.worker_id)).page()} == {
            ("Worker colleague",)
        }

    def test_offers_what_would_stop_the_clock(self, staff: SimpleNamespace, child: Make, plan: Make) -> None:
        on_it = plan(child("worker"), date(2017, 5, 1))
        [visit] = work_list(scope.own(staff.worker, DAY), Filters(clock="CP-VISIT")).page()
        assert visit.doing is not None
        assert (visit.doing.action, visit.doing.link, visit.doing.record) == (
            *("child_protection.record_visit", "plan"),
            on_it.pk,
        )
        assert visit.when == "16 working days late"
        assert visit.late["clock"] == "CP-VISIT"

    def test_of_a_chair_holds_what_a_chair_can_stop(
        self, make: Make, staff: SimpleNamespace, child: Make, plan: Make
    ) -> None:
        one = child("worker")
        on_it = plan(one, date(2017, 5, 1))
        meeting = make(
            "child_protection.Conference", kind="ICPC", conference_date=date(2017, 5, 1), chair=staff.chair.worker
        )
        make("child_protection.ConferenceChild", person=one.person, conference=meeting, plan=on_it)
        ledger.rebuild([one.person.pk])
        assert {item.what.split(":")[0] for item in work_list(scope.own(staff.chair, DAY)).page()} == {"CP review"}

    def test_of_a_stranger_is_empty(self, staff: SimpleNamespace, child: Make, plan: Make) -> None:
        plan(child("worker"), date(2017, 5, 1))
        assert work_list(scope.own(staff.stranger, DAY)).total == 0
        assert work_list(scope.team(staff.stranger, DAY)).total == 0

    def test_asks_as_many_questions_for_many_rows_as_for_few(
        self, staff: SimpleNamespace, child: Make, plan: Make, django_assert_max_num_queries: Any
    ) -> None:
        for _ in range(6):
            plan(child("worker"), date(2017, 5, 1))
        with django_assert_max_num_queries(12):
            found = work_list(scope.own(staff.worker, DAY))
            assert len(found.page(0, 50)) == found.total > 12


class TestDeclarations:
    def test_every_stop_names_a_clock_that_runs_and_an_action_that_is_there(self) -> None:
        running = {id: each for each in running_clocks() for id in each.clocks}
        for id, each in stops().items():
            assert id in running
            for stop in each:
                action = actions()[stop.action]
                if action.amends:
                    model = running[id].model
                    target = model._meta.get_field(stop.via).related_model if stop.via else model
                    assert action.model == target._meta.label


class TestWords:
    def test_say_when_as_a_worker_does(self) -> None:
        friday = date(2017, 6, 9)
        said = {
            DAY: "today",
            DAY + timedelta(days=1): "tomorrow",
            date(2017, 6, 12): "in 3 working days",
            date(2017, 6, 5): "2 working days late",
            date(2017, 6, 6): "1 working day late",
            date(2016, 12, 7): "6 months late",
        }
        for due, expected in said.items():
            assert words.when(due, DAY, working=True) == expected
        assert words.when(friday, date(2017, 6, 10), working=True) == "late since Friday"
        assert words.when(date(2017, 6, 1), DAY) == "6 days late"
        assert words.when(date(2017, 6, 1), DAY, threshold=True) == "passed 6 days ago"
        assert words.when(None, DAY) == "no date set"
