"""What stops the clocks of child protection, what waits for the chair, and the lists of plans that drift."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

from django.db.models import DateField, Exists, F, Func, OuterRef, Q, QuerySet

from sightline.core.records.spells import open_on
from sightline.engine.deadlines.models import Deadline
from sightline.engine.work.declarations import Awaiting, DriftList, Effect, Kind, Stop
from sightline.pathways.child_protection.models import Plan
from sightline.standards.dates import months_on

_PLAN = "child_protection.Plan"
_CONFERENCE = (Stop("child_protection.present_child"), Stop("child_protection.call_conference"))
_CORE_GROUP = (Stop("child_protection.meet_core_group"),)
_REPORT = (Stop("child_protection.receive_report"),)
_DRIFT = (Stop("child_protection.review_drift"),)
#: Whose turns are reviews.
REVIEWS = ("CP-REVIEW-1", "CP-REVIEW-N")

STOPS = {
    "ICPC-15": _CONFERENCE,
    "CP-REVIEW-1": _CONFERENCE,
    "CP-REVIEW-N": _CONFERENCE,
    "CORE-FIRST": _CORE_GROUP,
    "CORE-REPEAT": _CORE_GROUP,
    "CP-VISIT": (Stop("child_protection.record_visit"),),
    "ICPC-REPORT": _REPORT,
    "RCPC-REPORT": _REPORT,
    "CP-DRIFT-15M": _DRIFT,
    "CP-2Y": _DRIFT,
}
AWAITING = (
    Awaiting(
        *("drift-reviews", "Exit strategies for the chair to agree", "child_protection.agree_drift_review"),
        "review_date",
    ),
)
KINDS = (Kind("Child protection plan", _PLAN, 10),)


class _After(Func):
    """A date some months later, as the clocks count: the same day of the month, or the month's last."""

    template = "(%(expressions)s + make_interval(months => %(months)s))::date"
    output_field = DateField()


def lasting(rows: QuerySet[Any], day: date, *, months: int, below: int | None = None) -> QuerySet[Any]:
    """Open plans that have lasted some months by the day before, and not yet as many as `below`."""
    found: QuerySet[Any] = (
        rows.filter(open_on(day)).alias(reached=_After(F("start_date"), months=months)).filter(reached__lt=day)
    )
    if below is None:
        return found
    early: QuerySet[Any] = found.alias(next=_After(F("start_date"), months=below)).filter(next__gte=day)
    return early


def repeated(rows: QuerySet[Any], day: date) -> QuerySet[Any]:
    """Open plans of children who had one before, here or as a return declared (DfE indicator: second or later plans, at any time)."""
    earlier = Plan.objects.filter(person=OuterRef("person"), start_date__lt=OuterRef("start_date"))
    return rows.filter(open_on(day)).filter(Exists(earlier) | Q(declared_previous_plans__gt=0))


def unvisited(rows: QuerySet[Any], day: date) -> QuerySet[Any]:
    """Open plans whose visit was due before the day."""
    missed = Deadline.objects.filter(
        clock="CP-VISIT", record_table=Plan._meta.db_table, record_id=OuterRef("pk"), outcome="open", due__lt=day
    )
    return rows.filter(open_on(day)).filter(Exists(missed))


def _length(plan: Any, day: date) -> str:
    return f"{months_on(plan.start_date, day)} months on the plan"


_EFFECT = Effect(review="child_protection.DriftReview", link="plan", agreed="agreed_date")
_REPORTED = Effect(review="child_protection.DriftReview", link="plan", agreed="agreed_date", cadence="CP-DRIFT-LIST")


def _plans_at(months: int, below: int | None, boundary: str, effect: Effect = _EFFECT) -> DriftList:
    rows: Callable[[QuerySet[Any], date], QuerySet[Any]] = partial(lasting, months=months, below=below)
    return DriftList(
        f"plans-{months}-months",
        f"Child protection plans at {months} months",
        f"A plan is listed from the day after it has lasted {months} months, {boundary}",
        _PLAN,
        rows,
        heading="Plan started",
        about=_length,
        effect=effect,
        act="child_protection.review_drift",
    )


def _until(months: int) -> str:
    return f"until the day it has lasted {months} months, or it ends."


DRIFT = (
    _plans_at(9, 12, _until(12)),
    _plans_at(12, 15, _until(15)),
    _plans_at(
        15,
        None,
        "and stays on the list until it ends. The list is issued to managers every two months; manager and chair review each plan on it and"
        " agree an exit strategy (annual report 2016-17).",
        _REPORTED,
    ),
    _plans_at(18, 21, _until(21)),
    _plans_at(21, 24, _until(24)),
    _plans_at(24, None, "and stays on the list until it ends (DfE indicator: two years or more)."),
    DriftList(
        "repeat-plans",
        "Second or later plans",
        "An open plan is listed when the child was on a child protection plan before, at any time: in these records, or as a return declared.",
        _PLAN,
        repeated,
        heading="Plan started",
        about=_length,
    ),
    DriftList(
        "plans-without-visits",
        "Child protection plans without a visit in the limit",
        "An open plan is listed from the day after a visit was due, until the child is seen. The limit is that of clock CP-VISIT.",
        _PLAN,
        unvisited,
        heading="Plan started",
        act="child_protection.record_visit",
    ),
)
