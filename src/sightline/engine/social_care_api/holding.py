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


def known(area: str, people: Collection[int]) -> dict[int, SentChild]:
    """The children's rows, made for those who have none yet. An id, once given, stays, whatever becomes of the child's local identifier."""
    rows = _rows(area, people)
    new = [person for person in people if person not in rows]
    if new:
        _give_ids(area, new)
        rows = _rows(area, people)
    return rows


def _rows(area: str, people: Collection[int]) -> dict[int, SentChild]:
    return {row.person_id: row for row in SentChild.objects.filter(area=area, person__in=people) if row.person_id}


def _give_ids(area: str, people: Collection[int]) -> None:
    own: dict[int, str] = {}
    for number in Identifier.objects.filter(scheme=LOCAL, person__in=people, agency__area=area).order_by("-pk"):
        own[number.person_id] = number.value
    wanted = {person: own[person] for person in people if _FITS.fullmatch(own.get(person, ""))}
    taken = set(SentChild.objects.filter(area=area).values_list("la_child_id", flat=True))
    for person in sorted(people):
        id = wanted.get(person, "")
        if not id or id in taken:
            id = _made(person, taken)
        taken.add(id)
        SentChild.objects.create(area=area, person_id=person, la_child_id=id)


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
