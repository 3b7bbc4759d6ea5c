"""What can be done in child protection: strategy discussions, enquiries, conferences, plans and what happens on them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import apps

from sightline.core.access.roles import Permission
from sightline.core.records.models import Record
from sightline.engine.actions.building import named_once
from sightline.engine.actions.checks import follows, no_spell_beside, only_open_one, says_what_by_when, seen_if_alone
from sightline.engine.actions.declarations import Action, Attempt, Group, Rules, amend, correct, inputs, record, spell
from sightline.engine.actions.refusals import Fault, Invalid
from sightline.pathways.child_protection import conferences, enquiries
from sightline.pathways.child_protection.conferences import (
    CHILD,
    CONFERENCE,
    ENQUIRY,
    INVITATION,
    PLAN,
    PLAN_ACTION,
    PLANNED,
    PLANNED_CHILD,
)
from sightline.pathways.child_protection.enquiries import ATTENDANCE, DISCUSSION, LINE, MEETING

_CORE_GROUP = "child_protection.CoreGroup"
_VISIT = "child_protection.Visit"
_CORE_ATTENDANCE = "child_protection.CoreGroupAttendance"
_DRIFT = "child_protection.DriftReview"
_DECIDE, _CHAIR = Permission.DECIDE, Permission.CHAIR
_SATURDAY = 5
_NEXT_IS_LATER = follows(
    "meeting_date", "next_meeting_date", "The next core group comes after this one.", strictly=True
)
_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")


def _begins_with_its_discussion(enquiry: Any, _attempt: Attempt) -> Iterator[Fault]:
    discussion = enquiry.strategy_discussion
    if discussion and discussion.discussion_date != enquiry.start_date:
        yield Fault("start_date", "An enquiry starts on the day of the strategy discussion that began it.")


def _concluded_whole(enquiry: Any, _attempt: Attempt) -> Iterator[Fault]:
    if bool(enquiry.end_date) != bool(enquiry.outcome) and enquiry.source_system == "sightline":
        yield Fault("outcome", "A conclusion needs both its date and what was concluded.")
    if enquiry.outcome in ("SUBST_RISK", "ICPC") and enquiry.conference_not_required:
        yield Fault("conference_not_required", "Continuing risk of significant harm needs a conference.")


def _on_a_weekday(conference: Any, _attempt: Attempt) -> Iterator[Fault]:
    if conference.conference_date and conference.conference_date.weekday() >= _SATURDAY:
        yield Fault("conference_date", "A conference is not held at a weekend (CIN rule 8875).")


def _plan_whole(plan: Any, attempt: Attempt) -> Iterator[Fault]:
    if bool(plan.end_date) != bool(plan.end_reason) and plan.source_system == "sightline":
        yield Fault("end_reason", "A plan that ended needs both its date and its reason.")
    if plan.end_date and plan.end_date == plan.start_date:
        yield Fault("end_date", "A plan does not start and end on one day (CIN rule 8840).")
    # A conference also writes plans, and what is before it then is the conference.
    before = attempt.before if attempt.action.model == PLAN else {}
    if before and before.get("initial_category") != plan.initial_category:
        yield Fault("initial_category", "The initial category never changes; change the latest one.")


def _first_category(plan: Any, _attempt: Attempt) -> Iterator[Fault]:
    if plan.initial_category != plan.latest_category:
        yield Fault("latest_category", "A plan starts with one category, which is both its initial and its latest.")


def _one_reason_to_be_there(child: Any, _attempt: Attempt) -> Iterator[Fault]:
    kind = child.conference.kind
    if kind == "RCPC" and not child.plan_id:
        yield Fault("plan", "A review conference reviews a plan.")
    if kind != "RCPC" and child.section47_id and child.conference.conference_date < child.section47.start_date:
        yield Fault("section47", "The conference was held before the enquiry began.")


def _after_its_conference(plan: Any, _attempt: Attempt) -> Iterator[Fault]:
    """A plan starts on the day of the conference that decided on it (CIN census guide s5)."""
    presented = apps.get_model(CHILD)._default_manager.filter(person=plan.person, outcome="CP")
    first = presented.exclude(conference__kind="RCPC").filter(section47__case=plan.case)
    days = list(first.values_list("conference__conference_date", flat=True))
    if days and all(day > plan.start_date for day in days):
        yield Fault("start_date", "The plan starts before the conference that decided on it.")


def _line_whole(line: Any, _attempt: Attempt) -> Iterator[Fault]:
    if not line.question.strip():
        yield Fault("question", "What is to be found out is missing.")
    if line.finding.strip() and not line.answered_date:
        yield Fault("answered_date", "A finding needs the day on which it was known.")


def _drift_whole(review: Any, _attempt: Attempt) -> Iterator[Fault]:
    if not review.exit_strategy.strip():
        yield Fault(
            "exit_strategy", "Exit strategy is missing: say what has to happen for the plan to end, and by when."
        )
    if review.next_review_date and review.next_review_date <= review.review_date:
        yield Fault("next_review_date", "It is looked at again after this review.")
    if bool(review.agreed_date) != bool(review.chair_id):
        yield Fault("chair", "The chair's agreement needs its date and who gave it.")


def _dissent_is_taken_up(conference: Any, _attempt: Attempt) -> Iterator[Fault]:
    if conference.dissent.strip() and not conference.escalation.strip() and conference.source_system == "sightline":
        yield Fault("escalation", "Say where the dissent is taken up, by whom and by when, or that it is not.")


def _planned_whole(planned: Any, _attempt: Attempt) -> Iterator[Fault]:
    if planned.planned_date.weekday() >= _SATURDAY:
        yield Fault("planned_date", "A conference is not held at a weekend (CIN rule 8875).")
    if planned.planned_date < planned.called_date:
        yield Fault("planned_date", "A conference is not planned for a day before it is called.")
    if planned.cancelled_date and not planned.cancel_reason.strip():
        yield Fault("cancel_reason", "Say why it was cancelled.")
    if bool(planned.held_date) != bool(planned.conference) and planned.source_system == "sightline":
        yield Fault(
            "held_date", "A conference that was held has both its day and its record; one that was not has neither."
        )
    if planned.start_time and not _TIME.fullmatch(planned.start_time):
        yield Fault("start_time", "Write the time like 10:30.")


def _someone(invitation: Any, _attempt: Attempt) -> Iterator[Fault]:
    """A relative or the child, a worker with a sign-in, or a named professional or agency."""
    named = [bool(invitation.relative_id), bool(invitation.worker_id), bool(invitation.name.strip())]
    if sum(named) > 1:
        yield Fault("name", "Name one: a family member, a worker, or a professional by name.")
    elif not any(named) and not invitation.organisation_id:
        yield Fault("name", "Say who is invited: a family member, a worker, a name, or an agency.")


def _not_before_the_invitation(invitation: Any, _attempt: Attempt) -> Iterator[Fault]:
    withdrawn = invitation.withdrawn_date
    if withdrawn and withdrawn < invitation.invited_date:
        yield Fault("withdrawn_date", "An invitation is not withdrawn before it is given.")


def _lines(attempt: Attempt, plan: Any, day: Any) -> list[Any]:
    return [
        attempt.new(PLAN_ACTION, person=plan.person, plan=plan, **{"agreed_date": day, **row})
        for row in attempt.values["actions"]
    ]


def _add_lines(attempt: Attempt) -> Sequence[Record]:
    return [*_lines(attempt, attempt.record, attempt.today), attempt.record]


def _meet_core_group(attempt: Attempt) -> Sequence[Record]:
    """One meeting about several children's plans: a core group of each plan, with the same attendance."""
    given = attempt.own
    named_once(attempt, "children")
    written: list[Record] = []
    for place, row in enumerate(attempt.values["children"]):
        plan = conferences.active_plan(row["person"])
        if plan is None:
            raise Invalid(attempt.action.title, [Fault(f"children.{place}.person", "This child is on no plan.")])
        views = {"child_views": row.get("child_views") or ""}
        group = attempt.new(_CORE_GROUP, person=row["person"], plan=plan, **views, **given)
        came = [attempt.new(_CORE_ATTENDANCE, core_group=group, **each) for each in attempt.values["attendance"]]
        written += [group, *came]
    return written


def _visit(attempt: Attempt) -> Sequence[Record]:
    return [attempt.new(_VISIT, **{"worker": attempt.worker, **attempt.values})]


def _conclude_enquiry(attempt: Attempt) -> Sequence[Record]:
    enquiry = attempt.record
    for name, value in attempt.values.items():
        setattr(enquiry, name, value)
    enquiry.concluded_by = attempt.worker
    return [enquiry]


def _review_drift(attempt: Attempt) -> Sequence[Record]:
    return [attempt.new(_DRIFT, **{"manager": attempt.worker, **attempt.values})]


def _agree_drift(attempt: Attempt) -> Sequence[Record]:
    review = attempt.record
    review.agreed_date, review.chair = attempt.values["agreed_date"], attempt.worker
    review.chair_comment = attempt.values.get("chair_comment") or ""
    return [review]


RULES = (
    Rules(
        ENQUIRY,
        stages=(("concluded", "end_date"), ("open", "")),
        open=("open",),
        future=("conference_needed_by",),
        checks=(
            only_open_one("case"),
            _begins_with_its_discussion,
            _concluded_whole,
        ),
    ),
    Rules(
        LINE,
        stages=(("answered", "answered_date"), ("open", "")),
        checks=(_line_whole,),
    ),
    Rules(
        PLANNED,
        stages=(("held", "held_date"), ("cancelled", "cancelled_date"), ("called", "")),
        future=("planned_date",),
        # A conference may be held later than it was planned.
        outside=("conference",),
        checks=(_planned_whole,),
    ),
    # The enquiry concludes before the conference.
    Rules(PLANNED_CHILD, outside=("section47", "plan")),
    Rules(
        INVITATION,
        stages=(("withdrawn", "withdrawn_date"), ("report received", "report_received_date"), ("invited", "")),
        # Invitations go out before the conference.
        outside=("planned",),
        checks=(_someone, _not_before_the_invitation),
    ),
    Rules(CONFERENCE, checks=(_on_a_weekday, _dissent_is_taken_up)),
    # The plan may end at the conference, and the enquiry concludes before it is held.
    Rules(CHILD, outside=("section47",), checks=(_one_reason_to_be_there,)),
    spell(
        PLAN,
        stages=(("ended", "end_date"), ("active", "")),
        open=("active",),
        checks=(
            _plan_whole,
            no_spell_beside("child_in_need.Plan"),
        ),
    ),
    Rules(
        PLAN_ACTION,
        stages=(("done", "done_date"), ("open", "")),
        future=("due_date",),
        checks=(says_what_by_when,),
    ),
    Rules(_CORE_GROUP, future=("next_meeting_date",), checks=(_NEXT_IS_LATER,)),
    Rules(_VISIT, checks=(seen_if_alone,)),
    Rules(
        _DRIFT,
        stages=(("agreed", "agreed_date"), ("waiting for the chair", "")),
        future=("next_review_date",),
        checks=(_drift_whole,),
    ),
)

_ATTENDED = ("organisation", "name!", "job", "attended", "views")
_LINES = Group("lines", "Lines of enquiry", inputs(LINE, "question!", "organisation"))
_INVITED = inputs(INVITATION, "role!", "organisation", "relative", "worker", "name", "invited_date", "report_asked")
_ACTIONS_OF_PLAN = inputs(PLAN_ACTION, "aim!", "action!", "responsible!", "due_date")
_ABOUT_ENQUIRY = ("child_seen_date", "child_seen_alone", "child_views", "findings")


ACTIONS = (
    Action(
        "child_protection.hold_strategy_meeting",
        "Hold a strategy discussion about one or several children",
        MEETING,
        inputs(MEETING, "held_date!", "method", "chair", "reason!", "information", "decisions!", "dissent"),
        permission=_DECIDE,
        build=enquiries.hold,
        groups=(
            Group(
                "children",
                "Children and what was agreed for each",
                inputs(DISCUSSION, "person!", "enquiry_agreed") + inputs(ENQUIRY, "worker"),
                minimum=1,
            ),
            Group("attendance", "Who was asked and who came", inputs(ATTENDANCE, *_ATTENDED), minimum=1),
            _LINES,
        ),
    ),
    correct("child_protection.correct_meeting", "Correct a strategy meeting", MEETING, permission=_DECIDE),
    correct(
        "child_protection.correct_attendance",
        "Correct an attendance at a strategy discussion",
        ATTENDANCE,
        permission=_DECIDE,
    ),
    record(
        *(
            "child_protection.hold_discussion",
            "Record a strategy discussion without who attended",
            DISCUSSION,
            "person",
            "case",
            "meeting_reference",
        ),
        *("discussion_date", "police_attended", "health_attended", "enquiry_agreed"),
    ),
    correct("child_protection.correct_discussion", "Correct a strategy discussion", DISCUSSION),
    record(
        *("child_protection.start_enquiry", "Start a section 47 enquiry", ENQUIRY),
        *("person", "case", "strategy_discussion", "start_date"),
        permission=_DECIDE,
    ),
    Action(
        "child_protection.plan_enquiry",
        "Set what an enquiry is to find out",
        ENQUIRY,
        (),
        amends=True,
        when=("open",),
        build=enquiries.add_lines,
        groups=(Group(_LINES.name, _LINES.title, _LINES.inputs, minimum=1),),
    ),
    amend(
        *("child_protection.answer_line", "Record what a line of enquiry found", LINE, "answered_date!", "finding!"),
        when=("open",),
    ),
    correct("child_protection.correct_line", "Correct a line of enquiry", LINE),
    amend(
        *("child_protection.write_enquiry", "Write up a section 47 enquiry", ENQUIRY, *_ABOUT_ENQUIRY, "worker"),
        when=("open",),
    ),
    Action(
        "child_protection.conclude_enquiry",
        "Conclude a section 47 enquiry",
        ENQUIRY,
        inputs(ENQUIRY, "end_date!", "outcome!", "conference_not_required", "conference_needed_by", *_ABOUT_ENQUIRY),
        permission=_DECIDE,
        amends=True,
        when=("open",),
        build=_conclude_enquiry,
    ),
    amend(
        *(
            "child_protection.dispute_conclusion",
            "Record a dispute about an enquiry's conclusion",
            ENQUIRY,
            "dispute!",
        ),
        when=("concluded",),
    ),
    correct("child_protection.correct_enquiry", "Correct a section 47 enquiry", ENQUIRY, permission=_DECIDE),
    Action(
        "child_protection.call_conference",
        "Call a conference",
        PLANNED,
        inputs(PLANNED, "kind!", "planned_date!", "start_time", "venue", "chair", "called_date"),
        build=conferences.call,
        relatives=("relative",),
        groups=(
            Group("children", "Children it is about", inputs(PLANNED_CHILD, "person!"), minimum=1),
            Group("invitations", "Who is invited", _INVITED),
        ),
    ),
    Action(
        "child_protection.invite",
        "Invite to a conference",
        PLANNED,
        (),
        amends=True,
        when=("called",),
        build=conferences.invite,
        relatives=("relative",),
        groups=(Group("invitations", "Who is invited", _INVITED, minimum=1),),
    ),
    amend(
        *("child_protection.move_conference", "Change when, where or by whom a conference is held", PLANNED),
        *("planned_date", "start_time", "venue", "chair"),
        when=("called",),
    ),
    amend(
        *("child_protection.cancel_conference", "Cancel a conference", PLANNED, "cancelled_date!", "cancel_reason!"),
        permission=_DECIDE,
        when=("called",),
    ),
    correct("child_protection.correct_planned", "Correct a planned conference", PLANNED, permission=_DECIDE),
    correct("child_protection.correct_planned_child", "Correct a child of a planned conference", PLANNED_CHILD),
    amend(
        *("child_protection.receive_report", "Record that a report was received", INVITATION, "report_received_date!"),
        when=("invited",),
    ),
    amend(
        *("child_protection.withdraw_invitation", "Withdraw an invitation", INVITATION, "withdrawn_date!"),
        when=("invited", "report received"),
    ),
    correct("child_protection.correct_invitation", "Correct an invitation", INVITATION, relatives=("relative",)),
    Action(
        "child_protection.conclude_conference",
        "Conclude a conference: decide for each child",
        PLANNED,
        inputs(PLANNED, "held_date!")
        + inputs(CONFERENCE, "method", "summary!", "quorate_reason", "dissent", "escalation"),
        permission=_CHAIR,
        amends=True,
        when=("called",),
        build=conferences.conclude,
        writes={"cin_plan_end_reason": ("STEP_UP",)},
        groups=(
            Group(
                "children",
                "Decision for each child",
                inputs(
                    CHILD,
                    *("person!", "outcome!", "category", "decision_reason!", "participation", "advocate"),
                    *("child_views", "dissent"),
                )
                + inputs(PLAN, "end_reason"),
                minimum=1,
            ),
            Group(
                "attendance",
                "Who came",
                inputs(INVITATION, "role!", "organisation", "name", "attended", "views"),
                minimum=1,
            ),
            Group("outline", "Outline plan", _ACTIONS_OF_PLAN),
        ),
    ),
    record(
        *("child_protection.hold_conference", "Record a conference without its children", CONFERENCE),
        *("kind", "conference_date", "chair", "quorate"),
        permission=_CHAIR,
    ),
    correct("child_protection.correct_conference", "Correct a conference", CONFERENCE, permission=_CHAIR),
    record(
        *("child_protection.present_child", "Record a child presented at a conference", CHILD),
        *("person", "conference", "section47", "plan", "participation", "advocate", "outcome"),
        permission=_CHAIR,
        any_child=True,
    ),
    correct("child_protection.correct_child", "Correct a child presented at a conference", CHILD, permission=_CHAIR),
    record(
        *("child_protection.start_plan", "Start a child protection plan", PLAN),
        *("person", "case", "start_date", "initial_category", "latest_category"),
        permission=_CHAIR,
        checks=(_first_category, _after_its_conference),
        any_child=True,
    ),
    amend(
        "child_protection.change_category",
        "Change the category of a plan",
        PLAN,
        "latest_category!",
        permission=_CHAIR,
        when=("active",),
    ),
    amend(
        "child_protection.end_plan",
        "End a child protection plan",
        PLAN,
        "end_date!",
        "end_reason!",
        permission=_CHAIR,
        when=("active",),
    ),
    correct("child_protection.correct_plan", "Correct a child protection plan", PLAN, permission=_CHAIR),
    Action(
        "child_protection.add_actions",
        "Add to a child protection plan",
        PLAN,
        (),
        amends=True,
        when=("active",),
        build=_add_lines,
        groups=(Group("actions", "What is done", _ACTIONS_OF_PLAN, minimum=1),),
    ),
    amend(
        *("child_protection.finish_action", "Finish an action of the plan", PLAN_ACTION, "done_date!", "outcome!"),
        when=("open",),
    ),
    correct("child_protection.correct_action", "Correct an action of the plan", PLAN_ACTION),
    record(
        *("child_protection.hold_core_group", "Record a core group without who attended", _CORE_GROUP),
        *("person", "plan", "meeting_date", "summary", "child_views", "next_meeting_date"),
    ),
    Action(
        "child_protection.meet_core_group",
        "Hold a core group about one or several children",
        _CORE_GROUP,
        inputs(_CORE_GROUP, "meeting_date!", "summary!", "next_meeting_date"),
        build=_meet_core_group,
        groups=(
            Group("children", "Children", inputs(_CORE_GROUP, "person!", "child_views"), minimum=1),
            Group("attendance", "Who was asked and who came", inputs(_CORE_ATTENDANCE, *_ATTENDED), minimum=1),
        ),
    ),
    correct("child_protection.correct_core_attendance", "Correct an attendance at a core group", _CORE_ATTENDANCE),
    correct("child_protection.correct_core_group", "Correct a core group", _CORE_GROUP),
    Action(
        "child_protection.record_visit",
        "Record a visit",
        _VISIT,
        inputs(_VISIT, "person!", "plan!", "visit_date!", "seen", "seen_alone", "bedroom_seen", "worker", "child_views")
        + inputs(_VISIT, "summary"),
        build=_visit,
    ),
    Action(
        "child_protection.review_drift",
        "Review a plan that has lasted long",
        _DRIFT,
        inputs(
            _DRIFT, "person!", "plan!", "review_date!", "manager", "finding!", "exit_strategy!", "next_review_date!"
        ),
        permission=_DECIDE,
        build=_review_drift,
    ),
    Action(
        "child_protection.agree_drift_review",
        "Agree an exit strategy as chair",
        _DRIFT,
        inputs(_DRIFT, "agreed_date!", "chair_comment"),
        permission=_CHAIR,
        amends=True,
        when=("waiting for the chair",),
        build=_agree_drift,
    ),
    correct("child_protection.correct_drift_review", "Correct a drift review", _DRIFT, permission=_DECIDE),
    correct("child_protection.correct_visit", "Correct a visit", _VISIT),
)
