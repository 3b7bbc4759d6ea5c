"""Child in need plans and visits in the Standard Safeguarding Dataset."""

from __future__ import annotations

from typing import Any

from sightline.engine.exchange.child import Child, Row
from sightline.engine.exchange.mapped import Mapped, linked
from sightline.pathways.child_in_need.models import Plan, Visit
from sightline.returns.ssd.tables import OF_CASE, TABLE

EPISODES = TABLE["ssd_cin_episodes"]


def _case(child: Child, row: Row) -> dict[str, Any] | None:
    case = linked(child, EPISODES, row["cinp_referral_id"])
    if case is None:
        child.fault(row, "the plan belongs to no episode of need of the child")
        return None
    return {"case": case}


def _plan(child: Child, row: Row) -> dict[str, Any] | None:
    """The dataset does not say which plan a visit was made under: it is the one that ran on that day."""
    day = row["cinv_cin_visit_date"] or ""
    running = [
        draft
        for draft in child.drafts
        if draft.model is Plan and draft.fields["start_date"] <= day <= (draft.fields["end_date"] or "9999")
    ]
    if not running:
        child.note("visits to children in need without a plan on that day: kept with the file")
        return None
    return {"plan": running[-1]}


PLANS = Mapped(
    TABLE["ssd_cin_plans"],
    Plan,
    fields={"start_date": "cinp_cin_plan_start_date", "end_date": "cinp_cin_plan_end_date"},
    states=("case",),
    finds=_case,
    tells={"cinp_referral_id": ("case_id", OF_CASE)},
    start="start_date",
    end="end_date",
)
VISITS = Mapped(
    TABLE["ssd_cin_visits"],
    Visit,
    fields={
        "visit_date": "cinv_cin_visit_date",
        "seen": "cinv_cin_visit_seen",
        "seen_alone": "cinv_cin_visit_seen_alone",
    },
    states=("plan",),
    finds=_plan,
    start="visit_date",
)
BUILDERS = (PLANS.builder(), VISITS.builder(51))
WRITERS = (PLANS.writer(), VISITS.writer())
