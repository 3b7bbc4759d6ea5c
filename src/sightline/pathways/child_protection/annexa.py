"""Enquiries with their conferences (list 5) and child protection plans (list 7) in Annex A."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.db.models import Count, Exists, F, OuterRef, QuerySet, Subquery

from sightline.engine.exchange.child import Child, Row
from sightline.engine.exchange.cut import Cut
from sightline.engine.exchange.declarations import Builder, TableWriter, Told
from sightline.pathways.child_protection import stated
from sightline.pathways.child_protection.models import Conference, ConferenceChild, Plan, Section47, Visit
from sightline.returns.annexa.people import COVERS, WHO_AND_BY_WHOM, case_on, who, with_whom

ENQUIRIES, PLANS = "List 5", "List 7"
STARTED = "Strategy discussion initiating Section 47 Enquiry Start Date"
UNNECESSARY = "Was an Initial Child Protection Conference deemed unnecessary?"
HELD = "Date of Initial Child Protection Conference"
RESULT = "Did the Initial Child Protection Conference Result in a Child Protection Plan"
BEGAN, ENDED = "Child Protection Plan Start Date", "Child Protection Plan End Date"
INITIAL, LATEST = "Initial Category of Abuse", "Latest Category of Abuse"
VISITED, ALONE = "Date of the Last Statutory Visit", "Was the Child Seen Alone?"
REVIEWED, EARLIER = "Date of latest review conference", "Number of Previous Child Protection Plans"
YES, ICPC, RCPC, ON_PLAN = "1", "ICPC", "RCPC", "CP"
YEAR = timedelta(days=365)
#: Legal statuses of an emergency: police protection and emergency protection order.
EMERGENCY = ("L1", "L2")


def protection(child: Child) -> None:
    """Plans, then enquiries and the conferences that they led to."""
    plans = {row[BEGAN]: plan for row in child.of(PLANS) if (plan := _plan(child, row)) is not None}
    for number, row in enumerate(child.of(ENQUIRIES)):
        case = case_on(child, row[STARTED])
        if case is None:
            child.note("enquiries that no episode of need of list 6 holds: kept with the file")
            continue
        enquiry = child.add(
            Section47,
            row,
            f"s47/{row[STARTED]}/{number}",
            case=case,
            start_date=row[STARTED],
            conference_not_required=row[UNNECESSARY] == YES,
        )
        if row[HELD]:
            _conference(
                child,
                row,
                ICPC,
                row[HELD],
                section47=enquiry,
                plan=plans.get(row[HELD]),
                outcome=ON_PLAN if row[RESULT] == YES else None,
            )


def _plan(child: Child, row: Row) -> Any:
    case = case_on(child, row[BEGAN])
    if case is None:
        child.note("plans that no episode of need of list 6 holds: kept with the file")
        return None
    plan = child.add(
        Plan,
        row,
        f"cp-plan/{row[BEGAN]}",
        case=case,
        start_date=row[BEGAN],
        end_date=row[ENDED],
        initial_category=row[INITIAL],
        latest_category=row[LATEST],
        declared_previous_plans=None if row[EARLIER] is None else int(row[EARLIER]),
    )
    if row[VISITED]:
        alone = {YES: True, "0": False}.get(row[ALONE])
        child.add(Visit, row, f"visit/{row[BEGAN]}", plan=plan, visit_date=row[VISITED], seen=True, seen_alone=alone)
    if row[REVIEWED]:
        _conference(child, row, RCPC, row[REVIEWED], section47=None, plan=plan, outcome=None)
    return plan


def _conference(child: Child, row: Row, kind: str, day: str, **more: Any) -> None:
    """The child's conference; the lists do not say which children met at one."""
    parts = f"conference/{kind}/{day}"
    held = child.add(Conference, row, parts, kind=kind, conference_date=day)
    child.add(ConferenceChild, row, parts, conference=held, **more)


BUILDERS = (
    Builder(
        "annexa",
        (PLANS, ENQUIRIES),
        {
            Section47: stated.ENQUIRY,
            Plan: stated.PLAN,
            Visit: ("person", "plan", "visit_date", "seen", "seen_alone"),
            Conference: ("kind", "conference_date"),
            ConferenceChild: ("person", "conference", "section47", "plan", "outcome"),
        },
        protection,
        covers=COVERS,
    ),
)


def _counted(rows: QuerySet[Any]) -> Subquery:
    """How many rows of the child."""
    return Subquery(rows.order_by().values("person").annotate(found=Count("pk")).values("found"))


def _enquiries(cut: Cut) -> Iterator[Told]:
    """Enquiries of the six months, with how many others, and conferences, there were in the twelve months before."""
    held = cut.rows(ConferenceChild).filter(
        section47=OuterRef("pk"), conference__kind=ICPC, conference__conference_date__lte=cut.end
    )
    first = held.order_by("conference__conference_date", "pk")
    since = {"person": OuterRef("person")}
    before = cut.rows(Section47).filter(
        **since, start_date__lt=OuterRef("start_date"), start_date__gte=OuterRef("start_date") - YEAR
    )
    met = cut.rows(ConferenceChild).filter(
        **since,
        conference__kind=ICPC,
        conference__conference_date__lt=OuterRef("start_date"),
        conference__conference_date__gte=OuterRef("start_date") - YEAR,
    )
    rows = cut.rows(Section47).filter(cut.in_year("start_date"))
    rows = rows.annotate(
        held=Subquery(first.values("conference__conference_date")[:1]),
        result=Subquery(first.values("outcome")[:1]),
        planned=Subquery(first.values("plan")[:1]),
        before=_counted(before),
        met=_counted(met),
    )
    stated = ("start_date", "conference_not_required", "held", "result", "planned", "before", "met")
    for row in cut.told(with_whom(cut, rows), *stated, *WHO_AND_BY_WHOM, order=("start_date",)):
        led_to_plan = row["planned"] is not None or row["result"] == ON_PLAN
        values = {
            STARTED: row["start_date"],
            UNNECESSARY: row["conference_not_required"],
            HELD: row["held"],
            RESULT: led_to_plan if row["held"] else None,
            "Number of Section 47 Enquiries in the last 12 months": row["before"] or 0,
            "Number of ICPCs in the last 12 months": row["met"] or 0,
        }
        yield Told(row["child"], who(cut, row) | values)


def _plans(cut: Cut) -> Iterator[Told]:
    """Plans that are open on the day of the return or ended in the six months."""
    before = cut.rows(Plan).filter(person=OuterRef("person"), start_date__lt=OuterRef("start_date"))
    visits = cut.rows(Visit).filter(plan=OuterRef("pk"), visit_date__lte=cut.end).order_by("-visit_date", "-pk")
    reviews = cut.rows(ConferenceChild).filter(
        plan=OuterRef("pk"), conference__kind=RCPC, conference__conference_date__lte=cut.end
    )
    latest = reviews.annotate(day=F("conference__conference_date")).order_by("-day")
    emergency = cut.rows(apps.get_model("looked_after.Episode")).filter(
        cut.during_year(), person=OuterRef("person"), legal_status__in=EMERGENCY
    )
    rows = cut.rows(Plan).filter(cut.during_year())
    rows = rows.annotate(
        before=_counted(before),
        visited=Subquery(visits.values("visit_date")[:1]),
        alone=Subquery(visits.values("seen_alone")[:1]),
        reviewed=Subquery(latest.values("day")[:1]),
        emergency=Exists(emergency),
    )
    own = ("start_date", "end_date", "initial_category", "latest_category", "declared_previous_plans")
    worked = ("before", "visited", "alone", "reviewed", "emergency")
    for row in cut.told(with_whom(cut, rows), *own, *worked, *WHO_AND_BY_WHOM, order=("start_date",)):
        declared = row["declared_previous_plans"]
        values = {
            BEGAN: row["start_date"],
            INITIAL: row["initial_category"],
            LATEST: row["latest_category"],
            VISITED: row["visited"],
            ALONE: row["alone"],
            REVIEWED: row["reviewed"],
            ENDED: cut.by_then(row["end_date"]),
            "Subject to Emergency Protection Order or Protected Under Police Powers in Last Six Months (Y/N)": row[
                "emergency"
            ],
            EARLIER: row["before"] or 0 if declared is None else declared,
        }
        yield Told(row["child"], who(cut, row) | values)


WRITERS = (
    TableWriter("annexa", ENQUIRIES, _enquiries),
    TableWriter("annexa", PLANS, _plans),
)
