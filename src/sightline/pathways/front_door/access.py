"""Who sees contacts as received, and for how long the team that took one sees its children."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from sightline.core.access.models import User
from sightline.core.access.roles import PARTNERS
from sightline.core.access.visibility import ByAnyChild, ByParent, People, Reason
from sightline.core.cases.models import Allocation
from sightline.core.organisations.models import TeamMembership
from sightline.core.people.models import WarningMarker
from sightline.core.records.spells import open_on
from sightline.engine.work.words import soon
from sightline.pathways.front_door.models import AgencyCheck, Contact, Referral
from sightline.standards.local_rules import local_rule
from sightline.standards.working_days import add_working_days

_ROLES = frozenset({"contact_officer", "social_worker", "team_manager", "service_manager"})


def _teams(user: User, day: date) -> QuerySet[Any, Any]:
    """One's teams on a day."""
    return TeamMembership.objects.filter(open_on(day), worker=user.worker_id).values("team_id")


def _handled(user: User, day: date) -> People:
    """A contact of one's own team, or that one took: until it is decided and its referrer told, and for some working days after the decision."""
    since = add_working_days(day, -local_rule("CONTACT-SIGHT", day))
    mine = Q(intake__taken_by=user.worker_id) | Q(intake__team__in=_teams(user, day))
    recent = Q(outcome=None) | Q(outcome_date__gt=since) | Q(intake__isnull=False, intake__feedback_date=None)
    return Contact.objects.filter(mine & recent).values("person_id")


def _to_decide(user: User, day: date) -> People:
    return Referral.objects.filter(outcome=None, team__in=_teams(user, day)).values("person_id")


def _partner(user: User) -> int | None:
    """The partner agency whose contacts these are. The authority's own workers see by their teams."""
    worker = user.worker
    return worker.agency_id if worker is not None and worker.agency.kind != "local_authority" else None


def _referred(user: User, day: date) -> People:
    """The agency's own referral, unless it led to nothing: until the case that it opened closes."""
    known = Q(case=None) | Q(case__end_date=None) | Q(case__end_date__gt=day)
    agency = _partner(user)
    made = Referral.objects.filter(known, contact__intake__referrer_agency=agency, no_further_action=False)
    return (made if agency else made.none()).values("person_id")


def _asked(user: User, day: date) -> People:
    """The agency was asked what it knows: until the contact is decided."""
    agency = _partner(user)
    checks = AgencyCheck.objects.filter(organisation=agency, asked_date__lte=day)
    open_still = Q(outcome=None) | Q(outcome_date__gt=day)
    contacts = Contact.objects.filter(open_still, intake__in=checks.values("intake_id"))
    return (contacts if agency else contacts.none()).values("person_id")


def _front_doors(day: date) -> QuerySet[Any, Any]:
    """The teams that take contacts: those to which a contact officer belongs."""
    officers = User.objects.filter(role="contact_officer", is_active=True, worker__isnull=False).values("worker_id")
    return TeamMembership.objects.filter(open_on(day), worker__in=officers).values("team_id")


def _left_warnings(day: date) -> QuerySet[Any]:
    """Warnings to review soon, or late, about people whom no team holds: those who reviewed them have lost sight of them with the case."""
    held = Allocation.objects.filter(open_on(day), person=OuterRef("person"))
    return WarningMarker.objects.filter(~Exists(held), end_date=None, review_date__lte=soon(day))


def _warned_of(user: User, day: date) -> People:
    on_duty = _teams(user, day).filter(team__in=_front_doors(day))
    return _left_warnings(day).filter(Exists(on_duty)).values("person_id")


def _on_duty(person: int, day: date) -> Iterable[int]:
    if not _left_warnings(day).filter(person=person).exists():
        return []
    members = TeamMembership.objects.filter(open_on(day), team__in=_front_doors(day))
    return members.values_list("worker_id", flat=True).order_by()


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
    Reason(
        *("warning", "A warning about the person is to be reviewed, and no team holds a case of theirs.", _warned_of),
        frozenset({"team_manager", "service_manager"}),
        ending="It ends when the warning is reviewed or ended, or a team takes a case of the person.",
        candidates=_on_duty,
    ),
    Reason(
        *("referred", "Your agency referred the child.", _referred, PARTNERS),
        ends="case__end_date",
        ending="It ends when the case that the referral opened closes, or when it is decided that none opens.",
    ),
    Reason(
        *("asked", "Your agency was asked what it knows of the child.", _asked, PARTNERS),
        ending="It ends when the contact is decided.",
    ),
)
