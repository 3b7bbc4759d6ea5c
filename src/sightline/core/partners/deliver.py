"""Sending what stands in the outbox, again and again with growing pauses until it arrives or three days have passed."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import timedelta
from random import uniform

from django.db import transaction
from django.utils import timezone

from sightline.core.audit.record import What, note
from sightline.core.partners import outgoing, signing
from sightline.core.partners.models import CallCount, Delivery, IdempotencyKey, Token
from sightline.core.partners.outbox import may_tell

WHO = "partner delivery"
GIVE_UP_AFTER = timedelta(days=3)
KEYS_KEPT = timedelta(days=7)
_FIRST, _LONGEST = 30, 6 * 60 * 60
#: For how long a delivery that is being sent is left alone by others.
_CLAIMED = timedelta(minutes=2)
_AT_A_TIME = 50

Send = Callable[[str, bytes, dict[str, str]], int]


def deliver(send: Send = outgoing.post) -> int:
    """Send what is due, once. How many arrived."""
    _forget()
    return sum(_send(delivery, send) for delivery in _claim())


def keep_delivering(pause: float = 5.0) -> None:
    """Send what is due, for ever."""
    while True:
        deliver()
        time.sleep(pause)


def pause_after(attempts: int) -> timedelta:
    """How long to wait after so many attempts: half a minute, doubled each time, at most six hours; not all at one moment."""
    return timedelta(seconds=min(_FIRST * 2 ** (attempts - 1), _LONGEST) * uniform(0.8, 1.2))  # noqa: S311 (no secret)


def _claim() -> list[Delivery]:
    """Take what is due, so that of several senders each takes other deliveries. Nothing is locked while sending."""
    now = timezone.now()
    with transaction.atomic():
        due = Delivery.objects.filter(delivered_at=None, given_up_at=None, next_at__lte=now)
        held = list(due.select_for_update(skip_locked=True).order_by("next_at", "id")[:_AT_A_TIME])
        ids = [each.pk for each in held]
        Delivery.objects.filter(pk__in=ids).update(next_at=now + _CLAIMED)
    return list(Delivery.objects.filter(pk__in=ids).select_related("event", "webhook__client__user").order_by("id"))


def body_of(delivery: Delivery) -> bytes:
    """What is sent: which event, of which kind, and the reference by which the agency asks for more."""
    event = delivery.event
    told = {"id": str(event.id), "kind": event.kind, "reference": event.reference, "at": event.at.isoformat()}
    return json.dumps(told, separators=(",", ":")).encode()


def _send(delivery: Delivery, send: Send) -> bool:
    webhook = delivery.webhook
    if webhook.removed_at is not None or not webhook.client.is_open or not may_tell(delivery.event, webhook.client):
        return _settle(delivery, "no longer to be told", arrived=False, over=True)
    body = body_of(delivery)
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Sightline",
        signing.HEADER: signing.sign(signing.secret_of(webhook.id), body, int(time.time())),
    }
    try:
        status = send(webhook.url, body, headers)
    except outgoing.NotSent as problem:
        return _settle(delivery, str(problem), arrived=False)
    return _settle(delivery, f"answer {status}", arrived=200 <= status < 300)


def _settle(delivery: Delivery, answer: str, *, arrived: bool, over: bool = False) -> bool:
    now = timezone.now()
    delivery.attempts += 1
    delivery.last_answer = answer[:100]
    delivery.delivered_at = now if arrived else None
    if not arrived and (over or now - delivery.event.at > GIVE_UP_AFTER):
        delivery.given_up_at = now
    delivery.next_at = now + pause_after(delivery.attempts)
    with transaction.atomic():
        delivery.save()
        note(
            WHO,
            What.SENT if arrived else What.PARTNER_CALL,
            f"webhook {delivery.webhook_id}",
            kind=delivery.event.kind,
            reference=delivery.event.reference,
            attempt=delivery.attempts,
            answer=delivery.last_answer,
            given_up=delivery.given_up_at is not None,
        )
    return arrived


def _forget() -> None:
    """Throw away what has served: tokens that ended, counts of past minutes, keys older than is promised."""
    now = timezone.now()
    Token.objects.filter(ends_at__lt=now).delete()
    CallCount.objects.filter(minute__lt=now - timedelta(hours=1)).delete()
    IdempotencyKey.objects.filter(made_at__lt=now - KEYS_KEPT).delete()
