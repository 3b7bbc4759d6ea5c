"""Sending what stands in the outbox, again and again with growing pauses until it arrives or three days have passed."""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from random import uniform

from django.db import DatabaseError, close_old_connections, connection, transaction
from django.utils import timezone

from sightline.core.alone import alone
from sightline.core.audit.record import What, note
from sightline.core.partners import outgoing, signing
from sightline.core.partners.models import CallCount, Delivery, IdempotencyKey, Token
from sightline.core.partners.outbox import may_tell

WHO = "partner delivery"
GIVE_UP_AFTER = timedelta(days=3)
KEYS_KEPT = timedelta(days=7)
_FIRST, _LONGEST = 30, 6 * 60 * 60
#: For how long a delivery is left alone that was being sent when its sender died.
_CLAIMED = timedelta(minutes=2)
#: Only one sender holds it, until it lets go or its connection ends: however slow a receiver is, nobody else sends the same meanwhile.
_LOCK = 7_316_212_002
#: Seconds between two looks at the outbox, and after a failure.
PAUSE, AFTER_FAILURE = 5.0, 30.0

Send = Callable[[str, bytes, dict[str, str]], int]


log = logging.getLogger(__name__)


def deliver(send: Send = outgoing.post, stop: threading.Event | None = None) -> int:
    """Send what is due, once. How many arrived: none where another sender is at work."""
    with alone(_LOCK) as only_one:
        if not only_one:
            return 0
        _forget()
        return sum(_send(delivery, send) for delivery in _due(stop or threading.Event()))


def keep_delivering(stop: threading.Event | None = None, send: Send = outgoing.post, pause: float = PAUSE) -> None:
    """Send what is due until told to stop, in a thread of the web application or by itself. Whatever goes wrong, the next round tries again.

    It is stopped between two deliveries, so that none is cut off.
    """
    stopped = stop or threading.Event()
    while not stopped.is_set():
        wait = pause
        close_old_connections()
        try:
            deliver(send, stopped)
        except (DatabaseError, OSError, ValueError) as error:
            connection.close()
            # The error's own words may hold an address: its kind is enough to look for.
            log.warning(
                "Webhooks could not be delivered (%s): it is tried again in %d seconds.",
                type(error).__name__,
                AFTER_FAILURE,
            )
            wait = max(pause, AFTER_FAILURE)
        stopped.wait(wait)
    connection.close()


def pause_after(attempts: int) -> timedelta:
    """How long to wait after so many attempts: half a minute, doubled each time, at most six hours; not all at one moment."""
    return timedelta(seconds=min(_FIRST * 2 ** (attempts - 1), _LONGEST) * uniform(0.8, 1.2))  # noqa: S311 (no secret)


def _due(stop: threading.Event) -> Iterator[Delivery]:
    """What is due when it begins, one after the other; each is put off before it is sent, so that one whose sender dies is not sent at once again."""
    began = timezone.now()
    due = Delivery.objects.filter(delivered_at=None, given_up_at=None, next_at__lte=began)
    while not stop.is_set():
        with transaction.atomic():
            delivery = due.select_for_update(skip_locked=True).order_by("next_at", "id").first()
            if delivery is None:
                return
            Delivery.objects.filter(pk=delivery.pk).update(next_at=timezone.now() + _CLAIMED)
        yield Delivery.objects.select_related("event", "webhook__client__user").get(pk=delivery.pk)


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
