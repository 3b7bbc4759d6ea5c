"""Keeping what the Department accepted: ids that stay the same for good, and the state of each child after its own receipt."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Iterable

from django.utils import timezone

from sightline.core.people.models import Identifier
from sightline.engine.social_care_api.models import SentChild
from sightline.engine.social_care_api.schema import Payload

LOCAL = "local"
#: Starts the id of a child whose own one the schema does not take, or another child has: followed by the number of the record.
MADE = "SL"
REFUSED = "refused by the Department"
_FITS = re.compile(r"[A-Za-z0-9]{1,20}", re.ASCII)


def known(area: str, service: str, people: Collection[int]) -> dict[int, SentChild]:
    """The children's rows with a service, made for those who have none yet. An id, once given, stays, whatever becomes of the local identifier."""
    rows = _rows(area, people, service=service)
    if new := [person for person in people if person not in rows]:
        ids = {person: row.la_child_id for person, row in _rows(area, people).items()}
        ids |= _new_ids(area, [person for person in new if person not in ids])
        SentChild.objects.bulk_create(
            SentChild(area=area, service=service, person_id=person, la_child_id=ids[person]) for person in new
        )
        rows = _rows(area, people, service=service)
    return rows


def _rows(area: str, people: Collection[int], **which: str) -> dict[int, SentChild]:
    rows = SentChild.objects.filter(area=area, person__in=people, **which)
    return {row.person_id: row for row in rows if row.person_id}


def _new_ids(area: str, people: Collection[int]) -> dict[int, str]:
    """The children's local identifiers, where the schema takes them and nobody else has them; else ids made of the numbers of their records."""
    own: dict[int, str] = {}
    for number in Identifier.objects.filter(scheme=LOCAL, person__in=people, agency__area=area).order_by("-pk"):
        own[number.person_id] = number.value
    taken = set(SentChild.objects.filter(area=area).values_list("la_child_id", flat=True))
    found: dict[int, str] = {}
    for person in sorted(people):
        id = own.get(person, "")
        found[person] = id if _FITS.fullmatch(id) and id not in taken else _made(person, taken)
        taken.add(found[person])
    return found


def _made(person: int, taken: Collection[str]) -> str:
    found = f"{MADE}{person}"
    while found in taken:
        found += "X"
    return found


def accept(row: SentChild, payload: Payload | None, receipt: str) -> None:
    """The Department has this now. Of a child who is gone from the record and purged nothing is kept."""
    if payload is None and row.person_id is None:
        row.delete()
        return
    row.payload, row.sha256 = payload, hash_of(payload) if payload is not None else ""
    row.receipt, row.accepted_at = receipt[:120], timezone.now()
    if refusal(row):
        row.held_back = ""
    row.save(update_fields=["payload", "sha256", "receipt", "accepted_at", "held_back"])


def refusal(row: SentChild) -> list[str]:
    """That the Department refused the child the last time; empty where it did not."""
    return [REFUSED] if row.held_back == REFUSED else []


def hold_back(row: SentChild, faults: Iterable[str]) -> None:
    """Keep why a child was not sent, or not taken; nothing where there is no reason."""
    why = "\n".join(faults)
    if row.held_back != why:
        row.held_back = why
        row.save(update_fields=["held_back"])


def forget(person: int) -> None:
    """On disposal: what was sent goes with the record. Only the id stays, until the Department has purged the child, too (UK GDPR article 19)."""
    SentChild.objects.filter(person=person, payload__isnull=True).delete()
    SentChild.objects.filter(person=person).update(person=None, payload={}, sha256="", receipt="", held_back="")


def hash_of(payload: object) -> str:
    """The SHA-256 of a payload, whatever the order of its properties."""
    text = json.dumps(payload, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
