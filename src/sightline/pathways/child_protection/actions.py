"""What can be done in child protection: strategy discussions, enquiries, conferences, plans and what happens on them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sightline.core.access.roles import Permission
from sightline.engine.actions.checks import no_spell_beside, only_open_one
from sightline.engine.actions.declarations import Attempt, Rules, amend, correct, record, spell
from sightline.engine.actions.refusals import Fault

_STRATEGY = "child_protection.StrategyDiscussion"
_ENQUIRY = "child_protection.Section47"
_CONFERENCE = "child_protection.Conference"
_CHILD = "child_protection.ConferenceChild"
_PLAN = "child_protection.Plan"
_CORE_GROUP = "child_protection.CoreGroup"
_VISIT = "child_protection.Visit"
_DECIDE, _CHAIR = Permission.DECIDE, Permission.CHAIR
_SATURDAY = 5


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
    if attempt.before and attempt.before.get("initial_category") != plan.initial_category:
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


RULES = (
    Rules(
        _ENQUIRY,
        stages=(("concluded", "end_date"), ("open", "")),
        open=("open",),
        checks=(
            only_open_one("case"),
            _begins_with_its_discussion,
            _concluded_whole,
        ),
    ),
    Rules(_CONFERENCE, checks=(_on_a_weekday,)),
    # The plan may end at the conference, and the enquiry concludes before it is held.
    Rules(_CHILD, outside=("section47",), checks=(_one_reason_to_be_there,)),
    spell(
        _PLAN,
        stages=(("ended", "end_date"), ("active", "")),
        open=("active",),
        checks=(
            _plan_whole,
            no_spell_beside("child_in_need.Plan"),
        ),
    ),
)

ACTIONS = (
    record(
        *(
            "child_protection.hold_discussion",
            "Record a strategy discussion",
            _STRATEGY,
            "person",
            "case",
            "meeting_reference",
        ),
        *("discussion_date", "police_attended", "health_attended", "enquiry_agreed"),
    ),
    correct("child_protection.correct_discussion", "Correct a strategy discussion", _STRATEGY),
    record(
        *("child_protection.start_enquiry", "Start a section 47 enquiry", _ENQUIRY),
        *("person", "case", "strategy_discussion", "start_date"),
        permission=_DECIDE,
    ),
    amend(
        *("child_protection.conclude_enquiry", "Conclude a section 47 enquiry", _ENQUIRY),
        *("end_date!", "outcome!", "conference_not_required"),
        permission=_DECIDE,
        when=("open",),
    ),
    correct("child_protection.correct_enquiry", "Correct a section 47 enquiry", _ENQUIRY, permission=_DECIDE),
    record(
        *("child_protection.hold_conference", "Record a conference", _CONFERENCE),
        *("kind", "conference_date", "chair", "quorate"),
        permission=_CHAIR,
    ),
    correct("child_protection.correct_conference", "Correct a conference", _CONFERENCE, permission=_CHAIR),
    record(
        *("child_protection.present_child", "Record a child presented at a conference", _CHILD),
        *("person", "conference", "section47", "plan", "participation", "advocate", "outcome"),
        permission=_CHAIR,
        any_child=True,
    ),
    correct("child_protection.correct_child", "Correct a child presented at a conference", _CHILD, permission=_CHAIR),
    record(
        *("child_protection.start_plan", "Start a child protection plan", _PLAN),
        *("person", "case", "start_date", "initial_category", "latest_category"),
        permission=_CHAIR,
        checks=(_first_category,),
        any_child=True,
    ),
    amend(
        "child_protection.change_category",
        "Change the category of a plan",
        _PLAN,
        "latest_category!",
        permission=_CHAIR,
        when=("active",),
    ),
    amend(
        "child_protection.end_plan",
        "End a child protection plan",
        _PLAN,
        "end_date!",
        "end_reason!",
        permission=_CHAIR,
        when=("active",),
    ),
    correct("child_protection.correct_plan", "Correct a child protection plan", _PLAN, permission=_CHAIR),
    record("child_protection.hold_core_group", "Record a core group", _CORE_GROUP, "person", "plan", "meeting_date"),
    correct("child_protection.correct_core_group", "Correct a core group", _CORE_GROUP),
    record(
        *("child_protection.record_visit", "Record a visit", _VISIT),
        *("person", "plan", "visit_date", "seen", "seen_alone", "bedroom_seen"),
    ),
    correct("child_protection.correct_visit", "Correct a visit", _VISIT),
)
