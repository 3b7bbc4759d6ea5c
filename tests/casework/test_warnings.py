"""Warnings on a person: recorded, looked at again in time, ended; read first on the child's page; due on the list of whoever reviews them."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from sightline.core.access.standing import standing
from sightline.core.access.viewers import who_sees
from sightline.core.access.visibility import explain, visible
from sightline.core.audit.models import Entry
from sightline.core.cases.models import Allocation, Case
from sightline.core.people.models import WarningMarker
from sightline.engine.actions.refusals import Invalid, NotNow, NotPermitted
from sightline.engine.work import alerts, scope
from sightline.engine.work.lists import WARNINGS, Filters, work_list
from sightline.engine.work.words import Status

HOSTILE = "<script>alert(1)</script> father must not learn the address"


@pytest.fixture
def today(db: None) -> date:
    return standing().day


@pytest.fixture
def warn(act: Any, people: Any, family: list[Any], open_case: Any, today: date) -> Any:
    """`warn(review_date=...)` records a warning on the eldest child, whose case the worker holds."""
    open_case(family[2], date(2024, 2, 5))

    def record(who: str = "worker", **values: Any) -> Any:
        given = {"kind": "visiting", "detail": HOSTILE, "review_date": today + timedelta(days=30)} | values
        return act(getattr(people, who), "people.record_warning", person=family[2], **given).record

    return record


class TestAWarning:
    def test_is_reviewed_by_whoever_records_it_unless_they_name_another(
        self, warn: Any, people: Any, teams: SimpleNamespace
    ) -> None:
        assert warn().worker == people.worker.worker
        assert warn(team=teams.safeguarding).worker is None

    def test_moves_its_review_on_and_ends_by_a_manager(self, warn: Any, act: Any, people: Any, today: date) -> None:
        warning = warn()
        later = {"reviewed_date": today, "review_date": today + timedelta(days=90)}
        act(people.worker, "people.review_warning", warning, **later)
        warning.refresh_from_db()
        assert (warning.reviewed_date, warning.review_date) == (today, today + timedelta(days=90))
        ending = {"end_date": today, "end_reason": "The dog has gone."}
        with pytest.raises(NotPermitted):
            act(people.worker, "people.end_warning", warning, **ending)
        act(people.manager, "people.end_warning", warning, **ending)
        warning.refresh_from_db()
        with pytest.raises(NotNow):
            act(people.worker, "people.review_warning", warning, **later)

    @pytest.mark.parametrize(
        ("days", "more", "message"),
        [
            (400, {}, "within 12 months"),
            (30, {"detail": " "}, "must know"),
            (30, {"kind": "NONSENSE"}, "no code"),
            (-10, {}, "ends before it starts"),
            (30, {"start_date": "2999-01-01"}, "in the future"),
        ],
    )
    def test_is_refused_where_it_makes_no_sense(
        self, warn: Any, today: date, days: int, more: dict[str, Any], message: str
    ) -> None:
        with pytest.raises(Invalid, match=message):
            warn(review_date=today + timedelta(days=days), **more)

    def test_is_reviewed_to_a_later_day(self, warn: Any, act: Any, people: Any, today: date) -> None:
        with pytest.raises(Invalid, match="The next review comes after this one"):
            act(people.worker, "people.review_warning", warn(), reviewed_date=today, review_date=today)

    def test_is_seen_by_those_who_see_the_person(self, warn: Any, people: Any) -> None:
        warning = warn()
        assert visible(people.worker, WarningMarker, [warning.pk]) == {warning.pk}
        assert not visible(people.stranger, WarningMarker, [warning.pk])


class TestItsReview:
    def test_is_on_the_list_of_its_owner_and_of_the_team(self, warn: Any, people: Any, today: date) -> None:
        warning = warn(review_date=today)
        for of in (scope.own(people.worker, today), scope.team(people.manager, today)):
            [item] = work_list(of, Filters(process=WARNINGS)).page()
            assert item.what == "Review the warning: Risk to visiting workers"
            assert (item.status, item.record) == (Status.TODAY, warning.pk)
            assert item.doing is not None
            assert item.doing.action == "people.review_warning"
        assert WARNINGS in work_list(scope.own(people.worker, today)).processes
        assert work_list(scope.own(people.stranger, today), Filters(process=WARNINGS)).total == 0

    def test_is_on_the_team_managers_list_once_its_owner_no_longer_sees_the_child(
        self, warn: Any, people: Any, change: Any, today: date
    ) -> None:
        warning = warn(review_date=today, worker=people.stranger.worker)
        for of in (scope.own(people.stranger, today), scope.team(people.manager, today)):
            listed = work_list(of, Filters(process=WARNINGS)).total
            assert listed == (of.user == people.manager), "the stranger has no reason to see the child"
        change(warning, worker=people.worker.worker)
        team = scope.team(people.manager, today)
        assert [item.record for item in work_list(team, Filters(process=WARNINGS)).page()] == [warning.pk]
        assert not work_list(team, Filters(process=WARNINGS, worker=people.manager.worker_id)).total

    def test_of_an_owner_who_sees_the_child_from_another_team_is_theirs_alone(
        self, warn: Any, people: Any, make: Any, today: date, family: list[Any], teams: SimpleNamespace
    ) -> None:
        warn(review_date=today, worker=people.stranger.worker)
        case = make("cases.Case", person=family[2], service="leaving_care", start_date=today)
        held = {"team": teams.other, "worker": people.stranger.worker, "start_date": today}
        make("cases.Allocation", person=family[2], case=case, **held)
        assert work_list(scope.own(people.stranger, today), Filters(process=WARNINGS)).total == 1
        assert work_list(scope.team(people.manager, today), Filters(process=WARNINGS)).total == 0
        people.stranger.is_active = False
        people.stranger.save()
        assert work_list(scope.team(people.manager, today), Filters(process=WARNINGS)).total == 1, "they left"

    @pytest.mark.parametrize("members", [0, 1])
    def test_of_a_team_is_the_managers_where_the_team_has_nobody_who_sees_the_child(
        self, warn: Any, people: Any, change: Any, make: Any, today: date, members: int
    ) -> None:
        team = make("organisations.Team", name="Gone", service="social_care")
        if members:
            make("organisations.TeamMembership", worker=people.stranger.worker, team=team, start_date=today)
        change(warn(review_date=today), worker=None, team=team)
        assert work_list(scope.team(people.manager, today), Filters(process=WARNINGS)).total == 1

    def test_of_a_person_whom_no_team_holds_is_the_front_doors_until_it_is_reviewed_or_a_team_takes_the_case(
        self,
        warn: Any,
        people: Any,
        change: Any,
        act: Any,
        make: Any,
        today: date,
        family: list[Any],
        teams: SimpleNamespace,
    ) -> None:
        warning = warn(review_date=today)
        everybody = (people.hub_manager, people.manager, people.worker, people.contact)

        def reached() -> list[str]:
            scopes = [
                scope.team(user, today) if "manager" in user.username else scope.own(user, today) for user in everybody
            ]
            return [of.user.username for of in scopes if work_list(of, Filters(process=WARNINGS)).total]

        assert reached() == ["manager", "worker"]
        change(Allocation.objects.get(person=family[2]), end_date=today)
        change(Case.objects.get(person=family[2]), end_date=today, closure_reason="RC7")
        assert reached() == ["hub_manager"]
        [why] = explain(people.hub_manager, [family[2].pk], today)[family[2].pk]
        assert why.reason == "warning"
        assert [one.user for one in who_sees(family[2], today)] == [people.hub_manager]
        assert not visible(people.contact, WarningMarker, [warning.pk])
        assert alerts.figures(people.hub_manager, today + timedelta(days=1)).team_late == 1
        later = {"reviewed_date": today, "review_date": today + timedelta(days=90)}
        act(people.hub_manager, "people.review_warning", warning, **later)
        assert reached() == []
        assert not visible(people.hub_manager, WarningMarker, [warning.pk])
        change(warning, review_date=today + timedelta(days=1))
        assert reached() == ["hub_manager"]
        case = make("cases.Case", person=family[2], service="social_care", start_date=today)
        make("cases.Allocation", person=family[2], case=case, team=teams.other, start_date=today)
        assert reached() == []

    def test_of_a_sealed_person_reaches_the_front_door_neither(
        self, warn: Any, people: Any, change: Any, make: Any, today: date, family: list[Any]
    ) -> None:
        warn(review_date=today)
        change(Allocation.objects.get(person=family[2]), end_date=today)
        given = {"policy": "hidden", "ask": people.chair.worker, "start_date": today}
        make("restrictions.Seal", person=family[2], **given)
        assert not work_list(scope.team(people.hub_manager, today), Filters(process=WARNINGS)).total

    def test_is_counted_by_status_and_in_the_digest(self, warn: Any, change: Any, people: Any, today: date) -> None:
        before = alerts.figures(people.worker, today).late
        warning = warn()
        change(warning, start_date=today - timedelta(days=60), review_date=today - timedelta(days=30))
        found = work_list(scope.own(people.worker, today), Filters(process=WARNINGS))
        assert (found.counts[Status.LATE], found.total) == (1, 1)
        assert alerts.figures(people.worker, today).late == before + 1


class TestOnTheChildsPage:
    def test_it_stands_above_everything_and_says_that_its_review_is_overdue(
        self, warn: Any, change: Any, client: Client, people: Any, family: list[Any], today: date
    ) -> None:
        warning = warn()
        change(warning, start_date=today - timedelta(days=60), review_date=today - timedelta(days=30))
        client.force_login(people.worker)
        text = client.get(f"/people/{family[2].pk}").content.decode()
        assert 0 < text.index("Risk to visiting workers") < text.index("What is due")
        assert "The review of this warning is overdue (30 days late)" in text
        assert "<script>alert(1)" not in text
        assert Entry.objects.filter(who="worker", what="read").exists()
        assert "overdue" not in client.get(f"/people/{family[1].pk}").content.decode()
