"""What can be done at the front door: contacts, referrals and the decisions on them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django.apps import apps
from django.utils import timezone

from sightline.core.access.roles import Permission
from sightline.core.records.models import Record
from sightline.engine.actions.building import named_once, open_case
from sightline.engine.actions.declarations import Action, Attempt, Group, Input, Rules, amend, correct, inputs, record
from sightline.engine.actions.refusals import Fault, Invalid
from sightline.standards.dates import add_months

_INTAKE = "front_door.Intake"
_CHECK = "front_door.AgencyCheck"
_CONTACT = "front_door.Contact"
_REFERRAL = "front_door.Referral"
_ASSESSMENT = "assessment.Assessment"
_ALLOCATION = "cases.Allocation"
_CONTACTS, _DECIDE = Permission.RECORD_CONTACT, Permission.DECIDE
#: Decisions on a referral that open no case.
NOT_ACCEPTED = ("NFA", "ADVICE", "EH", "OTHER")
#: Another referral within this time makes the later one a re-referral (DfE children in need statistics).
RE_REFERRAL_MONTHS = 12
_WITHOUT_CONSENT = ("OVERRIDDEN", "NOT_SOUGHT")


# --- What must hold ---


def _received_then(intake: Any, _attempt: Attempt) -> Iterator[Fault]:
    if intake.received_at is None:
        return
    if intake.received_at > timezone.now():
        yield Fault("received_at", "Time it was received lies in the future.")
    elif timezone.localtime(intake.received_at).date() != intake.received_date:
        yield Fault("received_at", "Time it was received is on another day than the contact.")


def _on_a_basis(intake: Any, _attempt: Attempt) -> Iterator[Fault]:
    """Sharing without consent needs a reason and a basis other than consent (Data Protection Act 2018; Information sharing advice 2024)."""
    if intake.consent in _WITHOUT_CONSENT and not intake.consent_reason.strip():
        yield Fault("consent_reason", "Say why consent was not sought, or why it was overridden.")
    if intake.lawful_basis == "CONSENT" and intake.consent != "GIVEN":
        yield Fault("lawful_basis", "Consent is a basis only where it was sought and given.")
    if intake.consent == "OVERRIDDEN" and not intake.lawful_basis:
        yield Fault("lawful_basis", "Sharing without consent needs its lawful basis.")


def _named_professional(intake: Any, _attempt: Attempt) -> Iterator[Fault]:
    if intake.referrer_anonymous and intake.referrer_agency_id:
        yield Fault("referrer_anonymous", "A professional gives their name: only members of the public stay anonymous.")


def _feedback_whole(intake: Any, _attempt: Attempt) -> Iterator[Fault]:
    if not intake.feedback_date:
        return
    if not intake.feedback_method:
        yield Fault("feedback_method", "Feedback needs how the referrer was told.")
    elif intake.feedback_method != "NOT_POSSIBLE" and not intake.feedback.strip():
        yield Fault("feedback", "Write what the referrer was told.")


def _answered_whole(check: Any, _attempt: Attempt) -> Iterator[Fault]:
    if check.information.strip() and not check.answered_date:
        yield Fault("answered_date", "Information received needs the day it came.")


def _decided_by_someone(contact: Any, _attempt: Attempt) -> Iterator[Fault]:
    if contact.outcome and not contact.decided_by_id:
        yield Fault("decided_by", "A decision needs the name of who decided.")


def _level_dated(contact: Any, _attempt: Attempt) -> Iterator[Fault]:
    if bool(contact.threshold_level) != bool(contact.threshold_date):
        yield Fault("threshold_level", "A level of need goes with the day on which it was judged.")
    if contact.threshold_date and contact.threshold_date < contact.contact_date:
        yield Fault("threshold_date", "A level of need is not judged before the contact.")


def _decision(referral: Any, _attempt: Attempt) -> Iterator[Fault]:
    if referral.decision_date and not referral.outcome:
        yield Fault("outcome", "A decision's date needs the decision.")
    if (referral.outcome == "NFA") != referral.no_further_action:
        yield Fault("outcome", "The decision and “no further action” do not agree.")
    if referral.no_further_action and referral.case_id:
        yield Fault("case", "A referral without further action opens no case.")


# --- Contacts ---


def team_of(worker: Any, day: date) -> Any:
    """The team that a worker belongs to on a day; None where there is none, or no worker."""
    if worker is None:
        return None
    memberships = apps.get_model("organisations.TeamMembership")._default_manager.filter(worker=worker)
    of_the_day = [
        each for each in memberships.order_by("start_date") if each.start_date <= day < (each.end_date or date.max)
    ]
    return of_the_day[-1].team if of_the_day else None


def _new_intake(attempt: Attempt, values: dict[str, Any]) -> Any:
    """A contact as received, by the worker who acts and for their team unless another is named."""
    values["received_date"] = values.get("received_date") or attempt.today
    intake = attempt.new(_INTAKE, **values)
    intake.taken_by = intake.taken_by or attempt.worker
    intake.team = intake.team or team_of(intake.taken_by, intake.received_date)
    # Not where an invented partnership stands at a day of the past.
    if intake.received_at is None and intake.received_date == timezone.localdate():
        intake.received_at = timezone.now()
    return intake


def _new_contact(attempt: Attempt, intake: Any, child: dict[str, Any]) -> Any:
    contact = attempt.new(_CONTACT, intake=intake, contact_date=intake.received_date, source=intake.source, **child)
    if contact.threshold_level:
        contact.threshold_date = intake.received_date
    return contact


def _take(attempt: Attempt) -> Sequence[Record]:
    """One contact, each of its children, and the agencies asked."""
    given = attempt.own
    children, checks = attempt.values["children"], attempt.values["checks"]
    named_once(attempt, "children")
    intake = _new_intake(attempt, given)
    contacts = [_new_contact(attempt, intake, child) for child in children]
    asked = [attempt.new(_CHECK, intake=intake, **{"asked_date": intake.received_date, **check}) for check in checks]
    return [intake, *contacts, *asked]


def _another_child(attempt: Attempt) -> Sequence[Record]:
    given = dict(attempt.values)
    return [_new_contact(attempt, given.pop("intake"), given)]


def _ask(attempt: Attempt) -> Sequence[Record]:
    asked = {"asked_date": attempt.today}
    checks = [attempt.new(_CHECK, intake=attempt.record, **{**asked, **row}) for row in attempt.values["checks"]]
    return [*checks, attempt.record]


def _by_its_team(contact: Any, attempt: Attempt) -> Iterator[Fault]:
    """A child who is not known yet is seen by nobody, so the contact's own team answers for adding one."""
    intake, worker = contact.intake, attempt.worker
    if worker is not None and worker != intake.taken_by and team_of(worker, attempt.today) != intake.team:
        yield Fault("intake", "Another team handles this contact: ask them to add the child.")


def _not_yet_decided(contact: Any, _attempt: Attempt) -> Iterator[Fault]:
    if contact.intake.decided_date:
        yield Fault("intake", "The contact is decided: take a new one for this child.")
    elif type(contact).objects.filter(intake=contact.intake, person=contact.person).exclude(pk=contact.pk).exists():
        yield Fault("person", "The child is already on this contact.")


def _contacts_of(intake: Any) -> list[Any]:
    return list(apps.get_model(_CONTACT)._default_manager.filter(intake=intake).order_by("id"))


def _decide_all(attempt: Attempt) -> Sequence[Record]:
    """The decision for every child of a contact; a child passed on as a referral has one written in the same act."""
    intake, day = attempt.record, attempt.values["decided_date"]
    named_once(attempt, "children")
    rows = {row["person"].pk: row for row in attempt.values["children"]}
    waiting = [contact for contact in _contacts_of(intake) if not contact.outcome]
    _each_has_a_decision(attempt, {contact.person_id for contact in waiting}, set(rows))
    intake.decided_date = day
    referrals = []
    for contact in waiting:
        row = rows[contact.person_id]
        contact.outcome, contact.outcome_date, contact.decided_by = row["outcome"], day, attempt.worker
        contact.threshold_level, contact.threshold_date = row["threshold_level"], day
        contact.decision_reason = row.get("decision_reason") or ""
        if contact.outcome == "REFERRAL":
            referrals.append(_referral_from(attempt, contact, row.get("primary_need") or ""))
    return [*waiting, *referrals, intake]


def _each_has_a_decision(attempt: Attempt, waiting: set[int], decided: set[int]) -> None:
    if waiting - decided:
        raise Invalid(attempt.action.title, [Fault("children", "Every child of the contact needs a decision.")])
    if decided - waiting:
        raise Invalid(
            attempt.action.title,
            [Fault("children", "A child named here is not on the contact, or is decided already.")],
        )


def _decide_one(attempt: Attempt) -> Sequence[Record]:
    """The decision for one child. With the last child's decision the contact as received is decided too."""
    contact, given = attempt.record, attempt.values
    for name in ("outcome", "outcome_date", "threshold_level", "decision_reason"):
        setattr(contact, name, given.get(name, getattr(contact, name)))
    contact.decided_by = given.get("decided_by") or attempt.worker
    if contact.threshold_level and (contact.threshold_date is None or given.get("threshold_level")):
        contact.threshold_date = contact.outcome_date
    intake = contact.intake
    others = [each for each in _contacts_of(intake) if each.pk != contact.pk] if intake else []
    if intake is None or any(not each.outcome for each in others):
        return [contact]
    intake.decided_date = max([contact.outcome_date, *(each.outcome_date for each in others)])
    return [contact, intake]


# --- Referrals ---


def earlier_referral(person: Any, day: date) -> Any:
    """The last referral of a child in the twelve months before a day, which a new one follows; None where there is none."""
    earlier = apps.get_model(_REFERRAL)._default_manager.filter(person=person, referral_date__lt=day)
    return (
        earlier.filter(referral_date__gte=add_months(day, -RE_REFERRAL_MONTHS)).order_by("referral_date", "id").last()
    )


def _referral_from(attempt: Attempt, contact: Any, primary_need: str) -> Any:
    return attempt.new(
        _REFERRAL,
        person=contact.person,
        contact=contact,
        referral_date=contact.outcome_date,
        source=contact.source,
        primary_need=primary_need,
        previous=earlier_referral(contact.person, contact.outcome_date),
        team=contact.intake.team if contact.intake else None,
    )


def _refer(attempt: Attempt) -> Sequence[Record]:
    given = dict(attempt.values)
    given["previous"] = given.get("previous") or earlier_referral(given["person"], given["referral_date"])
    given["team"] = given.get("team") or team_of(attempt.worker, given["referral_date"])
    return [attempt.new(_REFERRAL, **given)]


def _decided(attempt: Attempt) -> list[Any]:
    referral = attempt.record
    for name in ("outcome", "decision_date", "case", "decision_reason"):
        setattr(referral, name, attempt.values.get(name, getattr(referral, name)))
    referral.decided_by = attempt.worker or referral.decided_by
    referral.no_further_action = referral.outcome == "NFA"
    return [referral]


def _accept(attempt: Attempt) -> Sequence[Record]:
    """Opens a case for each child referred (or joins the open one), gives it to the team and worker, and starts an assessment if asked."""
    if attempt.values["outcome"] in NOT_ACCEPTED:
        raise Invalid(
            attempt.action.title, [Fault("outcome", "This is no acceptance: record why it was not accepted instead.")]
        )
    written: list[Record] = []
    for referral in [*_brothers_and_sisters(attempt), attempt.record]:
        written += _accept_one(attempt, referral)
    return written


def _brothers_and_sisters(attempt: Attempt) -> list[Any]:
    named_once(attempt, "siblings")
    found = []
    for place, row in enumerate(attempt.values["siblings"]):
        waiting = apps.get_model(_REFERRAL)._default_manager.filter(person=row["person"], outcome=None)
        referral = waiting.exclude(pk=attempt.record.pk).order_by("referral_date", "id").last()
        if referral is None:
            fault = Fault(f"siblings.{place}.person", "No referral of this child waits for a decision.")
            raise Invalid(attempt.action.title, [fault])
        found.append(referral)
    return found


def _accept_one(attempt: Attempt, referral: Any) -> list[Any]:
    given = attempt.values
    day = given["decision_date"]
    referral.outcome, referral.decision_date = given["outcome"], day
    referral.decided_by, referral.no_further_action = attempt.worker, False
    referral.decision_reason = given.get("decision_reason") or ""
    if given.get("primary_need"):
        referral.primary_need = given["primary_need"]
    case = open_case(referral.person)
    written: list[Any] = []
    if case is None:
        of = {"person": referral.person, "start_date": referral.referral_date}
        case = attempt.new("cases.Case", service="social_care", primary_need=referral.primary_need, **of)
        written.append(case)
    if case.pk is None or not _allocated(case):
        holder = {"team": given["team"], "worker": given.get("worker")}
        written.append(attempt.new(_ALLOCATION, person=referral.person, case=case, start_date=day, **holder))
    if given.get("assessment_start"):
        of = {"person": referral.person, "case": case, "start_date": given["assessment_start"]}
        written.append(attempt.new(_ASSESSMENT, worker=given.get("worker"), **of))
    referral.case = case
    return [*written, referral]


def _allocated(case: Any) -> bool:
    found: bool = apps.get_model(_ALLOCATION)._default_manager.filter(case=case, end_date=None).exists()
    return found


def _decline(attempt: Attempt) -> Sequence[Record]:
    referral = attempt.record
    if attempt.values["outcome"] not in NOT_ACCEPTED:
        raise Invalid(attempt.action.title, [Fault("outcome", "This decision accepts the referral.")])
    for name in ("outcome", "decision_date", "decline_reason", "decision_reason", "signposted_to"):
        setattr(referral, name, attempt.values.get(name, getattr(referral, name)))
    referral.decided_by, referral.no_further_action = attempt.worker, referral.outcome == "NFA"
    return [referral]


RULES = (
    Rules(
        _INTAKE,
        stages=(("answered", "feedback_date"), ("decided", "decided_date"), ("received", "")),
        checks=(_received_then, _on_a_basis, _named_professional, _feedback_whole),
    ),
    Rules(
        _CHECK,
        stages=(("answered", "answered_date"), ("asked", "")),
        checks=(_answered_whole,),
    ),
    Rules(
        _CONTACT,
        stages=(("decided", "outcome"), ("received", "")),
        open=("received",),
        code_dates={"threshold_level": "threshold_date"},
        checks=(_level_dated,),
    ),
    Rules(
        _REFERRAL,
        stages=(("decided", "outcome"), ("received", "")),
        open=("received",),
        # A referral that opens a case does so on its own day; one that joins an open case came later.
        checks=(_decision,),
    ),
)

_TAKEN = (
    *("received_date!", "received_at", "source!", "method!", "referrer_agency", "referrer_name", "referrer_role"),
    *("referrer_reach", "referrer_anonymous", "narrative!", "consent!", "consent_reason", "lawful_basis", "priority!"),
)
_ASKED = inputs(_CHECK, "organisation!", "asked_date", "answered_date", "information")
_CHILDREN = inputs(_CONTACT, "person!", "presenting_issue!", "household_relationship", "threshold_level")

ACTIONS = (
    Action(
        "front_door.take_contact",
        "Take a contact",
        _INTAKE,
        inputs(_INTAKE, *_TAKEN, "team"),
        permission=_CONTACTS,
        build=_take,
        any_child=True,
        groups=(
            Group("children", "Children the contact is about", _CHILDREN, minimum=1),
            Group(
                "checks",
                "Agencies asked what they know",
                _ASKED,
            ),
        ),
    ),
    amend(
        *("front_door.update_contact", "Add to what was taken down at a contact", _INTAKE),
        *(name.removesuffix("!") for name in _TAKEN if not name.startswith("received")),
        permission=_CONTACTS,
        when=("received",),
    ),
    Action(
        "front_door.add_child",
        "Add a child to a contact",
        _CONTACT,
        inputs(_CONTACT, "intake!", "person!", "presenting_issue!", "household_relationship", "threshold_level"),
        permission=_CONTACTS,
        build=_another_child,
        checks=(_by_its_team, _not_yet_decided),
        any_child=True,
    ),
    Action(
        "front_door.ask_agencies",
        "Ask agencies what they know",
        _INTAKE,
        (),
        permission=_CONTACTS,
        amends=True,
        when=("received",),
        build=_ask,
        groups=(Group("checks", "Agencies asked", _ASKED, minimum=1),),
    ),
    amend(
        *("front_door.record_answer", "Record what an agency answered", _CHECK, "answered_date!", "information!"),
        permission=_CONTACTS,
        when=("asked",),
    ),
    correct("front_door.correct_answer", "Correct a check with an agency", _CHECK, permission=_CONTACTS),
    amend(
        *("front_door.judge_level", "Judge the level of need", _CONTACT, "threshold_level!", "threshold_date!"),
        permission=_CONTACTS,
        when=("received",),
    ),
    Action(
        "front_door.decide_contacts",
        "Decide on a contact for every child",
        _INTAKE,
        inputs(_INTAKE, "decided_date!"),
        permission=_DECIDE,
        amends=True,
        when=("received",),
        build=_decide_all,
        groups=(
            Group(
                "children",
                "Decision for each child",
                inputs(_CONTACT, "person!", "outcome!", "threshold_level!", "decision_reason!")
                + inputs(_REFERRAL, "primary_need"),
                minimum=1,
            ),
        ),
    ),
    amend(
        *("front_door.send_feedback", "Tell the referrer the outcome", _INTAKE),
        *("feedback_date!", "feedback_method!", "feedback"),
        permission=_CONTACTS,
        when=("decided",),
    ),
    correct("front_door.correct_intake", "Correct a contact as received", _INTAKE, permission=_DECIDE),
    record(
        *("front_door.record_contact", "Record a contact about one child", _CONTACT),
        *("person", "contact_date", "source", "presenting_issue"),
        permission=_CONTACTS,
        any_child=True,
    ),
    Action(
        "front_door.decide_contact",
        "Decide on a contact for one child",
        _CONTACT,
        inputs(_CONTACT, "outcome!", "outcome_date!", "decided_by", "threshold_level", "decision_reason"),
        permission=_DECIDE,
        amends=True,
        when=("received",),
        build=_decide_one,
        checks=(_decided_by_someone,),
    ),
    correct(
        *("front_door.correct_contact", "Correct a contact about a child", _CONTACT),
        checks=(_decided_by_someone,),
    ),
    Action(
        "front_door.record_referral",
        "Record a referral",
        _REFERRAL,
        inputs(
            _REFERRAL,
            *("person!", "contact", "previous", "referral_date!", "source!", "primary_need", "case", "team"),
        ),
        permission=_CONTACTS,
        build=_refer,
        any_child=True,
    ),
    Action(
        "front_door.accept_referral",
        "Accept a referral and open the case",
        _REFERRAL,
        inputs(_REFERRAL, "outcome!", "decision_date!", "primary_need", "decision_reason")
        + inputs(_ALLOCATION, "team!", "worker")
        + (Input("assessment_start", _ASSESSMENT, "start_date", False, "Assessment starts (empty: start none yet)"),),
        permission=_DECIDE,
        amends=True,
        when=("received",),
        build=_accept,
        groups=(Group("siblings", "Brothers and sisters accepted with the child", inputs(_REFERRAL, "person!")),),
    ),
    Action(
        "front_door.decline_referral",
        "Do not accept a referral",
        _REFERRAL,
        inputs(_REFERRAL, "outcome!", "decision_date!", "decline_reason!", "decision_reason", "signposted_to"),
        permission=_DECIDE,
        amends=True,
        when=("received",),
        build=_decline,
    ),
    Action(
        "front_door.decide_referral",
        "Decide on a referral, with a case that is open already",
        _REFERRAL,
        inputs(_REFERRAL, "outcome!", "decision_date!", "case", "decision_reason"),
        permission=_DECIDE,
        amends=True,
        when=("received",),
        build=_decided,
    ),
    correct("front_door.correct_referral", "Correct a referral", _REFERRAL),
)
