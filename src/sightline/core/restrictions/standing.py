"""Which restrictions hold on a day: seals, conflicts, emergency access, sharing decisions, links between identities."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from sightline.core.access.models import User
from sightline.core.access.prepared import moment
from sightline.core.people.models import HouseholdMember
from sightline.core.restrictions.models import (
    AdoptedIdentity,
    ConflictOfInterest,
    EmergencyAccess,
    IdentityDisclosure,
    Seal,
    SealMember,
    SharingDecision,
)


def in_force(day: date, prefix: str = "") -> Q:
    """A restriction that holds on a day.

    It errs on the side of protection: one made since the day holds, too, so that looking back, and an invented partnership that stands in the
    past, show nothing that is closed today.
    """
    begun = Q(**{f"{prefix}start_date__lte": max(day, timezone.localdate())})
    return begun & (Q(**{f"{prefix}end_date": None}) | Q(**{f"{prefix}end_date__gt": day}))


def memberships(user: User, day: date) -> QuerySet[Any, Any]:
    """The user's memberships of seals, on a day."""
    own: QuerySet[Any, Any] = SealMember.objects.filter(in_force(day), in_force(day, "seal__"), worker=user.worker_id)
    return own if user.worker_id else own.none()


def seals_against(user: User, day: date) -> QuerySet[Seal]:
    """The seals that close something to the user on a day."""
    return Seal.objects.filter(in_force(day)).exclude(pk__in=memberships(user, day).values("seal"))


def sealed_from_anybody(day: date) -> tuple[set[int], dict[str, list[int]]]:
    """The people and the single records, by table, that a seal closes to anybody on a day: what goes out to others leaves them out."""
    seals = Seal.objects.filter(in_force(day))
    homes = seals.filter(household__isnull=False).values("household")
    living = HouseholdMember.objects.filter(household__in=homes).values_list("person_id", flat=True)
    alone = seals.filter(person__isnull=False).values_list("person_id", flat=True)
    records: dict[str, list[int]] = {}
    for table, id in seals.filter(record_id__isnull=False).values_list("record_table", "record_id"):
        records.setdefault(table, []).append(id or 0)
    return {id for id in (*alone, *living) if id is not None}, records


def running(user: User) -> QuerySet[Any, Any]:
    """The user's emergency accesses that have not ended. They are judged by the clock, not by a day."""
    now = moment()
    own: QuerySet[Any, Any] = EmergencyAccess.objects.filter(
        worker=user.worker_id, granted_at__lte=now, ends_at__gt=now
    )
    return own if user.worker_id else own.none()


def sealed_people(user: User, day: date) -> list[QuerySet[Any, Any]]:
    """The people who are sealed from the user: by themselves, and as members of a household while the seal holds."""
    seals = seals_against(user, day)
    opened = running(user)
    alone = seals.filter(person__isnull=False)
    alone = alone.exclude(_may_open() & Exists(opened.filter(person=OuterRef("person"))))
    living = HouseholdMember.objects.filter(household__in=seals.filter(household__isnull=False).values("household"))
    # Whoever left a household before it was sealed is not sealed with it.
    since = Seal.objects.filter(pk__in=seals.values("pk"), household=OuterRef("household"))
    still = Exists(since.filter(Q(start_date__lt=OuterRef("end_date"))))
    closed = Exists(since.exclude(_may_open()))
    living = living.filter(Q(end_date=None) | still)
    living = living.filter(closed | ~Exists(opened.filter(person=OuterRef("person"))))
    return [alone.values("person"), living.values("person")]


def conflicted_people(user: User, day: date) -> list[QuerySet[Any, Any]]:
    """The people about whom the user has a conflict of interest."""
    own: QuerySet[Any, Any] = ConflictOfInterest.objects.filter(in_force(day), worker=user.worker_id)
    if user.worker_id is None:
        return []
    households = own.filter(household__isnull=False)
    since = households.filter(household=OuterRef("household"), start_date__lt=OuterRef("end_date"))
    living = HouseholdMember.objects.filter(household__in=households.values("household"))
    living = living.filter(Q(end_date=None) | Exists(since))
    return [own.filter(person__isnull=False).values("person"), living.values("person")]


def may_be_opened(user: User, person: int, day: date) -> bool:
    """Whether an emergency opens a person's record to the user: nothing closes it but seals that allow it."""
    seals = seals_against(user, day).exclude(_may_open())
    homes = HouseholdMember.objects.filter(person=person).values("household")
    if seals.filter(Q(person=person) | Q(household__in=homes)).exists():
        return False
    others = [*conflicted_people(user, day), closed_identities(user)]
    return not any(person in {next(iter(row.values())) for row in found} for found in others)


def closed_identities(user: User) -> QuerySet[Any, Any]:
    """The records before an adoption, closed to everybody but those to whom the identity was disclosed by two people, while that lasts."""
    found: QuerySet[Any, Any] = AdoptedIdentity.objects.filter(end_date=None)
    if user.worker_id is not None:
        told = disclosures(user).values("person")
        found = found.exclude(Q(before__in=told) | Q(after__in=told))
    return found.values("before")


def disclosures(user: User) -> QuerySet[IdentityDisclosure]:
    """The disclosures of an identity to the user that hold now."""
    now = moment()
    return IdentityDisclosure.objects.filter(asked_by=user.worker_id, agreed_at__lte=now, ends_at__gt=now)


def shared_with(user: User, day: date) -> QuerySet[Any, Any]:
    """The sharing decisions in favour of the user's agency that are open on a day."""
    agency = user.worker.agency_id if user.worker is not None else None
    found: QuerySet[Any, Any] = SharingDecision.objects.filter(in_force(day), partner=agency)
    return found if agency else found.none()


def _may_open() -> Q:
    """Seals that an emergency opens."""
    return Q(policy="masked") | Q(emergency=True)
