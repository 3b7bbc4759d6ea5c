"""Who sees restrictions, the reasons that come with them, and the bars that they put up.

Every reason to see a child that belongs to no pathway stands here: membership of a seal, emergency access, a sharing decision, and for
partner agencies what they recorded themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.db.models import Model, Q
from django.utils import timezone

from sightline.core.access.models import User
from sightline.core.access.queries import People, any_of
from sightline.core.access.reasons import WHO, Bar, Reason
from sightline.core.access.roles import PARTNERS, Permission
from sightline.core.access.rules import ByParent, SeenByUser
from sightline.core.organisations.models import TeamMembership, Worker
from sightline.core.people.models import HouseholdMember, Person
from sightline.core.records.dictionary import stream
from sightline.core.records.models import Record
from sightline.core.records.spells import open_on
from sightline.core.restrictions import standing
from sightline.core.restrictions.models import EmergencyAccess, SealMember, SharedStream, SharingDecision

#: Tables that are shown with a stream of another name.
_WITH = {"places": "people"}


def stream_of(model: type[Model]) -> str:
    """The part of the record by which a type of record is shared."""
    own = stream(model)
    return _WITH.get(own, own)


def _members(user: User, day: date) -> People:
    return standing.memberships(user, day).filter(seal__person__isnull=False).values("seal__person_id")


def _members_of_household(user: User, day: date) -> People:
    households = standing.memberships(user, day).filter(seal__household__isnull=False).values("seal__household")
    return HouseholdMember.objects.filter(open_on(day), household__in=households).values("person_id")


def _emergency(user: User, day: date) -> People:
    del day
    return standing.running(user).values("person_id")


def _shared(user: User, day: date) -> People:
    return standing.shared_with(user, day).values("person_id")


def _shared_rows(user: User, day: date, model: type[Model]) -> People | None:
    """Whose rows of a type are shared: who the child is, always; the rest by its stream. Nothing is shared with the authority itself."""
    if _partner_agency(user) is None:
        return None
    decisions = standing.shared_with(user, day)
    if model._meta.label in WHO:
        return decisions.values("person_id")
    whole = decisions.filter(record_id=None)
    return whole.filter(pk__in=_decisions_on(stream_of(model))).values("person_id")


def _decisions_on(name: str) -> Any:
    return SharedStream.objects.filter(stream=name).values("decision")


def _shared_one_by_one(user: User, day: date, model: type[Model]) -> Q | None:
    if _partner_agency(user) is None:
        return None
    decisions = standing.shared_with(user, day)
    if model._meta.label in ("restrictions.SharingDecision", "restrictions.SharedStream"):
        return Q(**{"pk__in" if model._meta.label.endswith("Decision") else "decision__in": decisions.values("pk")})
    named = decisions.filter(record_table=model._meta.db_table)
    return Q(pk__in=named.values("record_id"))


def _own(user: User, day: date) -> People:
    """People whom the partner's own agency registered. Whom it told of stands at the front door."""
    del day
    agency = _partner_agency(user)
    return Person.objects.filter(agency=agency).values("pk") if agency else Person.objects.none().values("pk")


def _own_rows(user: User, day: date, model: type[Model]) -> People | None:
    return _own(user, day) if model._meta.label in WHO else None


def _own_one_by_one(user: User, day: date, model: type[Model]) -> Q | None:
    del day
    agency = _partner_agency(user)
    about_one = any(field.name == "person" for field in model._meta.concrete_fields)
    return Q(agency=agency) if agency and about_one and issubclass(model, Record) else None


def _partner_agency(user: User) -> int | None:
    """The agency whose own rows its workers see. Never the authority, which holds everybody's."""
    worker = user.worker
    return worker.agency_id if worker is not None and worker.agency.kind != "local_authority" else None


def _of_the_seals(person: int, day: date) -> Iterable[int]:
    households = HouseholdMember.objects.filter(person=person).values("household")
    members = SealMember.objects.filter(standing.in_force(day))
    members = members.filter(Q(seal__person=person) | Q(seal__household__in=households))
    return members.values_list("worker_id", flat=True).order_by()


def _in_an_emergency(person: int, day: date) -> Iterable[int]:
    del day
    opened = EmergencyAccess.objects.filter(person=person, ends_at__gt=timezone.now())
    return opened.values_list("worker_id", flat=True).order_by()


def _of_the_partners(person: int, day: date) -> Iterable[int]:
    shared = SharingDecision.objects.filter(standing.in_force(day), person=person).values("partner")
    return Worker.objects.filter(agency__in=shared).values_list("id", flat=True)


def _of_the_agency(person: int, day: date) -> Iterable[int]:
    del day
    agency = Person.objects.filter(pk=person).exclude(agency__kind="local_authority").values("agency")
    return Worker.objects.filter(agency__in=agency).values_list("id", flat=True)


def _sealed(user: User, day: date) -> People:
    return any_of(standing.sealed_people(user, day))


def _conflicted(user: User, day: date) -> People:
    return any_of(standing.conflicted_people(user, day))


def _closed(user: User, day: date) -> People:
    del day
    return standing.closed_identities(user)


def SEALED(user: User, day: date) -> Iterator[tuple[str, int]]:  # noqa: N802  # declared beside REASONS and BARS
    """Single records that are sealed from the user."""
    seals = standing.seals_against(user, day).filter(record_id__isnull=False)
    yield from ((table, id) for table, id in seals.values_list("record_table", "record_id") if id is not None)


def _own_seals(user: User, day: date) -> Q:
    return Q(pk__in=standing.memberships(user, day).values("seal"))


def _members_of_own_seals(user: User, day: date) -> Q:
    return Q(seal__in=standing.memberships(user, day).values("seal"))


def _conflicts(user: User, day: date) -> Q:
    """Those the user declared, and for a manager those of the workers of their teams."""
    found = Q(declared_by=user.worker_id) if user.worker_id else Q(pk__in=[])
    if user.may(Permission.MANAGE_TEAM) and user.worker_id:
        found |= Q(worker__in=_team(user, day)) & ~Q(worker=user.worker_id)
    return found


def _team(user: User, day: date) -> Any:
    teams = TeamMembership.objects.filter(open_on(day), worker=user.worker_id).values("team")
    return TeamMembership.objects.filter(open_on(day), team__in=teams).values("worker")


def _emergencies(user: User, day: date) -> Q:
    """One's own, and for reviewers everybody's: save about those from whom they are barred."""
    own = Q(worker=user.worker_id) if user.worker_id else Q(pk__in=[])
    if not user.may(Permission.REVIEW_ACCESS):
        return own
    return own | ~(Q(person__in=_conflicted(user, day)) | Q(person__in=_hidden(user, day)))


def _hidden(user: User, day: date) -> People:
    """People whose very existence a seal hides from the user; a reviewer without children of their own has to judge all the same."""
    if not user.may(Permission.SEE_OWN_CHILDREN):
        return any_of(())
    return _sealed(user, day)


def _notices(user: User, day: date) -> Q:
    del day
    own = Q(recipient=user.worker_id) if user.worker_id else Q(pk__in=[])
    return own | Q(recipient=None) if user.may(Permission.REVIEW_ACCESS) else own


def _disclosures(user: User, day: date) -> Q:
    del day
    return Q() if user.may(Permission.DISCLOSE_IDENTITY) else Q(pk__in=[])


def _nobody(user: User, day: date) -> Q:
    del user, day
    return Q(pk__in=[])


RULES = {
    "restrictions.Seal": SeenByUser("Seen only by the members of the seal.", _own_seals),
    "restrictions.SealMember": SeenByUser("Seen only by the members of the seal.", _members_of_own_seals),
    "restrictions.ConflictOfInterest": SeenByUser(
        "Seen by who declared it, and by the managers of the worker's team.", _conflicts
    ),
    "restrictions.EmergencyAccess": SeenByUser(
        "Seen by who opened the record, and by those who review emergency access, save one about whom they have a conflict.",
        _emergencies,
    ),
    "restrictions.Notice": SeenByUser("Seen by whom it is for.", _notices),
    "restrictions.SharedStream": ByParent("decision", "restrictions.SharingDecision"),
    "restrictions.AdoptedIdentity": SeenByUser(
        "Seen by nobody: two people disclose it by an action of their own.", _nobody
    ),
    "restrictions.IdentityDisclosure": SeenByUser(
        "Seen by those whose role may disclose an adopted child's identity. It does not say what the other identity is.",
        _disclosures,
    ),
}

BARS = (
    Bar("sealed", "Sealed: only the members of the seal see it.", _sealed),
    Bar("conflict", "A declared conflict of interest.", _conflicted),
    Bar("adopted", "The record before an adoption, closed to everybody.", _closed),
)

REASONS = (
    Reason(
        "seal",
        "You are a member of the seal on the person's record.",
        _members,
        ends="end_date",
        ending="It ends when your membership or the seal ends.",
        person="seal__person_id",
        candidates=_of_the_seals,
    ),
    Reason(
        "seal_household",
        "You are a member of the seal on the person's household.",
        _members_of_household,
        ends="end_date",
        ending="It ends when your membership, the seal, or the person's time in the household ends.",
        candidates=_of_the_seals,
    ),
    Reason(
        *("emergency", "You opened the record in an emergency.", _emergency),
        ends="ends_at",
        candidates=_in_an_emergency,
    ),
    Reason(
        "shared",
        "The record is shared with your agency by a decision.",
        _shared,
        ends="end_date",
        candidates=_of_the_partners,
        shows=_shared_rows,
        rows=_shared_one_by_one,
    ),
    Reason(
        "own_agency",
        "Your agency recorded it.",
        _own,
        PARTNERS,
        ending="It ends when your agency's own record is disposed of.",
        person="pk",
        candidates=_of_the_agency,
        shows=_own_rows,
        rows=_own_one_by_one,
    ),
)
