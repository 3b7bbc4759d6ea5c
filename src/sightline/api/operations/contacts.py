"""Sending a contact or a notification, and asking after it."""

from __future__ import annotations

from typing import Annotated, Any, cast

from django.apps import apps
from django.http import HttpRequest
from django.utils import timezone
from ninja import Body, Header, Path, Status

from sightline.api.build import operation
from sightline.api.door import call_of, caller_of
from sightline.api.messages import Child, Contact, Kind, Notification, Received, Stage, State
from sightline.api.problems import FieldFault, Refusal
from sightline.api.values import the_day
from sightline.core.access.models import User
from sightline.core.access.visibility import barred
from sightline.core.finding.likely import alike
from sightline.core.partners.clients import Caller
from sightline.core.partners.models import Submission, SubmittedChild
from sightline.core.people.models import Identifier, Person
from sightline.engine.actions.engine import perform
from sightline.engine.actions.refusals import Invalid

_INTAKE = "front_door.Intake"
#: What a field of the record is called in a message.
_NAMES = {
    "value": "nhs_number",
    "nhs": "nhs_number",
    "local": "local_id",
    "line_1": "address",
    "person": "",
    "referrer_name": "referrer.name",
    "referrer_role": "referrer.role",
    "referrer_reach": "referrer.reach",
}
_Key = Annotated[
    str, Header(alias="Idempotency-Key", min_length=1, max_length=100, pattern=r"^[!-~]+$", examples=["0b1c2d3e-0001"])
]
_Reference = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$", examples=["3f2a9c0d7b6e4c51a9e0c1d2e3f4a5b6"])]


@operation("POST", "/contacts", scope="contacts:write", answers={201: Received}, refusals=(409, 415), keyed=True)
def send_contact(request: HttpRequest, message: Annotated[Contact, Body()], idempotency_key: _Key) -> Status[Received]:
    """Send a contact about one child or several. It goes to the front door; the answer is the same whether a child is known or not."""
    del idempotency_key  # The door keeps it.
    return Status(201, _take(request, message, "contact", message.narrative))


@operation("POST", "/notifications", scope="contacts:write", answers={201: Received}, refusals=(409, 415), keyed=True)
def send_notification(
    request: HttpRequest, message: Annotated[Notification, Body()], idempotency_key: _Key
) -> Status[Received]:
    """Send word of something that happened to one child or several. It goes to the front door as a contact of the kind “notification”."""
    del idempotency_key
    day = f"{message.happened_on.day} {message.happened_on:%B %Y}"
    return Status(201, _take(request, message, "notification", f"{message.happened} ({day}).\n\n{message.narrative}"))


@operation("GET", "/contacts/{reference}", scope="contacts:read", answers={200: State}, refusals=(404,))
def contact_state(request: HttpRequest, reference: _Reference) -> State:
    """Ask how far a contact or notification of the agency is, and what the agency was told of it."""
    agency = caller_of(request).client.agency
    found = Submission.objects.filter(reference=reference, agency=agency).first()
    if found is None:
        raise Refusal(404, "The agency has sent nothing under this reference.")
    call_of(request).shown["reference"] = reference
    # The agency's own contact and the words addressed to it. Nothing of a child's record is read, so no seal can show in the answer.
    intake: Any = apps.get_model(_INTAKE)._default_manager.get(pk=found.record_id)
    state: Stage = "answered" if intake.feedback_date else "decided" if intake.decided_date else "received"
    return State(
        reference=reference,
        kind=cast(Kind, found.kind),
        state=state,
        received_on=intake.received_date,
        decided_on=intake.decided_date,
        feedback_on=intake.feedback_date,
        feedback=intake.feedback if intake.feedback_date else "",
    )


def _take(request: HttpRequest, message: Contact | Notification, kind: Kind, narrative: str) -> Received:
    caller = caller_of(request)
    named = [_child(caller, child, place) for place, child in enumerate(message.children)]
    rows = [
        {
            "person": one.person_id,
            "presenting_issue": child.presenting_issue,
            "household_relationship": child.household_relationship or "",
        }
        for one, child in zip(named, message.children, strict=True)
    ]
    values = {
        "received_date": the_day(),
        "source": caller.client.source,
        "method": "NOTIFICATION" if kind == "notification" else "FORM",
        "referrer_agency": caller.client.agency_id,
        "referrer_name": message.referrer.name,
        "referrer_role": message.referrer.role,
        "referrer_reach": message.referrer.reach,
        "narrative": narrative,
        "consent": message.consent,
        "consent_reason": message.consent_reason or "",
        "lawful_basis": message.lawful_basis or "",
        "priority": message.priority,
        "team": caller.client.team_id,
        "children": rows,
    }
    intake = _perform(caller, "front_door.take_contact", values, "").record
    sent = Submission.objects.create(
        client=caller.client,
        agency=caller.client.agency,
        kind=kind,
        record_table=intake._meta.db_table,
        record_id=intake.pk,
    )
    for one in named:
        one.submission = sent
    SubmittedChild.objects.bulk_create(named)
    call_of(request).shown["reference"] = sent.reference
    return Received(
        reference=sent.reference, kind=kind, received_on=intake.received_date, children=len(message.children)
    )


def _perform(caller: Caller, action: str, values: dict[str, Any], prefix: str) -> Any:
    """An action, its faults under the names of the message."""
    given = {name: value for name, value in values.items() if value not in (None, "")}
    try:
        return perform(action, by=caller.client.user, because=f"Sent by {caller.client.name}", values=given)
    except Invalid as refusal:
        faults = [FieldFault(field=_field(prefix, fault.input), what=fault.what) for fault in refusal.faults]
        raise Refusal(422, "Correct what is named and send it again.", faults) from refusal


def _field(prefix: str, input: str) -> str:
    parts = [_NAMES.get(part, part) for part in input.split(".")]
    return ".".join(part for part in (prefix, *parts) if part)


def _child(caller: Caller, child: Child, place: int) -> SubmittedChild:
    """The child: one who is known for certain, else a new one, to be checked where anybody is alike."""
    likely = [match.person for match in alike(_particulars(child))]
    known = _certain(caller.client.user, child, likely)
    if known is not None:
        return SubmittedChild(person_id=known, matched=True, to_check=False)
    person = _perform(caller, "partners.register_child", _particulars(child), f"children.{place}").record
    return SubmittedChild(person_id=person.pk, matched=False, to_check=bool(likely))


def _particulars(child: Child) -> dict[str, Any]:
    return {
        "forename": child.forename,
        "surname": child.surname,
        "birth_date": child.birth_date,
        "expected_birth_date": child.expected_birth_date,
        "sex": child.sex,
        "nhs": child.nhs_number,
        "local": child.local_id,
        "line_1": child.address if child.postcode else None,
        "postcode": child.postcode,
    }


def _certain(user: User, child: Child, likely: list[int]) -> int | None:
    """The one person who has a number that was given and the same date of birth.

    Never somebody from whom the agency is barred: a contact under a seal would be seen by nobody at the front door, while one about a child
    registered anew is worked on, and those who may see both find the two. Nor somebody who died: a refusal
    for that reason would tell the sender of it.
    """
    if child.birth_date is None:
        return None
    today = timezone.localdate()
    numbers = [(scheme, number) for scheme, number in (("nhs", child.nhs_number), ("local", child.local_id)) if number]
    found: set[int] = set()
    for scheme, number in numbers:
        held = Identifier.objects.filter(scheme=scheme, value=number, person__in=likely)
        found |= {one.person_id for one in held if one.end_date is None or one.end_date > today}
    alive = Person.objects.filter(pk__in=found, birth_date=child.birth_date, death_date=None)
    open_ones = set(alive.values_list("pk", flat=True)) - barred(user, found)
    return open_ones.pop() if len(open_ones) == 1 else None
