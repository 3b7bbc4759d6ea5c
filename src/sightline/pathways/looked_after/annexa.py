"""Children looked after (list 8) in Annex A.

The list has a child's period of care as it is on the day of the return: the present legal status and the most recent placement, and not what was
before them. Read back it gives the period, that placement, and one episode since the later of the two.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.apps import apps
from django.db.models import Count, DateField, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from sightline.engine.exchange.child import Child, Draft, Row
from sightline.engine.exchange.cut import Cut
from sightline.engine.exchange.declarations import Builder, TableWriter, Told
from sightline.pathways.looked_after.models import (
    AsylumStatus,
    CarePlan,
    CareVisit,
    Episode,
    HealthCheck,
    PeriodOfCare,
    Placement,
    Review,
)
from sightline.pathways.looked_after.where import authority_at
from sightline.returns.annexa.people import COVERS, WHO_AND_BY_WHOM, who, with_whom
from sightline.standards.areas import area
from sightline.standards.dates import add_months
from sightline.standards.distance import tidy

TABLE = "List 8"
STARTED, CEASED, REASON = (
    "Date Started to be Looked After",
    "Date Ceased to be Looked After",
    "Reason Ceased to be Looked After",
)
NEED, STATUS, STATUS_SINCE = "Child's Category of Need", "Child's Legal Status", "Start date of current legal status"
ASYLUM = "Unaccompanied Asylum Seeking Child (UASC) within the Last 12 Months (Y/N)"
REVIEWED, VISITED, DENTAL = (
    "Date of Latest Statutory Review",
    "Date of Last Social Work Visit",
    "Date of Last Dental Check",
)
PLACED, KIND, PROVIDER = "Start Date of Most Recent Placement", "Placement Type", "Placement Provider"
POSTCODE, URN = "Placement postcode", "URN of Placement"
MISSED = "Number of Episodes the Child has been '{}' from their Placement in the last 12 months"
OFFERED = "Was the child offered a Return Interview after their last missing episode (Y/N)?"
ACCEPTED = "Did the child accept a Return Interview after their last missing episode (Y/N)?"
YES, INSIDE, OUTSIDE = "1", "a", "b"
#: Reasons for a new episode that are a move.
MOVES = ("S", "P", "B")


def care(child: Child) -> None:
    """The period of care of each row, as it is on the day of the return."""
    for row in child.of(TABLE):
        period = child.add(
            PeriodOfCare,
            row,
            f"care/{row[STARTED]}",
            start_date=row[STARTED],
            end_date=row[CEASED],
            end_reason=row[REASON] if row[CEASED] else None,
            category_of_need=row[NEED],
        )
        placement = _present(child, row, period)
        if row[REVIEWED]:
            child.add(Review, row, f"review/{row[REVIEWED]}", period=period, review_date=row[REVIEWED])
        if row[DENTAL]:
            child.add(HealthCheck, row, f"dental/{row[DENTAL]}", period=period, kind="DENTAL", check_date=row[DENTAL])
        if row[VISITED] and placement is not None:
            parts = f"visit/{row[VISITED]}"
            child.add(CareVisit, row, parts, period=period, placement=placement, visit_date=row[VISITED], seen=True)
        if row[ASYLUM] == YES:
            child.add(AsylumStatus, row, f"asylum/{row[STARTED]}", start_date=row[STARTED])


def _present(child: Child, row: Row, period: Draft) -> Draft | None:
    """The most recent placement, and the episode since it began or since the present legal status, whichever is later."""
    if not (row[PLACED] and row[KIND] and row[STATUS] and row[STATUS_SINCE]):
        child.note("periods of care whose placement or legal status is not told closely enough: recorded without them")
        return None
    postcode = tidy(row[POSTCODE]) if row[POSTCODE] else None
    placement = child.add(
        Placement,
        row,
        f"placement/{row[PLACED]}",
        period=period,
        start_date=row[PLACED],
        end_date=row[CEASED],
        placement_type=row[KIND],
        provider=row[PROVIDER],
        urn=row[URN],
        postcode=postcode,
        authority=authority_at(postcode),
    )
    start = max(row[PLACED], row[STATUS_SINCE])
    child.add(
        Episode,
        row,
        f"episode/{start}",
        period=period,
        placement=placement,
        start_date=start,
        start_reason=_reason(row, start),
        legal_status=row[STATUS],
        end_date=row[CEASED],
        end_reason=row[REASON] if row[CEASED] else None,
    )
    return placement


def _reason(row: Row, start: str) -> str:
    """Why the present episode began: with care, with a move, with a new legal status, or with both."""
    if start <= (row[STARTED] or ""):
        return "S"
    if row[PLACED] == row[STATUS_SINCE]:
        return "B"
    return "P" if start == row[PLACED] else "L"


BUILDERS = (
    Builder(
        "annexa",
        (TABLE,),
        {
            PeriodOfCare: ("person", "start_date", "end_date", "end_reason", "category_of_need"),
            Placement: (
                "person",
                "period",
                "start_date",
                "end_date",
                "placement_type",
                "provider",
                "urn",
                "postcode",
                "authority",
            ),
            Episode: (
                "person",
                "period",
                "placement",
                "start_date",
                "start_reason",
                "legal_status",
                "end_date",
                "end_reason",
            ),
            Review: ("person", "period", "review_date"),
            HealthCheck: ("person", "period", "kind", "check_date"),
            CareVisit: ("person", "period", "placement", "visit_date", "seen"),
            AsylumStatus: ("person", "start_date"),
        },
        care,
        covers=COVERS,
    ),
)


@dataclass(frozen=True)
class Present:
    """The last episode of a period of care by the day of the return: its legal status and since when, and its placement."""

    status: str
    since: date
    placement: dict[str, Any]


def _presents(cut: Cut) -> dict[int, Present]:
    """By period of care."""
    found: dict[int, Present] = {}
    stay = ("start_date", "placement_type", "provider", "postcode", "urn", "authority")
    names = ("period_id", "legal_status", "start_date", *(f"placement__{name}" for name in stay))
    held = cut.rows(Episode).filter(start_date__lte=cut.end, period__in=_periods(cut).values("pk"))
    for period, status, start, *placement in held.order_by("period_id", "start_date").values_list(*names):
        before = found.get(period)
        since = before.since if before is not None and before.status == status else start
        found[period] = Present(status, since, dict(zip(stay, placement, strict=True)))
    return found


def _periods(cut: Cut) -> Any:
    """Periods of care that are open on the day of the return or ended in the six months."""
    return cut.rows(PeriodOfCare).filter(cut.during_year())


def _latest(cut: Cut, model: Any, day: str, what: str = "", **which: Any) -> Subquery:
    """Of a period of care, the last day on which something was done by the day of the return, or what was done then."""
    of = cut.rows(model).filter(period=OuterRef("pk"), **{f"{day}__lte": cut.end}, **which)
    return Subquery(of.order_by(f"-{day}", "-pk").values(what or day)[:1], output_field=None if what else DateField())


def _times(rows: Any) -> Coalesce:
    """How many of these rows of the same person there are."""
    return Coalesce(Subquery(rows.order_by().values("person").annotate(found=Count("pk")).values("found")), 0)


def _done(cut: Cut) -> dict[str, Any]:
    """What was last done for the child in the period of care."""
    return {
        "reviewed": _latest(cut, Review, "review_date"),
        "visited": _latest(cut, CareVisit, "visit_date"),
        "permanence": _latest(cut, CarePlan, "plan_date", "permanence"),
        "chair_saw": _latest(cut, Review, "chair_saw_child_date"),
        "health": _latest(cut, HealthCheck, "check_date", kind__in=("IHA", "RHA")),
        "dental": _latest(cut, HealthCheck, "check_date", kind="DENTAL"),
    }


def _in_twelve_months(cut: Cut) -> dict[str, Any]:
    """What happened in the twelve months to the day of the return."""
    twelve, person = add_months(cut.end, -12), OuterRef("person")
    lately = {"person": person, "start_date__gt": twelve, "start_date__lte": cut.end}
    sought = cut.rows(AsylumStatus).filter(Q(end_date=None) | Q(end_date__gt=twelve), person=person)
    earlier = cut.rows(PeriodOfCare).filter(person=person, end_date__gt=twelve, end_date__lte=OuterRef("start_date"))
    away = cut.rows(apps.get_model("missing.MissingEpisode")).filter(**lately)
    last = away.filter(end_date__lte=cut.end).order_by("-start_date", "-pk")
    return {
        "sought": Exists(sought.filter(start_date__lte=cut.end)),
        "again": Exists(earlier),
        "moves": _times(cut.rows(Episode).filter(start_reason__in=MOVES, **lately)),
        "missing": _times(away.filter(kind="M")),
        "absent": _times(away.filter(kind="A")),
        "offered": Subquery(last.values("interview_offered")[:1]),
        "accepted": Subquery(last.values("interview_accepted")[:1]),
    }


def _rows(cut: Cut) -> Iterator[Told]:
    presents, asked = _presents(cut), _done(cut) | _in_twelve_months(cut)
    own = ("pk", "start_date", "end_date", "end_reason", "category_of_need")
    rows = with_whom(cut, _periods(cut).annotate(**asked))
    for row in cut.told(rows, *own, *asked, *WHO_AND_BY_WHOM, order=("start_date",)):
        present = presents.get(row["pk"])
        told = {} if present is None else _told(cut, present)
        yield Told(row["child"], who(cut, row) | _of_care(cut, row) | told)


def _of_care(cut: Cut, row: dict[str, Any]) -> dict[str, Any]:
    ceased = cut.by_then(row["end_date"])
    return {
        ASYLUM: row["sought"],
        STARTED: row["start_date"],
        NEED: row["category_of_need"],
        "Is this a second or subsequent period of being a Looked After Child within the last 12 months (Y/N)": row[
            "again"
        ],
        REVIEWED: row["reviewed"],
        VISITED: row["visited"],
        "What is the permanence plan for this child?": row["permanence"],
        "Date of Last IRO Visit / Contact to the Child": row["chair_saw"],
        "Date of Last Health Assessment": row["health"],
        DENTAL: row["dental"],
        "Number of Placements in the Last 12 months": row["moves"],
        MISSED.format("Missing"): row["missing"],
        MISSED.format("Absent"): row["absent"],
        OFFERED: row["offered"],
        ACCEPTED: row["accepted"],
        CEASED: ceased,
        REASON: row["end_reason"] if ceased else None,
    }


def _told(cut: Cut, present: Present) -> dict[str, Any]:
    stay = present.placement
    where = stay["authority"]
    return {
        STATUS: present.status,
        STATUS_SINCE: present.since,
        PLACED: stay["start_date"],
        KIND: stay["placement_type"],
        PROVIDER: stay["provider"],
        POSTCODE: stay["postcode"],
        URN: stay["urn"],
        "Placement Location": (INSIDE if where == cut.area else OUTSIDE) if where else None,
        "LA of Placement": area(where).name if where else None,
    }


WRITERS = (TableWriter("annexa", TABLE, _rows),)
