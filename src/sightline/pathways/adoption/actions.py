"""What can be done to a plan for adoption: its milestones, in their order, or its reversal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from django.apps import apps

from sightline.core.access.roles import Permission
from sightline.core.records.models import Record
from sightline.engine.actions.belonging import said
from sightline.engine.actions.borrowing import borrowed
from sightline.engine.actions.checks import title
from sightline.engine.actions.declarations import Action, Attempt, Rules, amend, correct, inputs, record
from sightline.engine.actions.refusals import Fault, Invalid

_PLAN = "adoption.AdoptionPlan"
_PERIOD = "looked_after.PeriodOfCare"
_SINGLE = ("M1", "F1")
_ORDERS = (
    ("care_start_date", "decision_date", "placement_order_date"),
    ("review_date", "report_date", "panel_date", "minutes_date", "decision_date", "told_date"),
    ("decision_date", "written_date"),
    ("decision_date", "registered_date"),
    ("decision_date", "matching_panel_date", "matched_date"),
    ("placed_date", "disrupted_date", "disruption_meeting_date"),
    ("order_date", "celebration_date", "life_story_date"),
    # A match may come before the placement order (the scorecard then counts nought days), so it stands in a row of its own.
    ("decision_date", "matched_date", "placed_date", "order_date"),
    ("decision_date", "reversed_date"),
    ("consent_date", "placed_date"),
)


def _in_their_order(plan: Any, _attempt: Attempt) -> Iterator[Fault]:
    for row in _ORDERS:
        known = [(name, getattr(plan, name)) for name in row if getattr(plan, name)]
        for (earlier, first), (later, second) in pairwise(known):
            if second < first:
                yield Fault(
                    later, f"{title(plan, later)} ({said(second)}) is before {title(plan, earlier)} ({said(first)})."
                )


def _adopt(attempt: Attempt) -> Sequence[Record]:
    """The order ends the child's time in care, where the reason is given; the episode and the placement then end on the same day."""
    plan, given = attempt.record, dict(attempt.values)
    reason = given.pop("care_end_reason", None)
    for name, value in given.items():
        setattr(plan, name, value)
    periods = apps.get_model(_PERIOD)._default_manager.filter(person=plan.person, end_date=None)
    period = periods.first()
    if not reason:
        return [plan]
    if period is None:
        raise Invalid(attempt.action.title, [Fault("care_end_reason", "The child is not looked after.")])
    if reason not in ("E11", "E12"):
        raise Invalid(
            attempt.action.title, [Fault("care_end_reason", "A child who is adopted leaves care by E11 or E12.")]
        )
    ended = borrowed(attempt, "looked_after.cease", period, end_date=given["order_date"], end_reason=reason)
    return [*ended, plan]


def _adopters_agree(plan: Any, _attempt: Attempt) -> Iterator[Fault]:
    """Number, sex and legal status of the adopters say one thing (SSDA903 rules 511, 514, 517 to 520 and 524)."""
    sex, status, count = plan.adopters_sex or "", plan.adopters_status or "", plan.adopters
    if count is not None and count not in (1, 2):
        yield Fault("adopters", "One or two people adopt a child.")
    if count == 2 and sex in _SINGLE:
        yield Fault("adopters_sex", "Two adopters are coded MM, FF or MF (SSDA903 rule 511).")
    if count == 1 and sex and sex not in _SINGLE:
        yield Fault("adopters_sex", "One adopter is coded M1 or F1 (SSDA903 rule 511).")
    if status and sex and (status == "L0") != (sex in _SINGLE):
        yield Fault("adopters_status", "Sex and legal status say whether one person or two adopt (SSDA903 rule 514).")
    if status in ("L3", "L11") and sex in ("MM", "FF"):
        yield Fault("adopters_status", "A couple of different gender is coded MF (SSDA903 rules 517 and 520).")
    if status in ("L4", "L12") and sex == "MF":
        yield Fault("adopters_status", "A couple of one gender is coded MM or FF (SSDA903 rules 518 and 524).")


def _decided_by_somebody(plan: Any, _attempt: Attempt) -> Iterator[Fault]:
    if plan.decided_by_id and not plan.decision_date:
        yield Fault("decision_date", "Who decided needs the day of the decision.")


def _one_end(plan: Any, _attempt: Attempt) -> Iterator[Fault]:
    if plan.order_date and plan.reversed_date:
        yield Fault("reversed_date", "A plan ends in adoption or is reversed, not both (SSDA903 rules 525 and 558).")


RULES = (
    Rules(
        _PLAN,
        stages=(
            *(("adopted", "order_date"), ("reversed", "reversed_date"), ("placed", "placed_date")),
            *(("matched", "matched_date"), ("decided", "decision_date"), ("planned", "")),
        ),
        born=True,
        checks=(_in_their_order, _one_end, _decided_by_somebody),
    ),
)

_BEFORE_THE_END = ("planned", "decided", "matched", "placed")

ACTIONS = (
    record(
        "adoption.plan",
        "Plan for adoption",
        _PLAN,
        "person",
        "care_start_date",
        "decision_date",
        "review_date",
        "foster_for_adoption_date",
        "decided_by",
        permission=Permission.DECIDE,
    ),
    amend(
        *("adoption.recommend", "Record the report and the panel's recommendation", _PLAN),
        *("report_date", "panel_date", "minutes_date"),
        when=("planned",),
    ),
    amend(
        "adoption.decide",
        "Record the decision to place",
        _PLAN,
        "decision_date!",
        "decided_by",
        permission=Permission.DECIDE,
        when=("planned",),
    ),
    amend(
        "adoption.record_placement_order",
        "Record a placement order",
        _PLAN,
        "placement_order_date!",
        when=("decided", "matched", "placed"),
    ),
    amend(
        *("adoption.record_consent", "Record the parents' consent to a placement for adoption", _PLAN, "consent_date!"),
        when=("planned", "decided", "matched"),
    ),
    amend(
        *("adoption.tell", "Record that the parents were told of the decision", _PLAN, "told_date", "written_date"),
        when=("decided", "matched", "placed"),
    ),
    amend(
        *("adoption.register", "Record the search for adopters", _PLAN, "registered_date", "foster_for_adoption_date"),
        when=("decided",),
    ),
    amend("adoption.match", "Record a match", _PLAN, "matched_date!", "matching_panel_date", when=("decided",)),
    amend(
        "adoption.place", "Record the move to adopters", _PLAN, "placed_date!", "adopted_by_carer", when=("matched",)
    ),
    Action(
        "adoption.record_order",
        "Record an adoption order",
        _PLAN,
        inputs(_PLAN, "order_date!", "adopted_by_carer", "adopters", "adopters_sex", "adopters_status")
        + inputs(_PERIOD, "care_end_reason=end_reason"),
        amends=True,
        when=("placed",),
        checks=(_adopters_agree,),
        build=_adopt,
    ),
    amend(
        *("adoption.hand_over", "Record the celebration and the life story book", _PLAN),
        *("celebration_date", "life_story_date"),
        when=("adopted",),
    ),
    amend(
        *("adoption.disrupt", "Record that an adoptive placement broke down", _PLAN, "disrupted_date!"),
        when=("placed",),
    ),
    amend(
        *("adoption.meet_on_disruption", "Record a disruption meeting", _PLAN, "disruption_meeting_date!"),
        when=("placed", "reversed"),
    ),
    amend(
        *("adoption.reverse", "Reverse a plan for adoption", _PLAN, "reversed_date!", "reversed_reason!"),
        permission=Permission.DECIDE,
        when=_BEFORE_THE_END,
    ),
    correct("adoption.correct", "Correct a plan for adoption", _PLAN, permission=Permission.DECIDE),
)
