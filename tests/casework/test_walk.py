"""One family of three children, from contact to conference to plan to review to ending, as seven people each doing their part."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from sightline.core.access.models import User
from sightline.core.access.visibility import visible, why
from sightline.core.audit.models import Entry
from sightline.core.cases.models import Allocation, Case
from sightline.core.people.models import Person
from sightline.core.records.models import Change
from sightline.engine.actions.refusals import Invalid, NotNow, NotPermitted
from sightline.engine.deadlines import ledger
from sightline.engine.deadlines.models import Deadline
from sightline.pathways.assessment.models import Assessment, AssessmentFactor
from sightline.pathways.assessment.side_by_side import since_last_submission
from sightline.pathways.child_in_need.models import Plan as NeedPlan
from sightline.pathways.child_protection import models as cp
from sightline.pathways.front_door.models import AgencyCheck, Referral
from sightline.standards.working_days import add_working_days, is_working_day

# The review of a plan comes within three months, and all of it has to lie in the past.
_AGO = timezone.localdate() - timedelta(240)
START = _AGO - timedelta(_AGO.weekday())


def workday(days: int) -> date:
    """A working day so many days after the start."""
    day = START + timedelta(days)
    while not is_working_day(day):
        day += timedelta(1)
    return day


@dataclass
class Walk:
    """The family's way so far, and who goes it."""

    act: Any
    who: SimpleNamespace
    teams: SimpleNamespace
    partners: SimpleNamespace
    family: list[Any]

    def each(self, **values: Any) -> list[dict[str, Any]]:
        return [{"person": child, **values} for child in self.family]

    def contact(self) -> Any:
        taken = {"received_date": START, "source": "2A", "method": "PHONE", "narrative": "Bruises.", "priority": "RED"}
        consent = {"consent": "NOT_SOUGHT", "consent_reason": "Risk of harm", "lawful_basis": "PUBLIC_TASK"}
        children = self.each(presenting_issue="ABUSE_PHYSICAL")
        asked = [{"organisation": self.partners.police}]
        given = {**taken, **consent, "children": children, "checks": asked}
        intake = self.act(self.who.contact, "front_door.take_contact", **given).record
        self.answer(intake)
        decisions = self.each(outcome="REFERRAL", threshold_level="4", decision_reason="Injury")
        self.act(
            self.who.hub_manager, "front_door.decide_contacts", intake, decided_date=workday(1), children=decisions
        )
        return intake

    def answer(self, intake: Any) -> None:
        """The police tell what they know, as long as it helps to decide."""
        check = AgencyCheck.objects.get(intake=intake)
        known = {"answered_date": START, "information": "Called to the home twice this year."}
        self.act(self.who.police, "front_door.record_answer", check, **known)

    def cases(self) -> None:
        referral = Referral.objects.get(person=self.family[0])
        accepted = {"outcome": "ASSESS", "decision_date": workday(2), "team": self.teams.safeguarding}
        accepted |= {"worker": self.who.worker.worker, "assessment_start": workday(2)}
        siblings = [{"person": child} for child in self.family[1:]]
        self.act(self.who.hub_manager, "front_door.accept_referral", referral, **accepted, siblings=siblings)

    def strategy(self) -> None:
        attendance = [
            {"organisation": self.partners.police, "name": "A sergeant"},
            {"organisation": self.partners.health, "name": "A health visitor", "views": "Worried"},
        ]
        said = {"held_date": workday(3), "reason": "Injury", "decisions": "Joint enquiry", "dissent": "None"}
        self.act(
            *(self.who.manager, "child_protection.hold_strategy_meeting"),
            **said,
            children=self.each(worker=self.who.worker.worker),
            attendance=attendance,
            lines=[{"question": "How did the injury happen?", "organisation": self.partners.health}],
        )

    def enquiries(self) -> None:
        for child in self.family:
            enquiry = cp.Section47.objects.get(person=child)
            seen = {"child_seen_date": workday(4), "child_seen_alone": True, "child_views": "Wants it to stop"}
            self.act(self.who.worker, "child_protection.write_enquiry", enquiry, **seen, findings="Harm is likely")
            done = {"end_date": workday(9), "outcome": "SUBST_RISK"}
            self.act(self.who.manager, "child_protection.conclude_enquiry", enquiry, **done)

    def call(self, kind: str, day: date, called: date) -> Any:
        invitations = [
            {"role": "POLICE", "organisation": self.partners.police, "report_asked": True, "invited_date": called},
            {"role": "SCHOOL", "organisation": self.partners.school, "report_asked": True, "invited_date": called},
            {"role": "SOCIAL_WORKER", "worker": self.who.worker.worker, "invited_date": called},
        ]
        about = {"kind": kind, "planned_date": day, "called_date": called, "chair": self.who.chair.worker}
        done = self.act(
            *(self.who.worker, "child_protection.call_conference"),
            **about,
            children=self.each(),
            invitations=invitations,
        )
        return done.record

    def conclude(self, planned: Any, day: date, decisions: list[dict[str, Any]], **more: Any) -> Any:
        came = [
            {"role": "POLICE", "organisation": self.partners.police, "attended": True},
            {"role": "SCHOOL", "organisation": self.partners.school, "attended": True},
        ]
        given = {"held_date": day, "summary": "Strengths and risks.", "children": decisions, "attendance": came, **more}
        return self.act(self.who.chair, "child_protection.conclude_conference", planned, **given)

    def told(self, intake: Any) -> None:
        """The referrer hears what came of the contact."""
        intake.refresh_from_db()
        told = {"feedback_date": workday(2), "feedback_method": "EMAIL", "feedback": "It is taken further."}
        self.act(self.who.contact, "front_door.send_feedback", intake, **told)

    def on_plans(self, plans: list[Any]) -> None:
        """A core group about all, and a visit to each."""
        group = {"meeting_date": workday(26), "summary": "Under way", "next_meeting_date": workday(60)}
        came = [{"organisation": self.partners.school, "name": "A teacher"}]
        self.act(self.who.worker, "child_protection.meet_core_group", **group, children=self.each(), attendance=came)
        for plan in plans:
            seen = {"visit_date": workday(28), "seen": True, "seen_alone": True, "bedroom_seen": True}
            self.act(self.who.worker, "child_protection.record_visit", person=plan.person, plan=plan, **seen)

    def review(self) -> None:
        """One child stays on its plan under another category; the others go on to plans of need."""
        planned = self.call("RCPC", workday(100), workday(80))
        done = {"outcome": "CIN", "decision_reason": "Safer", "end_reason": "NO_RISK"}
        still = {"person": self.family[0], "outcome": "CP", "category": "NEG", "decision_reason": "Still at risk"}
        self.conclude(planned, workday(100), [still, *({"person": child, **done} for child in self.family[1:])])

    def end(self) -> None:
        """The last plan ends, the assessments are given up, and the plans of need are met."""
        last = cp.Plan.objects.get(end_date=None)
        self.act(self.who.chair, "child_protection.end_plan", last, end_date=workday(150), end_reason="NO_RISK")
        for child in self.family:
            assessment = Assessment.objects.get(person=child)
            self.act(self.who.manager, "assessment.cancel", assessment, cancelled_date=workday(151))
        for plan in NeedPlan.objects.order_by("pk"):
            self.act(self.who.manager, "child_in_need.end_plan", plan, end_date=workday(160), end_reason="MET")

    def plans(self) -> Any:
        self.contact()
        self.cases()
        self.strategy()
        self.enquiries()
        planned = self.call("ICPC", workday(16), workday(9))
        outline = [{"aim": "No more injuries", "action": "Safety plan", "responsible": "Parents"}]
        decisions = self.each(outcome="CP", category="PHY", decision_reason="Risk of harm")
        return self.conclude(planned, workday(16), decisions, outline=outline)


@pytest.fixture
def walk(act: Any, people: Any, teams: Any, partners: Any, family: list[Any]) -> Walk:
    return Walk(act, people, teams, partners, family)


def outcomes(clock: str) -> set[str]:
    return set(Deadline.objects.filter(clock=clock).values_list("outcome", flat=True))


def test_a_family_goes_from_contact_to_the_end_of_its_plans(walk: Walk) -> None:
    is_taken_and_answered(walk)
    is_accepted(walk)
    is_enquired_into(walk)
    planned = is_invited(walk)
    plans = comes_on_plans(walk, planned)
    is_met_and_visited(walk, plans)
    is_reviewed(walk)
    comes_to_an_end(walk)
    left_its_trail()


def ids(walk: Walk) -> list[int]:
    return [child.pk for child in walk.family]


def is_taken_and_answered(walk: Walk) -> None:
    intake = walk.contact()
    assert visible(walk.who.contact, Person, ids(walk)) == set(ids(walk))
    assert not visible(walk.who.police, Person, ids(walk)), "the contact is decided: the police need not see more"
    assert not visible(walk.who.worker, Person, ids(walk)), "nobody has given the worker the case yet"
    walk.told(intake)
    assert outcomes("CONTACT-DECISION") == outcomes("CONTACT-FEEDBACK") == {"met"}


def is_accepted(walk: Walk) -> None:
    walk.cases()
    held = Allocation.objects.filter(worker=walk.who.worker.worker)
    assert Case.objects.filter(end_date=None).count() == held.count() == 3
    assert visible(walk.who.worker, Person, ids(walk)) == set(ids(walk))
    assert outcomes("REFERRAL-DECISION") == {"met"}


def is_enquired_into(walk: Walk) -> None:
    walk.strategy()
    assert cp.StrategyMeeting.objects.get().chair == walk.who.manager.worker
    assert set(cp.StrategyDiscussion.objects.values_list("police_attended", "health_attended")) == {(True, True)}
    assert outcomes("ICPC-15") == {"open"}
    walk.enquiries()


def is_invited(walk: Walk) -> Any:
    planned = walk.call("ICPC", workday(16), workday(9))
    first = walk.family[0].pk
    assert visible(walk.who.chair, Person, ids(walk)) == set(ids(walk))
    assert why(walk.who.chair, [first])[first] == ["You are to chair a conference about the child."]
    police = cp.ConferenceInvitation.objects.get(role="POLICE")
    walk.act(walk.who.worker, "child_protection.receive_report", police, report_received_date=workday(10))
    assert reports() == ["met", "open"]
    assert Deadline.objects.filter(clock="ICPC-REPORT").earliest("record_id").due == add_working_days(workday(16), -2)
    return planned


def reports() -> list[str]:
    return list(Deadline.objects.filter(clock="ICPC-REPORT").order_by("record_id").values_list("outcome", flat=True))


def comes_on_plans(walk: Walk, planned: Any) -> list[Any]:
    decisions = walk.each(outcome="CP", category="PHY", decision_reason="Risk of harm", participation="PN7")
    conference = walk.conclude(planned, workday(16), decisions).record.conference
    assert conference.quorate and conference.chair == walk.who.chair.worker
    plans = list(cp.Plan.objects.order_by("person_id"))
    assert [plan.person_id for plan in plans] == ids(walk)
    assert {(plan.start_date, plan.initial_category, plan.latest_category) for plan in plans} == {
        (conference.conference_date, "PHY", "PHY")
    }
    assert outcomes("ICPC-15") == {"met"}
    assert reports() == ["met", "late"], "the school's report never came"
    assert outcomes("CP-REVIEW-1") == {"open"}
    return plans


def is_met_and_visited(walk: Walk, plans: list[Any]) -> None:
    walk.on_plans(plans)
    assert outcomes("CORE-FIRST") == {"met"}
    assert set(cp.Visit.objects.values_list("worker", flat=True)) == {walk.who.worker.worker.pk}


def is_reviewed(walk: Walk) -> None:
    walk.review()
    first, *others = cp.Plan.objects.order_by("person_id")
    assert (first.end_date, first.initial_category, first.latest_category) == (None, "PHY", "NEG")
    assert {(plan.end_date, plan.end_reason) for plan in others} == {(workday(100), "NO_RISK")}
    needs = {(id, workday(100)) for id in ids(walk)[1:]}
    assert set(NeedPlan.objects.values_list("person", "start_date")) == needs
    assert Deadline.objects.get(clock="CP-REVIEW-N", outcome="open").person_id == walk.family[0].pk


def comes_to_an_end(walk: Walk) -> None:
    walk.end()
    for case in Case.objects.all():
        walk.act(walk.who.manager, "cases.close", case, end_date=workday(161), closure_reason="RC7")
    assert not Allocation.objects.filter(end_date=None).exists()
    assert not visible(walk.who.worker, Person, ids(walk)), "the reason ended with the allocation"
    assert not Deadline.objects.filter(outcome="open").exclude(clock__startswith="REFERRAL").exists()
    assert ledger.rebuild() == 0, "what the actions kept is what a rebuild gives"


def left_its_trail() -> None:
    by = set(Change.objects.exclude(action="test").values_list("by", flat=True))
    assert by == {"contact", "police", "hub_manager", "worker", "manager", "chair"}
    writes = Entry.objects.filter(what="write")
    assert set(writes.values_list("who", flat=True)) == by
    acted = set(Change.objects.exclude(action="test").values_list("action", flat=True))
    assert set(writes.values_list("about", flat=True)) == acted, "every act left its entry"


class TestAConference:
    def test_refuses_the_wrong_ones(self, walk: Walk) -> None:
        walk.contact()
        walk.cases()
        walk.strategy()
        planned = walk.call("ICPC", workday(16), workday(9))
        given = {"held_date": workday(16), "summary": "S", "children": walk.each(outcome="NFA", decision_reason="R")}
        given["attendance"] = [{"role": "POLICE"}]
        for user in (walk.who.worker, walk.who.manager, walk.who.contact):
            with pytest.raises(NotPermitted, match="may not record conferences"):
                walk.act(user, "child_protection.conclude_conference", planned, **given)
        with pytest.raises(NotPermitted):
            walk.act(walk.who.stranger, "child_protection.move_conference", planned, venue="Elsewhere")
        refusals = Entry.objects.filter(what="refused")
        assert refusals.count() == 4
        assert not visible(walk.who.stranger, cp.PlannedConference, [planned.pk])
        assert not visible(walk.who.stranger, cp.ConferenceInvitation, [cp.ConferenceInvitation.objects.first().pk])  # type: ignore[union-attr]

    @pytest.mark.parametrize(
        ("other", "more", "message"),
        [
            ({"category": None}, {}, "needs its category"),
            ({"end_reason": "NO_RISK"}, {}, "no plan to end"),
            ({"outcome": "NFA"}, {}, "none was decided"),
            ({}, {"attendance": [{"role": "POLICE"}]}, "say why the conference went ahead"),
            ({}, {"dissent": "The school disagrees"}, "Say where the dissent is taken up"),
            ({}, {"held_date": date(2099, 1, 1)}, "in the future"),
        ],
    )
    def test_is_concluded_whole_or_not_at_all(
        self, walk: Walk, other: dict[str, Any], more: dict[str, Any], message: str
    ) -> None:
        walk.contact()
        walk.cases()
        walk.strategy()
        planned = walk.call("ICPC", workday(16), workday(9))
        decisions = walk.each(outcome="CP", category="PHY", decision_reason="Risk")
        decisions[1] |= other
        with pytest.raises(Invalid, match=message):
            walk.conclude(planned, more.pop("held_date", workday(16)), decisions, **more)
        assert not cp.Plan.objects.exists() and not cp.Conference.objects.exists()

    def test_decides_for_every_child_and_once(self, walk: Walk) -> None:
        planned = walk.plans().record
        with pytest.raises(NotNow, match="is held"):
            walk.conclude(planned, workday(16), walk.each(outcome="NFA", decision_reason="R"))
        review = walk.call("RCPC", workday(100), workday(80))
        with pytest.raises(Invalid, match="Every child"):
            walk.conclude(review, workday(100), walk.each(outcome="CP", decision_reason="R")[:2])

    def test_is_called_for_what_leads_to_it(self, walk: Walk) -> None:
        walk.contact()
        walk.cases()
        with pytest.raises(Invalid, match="No section 47 enquiry"):
            walk.call("ICPC", workday(16), workday(9))
        with pytest.raises(Invalid, match="reviews a plan"):
            walk.call("RCPC", workday(16), workday(9))
        walk.strategy()
        saturday = START + timedelta(19)
        with pytest.raises(Invalid, match="weekend"):
            walk.call("ICPC", saturday, workday(9))

    def test_starts_the_outline_plan_and_ends_a_plan_of_need(self, walk: Walk) -> None:
        walk.contact()
        walk.cases()
        child = walk.family[0]
        case = Case.objects.get(person=child)
        agreed = {"person": child, "case": case, "start_date": workday(3), "aims": "Calm home"}
        lines = [{"action": "Parenting course", "responsible": "Mother"}]
        walk.act(walk.who.manager, "child_in_need.agree_plan", **agreed, actions=lines)
        walk.strategy()
        walk.enquiries()
        planned = walk.call("ICPC", workday(16), workday(9))
        outline = [{"aim": "Safe", "action": "Safety plan", "responsible": "Parents", "due_date": workday(30)}]
        walk.conclude(
            planned, workday(16), walk.each(outcome="CP", category="PHY", decision_reason="R"), outline=outline
        )
        assert (NeedPlan.objects.get().end_date, NeedPlan.objects.get().end_reason) == (workday(16), "STEP_UP")
        assert cp.PlanAction.objects.count() == 3

    def test_opens_the_record_to_a_worker_invited_and_not_for_ever(self, walk: Walk) -> None:
        walk.contact()
        walk.cases()
        walk.strategy()
        child = walk.family[0]
        today = timezone.localdate()
        invitation = {"role": "OTHER", "worker": walk.who.stranger.worker, "invited_date": workday(9)}
        soon = next(day for day in (today + timedelta(n) for n in range(10)) if is_working_day(day))
        planned = walk.call("ICPC", soon, workday(9))
        walk.act(walk.who.worker, "child_protection.invite", planned, invitations=[invitation])
        assert why(walk.who.stranger, [child.pk])[child.pk] == ["You are invited to a conference about the child."]
        planned.refresh_from_db()
        walk.act(walk.who.worker, "child_protection.move_conference", planned, planned_date=workday(16))
        assert not visible(walk.who.stranger, Person, [child.pk])


class TestAssessments:
    WRITTEN = {"analysis": "The home is unsafe.", "child_views": "Wants it calm.", "outcome": "STRAT"}

    @pytest.fixture
    def assessment(self, walk: Walk) -> Any:
        walk.contact()
        walk.cases()
        return Assessment.objects.get(person=walk.family[0])

    def submit(self, walk: Walk, assessment: Any, *factors: str, **more: Any) -> Any:
        given = {**self.WRITTEN, "submitted_date": workday(20), **more}
        rows = [{"factor": factor} for factor in factors]
        return walk.act(walk.who.worker, "assessment.submit", assessment, **given, factors=rows).record

    def test_go_back_and_forth_until_authorised_and_show_what_changed(self, walk: Walk, assessment: Any) -> None:
        found = self.submit(walk, assessment, "3A", "4B")
        with pytest.raises(NotNow, match="sent for authorisation"):
            walk.act(walk.who.worker, "assessment.record_progress", found, analysis="Other")
        back = {"returned_date": workday(21), "return_reason": "The father's views are missing"}
        returned = walk.act(walk.who.manager, "assessment.return", found, **back).record
        again = self.submit(walk, returned, "3A", submitted_date=workday(22), family_views="The father is sorry.")
        changed = {each.field: (each.before, each.now) for each in since_last_submission(again)}
        assert changed == {
            "family_views": ("", "The father is sorry."),
            "proposed_factors": ("3A 4B", "3A"),
            "return_reason": ("", "The father's views are missing"),
        }
        client = Client()
        client.force_login(walk.who.manager)
        page = client.get(reverse("do", args=["assessment.authorise", again.pk])).content.decode()
        assert "What changed since it was last in hand" in page and "The father is sorry." in page
        authorised = {"authorised_date": workday(23), "outcome": "STRAT"}
        done = walk.act(walk.who.manager, "assessment.authorise", again, **authorised).record
        assert done.authorised_by == walk.who.manager.worker
        assert list(AssessmentFactor.objects.values_list("factor", flat=True)) == ["3A"]
        assert Deadline.objects.get(clock="ASSESS-45", record_id=done.pk).outcome == "met"

    def test_are_not_sent_without_analysis_views_and_factors(self, walk: Walk, assessment: Any) -> None:
        with pytest.raises(Invalid) as refusal:
            self.submit(walk, assessment, "3A", "21", analysis="", child_views="")
        assert {fault.input for fault in refusal.value.faults} == {"analysis", "child_views", "factors"}
        with pytest.raises(Invalid, match="at least 1"):
            self.submit(walk, assessment)
        with pytest.raises(Invalid, match="no code 'XX'"):
            self.submit(walk, assessment, "XX")

    def test_are_authorised_by_the_manager_of_the_case_only(self, walk: Walk, assessment: Any) -> None:
        found = self.submit(walk, assessment, "3A")
        decision = {"authorised_date": workday(23), "outcome": "STRAT"}
        with pytest.raises(NotPermitted, match="may not decide"):
            walk.act(walk.who.worker, "assessment.authorise", found, **decision)
        other = User.objects.create(username="other", role="team_manager", worker=walk.who.stranger.worker)
        with pytest.raises(NotPermitted, match="no reason"):
            walk.act(other, "assessment.authorise", found, **decision)

    def test_have_a_review_point_that_the_manager_holds(self, walk: Walk, assessment: Any) -> None:
        clock = Deadline.objects.get(clock="ASSESS-REVIEWPOINT", record_id=assessment.pk)
        assert (clock.due, clock.outcome) == (add_working_days(workday(2), 10), "open")
        held = {"reviewed_date": workday(10), "review_comment": "On course"}
        walk.act(walk.who.manager, "assessment.review", assessment, **held)
        clock.refresh_from_db()
        assert clock.outcome == "met"

    def test_are_copied_to_brothers_and_sisters_without_what_is_one_childs_own(
        self, walk: Walk, assessment: Any, make: Any, open_case: Any
    ) -> None:
        baby = make("people.Person", birth_date=START - timedelta(30))
        open_case(baby, workday(1))
        walk.act(
            *(walk.who.worker, "assessment.record_progress", assessment),
            analysis="Shared.",
            family_views="Willing.",
            child_views="Her own.",
        )
        assessment.refresh_from_db()
        walk.act(walk.who.worker, "assessment.copy_to_siblings", assessment, children=[{"person": baby}])
        copied = Assessment.objects.get(person=baby)
        assert (copied.analysis, copied.family_views, copied.child_views) == ("Shared.", "Willing.", "")

    def test_of_a_child_without_an_open_case_are_not_started(self, walk: Walk, make: Any, open_case: Any) -> None:
        open_case(walk.family[0], workday(1))
        with pytest.raises(NotPermitted):
            walk.act(walk.who.worker, "assessment.start_together", start_date=workday(2), children=walk.each())
        case = Case.objects.get()
        walk.act(walk.who.manager, "cases.close", case, end_date=workday(2), closure_reason="RC7")


class TestALastingPlan:
    def test_is_reviewed_for_drift_by_manager_and_chair(self, walk: Walk) -> None:
        walk.plans()
        plan = cp.Plan.objects.get(person=walk.family[0])
        review = {"person": plan.person, "plan": plan, "review_date": workday(120), "finding": "No change"}
        with pytest.raises(Invalid, match="Exit strategy is missing"):
            walk.act(walk.who.manager, "child_protection.review_drift", **review, next_review_date=workday(150))
        full = {**review, "exit_strategy": "Legal planning meeting", "next_review_date": timezone.localdate()}
        drift = walk.act(walk.who.manager, "child_protection.review_drift", **full).record
        assert (drift.manager, drift.chair) == (walk.who.manager.worker, None)
        with pytest.raises(NotPermitted):
            walk.act(walk.who.manager, "child_protection.agree_drift_review", drift, agreed_date=workday(121))
        walk.act(walk.who.chair, "child_protection.agree_drift_review", drift, agreed_date=workday(121))
        drift.refresh_from_db()
        assert drift.chair == walk.who.chair.worker
        with pytest.raises(NotNow, match="agreed"):
            walk.act(walk.who.chair, "child_protection.agree_drift_review", drift, agreed_date=workday(122))

    def test_does_not_start_before_its_conference(self, walk: Walk) -> None:
        walk.plans()
        for plan in cp.Plan.objects.all():
            walk.act(walk.who.chair, "child_protection.end_plan", plan, end_date=workday(60), end_reason="NO_RISK")
        child = walk.family[0]
        early = {"person": child, "case": Case.objects.get(person=child), "start_date": workday(10)}
        with pytest.raises(Invalid, match="before the conference"):
            walk.act(
                *(walk.who.chair, "child_protection.start_plan"),
                **early,
                initial_category="PHY",
                latest_category="PHY",
            )


class TestAChildInNeed:
    @pytest.fixture
    def plan(self, walk: Walk) -> Any:
        walk.contact()
        walk.cases()
        child = walk.family[0]
        agreed = {"person": child, "case": Case.objects.get(person=child), "start_date": workday(5), "aims": "Calm"}
        lines = [{"action": "Course", "responsible": "Mother", "due_date": workday(40)}]
        return walk.act(walk.who.manager, "child_in_need.agree_plan", **agreed, actions=lines).record

    def test_has_reviews_with_attendance_and_visits(self, walk: Walk, plan: Any) -> None:
        held = {"person": plan.person, "plan": plan, "review_date": workday(30), "outcome": "CONTINUE", "summary": "S"}
        came = [{"name": "A teacher", "organisation": walk.partners.school}, {"name": "The mother", "attended": False}]
        with pytest.raises(Invalid, match="comes after this one"):
            walk.act(
                *(walk.who.worker, "child_in_need.hold_review"), **held, next_review_date=workday(30), attendance=came
            )
        done = walk.act(walk.who.worker, "child_in_need.hold_review", **held, attendance=came)
        assert len(done.written) == 3
        assert Deadline.objects.get(clock="CIN-REVIEW-1", record_id=plan.pk).outcome == "met"
        visit = {"person": plan.person, "plan": plan, "visit_date": workday(20)}
        with pytest.raises(Invalid, match="was not seen alone"):
            walk.act(walk.who.worker, "child_in_need.record_visit", **visit, seen=False, seen_alone=True)
        assert walk.act(walk.who.worker, "child_in_need.record_visit", **visit, seen=True).record.worker

    @pytest.mark.parametrize(("way", "reason"), [("step_up", "STEP_UP"), ("step_down", "STEP_DOWN")])
    def test_is_stepped_up_or_down(self, walk: Walk, plan: Any, way: str, reason: str) -> None:
        stepped = walk.act(walk.who.manager, f"child_in_need.{way}", plan, end_date=workday(50)).record
        assert (stepped.end_date, stepped.end_reason) == (workday(50), reason)

    def test_open_for_long_is_looked_at_by_a_manager(self, walk: Walk, plan: Any) -> None:
        looked = {"person": plan.person, "case": plan.case, "review_date": workday(60), "finding": "F"}
        done = walk.act(walk.who.manager, "child_in_need.review_long_open", **looked, exit_strategy="Close by summer")
        assert done.record.manager == walk.who.manager.worker
