"""What stops the assessment's clocks, what waits for authorisation, and the assessments that near their limit."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet

from sightline.engine.work.declarations import Awaiting, DriftList, Stop
from sightline.standards.working_days import add_working_days, working_days_between

#: Ten working days before the limit of 45.
FROM_DAY = 35

STOPS = {
    "ASSESS-45": (Stop("assessment.authorise"), Stop("assessment.submit")),
    "ASSESS-REVIEWPOINT": (Stop("assessment.review"),),
    "ASSESS-CHILD-SEEN": (Stop("assessment.record_progress"),),
}
AWAITING = (
    Awaiting(
        *("assessments", "Assessments to authorise", "assessment.authorise", "submitted_date"),
        states=("sent for authorisation",),
        asker="submitted_by",
    ),
)


def at_day(rows: QuerySet[Any], day: date) -> QuerySet[Any]:
    """Assessments under way whose 35th working day has come."""
    return rows.filter(start_date__lte=_latest_start(day), authorised_date=None, cancelled_date=None)


def _latest_start(day: date) -> date:
    """The last day of starting whose 35th working day has come by a day."""
    start = day - timedelta(days=FROM_DAY)
    while add_working_days(start, FROM_DAY) > day:
        start -= timedelta(days=1)
    return start


def _on_day(assessment: Any, day: date) -> str:
    sent = f"; sent for authorisation on {assessment.submitted_date:%d %b %Y}" if assessment.submitted_date else ""
    return f"Working day {working_days_between(assessment.start_date, day)}{sent}"


DRIFT = (
    DriftList(
        "assessments-day-35",
        "Assessments at day 35 and over",
        "An assessment is listed from its 35th working day, the day it started being day 0, until it is authorised or cancelled. The limit is 45.",
        "assessment.Assessment",
        at_day,
        about=_on_day,
    ),
)
