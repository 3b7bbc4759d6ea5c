"""What is sent of a care plan (Care Planning, Placement and Case Review Regulations 2010 reg 6(3): copies of the plan)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Q

from sightline.engine.actions.engine import people_of
from sightline.engine.sending.declarations import WHERE, WHO, PackKind, Part, Proposed, Source, family, itself
from sightline.pathways.looked_after.models import CarePlan, PlacementPlan, ReviewingOfficer


def _of_the_period(plan: Any, children: set[int]) -> Q:
    return Q(person__in=children, placement__period=plan.period)


def _in_the_plan(plan: Any) -> Iterable[Proposed]:
    """The parents and carers, the child, and the reviewing officer."""
    officers = ReviewingOfficer.objects.filter(period=plan.period, end_date=None).select_related("worker")
    reviewing = [Proposed("OTHER", worker=one.worker) for one in officers]
    return [*family(people_of(plan)), Proposed("CHILD", relative=plan.person), *reviewing]


PACKS = (
    PackKind(
        "care_plan",
        "Care plan",
        CarePlan._meta.label,
        (
            WHO,
            Part(
                "plan",
                "The plan",
                (Source(CarePlan._meta.label, ("plan_date", "permanence", "summary", "child_views"), itself),),
            ),
            Part(
                "placement",
                "Placement plans",
                (
                    Source(
                        PlacementPlan._meta.label,
                        ("plan_date", "arrangements", "contact", "child_views"),
                        _of_the_period,
                    ),
                ),
                usual=False,
            ),
            WHERE,
        ),
        _in_the_plan,
    ),
)
