"""What stops the clocks of children in need, and the cases of need that stay open for long."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.apps import apps
from django.db.models import Exists, OuterRef, Q, QuerySet

from sightline.core.records.spells import open_on
from sightline.engine.deadlines.models import Deadline
from sightline.engine.work.declarations import DriftList, Effect, Kind, Stop
from sightline.standards.dates import age_on

STOPS = {
    "CIN-REVIEW-1": (Stop("child_in_need.hold_review"),),
    "CIN-REVIEW-N": (Stop("child_in_need.hold_review"),),
    "CIN-VISIT": (Stop("child_in_need.record_visit"),),
    "CIN-2Y": (Stop("child_in_need.review_long_open"),),
}
#: Whose turns are reviews.
REVIEWS = ("CIN-REVIEW-1", "CIN-REVIEW-N")
KINDS = (Kind("Child in need plan", "child_in_need.Plan", 30),)


def open_for_long(rows: QuerySet[Any], day: date) -> QuerySet[Any]:
    """Cases of need whose two years have passed, of children neither on a protection plan nor looked after (DfE indicator; CIN-2Y)."""
    passed = Deadline.objects.filter(
        clock="CIN-2Y", record_table="cases_case", record_id=OuterRef("pk"), outcome="open", due__lt=day
    )
    return (
        rows.filter(Exists(passed))
        .exclude(_has("child_protection.Plan", day))
        .exclude(_has("looked_after.PeriodOfCare", day))
    )


def _has(model: str, day: date) -> Q:
    spells = apps.get_model(model)._default_manager.filter(open_on(day))
    return Q(Exists(spells.filter(person=OuterRef("person"))))


def _for_long(case: Any, day: date) -> str:
    return f"Open for {age_on(case.start_date, day)} years"


DRIFT = (
    DriftList(
        "child-in-need-2-years",
        "Child in need, open over two years",
        "A case of need is listed from the day after it has been open for 24 months until it closes, while the child is neither on a child"
        " protection plan nor looked after.",
        "cases.Case",
        open_for_long,
        heading="Opened",
        about=_for_long,
        effect=Effect(review="child_in_need.LongOpenReview", link="case"),
        act="child_in_need.review_long_open",
    ),
)
