"""What can be done to a plan for adoption: its milestones, in their order, or its reversal."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from sightline.core.access.roles import Permission
from sightline.engine.actions.checks import said, title
from sightline.engine.actions.declarations import Attempt, Rules, amend, correct, record
from sightline.engine.actions.refusals import Fault

_PLAN = "adoption.AdoptionPlan"
_ORDERS = (
    ("care_start_date", "decision_date", "placement_order_date"),
    # A match may come before the placement order (the scorecard then counts nought days), so it stands in a row of its own.
    ("decision_date", "matched_date", "placed_date", "order_date"),
    ("decision_date", "reversed_date"),
)


def _in_their_order(plan: Any, _attempt: Attempt) -> Iterator[Fault]:
    for row in _ORDERS:
        known = [(name, getattr(plan, name)) for name in row if getattr(plan, name)]
        for (earlier, first), (later, second) in pairwise(known):
            if second < first:
                yield Fault(
                    later, f"{title(plan, later)} ({said(second)}) is before {title(plan, earlier)} ({said(first)})."
                )


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
        checks=(_in_their_order, _one_end),
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
        permission=Permission.DECIDE,
    ),
    amend(
        "adoption.decide",
        "Record the decision to place",
        _PLAN,
        "decision_date!",
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
    amend("adoption.match", "Record a match", _PLAN, "matched_date!", when=("decided",)),
    amend(
        "adoption.place", "Record the move to adopters", _PLAN, "placed_date!", "adopted_by_carer", when=("matched",)
    ),
    amend(
        *("adoption.record_order", "Record an adoption order", _PLAN, "order_date!"),
        *("adopted_by_carer", "adopters", "adopters_sex", "adopters_status"),
        when=("placed",),
    ),
    amend(
        *("adoption.reverse", "Reverse a plan for adoption", _PLAN, "reversed_date!", "reversed_reason!"),
        permission=Permission.DECIDE,
        when=_BEFORE_THE_END,
    ),
    correct("adoption.correct", "Correct a plan for adoption", _PLAN, permission=Permission.DECIDE),
)
