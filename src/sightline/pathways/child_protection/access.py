"""Who sees conferences, and whom a conference lets its chair see."""

from __future__ import annotations

from datetime import date

from sightline.core.access.models import User
from sightline.core.access.visibility import ByAnyChild, People, Reason
from sightline.pathways.child_protection.models import ConferenceChild
from sightline.standards.dates import add_months

#: Reviews follow each other within six months, so a chair who keeps a child's conferences never loses sight, and one who gave them up does.
MONTHS_AFTER_CHAIRING = 12


def _chaired(user: User, day: date) -> People:
    meetings = ConferenceChild.objects.filter(
        conference__chair=user.worker_id,
        conference__conference_date__gt=add_months(day, -MONTHS_AFTER_CHAIRING),
        conference__conference_date__lte=day,
    )
    return meetings.values("person_id")


RULES = {"child_protection.Conference": ByAnyChild("child_protection.ConferenceChild", "conference")}
REASONS = (Reason("conference", "You chaired a conference about the child in the last 12 months.", _chaired),)
