"""Faults that no file makes, recorded as a form does; and why some others cannot be recorded, or are not told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from tests.return_issues.conftest import Act, Make
from tests.return_issues.entry.entering import AREA, LABEL, TODAY

from sightline.engine.actions.refusals import Invalid
from sightline.engine.exchange.telling import tell, untold
from sightline.engine.return_issues import preview
from sightline.engine.return_issues.collections import collection
from sightline.engine.return_issues.finding import find
from sightline.standards.clocks import clock, due_date
from sightline.standards.periods import span

CENSUS, CARE = collection("cin", LABEL), collection("ssda903", LABEL)


def found(person: Any, *written: Any) -> set[str]:
    """The rules that the preview finds after records of a child were written."""
    return {key.rule for _one, key in preview.failing(preview.concerned(written, {person.pk}))}


def told(asked: Any, table: str) -> list[Any]:
    """The rows of a table as the record tells them."""
    return list(tell(asked.declared, untold(asked.name, AREA, asked.period), asked.period).tables[table])


class TestTheCensus:
    def test_a_disability_beside_none_is_found(self, child: Make, staff: SimpleNamespace, act: Act) -> None:
        one = child()
        stated = {"person": one.person, "start_date": date(2026, 5, 1)}
        none = act(staff.manager, "people.add_disability", disability="NONE", **stated).record
        assert "8790" not in found(one.person, none)
        hearing = act(staff.manager, "people.add_disability", disability="HEAR", **stated).record
        assert "8790" in found(one.person, hearing)

    def test_no_form_takes_a_pupil_number_of_the_wrong_form(
        self, child: Make, staff: SimpleNamespace, act: Act
    ) -> None:
        one = child()
        stated = {"person": one.person, "scheme": "upn", "start_date": date(2026, 5, 1)}
        for number in ("A8012000X1001", "A801200", ""):
            with pytest.raises(Invalid):
                act(staff.manager, "people.add_identifier", value=number, **stated)
        right = act(staff.manager, "people.add_identifier", value="H801200001001", **stated).record
        assert "1540" not in found(one.person, right)

    def test_one_conference_told_of_the_enquiry_and_as_a_transfer_is_found(self, child: Make, make: Make) -> None:
        one = child()
        enquiry = make("child_protection.Section47", **one.of, start_date="2026-05-01", conference_not_required=False)
        plan_of = {"initial_category": "NEG", "latest_category": "NEG"}
        plan = make("child_protection.Plan", **one.of, start_date="2026-05-20", **plan_of)

        def presented(kind: str, day: str, **more: Any) -> tuple[Any, Any]:
            held = make("child_protection.Conference", kind=kind, conference_date=day)
            presented_there = {"person": one.person, "conference": held, "plan": plan}
            return held, make("child_protection.ConferenceChild", **presented_there, **more)

        presented("ICPC", "2026-05-20", section47=enquiry)
        assert "2884" not in found(one.person, *presented("TRANSFER_IN", "2026-05-21"))
        assert "2884" in found(one.person, *presented("TRANSFER_IN", "2026-05-20"))

    def test_who_has_no_number_is_told_under_that_of_the_record(self, make: Make, stands: None) -> None:
        person = make("people.Person", birth_date="2015-03-04", sex="F", ethnicity="WBRI")
        case = make("cases.Case", person=person, service="social_care", start_date="2026-05-01", primary_need="N1")
        assert [row["LAchildID"] for row in told(CENSUS, "ChildIdentifiers")] == [f"P{person.pk}"]
        assert "8500" not in found(person, person, case)

    def test_who_has_neither_episode_nor_referral_is_not_told(self, make: Make, stands: None) -> None:
        person = make("people.Person", birth_date="2015-03-04", sex="F", ethnicity="WBRI")
        make("people.Identifier", person=person, scheme="local", value="L1")
        assert told(CENSUS, "ChildIdentifiers") == []

    @pytest.mark.parametrize("today", [TODAY, date(2026, 9, 1)])
    def test_the_header_has_the_last_day_that_is_judged(
        self, child: Make, today: date, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        one = child()
        monkeypatch.setattr("django.utils.timezone.localdate", lambda: today)
        result = find(CENSUS, AREA).result
        assert result["100"].locations == ()
        assert found(one.person, one.case) == set()

    def test_a_conference_is_due_on_a_working_day(self) -> None:
        days = [date(2026, 4, 1) + timedelta(days=day) for day in range(365)]
        assert {due_date(clock("ICPC-15", day), day).isoweekday() for day in days} == {1, 2, 3, 4, 5}


@pytest.fixture
def in_care(make: Make, stands: None) -> Callable[..., SimpleNamespace]:
    """`in_care()` makes a child who has been looked after since 2024; what is given is of the placement."""

    def write(ended: str | None = None, reason: str | None = None, **stay: Any) -> SimpleNamespace:
        person = make("people.Person", birth_date="2015-03-04", sex="F", ethnicity="WBRI")
        make("people.Identifier", person=person, scheme="local", value=f"L{person.pk}")
        of = {"person": person, "start_date": "2024-05-01", "end_date": ended}
        period = make("looked_after.PeriodOfCare", **of, end_reason=reason, category_of_need="N1")
        placement = make(
            "looked_after.Placement", **of, period=period, **{"placement_type": "U4", "provider": "PR1"} | stay
        )
        episode = make(
            *("looked_after.Episode",),
            **of,
            period=period,
            placement=placement,
            start_reason="S",
            legal_status="C2",
            end_reason=reason,
        )
        return SimpleNamespace(person=person, episode=episode)

    return write


class TestCare:
    def test_an_adoption_order_of_a_child_who_did_not_leave_care_by_it_is_found(self, make: Make, in_care: Any) -> None:
        for reason, faulty in (("E4A", True), ("E11", False)):
            one = in_care("2026-06-01", reason)
            plan = make(
                "adoption.AdoptionPlan",
                person=one.person,
                decision_date="2025-06-01",
                order_date="2026-06-01",
                adopters=2,
            )
            assert ("602" in found(one.person, plan)) is faulty

    def test_a_second_plan_of_the_day_of_one_reversed_the_year_before_is_found(self, make: Make, in_care: Any) -> None:
        for day, faulty in (("2025-06-01", True), ("2025-06-02", False)):
            one = in_care()
            reversed_ = {"reversed_date": "2026-01-01", "reversed_reason": "RD1"}
            make("adoption.AdoptionPlan", person=one.person, decision_date="2025-06-01", **reversed_)
            plan = make("adoption.AdoptionPlan", person=one.person, decision_date=day)
            assert ("561" in found(one.person, plan)) is faulty

    def test_a_reason_without_an_end_is_not_told(self, in_care: Any) -> None:
        one = in_care(change_reason="OTHER")
        assert [row["REASON_PLACE_CHANGE"] for row in told(CARE, "Episodes")] == [""]
        assert "233" not in found(one.person, one.episode)


class TestWhileTheYearIsNotOver:
    """What is recorded for the whole year is judged at once, though its last day lies ahead."""

    @pytest.fixture(autouse=True)
    def in_february(self, stands: None, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("django.utils.timezone.localdate", lambda: date(2027, 2, 10))

    def test_how_a_care_leaver_fares(self, make: Make) -> None:
        person = make("people.Person", birth_date="2008-05-01", sex="F", ethnicity="WBRI")
        make("people.Identifier", person=person, scheme="local", value="L1")
        stated = {"in_touch": "YES", "activity": "0", "accommodation": "B1"}
        outcome = make("leaving_care.Outcome", person=person, year_end="2027-03-31", **stated)
        assert "345" in found(person, outcome)

    def test_the_health_of_a_child_looked_after_for_the_year(self, make: Make, in_care: Any) -> None:
        one = in_care()
        year = make("looked_after.YearInCare", person=one.person, year_end="2027-03-31", substance_misuse=True)
        assert "192" in found(one.person, year)
        asked = untold("ssda903", AREA, span(date(2026, 4, 1), date(2027, 2, 10)), {one.person.pk})
        assert [row["SUBSTANCE_MISUSE"] for row in tell(CARE.declared, asked, CARE.period).tables["OC2"]] == ["1"]
