"""What can be done to child in need plans, their actions, reviews and visits, and to cases that stay open for long."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sightline.core.access.roles import Permission
from sightline.core.records.models import Record
from sightline.engine.actions.checks import follows, no_spell_beside, says_what_by_when, seen_if_alone
from sightline.engine.actions.declarations import Action, Attempt, Group, Rules, amend, correct, inputs, record, spell
from sightline.engine.actions.refusals import Fault

_PLAN = "child_in_need.Plan"
_ACTION = "child_in_need.PlanAction"
_REVIEW = "child_in_need.Review"
_ATTENDANCE = "child_in_need.ReviewAttendance"
_VISIT = "child_in_need.Visit"
_LONG_OPEN = "child_in_need.LongOpenReview"
_DECIDE = Permission.DECIDE
_NEXT_IS_LATER = follows("review_date", "next_review_date", "The next review comes after this one.", strictly=True)


def _ended_whole(plan: Any, _attempt: Attempt) -> Iterator[Fault]:
    if plan.end_reason and not plan.end_date:
        yield Fault("end_date", "A reason for the end needs the day on which the plan ended.")


def _says_why(review: Any, _attempt: Attempt) -> Iterator[Fault]:
    if not review.finding.strip():
        yield Fault("finding", "Say why the case is still open.")
    if not review.exit_strategy.strip():
        yield Fault("exit_strategy", "Say what will end it, and by when.")


def _agree(attempt: Attempt) -> Sequence[Record]:
    """The plan and its lines in one act."""
    plan = attempt.new(_PLAN, **attempt.own)
    return [plan, *_lines(attempt, plan, plan.start_date)]


def _lines(attempt: Attempt, plan: Any, day: Any) -> list[Any]:
    return [
        attempt.new(_ACTION, person=plan.person, plan=plan, **{"agreed_date": day, **row})
        for row in attempt.values["actions"]
    ]


def _add_lines(attempt: Attempt) -> Sequence[Record]:
    return [*_lines(attempt, attempt.record, attempt.today), attempt.record]


def _hold_review(attempt: Attempt) -> Sequence[Record]:
    values = attempt.own
    review = attempt.new(_REVIEW, **values)
    return [review, *(attempt.new(_ATTENDANCE, review=review, **row) for row in attempt.values["attendance"])]


def _visit(attempt: Attempt) -> Sequence[Record]:
    return [attempt.new(_VISIT, **{"worker": attempt.worker, **attempt.values})]


def _look_at_long_open(attempt: Attempt) -> Sequence[Record]:
    return [attempt.new(_LONG_OPEN, **{"manager": attempt.worker, **attempt.values})]


RULES = (
    spell(_PLAN, checks=(no_spell_beside("child_protection.Plan"), _ended_whole)),
    Rules(
        _ACTION,
        stages=(("done", "done_date"), ("open", "")),
        future=("due_date",),
        checks=(says_what_by_when,),
    ),
    Rules(_REVIEW, future=("next_review_date",), checks=(_NEXT_IS_LATER,)),
    Rules(_VISIT, checks=(seen_if_alone,)),
    Rules(_LONG_OPEN, future=("next_review_date",), checks=(_says_why, _NEXT_IS_LATER)),
)

_LINES = inputs(_ACTION, "aim", "action!", "responsible!", "due_date")

ACTIONS = (
    record(
        "child_in_need.start_plan",
        "Start a child in need plan without its lines",
        _PLAN,
        "person",
        "case",
        "start_date",
        permission=_DECIDE,
    ),
    Action(
        "child_in_need.agree_plan",
        "Agree a child in need plan",
        _PLAN,
        inputs(_PLAN, "person!", "case!", "start_date!", "aims!", "contingency"),
        permission=_DECIDE,
        build=_agree,
        groups=(Group("actions", "What is done", _LINES, minimum=1),),
    ),
    Action(
        "child_in_need.add_actions",
        "Add to a child in need plan",
        _PLAN,
        inputs(_PLAN),
        amends=True,
        when=("open",),
        build=_add_lines,
        groups=(Group("actions", "What is done", _LINES, minimum=1),),
    ),
    amend(
        *("child_in_need.finish_action", "Finish an action of the plan", _ACTION, "done_date!", "outcome!"),
        when=("open",),
    ),
    correct("child_in_need.correct_action", "Correct an action of the plan", _ACTION),
    amend(
        "child_in_need.end_plan",
        "End a child in need plan",
        _PLAN,
        "end_date!",
        "end_reason",
        permission=_DECIDE,
        when=("open",),
    ),
    Action(
        "child_in_need.step_up",
        "Step a child in need plan up to child protection",
        _PLAN,
        inputs(_PLAN, "end_date!"),
        permission=_DECIDE,
        amends=True,
        when=("open",),
        fixed={"end_reason": "STEP_UP"},
    ),
    Action(
        "child_in_need.step_down",
        "Step a child in need plan down to early help",
        _PLAN,
        inputs(_PLAN, "end_date!"),
        permission=_DECIDE,
        amends=True,
        when=("open",),
        fixed={"end_reason": "STEP_DOWN"},
    ),
    correct("child_in_need.correct_plan", "Correct a child in need plan", _PLAN, permission=_DECIDE),
    record(
        *("child_in_need.record_review", "Record a review without who attended", _REVIEW),
        *("person", "plan", "review_date", "outcome", "summary", "child_views", "next_review_date"),
    ),
    Action(
        "child_in_need.hold_review",
        "Hold a child in need review",
        _REVIEW,
        inputs(_REVIEW, "person!", "plan!", "review_date!", "outcome!", "summary!", "child_views", "next_review_date"),
        build=_hold_review,
        groups=(
            Group(
                "attendance",
                "Who was asked and who came",
                inputs(_ATTENDANCE, "organisation", "name!", "job", "attended", "views"),
                minimum=1,
            ),
        ),
    ),
    correct("child_in_need.correct_review", "Correct a review", _REVIEW),
    correct("child_in_need.correct_attendance", "Correct an attendance", _ATTENDANCE),
    Action(
        "child_in_need.record_visit",
        "Record a visit",
        _VISIT,
        inputs(_VISIT, "person!", "plan!", "visit_date!", "seen", "seen_alone", "worker", "child_views", "summary"),
        build=_visit,
    ),
    correct("child_in_need.correct_visit", "Correct a visit", _VISIT),
    Action(
        "child_in_need.review_long_open",
        "Review a case that has been open for long",
        _LONG_OPEN,
        inputs(
            _LONG_OPEN, "person!", "case!", "review_date!", "manager", "finding!", "exit_strategy!", "next_review_date"
        ),
        permission=_DECIDE,
        build=_look_at_long_open,
    ),
    correct(
        *("child_in_need.correct_long_open", "Correct a review of a case open for long", _LONG_OPEN),
        permission=_DECIDE,
    ),
)
