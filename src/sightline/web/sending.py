"""Where packs and copies stand on other pages: on the page of the record that they are about, and as records with pages of their own."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.urls import reverse

from sightline.core.access.models import User
from sightline.core.access.roles import Permission
from sightline.core.access.visibility import visible_rows
from sightline.core.records.models import Record
from sightline.core.sending.models import Copy, Pack
from sightline.engine.sending import copies
from sightline.engine.sending.declarations import kinds_for

LATEST = 10


def links_for(user: User, record: Record) -> dict[str, Any]:
    """For a record's own page: the packs that can be prepared about it, and those that were."""
    kinds = kinds_for(type(record)) if user.may(Permission.SEND) else []
    if not kinds:
        return {}
    made = visible_rows(user, Pack).filter(record_table=record._meta.db_table, record_id=record.pk).order_by("-id")
    return {"kinds": kinds, "made": list(made[:LATEST])}


def unread_of(user: User, day: date) -> int:
    """How many copies that the user prepared were not read in time."""
    if not user.may(Permission.SEND):
        return 0
    own = visible_rows(user, Copy).filter(prepared_by=user.get_username())
    return copies.unread(own, day).count()


def own_page(user: User, record: Any) -> str:
    """The address of the page of a pack or a copy, which has a page of its own; none for other records."""
    if isinstance(record, Pack):
        return reverse("sending-pack", args=[record.pk])
    if isinstance(record, Copy):
        in_sight = visible_rows(user, Pack).filter(pk=record.pack_id).exists()
        return reverse("sending-copy" if in_sight else "sent-copy", args=[record.pk])
    return ""
