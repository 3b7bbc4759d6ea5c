"""From a contact about several children to a case: who decides, what follows, and what the referrer is told."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.utils import timezone

from sightline.core.access.visibility import visible, why
from sightline.core.people.models import Person
from sightline.core.records.models import Change
from sightline.engine.actions.refusals import Invalid, NotNow, NotPermitted
from sightline.engine.deadlines.models import Deadline
from sightline.pathways.front_door.models import AgencyCheck, Contact, Intake, Referral
from sightline.pathways.front_door.queues import feedback_unsent, undecided
from sightline.standards.dates import add_months
from sightline.standards.working_days import add_working_days

_AGO = timezone.localdate() - timedelta(14)
MONDAY = _AGO - timedelta(_AGO.weekday())
YEAR_BEFORE = add_months(MONDAY + timedelta(1), -12)
TUESDAY, WEDNESDAY = MONDAY + timedelta(1), MONDAY + timedelta(2)
TAKEN = {
    "received_date": MONDAY,
    "received_at": f"{MONDAY} 09:15",
    "source": "2A",
    "method": "PHONE",
    "referrer_name": "The head teacher",
    "referrer_reach": "office@school.example",
    "narrative": "Bruises seen.",
    "consent": "OVERRIDDEN",
    "consent_reason": "Asking may put the children at risk",
    "lawful_basis": "PUBLIC_TASK",
    "priority": "RED",
}


def about(children: list[Any]) -> list[dict[str, Any]]:
    return [{"person": child, "presenting_issue": "ABUSE_PHYSICAL", "threshold_level": "4"} for child in children]


@pytest.fixture
def intake(act: Any, people: Any, family: list[Any], partners: Any) -> Any:
    checks = [{"organisation": partners.police}]
    return act(people.contact, "front_door.take_contact", **TAKEN, children=about(family), checks=checks).record


def decide(act: Any, user: Any, intake: Any, family: list[Any], outcomes: list[str]) -> Any:
    rows = [
        {"person": child, "outcome": outcome, "threshold_level": "4", "decision_reason": "Injury without explanation"}
        for child, outcome in zip(family, outcomes, strict=True)
    ]
    return act(user, "front_door.decide_contacts", intake, decided_date=TUESDAY, children=rows)


class TestTakingAContact:
    def test_is_one_act_for_all_its_children(self, people: Any, teams: Any, intake: Any, family: list[Any]) -> None:
        assert intake.taken_by == people.contact.worker
        assert intake.team == teams.hub
        contacts = Contact.objects.order_by("id")
        assert [contact.person for contact in contacts] == family
        assert {(c.contact_date, c.source, c.threshold_level, c.threshold_date) for c in contacts} == {
            (MONDAY, "2A", "4", MONDAY)
        }
        assert AgencyCheck.objects.get().asked_date == MONDAY
        requests = Change.objects.filter(action="front_door.take_contact").values_list("request", flat=True)
        assert len(requests) == 5 and len(set(requests)) == 1

    def test_lets_its_team_see_the_children_and_nobody_else(self, people: Any, intake: Any, family: list[Any]) -> None:
        ids = [child.pk for child in family]
        assert visible(people.hub_manager, Person, ids) == set(ids)
        assert why(people.contact, ids[:1])[ids[0]] == ["You or your team handle a contact about the child."]
        assert visible(people.contact, Intake, [intake.pk])
        for other in (people.worker, people.stranger, people.chair):
            assert not visible(other, Person, ids)
            assert not visible(other, Intake, [intake.pk])
            assert not visible(other, AgencyCheck, [AgencyCheck.objects.get().pk])

    @pytest.mark.parametrize(
        ("other", "message"),
        [
            ({"received_date": "2099-01-01", "received_at": None}, "in the future"),
            ({"received_at": f"{TUESDAY} 09:15"}, "another day"),
            ({"consent_reason": ""}, "Say why consent"),
            ({"lawful_basis": "CONSENT"}, "sought and given"),
            ({"lawful_basis": ""}, "needs its lawful basis"),
            ({"source": "5D", "received_date": "2021-03-01", "received_at": None}, "not in force"),
            ({"priority": "PURPLE"}, "no code"),
            ({"children": []}, "at least 1"),
        ],
    )
    def test_refuses_what_cannot_be(
        self, act: Any, people: Any, family: list[Any], other: dict[str, Any], message: str
    ) -> None:
        values = {**TAKEN, "children": about(family), **other}
        with pytest.raises(Invalid, match=message):
            act(people.contact, "front_door.take_contact", **values)
        assert not Contact.objects.exists()

    def test_says_which_row_is_wrong(self, act: Any, people: Any, family: list[Any], make: Any) -> None:
        rows = [*about(family), {"person": family[0], "presenting_issue": "NEGLECT"}]
        with pytest.raises(Invalid) as refusal:
            act(people.contact, "front_door.take_contact", **TAKEN, children=rows)
        assert [fault.input for fault in refusal.value.faults] == ["children.3.person"]

    def test_a_professional_is_not_anonymous(self, act: Any, people: Any, family: list[Any], partners: Any) -> None:
        referrer = {"referrer_agency": partners.school, "referrer_anonymous": True}
        with pytest.raises(Invalid, match="gives their name"):
            act(people.contact, "front_door.take_contact", **TAKEN, **referrer, children=about(family))

    def test_another_child_is_added_by_the_team_and_once(
        self, act: Any, people: Any, intake: Any, family: list[Any], make: Any
    ) -> None:
        baby = make("people.Person", birth_date=MONDAY - timedelta(90))
        added = {"intake": intake, "person": baby, "presenting_issue": "NEGLECT"}
        with pytest.raises(Invalid, match="Another team handles"):
            act(people.worker, "front_door.add_child", **added)
        act(people.contact, "front_door.add_child", **added)
        with pytest.raises(Invalid, match="already on this contact"):
            act(people.contact, "front_door.add_child", **added)


class TestChecksWithAgencies:
    def test_are_answered_once(self, act: Any, people: Any, intake: Any) -> None:
        check = AgencyCheck.objects.get()
        answer = {"answered_date": TUESDAY, "information": "Two call-outs this year."}
        with pytest.raises(NotPermitted, match="no reason"):
            act(people.stranger, "front_door.record_answer", check, **answer)
        act(people.contact, "front_door.record_answer", check, **answer)
        check.refresh_from_db()
        with pytest.raises(NotNow, match="is answered"):
            act(people.contact, "front_door.record_answer", check, **answer)

    def test_more_agencies_are_asked(self, act: Any, people: Any, intake: Any, partners: Any) -> None:
        asked = [{"organisation": partners.health, "asked_date": TUESDAY}]
        act(people.contact, "front_door.ask_agencies", intake, checks=asked)
        assert AgencyCheck.objects.filter(intake=intake).count() == 2
        with pytest.raises(Invalid, match="before the contact as received"):
            act(
                people.contact,
                "front_door.ask_agencies",
                intake,
                checks=[{**asked[0], "asked_date": MONDAY - timedelta(1)}],
            )


class TestDeciding:
    def test_is_the_managers(self, act: Any, people: Any, intake: Any, family: list[Any]) -> None:
        with pytest.raises(NotPermitted, match="may not decide"):
            decide(act, people.contact, intake, family, ["REFERRAL"] * 3)
        with pytest.raises(NotPermitted, match="no reason"):
            decide(act, people.manager, intake, family, ["REFERRAL"] * 3)

    def test_decides_for_each_child_and_passes_on_those_referred(
        self, act: Any, people: Any, intake: Any, family: list[Any]
    ) -> None:
        decide(act, people.hub_manager, intake, family, ["REFERRAL", "REFERRAL", "ADVICE"])
        assert list(Contact.objects.order_by("id").values_list("outcome", flat=True)) == [
            "REFERRAL",
            "REFERRAL",
            "ADVICE",
        ]
        assert {contact.decided_by for contact in Contact.objects.all()} == {people.hub_manager.worker}
        assert [referral.person for referral in Referral.objects.order_by("id")] == family[:2]
        assert set(Deadline.objects.filter(clock="CONTACT-DECISION").values_list("outcome", flat=True)) == {"met"}

    def test_leaves_no_child_out(self, act: Any, people: Any, intake: Any, family: list[Any]) -> None:
        with pytest.raises(Invalid, match="Every child"):
            decide(act, people.hub_manager, intake, family[:2], ["ADVICE", "ADVICE"])

    def test_happens_once(self, act: Any, people: Any, intake: Any, family: list[Any]) -> None:
        decide(act, people.hub_manager, intake, family, ["ADVICE"] * 3)
        with pytest.raises(NotNow, match="is decided"):
            decide(act, people.hub_manager, Intake.objects.get(), family, ["ADVICE"] * 3)

    def test_the_last_child_decided_alone_decides_the_contact(
        self, act: Any, people: Any, intake: Any, family: list[Any]
    ) -> None:
        for contact in Contact.objects.order_by("id"):
            intake.refresh_from_db()
            assert intake.decided_date is None
            decision = {"outcome": "ADVICE", "outcome_date": TUESDAY, "threshold_level": "2"}
            act(people.hub_manager, "front_door.decide_contact", contact, **decision)
        intake.refresh_from_db()
        assert intake.decided_date == TUESDAY

    def test_the_queue_holds_what_waits_most_urgent_first(
        self, act: Any, people: Any, intake: Any, family: list[Any], make: Any
    ) -> None:
        calm = make("people.Person", birth_date=date(2015, 1, 1))
        green = {**TAKEN, "priority": "GREEN", "received_at": f"{MONDAY} 08:00"}
        later = act(people.contact, "front_door.take_contact", **green, children=about([calm])).record
        assert list(undecided(people.hub_manager)) == [intake, later]
        assert list(undecided(people.stranger)) == []


class TestFeedback:
    def test_is_owed_until_it_is_sent(self, act: Any, people: Any, intake: Any, family: list[Any]) -> None:
        decide(act, people.hub_manager, intake, family, ["ADVICE"] * 3)
        owed = Deadline.objects.filter(clock="CONTACT-FEEDBACK")
        assert set(owed.values_list("due", "outcome")) == {(add_working_days(TUESDAY, 1), "open")}
        assert list(feedback_unsent(people.contact)) == [intake]
        intake.refresh_from_db()
        told = {"feedback_date": WEDNESDAY, "feedback_method": "EMAIL"}
        with pytest.raises(Invalid, match="what the referrer was told"):
            act(people.contact, "front_door.send_feedback", intake, **told)
        act(people.contact, "front_door.send_feedback", intake, **told, feedback="Advice was given.")
        assert set(owed.values_list("outcome", flat=True)) == {"met"}
        assert not feedback_unsent(people.contact).exists()

    def test_waits_for_the_decision(self, act: Any, people: Any, intake: Any) -> None:
        told = {"feedback_date": TUESDAY, "feedback_method": "NOT_POSSIBLE"}
        with pytest.raises(NotNow, match="only while it is decided"):
            act(people.contact, "front_door.send_feedback", intake, **told)


class TestReferrals:
    @pytest.fixture
    def referrals(self, act: Any, people: Any, intake: Any, family: list[Any]) -> list[Referral]:
        decide(act, people.hub_manager, intake, family, ["REFERRAL"] * 3)
        return list(Referral.objects.order_by("id"))

    def test_accepted_together_open_cases_with_worker_and_assessment(
        self, act: Any, people: Any, teams: Any, referrals: list[Referral], family: list[Any]
    ) -> None:
        accepted = {"outcome": "ASSESS", "decision_date": WEDNESDAY, "team": teams.safeguarding}
        accepted |= {"worker": people.worker.worker, "assessment_start": WEDNESDAY, "primary_need": "N1"}
        siblings = [{"person": child} for child in family[1:]]
        act(people.hub_manager, "front_door.accept_referral", referrals[0], **accepted, siblings=siblings)
        for child in family:
            case = apps.get_model("cases.Case").objects.get(person=child)
            assert (case.start_date, case.primary_need) == (TUESDAY, "N1")
            allocation = apps.get_model("cases.Allocation").objects.get(case=case)
            assert (allocation.worker, allocation.team) == (people.worker.worker, teams.safeguarding)
            assert apps.get_model("assessment.Assessment").objects.get(case=case).start_date == WEDNESDAY
        assert set(Deadline.objects.filter(clock="REFERRAL-DECISION").values_list("outcome", flat=True)) == {"met"}
        assert visible(people.worker, Person, [family[2].pk])

    def test_of_a_child_with_an_open_case_join_it(
        self, act: Any, people: Any, teams: Any, referrals: list[Referral], open_case: Any, family: list[Any]
    ) -> None:
        case = open_case(family[0], MONDAY)
        accepted = {"outcome": "ASSESS", "decision_date": WEDNESDAY, "team": teams.other}
        done = act(people.hub_manager, "front_door.accept_referral", referrals[0], **accepted)
        assert done.record.case == case
        assert apps.get_model("cases.Allocation").objects.get(case=case).team == teams.safeguarding

    def test_not_accepted_say_why_and_where_the_family_goes(
        self, act: Any, people: Any, referrals: list[Referral]
    ) -> None:
        declined = {
            "outcome": "EH",
            "decision_date": WEDNESDAY,
            "decline_reason": "EARLY_HELP",
            "signposted_to": "Centre",
        }
        done = act(people.hub_manager, "front_door.decline_referral", referrals[0], **declined)
        assert (done.record.case, done.record.no_further_action) == (None, False)
        with pytest.raises(Invalid, match="accepts the referral"):
            act(people.hub_manager, "front_door.decline_referral", referrals[1], **{**declined, "outcome": "ASSESS"})
        with pytest.raises(NotNow, match="The referral is decided"):
            act(people.hub_manager, "front_door.decline_referral", Referral.objects.order_by("id")[0], **declined)

    def test_again_within_a_year_find_the_one_they_follow(
        self, act: Any, people: Any, make: Any, family: list[Any]
    ) -> None:
        first, old = (
            make("front_door.Referral", person=child, referral_date=day, source="6")
            for child, day in ((family[0], YEAR_BEFORE), (family[1], YEAR_BEFORE - timedelta(1)))
        )
        new = {"referral_date": TUESDAY, "source": "2A"}
        assert act(people.worker, "front_door.record_referral", person=family[0], **new).record.previous == first
        assert old.referral_date < YEAR_BEFORE
        assert act(people.worker, "front_door.record_referral", person=family[1], **new).record.previous is None

    def test_are_not_accepted_by_a_manager_without_a_reason(
        self, act: Any, people: Any, teams: Any, referrals: list[Referral]
    ) -> None:
        accepted = {"outcome": "ASSESS", "decision_date": WEDNESDAY, "team": teams.safeguarding}
        with pytest.raises(NotPermitted, match="no reason"):
            act(people.manager, "front_door.accept_referral", referrals[0], **accepted)


class TestTransfers:
    @pytest.fixture
    def case(self, open_case: Any, family: list[Any]) -> Any:
        return open_case(family[0], MONDAY)

    @pytest.fixture
    def transfer(self, act: Any, people: Any, teams: Any, family: list[Any], case: Any) -> Any:
        offer = {"to_team": teams.hub, "reason": "STAGE", "summary": "Risk is lower.", "requested_date": TUESDAY}
        return act(people.worker, "cases.request_transfer", person=family[0], case=case, **offer).record

    def allocations(self, case: Any) -> list[Any]:
        return list(apps.get_model("cases.Allocation").objects.filter(case=case).order_by("id"))

    def test_let_the_receiving_manager_read_first_and_change_nothing_yet(
        self, people: Any, transfer: Any, family: list[Any], case: Any
    ) -> None:
        assert transfer.from_worker == people.worker.worker
        assert visible(people.hub_manager, Person, [family[0].pk])
        assert not visible(people.stranger, Person, [family[0].pk])
        assert [each.end_date for each in self.allocations(case)] == [None]

    def test_accepted_end_the_old_allocation_that_day(
        self, act: Any, people: Any, transfer: Any, family: list[Any], case: Any
    ) -> None:
        with pytest.raises(NotPermitted):
            act(people.worker, "cases.accept_transfer", transfer, accepted_date=WEDNESDAY)
        act(people.hub_manager, "cases.confirm_receipt", transfer)
        transfer.refresh_from_db()
        taker = people.contact.worker
        act(people.hub_manager, "cases.accept_transfer", transfer, accepted_date=WEDNESDAY, to_worker=taker)
        old, new = self.allocations(case)
        assert (old.end_date, new.start_date, new.worker) == (WEDNESDAY, WEDNESDAY, taker)
        assert not visible(people.worker, Person, [family[0].pk]), "the old worker's reason ended with the allocation"

    def test_sent_back_say_why_and_leave_the_allocation(
        self, act: Any, people: Any, transfer: Any, case: Any, family: list[Any]
    ) -> None:
        with pytest.raises(Invalid, match="Why it was sent back is missing"):
            act(people.hub_manager, "cases.return_transfer", transfer, returned_date=WEDNESDAY)
        act(
            *(people.hub_manager, "cases.return_transfer", transfer),
            returned_date=WEDNESDAY,
            returned_reason="The plan is not reviewed yet",
        )
        assert [each.end_date for each in self.allocations(case)] == [None]
        transfer.refresh_from_db()
        assert not visible(people.hub_manager, Person, [family[0].pk]), "the offer is over"
        with pytest.raises(NotNow, match="The transfer is sent back"):
            act(people.manager, "cases.accept_transfer", transfer, accepted_date=WEDNESDAY)

    def test_are_not_asked_for_twice(
        self, act: Any, people: Any, teams: Any, transfer: Any, family: list[Any], case: Any
    ) -> None:
        offer = {"to_team": teams.other, "reason": "STAGE", "summary": "Again.", "requested_date": TUESDAY}
        with pytest.raises(Invalid, match="already such a transfer"):
            act(people.worker, "cases.request_transfer", person=family[0], case=case, **offer)
