"""What each clock measures, in the words of the law or of the partnership, on dates worked out by hand."""

from datetime import date
from typing import Any

import pytest

from sightline.engine.deadlines import ledger
from sightline.engine.deadlines.models import Deadline


def turns(clock: str) -> list[tuple[int, str, str, str | None, str]]:
    """(turn, started, due, stopped, outcome) of every deadline of a clock, after a rebuild."""
    ledger.rebuild()
    return [
        (found.sequence, str(found.started), str(found.due), found.stopped and str(found.stopped), found.outcome)
        for found in Deadline.objects.filter(clock=clock).order_by("record_id", "sequence")
    ]


class TestAssessment:
    def test_is_due_45_working_days_after_its_start(self, make: Any, family: Any) -> None:
        # 3 April 2017 is a Monday; Good Friday, Easter Monday and two May bank holidays lie between.
        make("assessment.Assessment", **family.of, start_date="2017-04-03", authorised_date="2017-06-09")
        assert turns("ASSESS-45") == [(1, "2017-04-03", "2017-06-09", "2017-06-09", "met")]

    def test_authorised_a_day_later_it_is_late(self, make: Any, family: Any) -> None:
        make("assessment.Assessment", **family.of, start_date="2017-04-03", authorised_date="2017-06-10")
        assert turns("ASSESS-45")[0][-1] == "late"

    def test_cancelled_in_time_it_was_not_required(self, make: Any, family: Any) -> None:
        make("assessment.Assessment", **family.of, start_date="2017-04-03", cancelled_date="2017-06-09")
        assert turns("ASSESS-45")[0][-1] == "not_required"

    def test_cancelled_after_its_limit_it_was_late(self, make: Any, family: Any) -> None:
        make("assessment.Assessment", **family.of, start_date="2017-04-03", cancelled_date="2017-06-12")
        assert turns("ASSESS-45")[0][-1] == "late"

    def test_before_the_single_assessment_the_clock_did_not_exist(self, make: Any, family: Any) -> None:
        make("assessment.Assessment", **family.of, start_date="2013-04-14")
        make("assessment.Assessment", **family.of, start_date="2013-04-15")
        assert [turn[1] for turn in turns("ASSESS-45")] == ["2013-04-15"]

    def test_names_the_edition_of_working_together_it_ran_under(self, make: Any, family: Any) -> None:
        for start in ("2015-03-25", "2015-03-26", "2018-06-29"):
            make("assessment.Assessment", **family.of, start_date=start)
        ledger.rebuild()
        assert list(
            Deadline.objects.filter(clock="ASSESS-45").order_by("started").values_list("framework", flat=True)
        ) == [
            "WT2013",
            "WT2015",
            "WT2018",
        ]


class TestInitialConference:
    @pytest.fixture
    def enquiry(self, make: Any, family: Any) -> Any:
        return lambda **values: make("child_protection.Section47", **family.of, start_date="2017-04-03", **values)

    def test_runs_while_the_enquiry_is_under_way(self, enquiry: Any) -> None:
        enquiry()
        assert turns("ICPC-15") == [(1, "2017-04-03", "2017-04-26", None, "open")]

    def test_stops_at_the_conference(self, enquiry: Any, make: Any, family: Any) -> None:
        conference = make("child_protection.Conference", kind="ICPC", conference_date="2017-04-27")
        make(
            "child_protection.ConferenceChild",
            person=family.person,
            conference=conference,
            section47=enquiry(end_date="2017-04-20", outcome="SUBST_RISK"),
        )
        assert turns("ICPC-15") == [(1, "2017-04-03", "2017-04-26", "2017-04-27", "late")]

    @pytest.mark.parametrize("kind", ["RCPC", "TRANSFER_IN"])
    def test_no_other_conference_stops_it(self, enquiry: Any, make: Any, family: Any, kind: str) -> None:
        conference = make("child_protection.Conference", kind=kind, conference_date="2017-04-10")
        make("child_protection.ConferenceChild", person=family.person, conference=conference, section47=enquiry())
        assert turns("ICPC-15")[0][3] is None

    def test_does_not_run_on_an_enquiry_that_needs_no_conference(self, enquiry: Any) -> None:
        enquiry(conference_not_required=True)
        enquiry(end_date="2017-04-10", outcome="NOT_SUBST")
        enquiry(end_date="2017-04-10", outcome="NFA")
        assert turns("ICPC-15") == []

    def test_goes_on_after_the_conclusion_when_there_is_continuing_risk(self, enquiry: Any) -> None:
        enquiry(end_date="2017-04-10", outcome="SUBST_RISK")
        assert turns("ICPC-15")[0][-1] == "open"

    def test_a_case_that_closed_without_the_conference_leaves_it_late(
        self, enquiry: Any, family: Any, change: Any
    ) -> None:
        enquiry(end_date="2017-04-10", outcome="SUBST_RISK")
        change(family.case, end_date="2017-06-01", closure_reason="RC9")
        assert turns("ICPC-15")[0][-1] == "late"


class TestPlanReviews:
    @pytest.fixture
    def plan(self, make: Any, family: Any) -> Any:
        return make(
            "child_protection.Plan", **family.of, start_date="2016-11-30", initial_category="NEG", latest_category="NEG"
        )

    @pytest.fixture
    def review(self, make: Any, family: Any, plan: Any) -> Any:
        def hold(day: str, kind: str = "RCPC") -> None:
            conference = make("child_protection.Conference", kind=kind, conference_date=day)
            make("child_protection.ConferenceChild", person=family.person, conference=conference, plan=plan)

        return hold

    def test_first_within_3_months_then_every_6(self, review: Any) -> None:
        review("2016-11-30", kind="ICPC")
        review("2017-02-28")
        review("2017-08-31")
        # Three months from 30 November end on the last day of February; the reviews move the later dates.
        assert turns("CP-REVIEW-1") == [(1, "2016-11-30", "2017-02-28", "2017-02-28", "met")]
        assert turns("CP-REVIEW-N") == [
            (2, "2017-02-28", "2017-08-28", "2017-08-31", "late"),
            (3, "2017-08-31", "2018-02-28", None, "open"),
        ]

    def test_a_review_that_ends_the_plan_starts_no_further_turn(self, review: Any, plan: Any, change: Any) -> None:
        review("2017-02-20")
        change(plan, end_date="2017-02-20")
        assert turns("CP-REVIEW-N") == []

    def test_a_plan_that_ended_between_reviews_did_not_need_the_next(self, review: Any, plan: Any, change: Any) -> None:
        review("2017-02-20")
        change(plan, end_date="2017-03-20")
        assert turns("CP-REVIEW-N") == [(2, "2017-02-20", "2017-08-20", None, "not_required")]

    def test_a_plan_that_ran_on_past_a_missed_review_leaves_it_late(self, plan: Any, change: Any) -> None:
        change(plan, end_date="2017-03-01")
        assert turns("CP-REVIEW-1") == [(1, "2016-11-30", "2017-02-28", None, "late")]

    def test_two_reviews_on_a_day_are_one(self, review: Any) -> None:
        review("2017-02-20")
        review("2017-02-20")
        assert len(turns("CP-REVIEW-N")) == 1

    def test_drift_is_flagged_at_15_months(self, plan: Any) -> None:
        assert turns("CP-DRIFT-15M") == [(1, "2016-11-30", "2018-02-28", None, "open")]

    def test_only_visits_at_which_the_child_was_seen_count(self, make: Any, family: Any, plan: Any) -> None:
        make("child_protection.Visit", person=family.person, plan=plan, visit_date="2016-12-05", seen=False)
        make("child_protection.Visit", person=family.person, plan=plan, visit_date="2016-12-14")
        assert turns("CP-VISIT") == [
            (1, "2016-11-30", "2016-12-14", "2016-12-14", "met"),
            (2, "2016-12-14", "2016-12-30", None, "open"),
        ]

    def test_core_group_after_10_working_days_and_then_every_6_weeks(self, make: Any, family: Any, plan: Any) -> None:
        make("child_protection.CoreGroup", person=family.person, plan=plan, meeting_date="2016-12-15")
        assert turns("CORE-FIRST") == [(1, "2016-11-30", "2016-12-14", "2016-12-15", "late")]
        assert turns("CORE-REPEAT") == [(2, "2016-12-15", "2017-01-26", None, "open")]


class TestLookedAfterReviews:
    @pytest.fixture
    def period(self, make: Any, family: Any) -> Any:
        return make("looked_after.PeriodOfCare", **family.of, start_date="2016-12-19", category_of_need="N1")

    def episode(self, make: Any, period: Any, status: str) -> None:
        placement = make(
            "looked_after.Placement", person=period.person, period=period, start_date="2016-12-19", placement_type="U4"
        )
        make(
            "looked_after.Episode",
            person=period.person,
            period=period,
            placement=placement,
            start_date="2016-12-19",
            start_reason="S",
            legal_status=status,
        )

    def test_after_20_working_days_3_months_and_6_months(self, make: Any, family: Any, period: Any) -> None:
        self.episode(make, period, "V2")
        for day in ("2017-01-18", "2017-04-18", "2017-10-01"):
            make("looked_after.Review", person=family.person, period=period, review_date=day)
        assert turns("LAC-REVIEW-1") == [(1, "2016-12-19", "2017-01-19", "2017-01-18", "met")]
        assert turns("LAC-REVIEW-2") == [(2, "2017-01-18", "2017-04-18", "2017-04-18", "met")]
        assert turns("LAC-REVIEW-N") == [
            (3, "2017-04-18", "2017-10-18", "2017-10-01", "met"),
            (4, "2017-10-01", "2018-04-01", None, "open"),
        ]

    @pytest.mark.parametrize("status", ["V3", "V4"])
    def test_short_breaks_are_left_out(self, make: Any, period: Any, status: str) -> None:
        self.episode(make, period, status)
        assert turns("LAC-REVIEW-1") == []


class TestProceedings:
    def test_26_weeks_begin_with_the_day_of_issue(self, make: Any) -> None:
        make("court.Application", issue_date="2017-01-02", final_order_date="2017-07-02")
        assert turns("CARE-26W") == [(1, "2017-01-02", "2017-07-02", "2017-07-02", "met")]

    def test_an_extension_adds_8_weeks_to_what_it_extends_or_to_its_grant(self, make: Any) -> None:
        application = make("court.Application", issue_date="2017-01-02", final_order_date="2017-12-01")
        for day in ("2017-06-01", "2017-10-02"):
            make("court.Extension", application=application, granted_date=day)
        assert turns("CARE-EXT-8W") == [
            (1, "2017-07-02", "2017-08-27", "2017-10-02", "late"),
            (2, "2017-10-02", "2017-11-27", "2017-12-01", "late"),
        ]


class TestFrontDoorAndChildInNeed:
    def test_a_contact_waits_one_working_day(self, make: Any, family: Any) -> None:
        contact = {"person": family.person, "source": "1A", "presenting_issue": "NEGLECT"}
        # Maundy Thursday 2017: the next working day is Tuesday 18 April.
        make("front_door.Contact", **contact, contact_date="2017-04-13", outcome="NFA", outcome_date="2017-04-18")
        assert turns("CONTACT-DECISION") == [(1, "2017-04-13", "2017-04-18", "2017-04-18", "met")]

    def test_a_referral_without_decision_stays_open(self, make: Any, family: Any) -> None:
        make("front_door.Referral", person=family.person, source="1A", referral_date="2017-04-03")
        assert turns("REFERRAL-DECISION") == [(1, "2017-04-03", "2017-04-04", None, "open")]

    def test_a_case_is_long_after_two_years(self, family: Any) -> None:
        assert turns("CIN-2Y") == [(1, "2017-04-03", "2019-04-03", None, "open")]

    def test_a_leaving_care_case_never_is(self, make: Any, family: Any) -> None:
        make("cases.Case", person=family.person, service="leaving_care", start_date="2017-04-03")
        assert len(turns("CIN-2Y")) == 1

    def test_plan_reviews_and_visits(self, make: Any, family: Any) -> None:
        plan = make("child_in_need.Plan", **family.of, start_date="2017-04-03", end_date="2017-07-01")
        make("child_in_need.Review", person=family.person, plan=plan, review_date="2017-05-15")
        make("child_in_need.Visit", person=family.person, plan=plan, visit_date="2017-04-20")
        assert turns("CIN-REVIEW-1") == [(1, "2017-04-03", "2017-05-15", "2017-05-15", "met")]
        assert turns("CIN-REVIEW-N") == [(2, "2017-05-15", "2017-08-15", None, "not_required")]
        assert turns("CIN-VISIT") == [
            (1, "2017-04-03", "2017-05-04", "2017-04-20", "met"),
            (2, "2017-04-20", "2017-05-19", None, "late"),
        ]


def test_the_reason_for_lateness_survives_every_rebuild(make: Any, family: Any) -> None:
    assessment = make("assessment.Assessment", **family.of, start_date="2017-04-03", authorised_date="2017-07-01")
    make(
        "deadlines.LateReason",
        person=family.person,
        clock="ASSESS-45",
        record_table="assessment_assessment",
        record_id=assessment.id,
        reason="The family was abroad",
    )
    for _ in range(2):
        ledger.rebuild()
        assert Deadline.objects.get(clock="ASSESS-45").late_reason == "The family was abroad"


def test_a_start_that_the_calendar_does_not_reach_has_no_deadline(make: Any, family: Any) -> None:
    make("front_door.Referral", person=family.person, source="1A", referral_date=date(2041, 1, 1))
    assert turns("REFERRAL-DECISION") == []
