"""Enquiries, conferences, plans, reviews and visits in the Standard Safeguarding Dataset.

The dataset has a row for each child, so children who met at one conference each have their own when it is read back, unless a meeting is named.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import OuterRef, Subquery

from sightline.engine.exchange.child import Child, Draft, Row
from sightline.engine.exchange.cut import Cut
from sightline.engine.exchange.declarations import Builder, TableWriter, Told
from sightline.engine.exchange.mapped import Mapped, ids, linked, named, parts_of
from sightline.pathways.child_protection.models import Conference, ConferenceChild, Plan, Section47, Visit
from sightline.returns.ssd.tables import OF_CASE, TABLE

EPISODES, ENQUIRIES, PLANS_TABLE = TABLE["ssd_cin_episodes"], TABLE["ssd_s47_enquiry"], TABLE["ssd_cp_plans"]
INITIAL, REVIEWS = TABLE["ssd_initial_cp_conference"], TABLE["ssd_cp_reviews"]
ICPC, TRANSFER_IN, RCPC = "ICPC", "TRANSFER_IN", "RCPC"
ON_PLAN = "CP"


def _case(column: str, what: str) -> Any:
    def find(child: Child, row: Row) -> dict[str, Any] | None:
        case = linked(child, EPISODES, row[column])
        if case is None:
            child.fault(row, f"the {what} belongs to no episode of need of the child")
            return None
        return {"case": case}

    return find


def _enquiry(child: Child, row: Row) -> dict[str, Any] | None:
    """An enquiry that ended without further action needed no conference, unless the dataset has one of it."""
    found: dict[str, Any] | None = _case("s47e_referral_id", "enquiry")(child, row)
    if found is None:
        return None
    held = any(one["icpc_s47_enquiry_id"] == row["s47e_s47_enquiry_id"] for one in child.of(INITIAL.name))
    return found | {"conference_not_required": bool(row["s47e_s47_nfa"]) and not held}


SECTION47 = Mapped(
    ENQUIRIES,
    Section47,
    fields={"start_date": "s47e_s47_start_date", "end_date": "s47e_s47_end_date"},
    states=("case", "conference_not_required"),
    finds=_enquiry,
    tells={"s47e_referral_id": ("case_id", OF_CASE), "s47e_s47_nfa": "conference_not_required"},
    start="start_date",
    end="end_date",
)
PLANS = Mapped(
    PLANS_TABLE,
    Plan,
    fields={
        "start_date": "cppl_cp_plan_start_date",
        "end_date": "cppl_cp_plan_end_date",
        "initial_category": "cppl_cp_plan_initial_category",
        "latest_category": "cppl_cp_plan_latest_category",
    },
    states=("case",),
    finds=_case("cppl_referral_id", "plan"),
    tells={"cppl_referral_id": ("case_id", OF_CASE)},
    start="start_date",
    end="end_date",
)


def _visited(child: Child, row: Row) -> dict[str, Any] | None:
    plan = linked(child, PLANS_TABLE, row["cppv_cp_plan_id"])
    if plan is None:
        child.fault(row, "the visit belongs to no child protection plan of the child")
        return None
    return {"plan": plan}


VISITS = Mapped(
    TABLE["ssd_cp_visits"],
    Visit,
    fields={
        "visit_date": "cppv_cp_visit_date",
        "seen": "cppv_cp_visit_seen",
        "seen_alone": "cppv_cp_visit_seen_alone",
        "bedroom_seen": "cppv_cp_visit_bedroom",
    },
    states=("plan",),
    finds=_visited,
    tells={"cppv_cp_plan_id": ("plan_id", "")},
    start="visit_date",
)


def conferences(child: Child) -> None:
    """Initial conferences, those about children who moved in on a plan, and reviews."""
    for row in child.of(INITIAL.name):
        kind = TRANSFER_IN if row["icpc_icpc_transfer_in"] else ICPC
        plan = linked(child, PLANS_TABLE, row["icpc_cp_plan_id"])
        enquiry = linked(child, ENQUIRIES, row["icpc_s47_enquiry_id"])
        if row["icpc_icpc_date"] is None:
            child.note("initial conferences without a date, still to be held: kept with the file")
            continue
        outcome = ON_PLAN if row["icpc_icpc_outcome_cp_flag"] else None
        _conference(child, row, parts_of(row, INITIAL), kind, row["icpc_icpc_date"], enquiry, plan, outcome)
    for row in child.of(REVIEWS.name):
        plan = linked(child, PLANS_TABLE, row["cppr_cp_plan_id"])
        if plan is None:
            child.fault(row, "the review belongs to no child protection plan of the child")
        elif row["cppr_cp_review_date"] is None:
            child.note("reviews of plans without a date, still to be held: kept with the file")
        else:
            _conference(child, row, parts_of(row, REVIEWS), RCPC, row["cppr_cp_review_date"], None, plan, None)


def _conference(
    child: Child,
    row: Row,
    parts: str,
    kind: str,
    day: str,
    enquiry: Draft | None,
    plan: Draft | None,
    outcome: str | None,
) -> None:
    held = child.add(Conference, row, parts, kind=kind, conference_date=day)
    child.add(
        ConferenceChild,
        row,
        f"{parts}/child",
        conference=held,
        section47=enquiry,
        plan=plan,
        participation=row["cppr_cp_review_participation"],
        outcome=outcome,
    )


BUILDERS = (
    SECTION47.builder(49),
    PLANS.builder(49),
    Builder(
        "ssd",
        (INITIAL.name, REVIEWS.name),
        {
            Conference: ("kind", "conference_date"),
            ConferenceChild: ("person", "conference", "section47", "plan", "participation", "outcome"),
        },
        conferences,
    ),
    VISITS.builder(),
)


def _presented(cut: Cut, *kinds: str) -> Any:
    return cut.rows(ConferenceChild).filter(
        cut.about_children(), conference__kind__in=kinds, conference__conference_date__lte=cut.end
    )


def _initial(cut: Cut) -> Iterator[Told]:
    own = Subquery(cut.rows(Section47).filter(pk=OuterRef("section47")).values("case_id")[:1])
    held = _presented(cut, ICPC, TRANSFER_IN).annotate(enquired=own)
    stated = ("pk", "conference_id", "section47_id", "plan_id", "outcome", "enquired", "plan__case_id")
    rows = cut.told(
        held, *stated, "conference__kind", "conference__conference_date", order=("conference__conference_date",)
    )
    for row in rows:
        values = {
            "icpc_icpc_meeting_id": row["conference_id"],
            "icpc_s47_enquiry_id": row["section47_id"],
            "icpc_cp_plan_id": row["plan_id"],
            "icpc_referral_id": named(OF_CASE, row["enquired"] or row["plan__case_id"]),
            "icpc_icpc_transfer_in": row["conference__kind"] == TRANSFER_IN,
            "icpc_icpc_date": row["conference__conference_date"],
            "icpc_icpc_outcome_cp_flag": row["outcome"] == ON_PLAN if row["outcome"] else None,
        }
        yield Told(row["child"], values | ids(INITIAL, row))


def _reviews(cut: Cut) -> Iterator[Told]:
    held = _presented(cut, RCPC).filter(plan__isnull=False)
    stated = ("pk", "conference_id", "plan_id", "participation", "conference__quorate", "conference__conference_date")
    for row in cut.told(held, *stated, order=("conference__conference_date",)):
        values = {
            "cppr_cp_plan_id": row["plan_id"],
            "cppr_cp_review_date": row["conference__conference_date"],
            "cppr_cp_review_meeting_id": row["conference_id"],
            "cppr_cp_review_participation": row["participation"],
        }
        yield Told(row["child"], values | ids(REVIEWS, row))


WRITERS = (
    SECTION47.writer(),
    PLANS.writer(),
    TableWriter("ssd", INITIAL.name, _initial),
    TableWriter("ssd", REVIEWS.name, _reviews),
    VISITS.writer(),
)
