"""Clocks of the child in need: reviews and visits of a plan, and the case that stays open for two years."""

from sightline.engine.deadlines.declarations import RunningClock, Stops, once, turns

_PLAN = ("child_in_need_plan", "start_date", "end_date")

CLOCKS = (
    RunningClock(
        ("CIN-REVIEW-1", "CIN-REVIEW-N"),
        "child_in_need.Plan",
        turns(*_PLAN, Stops("child_in_need_review", "plan_id", "e.review_date")),
    ),
    # The clock counts from the last visit; before the first one it counts from the start of the plan.
    RunningClock(
        ("CIN-VISIT",),
        "child_in_need.Plan",
        turns(*_PLAN, Stops("child_in_need_visit", "plan_id", "e.visit_date", where="e.seen")),
    ),
    # A threshold: the case that is still open on the day after it is due stays flagged until it closes.
    RunningClock(
        ("CIN-2Y",), "cases.Case", once("cases_case", "start_date", "end_date", where="s.service = 'social_care'")
    ),
)
