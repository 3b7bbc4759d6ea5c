"""What stops the clocks of children looked after, moves that nobody planned, and children placed outside their own area."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from sightline.core.records.spells import open_on
from sightline.engine.work.declarations import Awaiting, DriftList, Kind, Stop
from sightline.pathways.looked_after.models import Episode, PeriodOfCare, Placement
from sightline.standards.codes import codeset
from sightline.standards.dates import add_months

_REVIEW = (Stop("looked_after.hold_review"),)
_VISIT = (Stop("looked_after.record_visit", via="period"),)
_NOTICE = (Stop("looked_after.notify_placement"),)
_HEALTH = (Stop("looked_after.record_health_check"),)
_EDUCATION = (Stop("looked_after.start_education_plan"),)
SHORT_BREAKS = ("V3", "V4")
TEMPORARY = ("T0", "T1", "T2", "T3", "T4")
#: Whose turns are reviews.
REVIEWS = ("LAC-REVIEW-1", "LAC-REVIEW-2", "LAC-REVIEW-N")
#: How far back the list of unplanned moves looks.
MONTHS_OF_MOVES = 3

STOPS = {
    "LAC-REVIEW-1": _REVIEW,
    "LAC-REVIEW-2": _REVIEW,
    "LAC-REVIEW-N": _REVIEW,
    "LAC-REVIEW-DECISIONS": (Stop("looked_after.send_decisions"),),
    "LAC-REVIEW-RECORD": (Stop("looked_after.send_review"),),
    "LAC-APPROVAL": (Stop("looked_after.approve"),),
    "LAC-CAREPLAN": (Stop("looked_after.plan_care"),),
    "LAC-IRO-ALLOC": (Stop("looked_after.name_officer"),),
    "LAC-PLACEMENTPLAN": (Stop("looked_after.plan_placement"),),
    "LAC-VISIT-1": _VISIT,
    "LAC-VISIT-6W": _VISIT,
    "LAC-VISIT-3M": _VISIT,
    "LAC-VISIT-WEEKLY": _VISIT,
    "LAC-VISIT-4W": _VISIT,
    "LAC-VISIT-LTF-6M": _VISIT,
    "LAC-VISIT-CO-HOME": _VISIT,
    "LAC-NOTIFY": _NOTICE,
    "LAC-NOTIFY-BEFORE": _NOTICE,
    "LAC-OOA-NOTIFY": _NOTICE,
    "LAC-OOA-NOTIFY-BEFORE": _NOTICE,
    "LAC-OOA-DISTANT": (Stop("looked_after.approve_distant"),),
    "LAC-SDQ": _HEALTH,
    "LAC-IHA": _HEALTH,
    "LAC-RHA-U5": _HEALTH,
    "LAC-RHA-5PLUS": _HEALTH,
    "LAC-DENTAL": _HEALTH,
    "PEP-INITIAL": _EDUCATION,
    "PEP-REVIEW": _EDUCATION,
    "PEP-COMPLETE": _EDUCATION,
    "TEMP-APPROVAL-16W": (Stop("looked_after.decide_connected"),),
}
AWAITING = (
    Awaiting(
        *("care-approvals", "Starts of care to approve", "looked_after.approve", "start_date"),
        where=Q(approved_date=None, source_system="sightline"),
    ),
)
KINDS = (Kind("Looked after", "looked_after.PeriodOfCare", 0),)


def unplanned(rows: QuerySet[Any], day: date) -> QuerySet[Any]:
    """Moves of the last months that nobody planned: to another placement, not the first of the period and not a temporary absence."""
    before = Placement.objects.filter(period=OuterRef("period"), start_date__lt=OuterRef("start_date"))
    lately = rows.filter(planned=False, start_date__gt=add_months(day, -MONTHS_OF_MOVES), start_date__lte=day)
    return lately.exclude(placement_type__in=TEMPORARY).filter(
        Exists(before), Exists(PeriodOfCare.objects.filter(open_on(day), pk=OuterRef("period")))
    )


def out_of_area(rows: QuerySet[Any], day: date) -> QuerySet[Any]:
    """Open placements outside the area of the authority that holds the record. A series of short breaks does not count."""
    episodes = Episode.objects.filter(period=OuterRef("period"))
    lasting = Exists(episodes.exclude(legal_status__in=SHORT_BREAKS)) | ~Exists(episodes)
    placed = rows.filter(open_on(day)).exclude(placement_type__in=TEMPORARY).exclude(authority="")
    return placed.exclude(authority=F("agency__area")).filter(lasting)


def _moved(placement: Any, _day: date) -> str:
    return codeset("cla_placement_type").display(placement.placement_type)


def _away(placement: Any, day: date) -> str:
    miles = f", {placement.distance_miles:g} miles from home" if placement.distance_miles is not None else ""
    return f"{_moved(placement, day)}{miles}"


DRIFT = (
    DriftList(
        "unplanned-moves",
        "Unplanned placement moves",
        f"A move is listed for {MONTHS_OF_MOVES} months from its day when it was not planned beforehand and the child is still looked after."
        " The first placement of a period of care is no move, nor is a temporary absence (T0 to T4).",
        "looked_after.Placement",
        unplanned,
        heading="Moved",
        about=_moved,
    ),
    DriftList(
        "placed-out-of-area",
        "Own children placed out of area",
        "A placement is listed while it is open and lies in the area of another authority than the child's own. Temporary absences (T0 to T4) and"
        " series of short breaks are left out.",
        "looked_after.Placement",
        out_of_area,
        heading="Placed",
        about=_away,
    ),
)
