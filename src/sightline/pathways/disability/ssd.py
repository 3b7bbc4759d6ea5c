"""Education, health and care plans in the Standard Safeguarding Dataset, which follows them from request to assessment to named plan.

The needs of a plan and the day of its last review hang on the plans in force: those of a plan that ceased are not told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.db.models import DateField, OuterRef, Q, QuerySet, Subquery

from sightline.engine.exchange.child import Child, Row
from sightline.engine.exchange.cut import Cut
from sightline.engine.exchange.declarations import Builder, TableWriter, Told
from sightline.engine.exchange.local_lists import code_of
from sightline.engine.exchange.mapped import Mapped, ids, key_of, linked, parts_of
from sightline.pathways.disability.models import (
    EducationHealthCarePlan,
    EducationHealthCareReview,
    SpecialEducationalNeed,
)
from sightline.returns.ssd.tables import TABLE

SEND, REQUESTS, ASSESSMENTS = TABLE["ssd_send"], TABLE["ssd_ehcp_requests"], TABLE["ssd_ehcp_assessment"]
PLANS, ACTIVE, NEEDS = TABLE["ssd_ehcp_named_plan"], TABLE["ssd_ehcp_active_plans"], TABLE["ssd_sen_need"]
AGREED, REFUSED = "Y", "N"


def plans(child: Child) -> None:
    """One record for each request, with the plan that its assessment led to."""
    for row in child.of(REQUESTS.name):
        asked = row["ehcr_ehcp_request_id"]
        assessment = _first(child, ASSESSMENTS.name, "ehca_ehcp_request_id", asked)
        named = assessment and _first(child, PLANS.name, "ehcn_ehcp_asmt_id", assessment["ehca_ehcp_assessment_id"])
        child.shared[key_of(row, REQUESTS)] = child.add(
            EducationHealthCarePlan,
            row,
            parts_of(row, REQUESTS),
            request_date=row["ehcr_ehcp_req_date"],
            refused_date=_refused(row, assessment),
            issue_date=named and named["ehcn_named_plan_start_date"],
            end_date=named and named["ehcn_named_plan_ceased_date"],
        )
    for row in child.of(ACTIVE.name):
        _in_force(child, row)


def _in_force(child: Child, row: Row) -> None:
    """A plan in force is that of its request; its last review is a record of its own."""
    plan = linked(child, REQUESTS, row["ehcp_ehcp_request_id"])
    if plan is None:
        child.note("plans in force without their request: kept with the file")
        return
    child.shared[key_of(row, ACTIVE)] = plan
    if reviewed := row["ehcp_active_ehcp_last_review_date"]:
        child.add(EducationHealthCareReview, row, f"{parts_of(row, ACTIVE)}/review", plan=plan, review_date=reviewed)


def _first(child: Child, table: str, column: str, reference: str | None) -> Row | None:
    return next((row for row in child.of(table) if reference and row[column] == reference), None)


def _refused(request: Row, assessment: Row | None) -> str | None:
    """The day on which it was decided not to assess, or not to issue a plan."""
    refused: str | None = None
    if str(request["ehcr_ehcp_req_outcome"] or "").upper().startswith(REFUSED):
        refused = request["ehcr_ehcp_req_outcome_date"]
    elif assessment is not None and str(assessment["ehca_ehcp_assessment_outcome"] or "").upper().startswith(REFUSED):
        refused = assessment["ehca_ehcp_assessment_outcome_date"]
    return refused


def _need(child: Child, row: Row) -> dict[str, Any] | None:
    plan = linked(child, ACTIVE, row["senn_active_ehcp_id"])
    need = code_of(child, "sen_need", row["senn_active_ehcp_need_type"])
    if plan is None or need is None:
        child.note("special educational needs without their plan or kind: kept with the file")
        return None
    rank = row["senn_active_ehcp_need_rank"] or ""
    return {"plan": plan, "need": need, "rank": rank if rank.isdecimal() else None}


SPECIAL_NEEDS = Mapped(
    NEEDS,
    SpecialEducationalNeed,
    fields={},
    states=("plan", "need", "rank"),
    finds=_need,
)
COVERED = ("education_health_care_plans",)
BUILDERS = (
    Builder(
        "ssd",
        (SEND.name, REQUESTS.name, ASSESSMENTS.name, PLANS.name, ACTIVE.name),
        {
            EducationHealthCarePlan: ("person", "request_date", "refused_date", "issue_date", "end_date"),
            EducationHealthCareReview: ("person", "plan", "review_date"),
        },
        plans,
        covers=COVERED,
    ),
    SPECIAL_NEEDS.builder(),
)


def _asked(cut: Cut) -> QuerySet[Any]:
    return cut.rows(EducationHealthCarePlan).filter(cut.about_children(), request_date__lte=cut.end)


def _rows(cut: Cut) -> Iterator[dict[str, Any]]:
    """The plans with their last review, and with what has not come by the end of the return left out."""
    held = cut.rows(EducationHealthCareReview).filter(plan=OuterRef("pk"), review_date__lte=cut.end)
    last = Subquery(held.order_by("-review_date").values("review_date")[:1], output_field=DateField())
    days = ("request_date", "refused_date", "issue_date", "end_date")
    for row in cut.told(_asked(cut).annotate(reviewed=last), "pk", *days, "reviewed", order=("request_date",)):
        yield row | {name: cut.by_then(row[name]) for name in ("refused_date", "issue_date", "end_date")}


def _send(cut: Cut) -> Iterator[Told]:
    """One row for each child who was asked about."""
    seen = None
    for row in cut.told(
        _asked(cut).annotate(upn=cut.identifier("upn"), unknown=cut.identifier("upn_unknown")), "upn", "unknown"
    ):
        if row["child"] != seen:
            told = {"send_upn": row["upn"], "send_upn_unknown": row["unknown"], "send_person_id": row["reference"]}
            yield Told(row["child"], told | {"send_table_id": row["about"]})
        seen = row["child"]


def _told(values: Callable[[dict[str, Any]], dict[str, Any] | None]) -> Callable[[Cut], Iterator[Told]]:
    """Tells one row of each plan, where there is one to tell."""

    def rows(cut: Cut) -> Iterator[Told]:
        for row in _rows(cut):
            if (told := values(row)) is not None:
                yield Told(row["child"], told)

    return rows


def _request(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "ehcr_ehcp_request_id": row["pk"],
        "ehcr_send_table_id": row["about"],
        "ehcr_ehcp_req_date": row["request_date"],
        "ehcr_ehcp_req_outcome_date": row["refused_date"],
        "ehcr_ehcp_req_outcome": REFUSED if row["refused_date"] else AGREED if row["issue_date"] else None,
    }


def _assessment(row: dict[str, Any]) -> dict[str, Any] | None:
    if not row["issue_date"]:
        return None
    return {
        "ehca_ehcp_assessment_id": row["pk"],
        "ehca_ehcp_request_id": row["pk"],
        "ehca_ehcp_assessment_outcome": AGREED,
    }


def _named(row: dict[str, Any]) -> dict[str, Any] | None:
    if not row["issue_date"]:
        return None
    return {
        "ehcn_named_plan_id": row["pk"],
        "ehcn_ehcp_asmt_id": row["pk"],
        "ehcn_named_plan_start_date": row["issue_date"],
        "ehcn_named_plan_ceased_date": row["end_date"],
    }


def _active(row: dict[str, Any]) -> dict[str, Any] | None:
    if not row["issue_date"] or row["end_date"]:
        return None
    return {
        "ehcp_active_ehcp_id": row["pk"],
        "ehcp_ehcp_request_id": row["pk"],
        "ehcp_active_ehcp_last_review_date": row["reviewed"],
    }


def _needs(cut: Cut) -> Iterator[Told]:
    """The needs of plans in force, which is where the dataset hangs them."""
    in_force = Q(plan__end_date=None) | Q(plan__end_date__gt=cut.end)
    held = cut.rows(SpecialEducationalNeed).filter(cut.about_children(), in_force, plan__issue_date__lte=cut.end)
    for row in cut.told(held, "pk", "plan_id", "need", "rank", order=("plan_id", "rank")):
        values = {
            "senn_active_ehcp_id": row["plan_id"],
            "senn_active_ehcp_need_type": row["need"],
            "senn_active_ehcp_need_rank": row["rank"],
        }
        yield Told(row["child"], values | ids(NEEDS, row))


WRITERS = (
    TableWriter("ssd", SEND.name, _send),
    TableWriter("ssd", REQUESTS.name, _told(_request)),
    TableWriter("ssd", ASSESSMENTS.name, _told(_assessment)),
    TableWriter("ssd", PLANS.name, _told(_named)),
    TableWriter("ssd", ACTIVE.name, _told(_active)),
    TableWriter("ssd", NEEDS.name, _needs),
)
