"""What stops the clocks of adoption, and what waits for the decision of the agency."""

from __future__ import annotations

from django.db.models import Q

from sightline.engine.work.declarations import Awaiting, Stop

STOPS = {
    "ADOPT-PANEL-INFO": (Stop("adoption.recommend"),),
    "ADOPT-PANEL-REC": (Stop("adoption.recommend"),),
    "ADOPT-ADM": (Stop("adoption.decide"),),
    "ADOPT-ADM-TELL": (Stop("adoption.tell"),),
    "ADOPT-ADM-WRITE": (Stop("adoption.tell"),),
    "ADOPT-REGISTER": (Stop("adoption.register"),),
    "ADOPT-MATCH-6M": (Stop("adoption.match"),),
    "ADOPT-DISRUPT-MAX": (Stop("adoption.meet_on_disruption"),),
    "ADOPT-REVIEW-PLACED-1": (Stop("looked_after.hold_review"),),
    "ADOPT-REVIEW-PLACED-2": (Stop("looked_after.hold_review"),),
    "ADOPT-REVIEW-PLACED-N": (Stop("looked_after.hold_review"),),
    "ADOPT-REVIEW-WAIT-1": (Stop("looked_after.hold_review"),),
    "ADOPT-REVIEW-WAIT-N": (Stop("looked_after.hold_review"),),
    "ADOPT-VISIT-WEEKLY": (Stop("looked_after.record_visit"),),
    "ADOPT-LIFESTORY": (Stop("adoption.hand_over"),),
}
AWAITING = (
    Awaiting(
        *("adoption-decisions", "Plans for adoption to decide", "adoption.decide", "panel_date"),
        states=("planned",),
        where=Q(panel_date__isnull=False),
    ),
)
