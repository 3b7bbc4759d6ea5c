"""How conferences are called and concluded: one act writes the meeting, the decision for each child, and the plans that start, go on or end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.apps import apps

from sightline.core.records.models import Record
from sightline.engine.actions.building import named_once, open_case
from sightline.engine.actions.declarations import Attempt
from sightline.engine.actions.refusals import Fault, Invalid
from sightline.standards.local_rules import local_rule

CONFERENCE = "child_protection.Conference"
CHILD = "child_protection.ConferenceChild"
PLAN = "child_protection.Plan"
PLAN_ACTION = "child_protection.PlanAction"
ENQUIRY = "child_protection.Section47"
PLANNED = "child_protection.PlannedConference"
PLANNED_CHILD = "child_protection.PlannedChild"
INVITATION = "child_protection.ConferenceInvitation"
CIN_PLAN = "child_in_need.Plan"
REVIEW = "RCPC"
ON_A_PLAN = "CP"
IN_NEED = "CIN"


def rows(label: str) -> Any:
    """Every row of a record type, which another pathway may hold."""
    return apps.get_model(label)._default_manager


def active_plan(person: Any, label: str = PLAN) -> Any:
    """The child's plan that has not ended; None where there is none."""
    return rows(label).filter(person=person, end_date=None).first()


# --- Calling one ---


def call(attempt: Attempt) -> Sequence[Record]:
    """The conference, its children with what leads to it for each, and those invited."""
    given = attempt.own
    children, invitations = attempt.values["children"], attempt.values["invitations"]
    named_once(attempt, "children")
    planned = attempt.new(PLANNED, **{"called_date": attempt.today, "called_by": attempt.worker, **given})
    found, faults = [], []
    for place, row in enumerate(children):
        link, fault = _what_leads_to_it(row["person"], planned.kind)
        if fault:
            faults.append(Fault(f"children.{place}.person", fault))
        found.append(attempt.new(PLANNED_CHILD, planned=planned, person=row["person"], **link))
    if faults:
        raise Invalid(attempt.action.title, faults)
    return [planned, *found, *invited(attempt, planned, invitations)]


def _what_leads_to_it(person: Any, kind: str) -> tuple[dict[str, Any], str]:
    plan = active_plan(person)
    if kind == REVIEW:
        return ({"plan": plan}, "") if plan else ({}, "A review conference reviews a plan, and this child has none.")
    if plan:
        return {}, "This child is on a plan already: call a review conference."
    if open_case(person) is None:
        return {}, "This child has no open case."
    if kind == "TRANSFER_IN":
        return {}, ""
    enquiry = rows(ENQUIRY).filter(person=person).order_by("start_date", "id").last()
    return ({"section47": enquiry}, "") if enquiry else ({}, "No section 47 enquiry has been made about this child.")


def invited(attempt: Attempt, planned: Any, given: Sequence[dict[str, Any]]) -> list[Any]:
    """The invitations of a conference."""
    first = {"invited_date": max(planned.called_date, min(attempt.today, planned.planned_date))}
    return [attempt.new(INVITATION, planned=planned, **{**first, **row}) for row in given]


def invite(attempt: Attempt) -> Sequence[Record]:
    """More invitations to a conference that is called."""
    return [*invited(attempt, attempt.record, attempt.values["invitations"]), attempt.record]


# --- Concluding one ---


@dataclass
class _Meeting:
    """What a conference writes, in the order of saving: what ends, the meeting, what starts, the decisions."""

    attempt: Attempt
    conference: Any
    ends: list[Any] = field(default_factory=list)
    starts: list[Any] = field(default_factory=list)
    decisions: list[Any] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    @property
    def day(self) -> date:
        """The day it was held, on which plans start and end (CIN census guide s4.8 and 5)."""
        day: date = self.conference.conference_date
        return day

    @property
    def reviews(self) -> bool:
        """Whether it is a review."""
        return bool(self.conference.kind == REVIEW)


def conclude(attempt: Attempt) -> Sequence[Record]:
    """Writes the conference as held. Every child it was called about needs a decision, and every decision what follows from it."""
    planned, given = attempt.record, attempt.values
    named_once(attempt, "children")
    planned.held_date, planned.chair = given["held_date"], planned.chair or attempt.worker
    about = {"kind": planned.kind, "conference_date": planned.held_date, "chair": planned.chair}
    about |= attempt.given("method", "summary", "dissent", "escalation", "quorate_reason")
    meeting = _Meeting(attempt, attempt.new(CONFERENCE, **about))
    planned.conference = meeting.conference
    attendance = _attendance(attempt, planned)
    _quorum(meeting, attendance)
    children = {child.person_id: child for child in rows(PLANNED_CHILD).filter(planned=planned)}
    decided = {row["person"].pk for row in given["children"]}
    if set(children) != decided:
        meeting.faults.append(
            Fault("children", "Every child the conference was called about needs a decision, and no other child.")
        )
        raise Invalid(attempt.action.title, meeting.faults)
    for place, row in enumerate(given["children"]):
        _decide(meeting, f"children.{place}", children[row["person"].pk], row)
    if meeting.faults:
        raise Invalid(attempt.action.title, meeting.faults)
    return [*meeting.ends, meeting.conference, *meeting.starts, *meeting.decisions, *attendance, planned]


def _attendance(attempt: Attempt, planned: Any) -> list[Any]:
    """Who came, on their invitation; whoever came without one is added. Those not named did not come."""
    asked = list(rows(INVITATION).filter(planned=planned, withdrawn_date=None).order_by("id"))
    left, came = list(asked), []
    for row in attempt.values["attendance"]:
        found = next((each for each in left if _same(each, row)), None)
        if found is None:
            found = attempt.new(INVITATION, planned=planned, role=row["role"], invited_date=planned.held_date)
            found.organisation, found.name = row.get("organisation"), row.get("name") or ""
        else:
            left.remove(found)
        # A row says that someone came unless it says that they did not.
        found.attended, found.views = row.get("attended") is not False, row.get("views") or found.views
        came.append(found)
    for absent in left:
        absent.attended = False
    return [*came, *left]


def _same(invitation: Any, row: dict[str, Any]) -> bool:
    agency = row.get("organisation")
    same_agency = invitation.organisation_id == (agency.pk if agency else None)
    return bool(invitation.role == row["role"] and same_agency and (row.get("name") or "") in ("", invitation.name))


def _quorum(meeting: _Meeting, attendance: Sequence[Any]) -> None:
    """Enough agencies besides our own, by the partnership's own number; with fewer the chair says why it went ahead."""
    agencies = {each.organisation_id for each in attendance if each.attended and each.organisation_id}
    needed = local_rule("CONFERENCE-QUORUM", meeting.day)
    meeting.conference.quorate = len(agencies - {meeting.attempt.agency_id}) >= needed
    if not meeting.conference.quorate and not meeting.conference.quorate_reason.strip():
        words = f"Fewer than {needed} other agencies came: say why the conference went ahead, or cancel it."
        meeting.faults.append(Fault("quorate_reason", words))


def _decide(meeting: _Meeting, where: str, child: Any, row: dict[str, Any]) -> None:
    decide = _decide_at_review if meeting.reviews else _decide_at_first
    plan = decide(meeting, where, child, row)
    names = ("outcome", "category", "participation", "advocate", "child_views", "decision_reason", "dissent")
    values = {name: row[name] for name in names if row.get(name) is not None}
    links = {"conference": meeting.conference, "section47": child.section47, "plan": plan}
    meeting.decisions.append(meeting.attempt.new(CHILD, person=child.person, **links, **values))


def _decide_at_first(meeting: _Meeting, where: str, child: Any, row: dict[str, Any]) -> Any:
    """A first conference starts a plan or does not. A child in need plan gives way to it (CIN rule 4014)."""
    if row.get("end_reason"):
        meeting.faults.append(Fault(f"{where}.end_reason", "There is no plan to end."))
    if row["outcome"] != ON_A_PLAN:
        if row.get("category"):
            meeting.faults.append(Fault(f"{where}.category", "A category belongs to a plan, and none was decided."))
        return None
    case = open_case(child.person)
    if case is None or active_plan(child.person) or not row.get("category"):
        meeting.faults += _why_no_plan(where, case, row)
        return None
    in_need = active_plan(child.person, CIN_PLAN)
    if in_need is not None:
        in_need.end_date, in_need.end_reason = meeting.day, "STEP_UP"
        meeting.ends.append(in_need)
    category = row["category"]
    plan = meeting.attempt.new(
        PLAN,
        person=child.person,
        case=case,
        start_date=meeting.day,
        initial_category=category,
        latest_category=category,
    )
    meeting.starts += [plan, *_outline(meeting, plan)]
    return plan


def _why_no_plan(where: str, case: Any, row: dict[str, Any]) -> Iterator[Fault]:
    if case is None:
        yield Fault(f"{where}.person", "This child's case is closed: a plan needs an open one.")
    elif not row.get("category"):
        yield Fault(f"{where}.category", "A plan needs its category of abuse.")
    else:
        yield Fault(f"{where}.person", "This child is on a plan already.")


def _decide_at_review(meeting: _Meeting, where: str, child: Any, row: dict[str, Any]) -> Any:
    """A review lets a plan go on, under the same or another category, or ends it; a child still in need then has a plan of that kind."""
    plan = child.plan
    if plan is None or plan.end_date:
        meeting.faults.append(Fault(f"{where}.person", "The plan to review has ended."))
        return None
    if row["outcome"] == ON_A_PLAN:
        if row.get("end_reason"):
            meeting.faults.append(Fault(f"{where}.end_reason", "A plan that goes on has no reason for an end."))
        plan.latest_category = row.get("category") or plan.latest_category
        meeting.starts += [plan, *_outline(meeting, plan)]
        return plan
    if not row.get("end_reason"):
        meeting.faults.append(Fault(f"{where}.end_reason", "Say why the plan ends."))
        return None
    plan.end_date, plan.end_reason = meeting.day, row["end_reason"]
    meeting.ends.append(plan)
    if row["outcome"] == IN_NEED:
        of = {"person": plan.person, "case": plan.case, "start_date": meeting.day}
        meeting.starts.append(meeting.attempt.new(CIN_PLAN, **of))
    return plan


def _outline(meeting: _Meeting, plan: Any) -> list[Any]:
    """The outline plan: its lines hold for every child whose plan starts or goes on."""
    lines = meeting.attempt.values["outline"]
    agreed = {"agreed_date": meeting.day}
    return [meeting.attempt.new(PLAN_ACTION, person=plan.person, plan=plan, **{**agreed, **row}) for row in lines]
