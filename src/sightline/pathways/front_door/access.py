"""Who sees contacts as received, and for how long the team that took one sees its children."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from sightline.core.access.models import User
from sightline.core.access.visibility import ByAnyChild, ByParent, People, Reason
from sightline.core.organisations.models import TeamMembership
from sightline.pathways.front_door.models import Contact, Referral
from sightline.standards.local_rules import local_rule
from sightline.standards.working_days import add_working_days

_ROLES = frozenset({"contact_officer", "social_worker", "team_manager", "service_manager"})


def _teams(user: User, day: date) -> QuerySet[Any, Any]:
    """One's teams on a day. An invented partnership stands in the past: what has begun in it since has begun, too."""
    open_on = Q(start_date__lte=max(day, timezone.localdate())) & (Q(end_date=None) | Q(end_date__gt=day))
    return TeamMembership.objects.filter(open_on, worker=user.worker_id).values("team_id")


def _handled(user: User, day: date) -> People:
    """A contact of one's own team, or that one took: until it is decided and its referrer told, and for some working days after the decision."""
    since = add_working_days(day, -local_rule("CONTACT-SIGHT", day))
    mine = Q(intake__taken_by=user.worker_id) | Q(intake__team__in=_teams(user, day))
    recent = Q(outcome=None) | Q(outcome_date__gt=since) | Q(intake__isnull=False, intake__feedback_date=None)
    return Contact.objects.filter(mine & recent).values("person_id")


def _to_decide(user: User, day: date) -> People:
    return Referral.objects.filter(outcome=None, team__in=_teams(user, day)).values("person_id")


RULES = {
    "front_door.Intake": ByAnyChild("front_door.Contact", "intake"),
    "front_door.AgencyCheck": ByParent("intake", "front_door.Intake"),
}
REASONS = (
    Reason(
        *("contact", "You or your team handle a contact about the child.", _handled, _ROLES),
        ending="It ends some working days after the decision, when the referrer has been told.",
    ),
    Reason(
        *("referral", "A referral of the child waits for your team's decision.", _to_decide, _ROLES),
        ending="It ends with the decision.",
    ),
)
