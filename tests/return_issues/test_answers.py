"""What people do with an issue: note it, explain it, waive it with a reason, take either back; and the lists that show whose it is."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

from sightline.core.access.visibility import visible_rows
from sightline.core.audit.models import Entry
from sightline.core.records.writing import writing
from sightline.engine.actions.refusals import Invalid, NotNow, NotPermitted
from sightline.engine.return_issues.checking import check_all
from sightline.engine.return_issues.collections import Collection, collection
from sightline.engine.return_issues.lists import Filters, IssueList, counts_by_state, in_state, state_of, trend
from sightline.engine.return_issues.models import Issue, IssueNote
from sightline.engine.screens import words
from sightline.engine.work import scope

from .conftest import AREA, DAY, Act, Make

NO_NEED, NO_UPN = "8610", "8770Q"


@pytest.fixture
def issue(child: Make, staff: SimpleNamespace, census: Collection) -> Issue:
    """A child's missing primary need."""
    child(need="", born=date(2023, 1, 5))
    check_all(census, AREA, staff.analyst)
    return Issue.objects.get(rule=NO_NEED)


def census_of(issue: Issue) -> Collection:
    return collection(issue.return_name, issue.year)


def again(issue: Issue) -> Issue:
    return Issue.objects.get(pk=issue.pk)


class TestAnswering:
    def test_a_note_stands_beside_it_and_changes_no_state(self, issue: Issue, staff: SimpleNamespace, act: Act) -> None:
        act(staff.analyst, "return_issues.note", issue, text="Asked the worker.")
        note = IssueNote.objects.get()
        assert (note.issue_id, note.person_id, note.text, note.written_by) == (
            issue.pk,
            issue.person_id,
            "Asked the worker.",
            "analyst",
        )
        assert words.state(again(issue)) == "open"

    def test_an_explanation_says_who_gave_it_and_when(self, issue: Issue, staff: SimpleNamespace, act: Act) -> None:
        act(staff.worker, "return_issues.explain", issue, explanation="The referral came from abroad.")
        found = again(issue)
        assert (words.state(found), found.explained_by, found.explained_date) == ("explained", "worker", DAY)
        entry = Entry.objects.filter(about="return_issues.explain").latest("id")
        assert entry.details["people"] == [issue.person_id]

    def test_only_a_manager_waives_and_says_why(self, issue: Issue, staff: SimpleNamespace, act: Act) -> None:
        with pytest.raises(NotPermitted):
            act(staff.worker, "return_issues.waive", issue, waiver="It will do.")
        with pytest.raises(Invalid, match="missing"):
            act(staff.manager, "return_issues.waive", issue, waiver="")
        act(staff.manager, "return_issues.waive", issue, waiver="Closed before the code was asked for.")
        found = again(issue)
        assert (words.state(found), found.waived_by) == ("waived", "manager")

    def test_an_answer_taken_back_is_in_the_history_and_the_issue_is_open_again(
        self, issue: Issue, staff: SimpleNamespace, act: Act
    ) -> None:
        act(staff.worker, "return_issues.explain", issue, explanation="No code fits.")
        act(staff.worker, "return_issues.take_back_explanation", again(issue), text="One does.")
        assert words.state(again(issue)) == "open"
        act(staff.manager, "return_issues.waive", again(issue), waiver="No code fits.")
        act(staff.manager, "return_issues.take_back_waiver", again(issue), text="One does after all.")
        found = again(issue)
        assert (words.state(found), found.waived_date, found.waived_by, found.waiver) == ("open", None, None, "")
        assert IssueNote.objects.filter(text__startswith="One does").count() == 2

    def test_what_is_resolved_is_not_explained(
        self, issue: Issue, staff: SimpleNamespace, act: Act, change: Make
    ) -> None:
        change(issue, resolved_at=timezone.now())
        with pytest.raises(NotNow, match="resolved"):
            act(staff.worker, "return_issues.explain", issue, explanation="Too late.")


class TestSeeing:
    def test_an_issue_is_seen_by_those_who_see_the_child(self, issue: Issue, staff: SimpleNamespace) -> None:
        seen = {
            name: visible_rows(getattr(staff, name), Issue).exists()
            for name in ("worker", "manager", "stranger", "analyst")
        }
        assert seen == {"worker": True, "manager": True, "stranger": False, "analyst": True}

    def test_an_issue_that_stems_from_a_sealed_record_is_seen_by_its_members(
        self, issue: Issue, staff: SimpleNamespace, make: Make
    ) -> None:
        of = {"record_table": issue.record_table, "record_id": issue.record_id}
        seal = make("restrictions.Seal", **of, policy="hidden", ask=staff.manager.worker, reason="x", start_date=DAY)
        make("restrictions.SealMember", seal=seal, worker=staff.worker.worker, start_date=DAY)
        assert visible_rows(staff.worker, Issue).exists()
        assert not visible_rows(staff.manager, Issue).exists()


class TestLists:
    def test_ones_own_and_ones_teams_follow_the_allocation(
        self, child: Make, staff: SimpleNamespace, census: Collection
    ) -> None:
        mine, colleagues = child(need="", born=date(2023, 1, 5)), child("colleague", need="", born=date(2023, 1, 5))
        check_all(census, AREA, staff.analyst)

        def shown(whose: Any) -> set[int]:
            return {line.issue.person_id for line in IssueList(whose, Filters()).lines(0, 50)}

        assert shown(scope.own(staff.worker, DAY)) == {mine.person.pk}
        assert shown(scope.team(staff.manager, DAY)) == {mine.person.pk, colleagues.person.pk}
        assert shown(scope.own(staff.analyst, DAY)) == {mine.person.pk, colleagues.person.pk}
        assert shown(scope.own(staff.stranger, DAY)) == set()
        (line,) = IssueList(scope.own(staff.worker, DAY), Filters()).lines(0, 50)
        assert (line.holders, line.state, line.listed.code) == (("Worker worker",), "open", NO_NEED)

    def test_a_list_is_narrowed_by_return_rule_and_state(
        self, child: Make, staff: SimpleNamespace, census: Collection, act: Act
    ) -> None:
        child(need="")
        check_all(census, AREA, staff.analyst)
        act(staff.worker, "return_issues.explain", Issue.objects.get(rule=NO_UPN), explanation="Taught at home.")

        def rules(**chosen: str) -> list[str]:
            found = IssueList(scope.own(staff.worker, DAY), Filters(**chosen))
            return sorted(line.issue.rule for line in found.lines(0, 50))

        assert rules() == [NO_NEED, NO_UPN]
        assert rules(state="open") == [NO_NEED]
        assert rules(rule=NO_UPN) == [NO_UPN]
        assert rules(collection="cin 2023-24", state="explained") == [NO_UPN]
        assert rules(collection="cin 2024-25") == []
        counts = IssueList(scope.own(staff.worker, DAY), Filters()).counts
        assert counts == {"open": 1, "explained": 1, "waived": 0, "resolved": 0}

    def test_every_issue_is_in_the_state_that_its_table_of_states_says(
        self, issue: Issue, change: Make, staff: SimpleNamespace
    ) -> None:
        days = {"explained": ("explained_date", "explained_by"), "waived": ("waived_date", "waived_by")}
        for state in ("open", "explained", "waived", "resolved"):
            if state in days:
                day, by = days[state]
                change(issue, **{day: DAY, by: "somebody"})
            elif state == "resolved":
                change(issue, resolved_at=timezone.now())
            assert words.state(issue) == state
            assert Issue.objects.filter(in_state(state)).get() == issue
            assert counts_by_state(Issue.objects.all())[state] == sum(counts_by_state(Issue.objects.all()).values())

    def test_a_rule_that_has_left_the_list_is_shown_as_that(
        self, issue: Issue, staff: SimpleNamespace, change: Make
    ) -> None:
        change(issue, rule="1234")
        (line,) = IssueList(scope.own(staff.worker, DAY), Filters()).lines(0, 50)
        assert (line.listed.code, line.listed.message) == ("1234", "This rule is no longer on the Department's list.")
        assert "1 error is neither mended nor waived." in state_of(census_of(issue), staff.analyst).blocks


class TestWhereAReturnStands:
    def test_errors_are_mended_or_waived_and_queries_answered_before_it_is_ready(
        self, child: Make, staff: SimpleNamespace, census: Collection, act: Act
    ) -> None:
        assert state_of(census, staff.analyst).blocks == ["The return has not been checked yet."]
        child(need="")
        check_all(census, AREA, staff.analyst)
        assert state_of(census, staff.analyst).blocks == [
            "1 error is neither mended nor waived.",
            "1 query is neither mended, explained nor waived.",
        ]
        for rule in (NO_NEED, NO_UPN):
            act(staff.worker, "return_issues.explain", Issue.objects.get(rule=rule), explanation="As it is.")
        assert state_of(census, staff.analyst).blocks == ["1 error is neither mended nor waived."]
        act(staff.manager, "return_issues.waive", Issue.objects.get(rule=NO_NEED), waiver="Agreed with the Department.")
        assert state_of(census, staff.analyst).blocks == []

    def test_a_rule_that_could_not_run_is_in_the_way(
        self, child: Make, staff: SimpleNamespace, census: Collection
    ) -> None:
        check_all(census, AREA, staff.analyst)
        state = state_of(census, staff.analyst)
        assert state.check is not None
        state.check.not_run = {"1": "needs a list"}
        assert state.blocks == ["1 rule could not run."]

    def test_the_trend_counts_what_stood_unresolved_at_the_end_of_each_week(
        self, child: Make, staff: SimpleNamespace, census: Collection, agency: Any
    ) -> None:
        one = child()
        monday = datetime(2024, 6, 3, 9, tzinfo=UTC)
        spells = (
            (monday, None),
            (monday + timedelta(days=6), monday + timedelta(days=8)),
            (monday + timedelta(days=15), None),
        )
        with writing("test", by="test", because="test"):
            for number, (found, resolved) in enumerate(spells):
                Issue.objects.create(
                    agency=agency,
                    person=one.person,
                    return_name="cin",
                    year="2023-24",
                    rule=NO_NEED,
                    table="CINdetails",
                    record_table="cases_case",
                    record_id=number,
                    first_found=found,
                    resolved_at=resolved,
                )
        told = trend(census, staff.analyst)
        assert [(week.last, week.unresolved, week.found, week.resolved) for week in told[:3]] == [
            (date(2024, 6, 9), 2, 2, 0),
            (date(2024, 6, 16), 1, 0, 1),
            (date(2024, 6, 23), 2, 1, 0),
        ]
        assert trend(census, staff.stranger) == []
