"""Who sees packs and copies: those who see the whole record of every child in it; and a recipient the copy that was sent to them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from sightline.core.access.models import User
from sightline.core.access.roles import Permission
from sightline.core.access.rules import SeenByUser
from sightline.core.access.visibility import sight
from sightline.core.sending.models import Copy, Pack, PackChild


def _packs(user: User, day: date) -> Q:
    """A pack says something of every child in it, so that seeing one of them is not enough."""
    if not user.may(Permission.SEND):
        return Q(pk__in=[])
    out_of_sight = PackChild.objects.exclude(person__in=sight(user, day).people)
    return Q(pk__in=PackChild.objects.values("pack")) & ~Q(pk__in=out_of_sight.values("pack"))


def packs(user: User, day: date) -> QuerySet[Pack]:
    """The packs whose every child the user sees."""
    return Pack.objects.filter(_packs(user, day))


def received(user: User, day: date) -> QuerySet[Any, Any]:
    """The copies that were sent to the user. A seal or a conflict about any child in one closes it, as it closes the child."""
    if user.worker_id is None:
        return Copy.objects.none()
    closed = PackChild.objects.filter(person__in=sight(user, day).bars)
    sent = Copy.objects.filter(worker=user.worker_id, channel="sightline", sent_at__isnull=False, withdrawn_at=None)
    return sent.exclude(pack__in=closed.values("pack"))


def _copies(user: User, day: date) -> Q:
    relatives = ~Q(relative__in=sight(user, day).bars) | Q(relative=None)
    return (Q(pack__in=packs(user, day).values("pk")) & relatives) | Q(pk__in=received(user, day).values("pk"))


def _redactions(user: User, day: date) -> Q:
    return Q(copy__in=Copy.objects.filter(pack__in=packs(user, day).values("pk")).values("pk"))


_WHOLE = "Seen by those whose role may prepare what is sent, and who see the whole record of every child in it"
RULES = {
    "sending.Pack": SeenByUser(f"{_WHOLE}.", _packs),
    "sending.Copy": SeenByUser(f"{_WHOLE}; and by the worker to whom it was sent, until it is withdrawn.", _copies),
    "sending.CopyRedaction": SeenByUser(f"{_WHOLE}; never by the recipient.", _redactions),
}
