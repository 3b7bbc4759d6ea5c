"""What can be done with prospective adopters: each step of their way, in its order, or their leaving."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from sightline.core.access.roles import Permission
from sightline.core.records.models import Record
from sightline.engine.actions.belonging import said
from sightline.engine.actions.checks import title
from sightline.engine.actions.declarations import Action, Attempt, Rules, amend, correct, inputs
from sightline.engine.actions.refusals import Fault
from sightline.standards.dates import age_on

_ADOPTER = "adopters.ProspectiveAdopter"
_ORDERS = (
    ("enquiry_date", "stage_1_start_date", "stage_1_end_date", "stage_2_start_date", "stage_2_end_date"),
    ("enquiry_date", "application_date", "approved_date", "matched_date", "placed_date", "order_date"),
    ("enquiry_date", "left_date"),
)
YOUNGEST = 18
_UNDER_WAY = ("enquiry", "stage 1", "stage 2", "approved", "matched", "placed")


def _enquire(attempt: Attempt) -> Sequence[Record]:
    """Whoever takes the enquiry works with them, unless they name another."""
    return [attempt.new(_ADOPTER, **({"worker": attempt.worker} | attempt.values))]


def _in_their_order(adopter: Any, _attempt: Attempt) -> Iterator[Fault]:
    for row in _ORDERS:
        known = [(name, getattr(adopter, name)) for name in row if getattr(adopter, name)]
        for (earlier, first), (later, second) in pairwise(known):
            if second < first:
                told = f"{title(adopter, later)} ({said(second)}) is before {title(adopter, earlier)} ({said(first)})."
                yield Fault(later, told)


def _grown_up(adopter: Any, _attempt: Attempt) -> Iterator[Fault]:
    """An adopter is 21 or over, a parent who adopts with their partner 18 or over (Adoption and Children Act 2002 ss50 and 51)."""
    born = adopter.person.birth_date
    if born and adopter.enquiry_date and age_on(born, adopter.enquiry_date) < YOUNGEST:
        yield Fault("person", f"A prospective adopter is {YOUNGEST} or over on the day of the enquiry.")


def _leaves_with_a_reason(adopter: Any, _attempt: Attempt) -> Iterator[Fault]:
    if bool(adopter.left_date) != bool(adopter.left_reason):
        yield Fault("left_reason", "Leaving the process has a day and a reason.")
    if adopter.left_date and adopter.order_date:
        yield Fault("left_date", "The process ends with an adoption order or by leaving, not by both.")


def _children(adopter: Any, _attempt: Attempt) -> Iterator[Fault]:
    if adopter.children_placed is not None and (adopter.children_placed < 1 or not adopter.placed_date):
        yield Fault("children_placed", "Give how many children were placed, with the day on which they were.")


RULES = (
    Rules(
        _ADOPTER,
        stages=(
            *(("left", "left_date"), ("adopted", "order_date"), ("placed", "placed_date")),
            *(("matched", "matched_date"), ("approved", "approved_date"), ("stage 2", "stage_2_start_date")),
            *(("stage 1", "stage_1_start_date"), ("enquiry", "")),
        ),
        checks=(_grown_up, _in_their_order, _leaves_with_a_reason, _children),
    ),
)

ACTIONS = (
    Action(
        "adopters.enquire",
        "Record an enquiry of a prospective adopter",
        _ADOPTER,
        inputs(_ADOPTER, "person!", "enquiry_date!", "family_reference", "disabled", "fosters_for_adoption")
        + inputs(_ADOPTER, "worker", "team"),
        build=_enquire,
        # Nobody has a reason to see somebody who has only just asked.
        any_child=True,
    ),
    amend("adopters.start_stage_1", "Start stage 1", _ADOPTER, "stage_1_start_date!", when=("enquiry",)),
    amend("adopters.end_stage_1", "End stage 1", _ADOPTER, "stage_1_end_date!", when=("stage 1",)),
    amend("adopters.start_stage_2", "Start stage 2", _ADOPTER, "stage_2_start_date!", when=("stage 1",)),
    amend(
        *("adopters.end_stage_2", "End stage 2", _ADOPTER, "stage_2_end_date!", "application_date"),
        when=("stage 2", "approved"),
    ),
    amend(
        *("adopters.approve", "Approve a prospective adopter", _ADOPTER, "approved_date!", "application_date"),
        permission=Permission.DECIDE,
        when=("stage 2",),
    ),
    amend("adopters.match", "Record a match of a prospective adopter", _ADOPTER, "matched_date!", when=("approved",)),
    amend(
        *("adopters.place", "Record that a child was placed with adopters", _ADOPTER),
        *("placed_date!", "children_placed!"),
        when=("matched",),
    ),
    amend("adopters.adopt", "Record the adoption order of an adopter", _ADOPTER, "order_date!", when=("placed",)),
    amend(
        *("adopters.leave", "Record that a prospective adopter left the process", _ADOPTER),
        *("left_date!", "left_reason!"),
        when=_UNDER_WAY,
    ),
    amend(
        *("adopters.pass_on", "Pass a prospective adopter on to another worker", _ADOPTER, "worker", "team"),
        when=_UNDER_WAY,
    ),
    correct("adopters.correct", "Correct the record of a prospective adopter", _ADOPTER),
)
