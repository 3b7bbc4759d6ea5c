"""Who sees meetings, and whom a conference lets its chair and those invited to it see."""

from __future__ import annotations

from datetime import date

from sightline.core.access.models import User
from sightline.core.access.visibility import ByAnyChild, ByParent, People, Reason
from sightline.pathways.child_protection.models import ConferenceChild, ConferenceInvitation, PlannedChild
from sightline.standards.dates import add_months
from sightline.standards.local_rules import local_rule
from sightline.standards.working_days import add_working_days

#: Reviews follow each other within six months, so a chair who keeps a child's conferences never loses sight, and one who gave them up does.
MONTHS_AFTER_CHAIRING = 12


def _chaired(user: User, day: date) -> People:
    meetings = ConferenceChild.objects.filter(
        conference__chair=user.worker_id,
        conference__conference_date__gt=add_months(day, -MONTHS_AFTER_CHAIRING),
        conference__conference_date__lte=day,
    )
    return meetings.values("person_id")


def _to_chair(user: User, _day: date) -> People:
    """From the day a chair is named until the conference is held; then they have chaired it."""
    called = PlannedChild.objects.filter(planned__chair=user.worker_id, planned__cancelled_date=None)
    return called.filter(planned__held_date=None).values("person_id")


def _invited(user: User, day: date) -> People:
    """From the invitation until some working days after the conference was to be held, so that one forgotten does not open a record for ever."""
    last = add_working_days(day, -local_rule("CONFERENCE-SIGHT", day))
    mine = ConferenceInvitation.objects.filter(
        worker=user.worker_id, withdrawn_date=None, planned__planned_date__gte=last
    )
    planned = mine.filter(planned__cancelled_date=None).values("planned_id")
    return PlannedChild.objects.filter(planned__in=planned).values("person_id")


RULES = {
    "child_protection.StrategyMeeting": ByAnyChild("child_protection.StrategyDiscussion", "meeting"),
    "child_protection.StrategyAttendance": ByParent("meeting", "child_protection.StrategyMeeting"),
    "child_protection.Conference": ByAnyChild("child_protection.ConferenceChild", "conference"),
    "child_protection.PlannedConference": ByAnyChild("child_protection.PlannedChild", "planned"),
    "child_protection.ConferenceInvitation": ByParent("planned", "child_protection.PlannedConference"),
    "child_protection.CoreGroupAttendance": ByParent("core_group", "child_protection.CoreGroup"),
}
REASONS = (
    Reason(
        *("conference", "You chaired a conference about the child in the last 12 months.", _chaired),
        ends="conference__conference_date",
        months=MONTHS_AFTER_CHAIRING,
    ),
    Reason(
        *("to_chair", "You are to chair a conference about the child.", _to_chair),
        ending="It ends when the conference is held or cancelled.",
    ),
    Reason(
        *("invited", "You are invited to a conference about the child.", _invited),
        ending="It ends some working days after the conference.",
    ),
)
