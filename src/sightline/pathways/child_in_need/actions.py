"""What can be done to child in need plans, their reviews and visits."""

from sightline.core.access.roles import Permission
from sightline.engine.actions.checks import no_spell_beside
from sightline.engine.actions.declarations import amend, correct, record, spell

_PLAN = "child_in_need.Plan"
_REVIEW = "child_in_need.Review"
_VISIT = "child_in_need.Visit"

RULES = (spell(_PLAN, checks=(no_spell_beside("child_protection.Plan"),)),)

ACTIONS = (
    record(
        "child_in_need.start_plan",
        "Start a child in need plan",
        _PLAN,
        "person",
        "case",
        "start_date",
        permission=Permission.DECIDE,
    ),
    amend(
        "child_in_need.end_plan",
        "End a child in need plan",
        _PLAN,
        "end_date!",
        permission=Permission.DECIDE,
        when=("open",),
    ),
    correct("child_in_need.correct_plan", "Correct a child in need plan", _PLAN, permission=Permission.DECIDE),
    record("child_in_need.record_review", "Record a review", _REVIEW, "person", "plan", "review_date"),
    correct("child_in_need.correct_review", "Correct a review", _REVIEW),
    record(
        "child_in_need.record_visit", "Record a visit", _VISIT, "person", "plan", "visit_date", "seen", "seen_alone"
    ),
    correct("child_in_need.correct_visit", "Correct a visit", _VISIT),
)
