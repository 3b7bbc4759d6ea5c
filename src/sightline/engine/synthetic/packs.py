"""Packs of the demonstration: one copy that is ready to send and one that was sent and read, made by its users as people make them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.apps import apps
from django.db import transaction

from sightline.core.access.models import User
from sightline.core.access.standing import standing
from sightline.core.access.visibility import own_children, visible_rows
from sightline.core.people.models import Person
from sightline.core.sending.models import Copy, Pack
from sightline.engine.actions.engine import people_of, perform, version
from sightline.engine.sending.declarations import PackKind, pack_kinds

_BECAUSE = "demonstration"
#: So many records of a kind are looked at for one that both people see.
_LOOKED_AT = 50


def make_packs(tell: Callable[[str], None]) -> None:
    """Prepare and check two copies, and have one of them read. Packs that are there are kept."""
    if Pack.objects.exists():
        tell("already there, kept as they are")
        return
    users = {role: User.objects.filter(role=role, is_active=True, worker__isnull=False).first() for role in _ROLES}
    preparer, checker, reader = (users[role] for role in _ROLES)
    if preparer is None or checker is None:
        tell("none: nobody to prepare and to check them")
        return
    about = list(_seen_by_both(preparer, checker))[:2]
    if not about:
        tell("none: the social worker and the team manager see no plan in common")
        return
    with transaction.atomic():
        _checked(preparer, checker, *about[0], {"role": "SCHOOL", "name": "Designated safeguarding lead"})
        read_by = reader or checker
        copy = _checked(preparer, checker, *about[-1], {"role": "OTHER", "worker": read_by.worker_id})
        _did(preparer, "sending.send", copy)
        _did(read_by, "sending.open", copy)
    tell("one ready to send, one sent and read")


_ROLES = ("social_worker", "team_manager", "conference_chair")


def _seen_by_both(preparer: User, checker: User) -> Iterator[tuple[PackKind, Any]]:
    """Records that a pack can be about, whose children both see."""
    day = standing().day
    both = set(Person.objects.filter(pk__in=own_children(preparer, day)).values_list("pk", flat=True))
    both &= set(own_children(checker, day).values_list("pk", flat=True))
    for kind in pack_kinds().values():
        model: Any = apps.get_model(kind.model)
        for record in visible_rows(preparer, model).order_by("-pk")[:_LOOKED_AT]:
            children = people_of(record)
            if children and children <= both:
                yield kind, record


def _checked(preparer: User, checker: User, kind: PackKind, record: Any, recipient: dict[str, Any]) -> Copy:
    """A copy for one recipient that the second person has checked."""
    about = {"kind": kind.id, "record_table": record._meta.db_table, "record_id": record.pk}
    parts = ",".join(part.id for part in kind.parts if part.usual)
    values = {**about, "parts": parts, "recipients": [recipient]}
    pack = perform("sending.prepare", by=preparer, because=_BECAUSE, values=values).record
    copy = Copy.objects.get(pack=pack)
    _did(preparer, "sending.submit", copy)
    _did(checker, "sending.check", copy, places_read=True)
    return copy


def _did(user: User, action: str, copy: Copy, **values: Any) -> None:
    copy.refresh_from_db()
    perform(action, by=user, because=_BECAUSE, values=values, record=copy, seen=version(copy))
    copy.refresh_from_db()
