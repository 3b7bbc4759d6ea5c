"""Forms sent twice, by a second click or on the way back: the second is known again, and leads to what the first wrote."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import timedelta

from django.utils import timezone

from sightline.core.access.models import User
from sightline.engine.screens.models import Sent

#: The name of the token that each opened form has for itself.
ONCE = "once"
KNOWN = timedelta(days=1)


def mark_of(content: Mapping[str, list[str]], files: Iterable[tuple[str, int]] = ()) -> str:
    """What tells a form that was sent from every other: its token, each answer, and name and size of each file. Empty where it has no token."""
    if not any(content.get(ONCE, ())):
        return ""
    told = json.dumps([sorted(content.items()), sorted(files)])
    return hashlib.sha256(told.encode()).hexdigest()


def led_to(user: User, mark: str) -> str:
    """Where the same form led when the user sent it before; empty where they did not."""
    found = Sent.objects.filter(user=user, mark=mark).values_list("address", flat=True).first() if mark else None
    return found or ""


def keep(user: User, mark: str, address: str) -> None:
    """Say that a form was done, within the transaction that did it. Raises IntegrityError where the same was done meanwhile."""
    Sent.objects.filter(at__lt=timezone.now() - KNOWN).delete()
    if mark:
        Sent.objects.create(user=user, mark=mark, address=address)
