"""The rules of each pathway, as the statutory returns and the law state them."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps

from sightline.engine.actions.refusals import Invalid, NotNow
from sightline.engine.deadlines.models import Deadline


class TestAssessment:
    @pytest.fixture
    def assessment(self, act: Any, child: SimpleNamespace) -> Any:
        return act("assessment.start", **child.of, start_date="2017-04-03").record

    def authorise(self, act: Any, assessment: Any, worker: Any, factors: str) -> Any:
        decided = {"authorised_date": "2017-05-02", "authorised_by": worker, "outcome": "SERVICES"}
        return act("assessment.authorise", assessment, **decided, factors=factors)

    def test_is_authorised_with_the_factors_found(self, act: Any, assessment: Any, worker: Any) -> None:
        done = self.authorise(act, assessment, worker, "3A, 4A")
        assert [each.factor for each in done.written[1:]] == ["3A", "4A"]
        assert Deadline.objects.get(clock="ASSESS-45").outcome == "met"

    def test_no_factor_stands_alone(self, act: Any, assessment: Any, worker: Any) -> None:
        with pytest.raises(Invalid, match="stands alone"):
            self.authorise(act, assessment, worker, "21 4A")

    def test_is_not_authorised_twice(self, act: Any, assessment: Any, worker: Any) -> None:
        done = self.authorise(act, assessment, worker, "4A")
        with pytest.raises(NotNow, match="The assessment is authorised"):
            self.authorise(act, done.record, worker, "4A")

    def test_no_two_are_open_on_a_case(self, act: Any, assessment: Any, child: SimpleNamespace) -> None:
        with pytest.raises(Invalid, match="Another assessment is still open"):
            act("assessment.start", **child.of, start_date="2017-04-10")


class TestReferral:
    @pytest.fixture
    def referral(self, act: Any, child: SimpleNamespace) -> Any:
        return act("front_door.record_referral", person=child.person, referral_date="2017-04-03", source="1A").record

    def test_without_further_action_it_opens_no_case(self, act: Any, referral: Any, child: SimpleNamespace) -> None:
        decision = {"outcome": "NFA", "decision_date": "2017-04-04"}
        with pytest.raises(Invalid, match="opens no case"):
            act("front_door.decide_referral", referral, **decision, case=child.case)
        assert act("front_door.decide_referral", referral, **decision).record.no_further_action

    def test_accepted_it_is_held_by_the_case(self, act: Any, referral: Any, child: SimpleNamespace) -> None:
        done = act(
            "front_door.decide_referral", referral, outcome="ASSESS", decision_date="2017-04-04", case=child.case
        )
        assert done.record.case_id == child.case.id
        assert not done.record.no_further_action


class TestChildProtection:
    @pytest.fixture
    def plan(self, act: Any, child: SimpleNamespace) -> Any:
        category = {"initial_category": "NEG", "latest_category": "NEG"}
        return act("child_protection.start_plan", **child.of, start_date="2017-04-24", **category).record

    def test_an_enquiry_starts_with_its_discussion_and_runs_the_clock(self, act: Any, child: SimpleNamespace) -> None:
        discussion = act("child_protection.hold_discussion", **child.of, discussion_date="2017-04-04").record
        started = {**child.of, "strategy_discussion": discussion}
        with pytest.raises(Invalid, match="on the day of the strategy discussion"):
            act("child_protection.start_enquiry", **started, start_date="2017-04-05")
        act("child_protection.start_enquiry", **started, start_date="2017-04-04")
        assert str(Deadline.objects.get(clock="ICPC-15").due) == "2017-04-27"

    def test_from_enquiry_to_plan_every_deadline_follows(self, act: Any, child: SimpleNamespace) -> None:
        enquiry = act("child_protection.start_enquiry", **child.of, start_date="2017-04-04").record
        act("child_protection.conclude_enquiry", enquiry, end_date="2017-04-20", outcome="SUBST_RISK")
        conference = act("child_protection.hold_conference", kind="ICPC", conference_date="2017-04-24").record
        enquiry.refresh_from_db()
        act(
            "child_protection.present_child",
            person=child.person,
            conference=conference,
            section47=enquiry,
            outcome="CP",
        )
        assert Deadline.objects.get(clock="ICPC-15").outcome == "met"
        category = {"initial_category": "NEG", "latest_category": "NEG"}
        act("child_protection.start_plan", **child.of, start_date="2017-04-24", **category)
        running = Deadline.objects.filter(record_table="child_protection_plan", outcome="open")
        assert set(running.values_list("clock", flat=True)) == {
            "CP-REVIEW-1",
            "CORE-FIRST",
            "CP-VISIT",
            "CP-DRIFT-15M",
            "CP-2Y",
        }

    def test_moving_a_conference_refreshes_every_child_presented(self, act: Any, child: SimpleNamespace) -> None:
        enquiry = act("child_protection.start_enquiry", **child.of, start_date="2017-04-04").record
        conference = act("child_protection.hold_conference", kind="ICPC", conference_date="2017-04-24").record
        act("child_protection.present_child", person=child.person, conference=conference, section47=enquiry)
        act("child_protection.correct_conference", conference, conference_date="2017-05-04")
        assert Deadline.objects.get(clock="ICPC-15").outcome == "late"

    def test_a_conference_is_not_held_at_a_weekend(self, act: Any) -> None:
        with pytest.raises(Invalid, match="weekend"):
            act("child_protection.hold_conference", kind="ICPC", conference_date="2017-04-22")

    def test_continuing_risk_needs_a_conference(self, act: Any, child: SimpleNamespace) -> None:
        enquiry = act("child_protection.start_enquiry", **child.of, start_date="2017-04-04").record
        with pytest.raises(Invalid, match="needs a conference"):
            act(
                "child_protection.conclude_enquiry",
                enquiry,
                end_date="2017-04-20",
                outcome="SUBST_RISK",
                conference_not_required=True,
            )

    def test_the_latest_category_changes_and_the_initial_one_never(self, act: Any, plan: Any) -> None:
        assert act("child_protection.change_category", plan, latest_category="EMO").record.initial_category == "NEG"
        with pytest.raises(Invalid, match="initial category never changes"):
            act("child_protection.correct_plan", plan, initial_category="EMO")

    def test_a_plan_does_not_end_on_its_first_day(self, act: Any, plan: Any) -> None:
        with pytest.raises(Invalid, match="start and end on one day"):
            act("child_protection.end_plan", plan, end_date="2017-04-24", end_reason="NO_RISK")

    def test_no_child_in_need_plan_runs_beside_it(self, act: Any, plan: Any, child: SimpleNamespace) -> None:
        with pytest.raises(Invalid, match="A child protection plan runs at that time"):
            act("child_in_need.start_plan", **child.of, start_date="2017-05-01")


class TestLookedAfter:
    START = {
        "start_date": "2017-05-02",
        "category_of_need": "N1",
        "legal_status": "C1",
        "placement_type": "U6",
        "provider": "PR1",
        "carer_reference": "carer 1",
    }

    @pytest.fixture
    def period(self, act: Any, child: SimpleNamespace) -> Any:
        return act("looked_after.start", **child.of, **self.START).record

    def episodes(self) -> list[tuple[str, str, str, str | None, str | None]]:
        found = apps.get_model("looked_after.Episode").objects.order_by("start_date", "id")
        return [
            (str(e.start_date), e.start_reason, e.legal_status, e.end_date and str(e.end_date), e.end_reason)
            for e in found
        ]

    def test_care_starts_with_an_episode_of_reason_s(self, period: Any) -> None:
        assert self.episodes() == [("2017-05-02", "S", "C1", None, None)]
        assert str(Deadline.objects.get(clock="LAC-REVIEW-1").due) == "2017-05-31"

    @pytest.mark.parametrize(
        ("carer", "status", "reason"),
        [("2", None, "P"), ("carer 1", None, "T"), ("2", "C2", "B"), ("carer 1", "C2", "U")],
    )
    def test_a_move_ends_one_episode_and_begins_the_next(
        self, act: Any, period: Any, carer: str, status: str | None, reason: str
    ) -> None:
        move = {"start_date": "2017-06-01", "change_reason": "CARPL", "placement_type": "U4", "carer_reference": carer}
        move["provider"] = "PR1"
        act("looked_after.move", period, **move, **({"legal_status": status} if status else {}))
        assert self.episodes() == [
            ("2017-05-02", "S", "C1", "2017-06-01", "X1"),
            ("2017-06-01", reason, status or "C1", None, None),
        ]

    def test_a_new_legal_status_leaves_the_placement_alone(self, act: Any, period: Any) -> None:
        done = act("looked_after.change_legal_status", period, start_date="2017-07-03", legal_status="C2")
        assert self.episodes()[1] == ("2017-07-03", "L", "C2", None, None)
        assert {each._meta.label for each in done.written} == {"looked_after.PeriodOfCare", "looked_after.Episode"}

    def test_care_ends_as_a_whole(self, act: Any, period: Any) -> None:
        done = act("looked_after.cease", period, end_date="2017-08-01", end_reason="E4A")
        assert {str(each.end_date) for each in done.written} == {"2017-08-01"}
        with pytest.raises(NotNow, match="The period of care is ended"):
            act("looked_after.move", done.record, start_date="2017-09-01", change_reason="CARPL", placement_type="U4")

    @pytest.mark.parametrize(
        ("change", "rule"),
        [
            ({"placement_type": "P1", "legal_status": "V2"}, "rule 378"),
            ({"placement_type": "K3", "start_date": "2024-05-01"}, "rule 371"),
            ({"placement_type": "T1"}, "rule 380"),
            ({"placement_type": "A5"}, "rule 408"),
            ({"legal_status": "J1"}, "rule 358"),
            ({"start_date": "2028-01-10"}, "in the future"),
            ({"start_date": "2009-12-01"}, "before the birth"),
            ({"legal_status": "D1"}, "not in force"),
        ],
    )
    def test_what_the_return_would_refuse_is_refused(
        self, act: Any, child: SimpleNamespace, change: dict[str, str], rule: str
    ) -> None:
        with pytest.raises(Invalid, match=rule):
            act("looked_after.start", **child.of, **{**self.START, **change})

    def test_a_review_says_how_a_child_of_that_age_took_part(
        self, act: Any, period: Any, child: SimpleNamespace
    ) -> None:
        held = {"person": child.person, "period": period, "review_date": "2017-05-26"}
        with pytest.raises(Invalid, match="rule 440"):
            act("looked_after.hold_review", **held, participation="PN0")
        act("looked_after.hold_review", **held, participation="PN1")
        assert Deadline.objects.get(clock="LAC-REVIEW-1").outcome == "met"


class TestCourtAndAdoption:
    def test_an_application_concerns_a_child_from_the_first(self, act: Any, child: SimpleNamespace) -> None:
        done = act("court.issue", **child.of, issue_date="2017-05-02")
        assert [each._meta.label for each in done.written] == ["court.Application", "court.ApplicationChild"]
        assert str(Deadline.objects.get(clock="CARE-26W").due) == "2017-10-30"
        act("court.extend", application=done.record, granted_date="2017-10-20", reason="EXPERT")
        assert str(Deadline.objects.get(clock="CARE-EXT-8W").due) == "2017-12-25"
        act("court.finish", done.record, final_order_date="2017-12-20")
        assert Deadline.objects.get(clock="CARE-26W").outcome == "late"
        assert Deadline.objects.get(clock="CARE-EXT-8W").outcome == "met"

    def test_milestones_come_in_their_order(self, act: Any, child: SimpleNamespace) -> None:
        plan = act("adoption.plan", person=child.person, decision_date="2017-05-02").record
        with pytest.raises(NotNow, match="The adoption plan is decided"):
            act("adoption.place", plan, placed_date="2017-06-01")
        with pytest.raises(Invalid, match="before"):
            act("adoption.match", plan, matched_date="2017-05-01")
        act("adoption.match", plan, matched_date="2017-05-10")
        with pytest.raises(Invalid, match="Reason for reversal is missing"):
            act("adoption.reverse", plan, reversed_date="2017-06-01")


class TestPeople:
    def test_are_registered_with_what_is_known_of_them(self, act: Any) -> None:
        done = act(
            "people.register",
            birth_date="2012-02-29",
            sex="M",
            forename="Robin",
            surname="Example",
            local="A1",
            postcode="ST16 2LH",
            line_1="1 Example Street",
        )
        assert {each._meta.label for each in done.written} == {
            "people.Person",
            "people.Role",
            "people.PersonName",
            "people.Identifier",
            "places.Place",
            "people.PersonAddress",
        }

    def test_an_unborn_child_has_an_expected_date_and_no_sex(self, act: Any) -> None:
        with pytest.raises(Invalid, match="date of birth is needed"):
            act("people.register", surname="Example")
        with pytest.raises(Invalid, match="recorded as U"):
            act("people.register", surname="Example", expected_birth_date="2018-01-01", sex="F")
        act("people.register", surname="Example", expected_birth_date="2018-01-01")

    @pytest.mark.parametrize(
        ("value", "refusal"),
        [
            ("9434765919", ""),
            ("9434765918", "check digit"),
            ("943476591", "check digit"),
            ("9990000018", "range for tests"),
        ],
    )
    def test_an_nhs_number_must_hold(self, act: Any, child: SimpleNamespace, value: str, refusal: str) -> None:
        if not refusal:
            act("people.add_identifier", person=child.person, scheme="nhs", value=value)
            return
        with pytest.raises(Invalid, match=refusal):
            act("people.add_identifier", person=child.person, scheme="nhs", value=value)


def test_feedback_is_tied_to_no_child(act: Any) -> None:
    done = act("independent_chairs.record", returned_date="2017-05-02", meeting_kind="review", felt_listened_to=True)
    assert not hasattr(done.record, "person_id")
