"""What is sent of a child in need plan: copies to the family and to those who came to its latest review."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Q

from sightline.engine.actions.engine import people_of
from sightline.engine.sending.declarations import WHERE, WHO, PackKind, Part, Proposed, Source, family, itself
from sightline.pathways.child_in_need.models import Plan, PlanAction, Review, ReviewAttendance


def _of_the_plan(plan: Any, children: set[int]) -> Q:
    return Q(person__in=children, plan=plan)


def _in_the_plan(plan: Any) -> Iterable[Proposed]:
    latest = Review.objects.filter(plan=plan).order_by("-review_date", "-id").first()
    came = ReviewAttendance.objects.filter(review=latest, attended=True).exclude(name="").order_by("id")
    named = [
        Proposed("OTHER", organisation=one.organisation, name=one.name) for one in came.select_related("organisation")
    ]
    return [*family(people_of(plan)), *named]


PACKS = (
    PackKind(
        "in_need_plan",
        "Child in need plan",
        Plan._meta.label,
        (
            WHO,
            Part(
                "plan",
                "The plan",
                (Source(Plan._meta.label, ("start_date", "aims", "contingency", "end_date"), itself),),
            ),
            Part(
                "actions",
                "What is to be done",
                (
                    Source(
                        PlanAction._meta.label,
                        ("aim", "action", "responsible", "due_date", "done_date", "outcome"),
                        _of_the_plan,
                    ),
                ),
            ),
            Part(
                "reviews",
                "Reviews",
                (
                    Source(
                        Review._meta.label,
                        ("review_date", "outcome", "summary", "child_views", "next_review_date"),
                        _of_the_plan,
                    ),
                ),
                usual=False,
            ),
            WHERE,
        ),
        _in_the_plan,
    ),
)
