"""What agencies are told: an event for each decision that concerns them, and a delivery for each of their webhooks, in its own transaction.

A pathway declares in its `partners.py` which of its records were sent in by agencies and when there is something to tell: `EVENTS`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import connection
from django.db.models.signals import post_save

from sightline.core.access.visibility import visible
from sightline.core.partners.models import Client, Delivery, Event, Submission, Webhook
from sightline.core.registry import pathway_modules
from sightline.core.restrictions.models import SharingDecision

RECORD_SHARED = "record.shared"


@dataclass(frozen=True)
class Told:
    """A kind of event: of records of which type, and from when on. An agency is told of each of its submissions once."""

    kind: str
    model: str
    when: Callable[[Any], bool]
    words: str


@cache
def declared() -> tuple[Told, ...]:
    """The kinds of event that pathways declare."""
    return tuple(told for module in pathway_modules("partners") for told in getattr(module, "EVENTS", ()))


def kinds() -> dict[str, str]:
    """Every kind of event, in words."""
    own = {RECORD_SHARED: "A record was shared with the agency by a decision. The reference is that of the decision."}
    return {told.kind: told.words for told in declared()} | own


def listen() -> None:
    """Hear of every record that is saved. Called once, when the app is ready."""
    for label in sorted({told.model for told in declared()}):
        post_save.connect(_saved, sender=label, dispatch_uid=f"partners:{label}")
    post_save.connect(_shared, sender=SharingDecision, dispatch_uid="partners:shared")


def _saved(sender: Any, instance: Any, **_more: object) -> None:
    found = [told for told in declared() if told.model == sender._meta.label and told.when(instance)]
    if not found:
        return
    for submission in Submission.objects.filter(record_table=sender._meta.db_table, record_id=instance.pk):
        for told in found:
            tell(told.kind, submission.agency_id, submission.reference)


def _shared(sender: Any, instance: SharingDecision, created: bool, **_more: object) -> None:
    del sender
    if created and Client.objects.filter(agency=instance.partner_id, revoked_at=None).exists():
        tell(RECORD_SHARED, instance.partner_id, str(instance.pk))


def tell(kind: str, agency: int, reference: str) -> None:
    """Write the event, and a delivery for each webhook that asked for its kind. Does nothing where it is written already."""
    if Event.objects.filter(kind=kind, agency=agency, reference=reference).exists():
        return
    event = Event(kind=kind, agency_id=agency, reference=reference, number=_next())
    Event.objects.bulk_create([event], ignore_conflicts=True)
    if not Event.objects.filter(pk=event.pk).exists():
        return
    hooks = Webhook.objects.filter(
        client__agency=agency, client__revoked_at=None, removed_at=None, kinds__contains=[kind]
    )
    Delivery.objects.bulk_create([Delivery(event=event, webhook=hook) for hook in hooks])


def may_tell(event: Event, client: Client) -> bool:
    """Whether the agency may still know of it. Of what was shared it may not once the record is sealed, or the sharing has ended."""
    if event.kind != RECORD_SHARED:
        return True
    return bool(visible(client.user, SharingDecision, [int(event.reference)]))


def _next() -> int:
    """The next place in the order of events. Taken under a lock until the transaction ends, so that a reader of pages passes over none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('partners_event'))")
        cursor.execute("SELECT coalesce(max(number), 0) + 1 FROM partners_event")
        number: int = cursor.fetchone()[0]
    return number
