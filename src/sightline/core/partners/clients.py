"""Letting an agency's system in: secrets, tokens, and what each scope opens."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from sightline.core.audit.record import What, note
from sightline.core.partners.models import Client, Secret, Token

#: What a client may be let do, and in words.
SCOPES = {
    "contacts:write": "Send contacts and notifications.",
    "contacts:read": "Ask after the agency's own contacts: their state and the feedback given.",
    "shared:read": "Read what was shared with the agency by a sharing decision.",
    "decisions:read": "Read the list of decisions that the agency was told of.",
    "webhooks:write": "Register, list and remove the addresses that are told of decisions.",
}
TOKEN_LASTS = timedelta(hours=1)
#: How long an old secret holds beside the one that takes its place.
OVERLAP = timedelta(days=7)


@dataclass(frozen=True)
class Caller:
    """Who calls: a client, with the scopes of its token."""

    client: Client
    scopes: frozenset[str]


def hashed(secret: str) -> str:
    """A secret as it is kept. Secrets are long and random, so a plain hash cannot be guessed backwards."""
    return hashlib.sha256(secret.encode()).hexdigest()


def new_secret(client: Client, by: str, overlap: timedelta = OVERLAP) -> str:
    """A further secret, shown this once. Those there are hold on for the overlap, nought ending them at once."""
    now = timezone.now()
    until = now + overlap
    client.secrets.filter(Q(ends_at=None) | Q(ends_at__gt=until)).update(ends_at=until)
    secret = secrets.token_urlsafe(32)
    Secret.objects.create(client=client, hash=hashed(secret))
    note(by, What.SETTINGS, f"partner client {client.client_id}", change="new secret", overlap_days=overlap.days)
    return secret


def revoke(client: Client, by: str, why: str) -> None:
    """Let a client in no more: from this moment, whatever tokens it holds."""
    client.revoked_at, client.revoked_by = timezone.now(), by
    client.save(update_fields=["revoked_at", "revoked_by"])
    client.tokens.all().delete()
    client.user.is_active = False
    client.user.save(update_fields=["is_active"])
    client.webhooks.filter(removed_at=None).update(removed_at=timezone.now())
    note(by, What.SETTINGS, f"partner client {client.client_id}", purpose=why, change="revoked")


def known(client_id: str, secret: str) -> Client | None:
    """The client of an id and secret that hold now."""
    now = timezone.now()
    holding = Secret.objects.filter(Q(ends_at=None) | Q(ends_at__gt=now), hash=hashed(secret))
    found = holding.select_related("client__user", "client__agency").first()
    if found is None or not secrets.compare_digest(found.client.client_id.encode(), client_id.encode()):
        return None
    return found.client if found.client.is_open else None


def new_token(client: Client, scopes: Iterable[str]) -> str:
    """A token for some of the client's scopes."""
    token = secrets.token_urlsafe(32)
    Token.objects.create(client=client, hash=hashed(token), scopes=sorted(scopes), ends_at=timezone.now() + TOKEN_LASTS)
    return token


def caller(token: str) -> Caller | None:
    """Who holds a token that is in force. Scopes taken from the client since are taken from its tokens."""
    held = Token.objects.filter(hash=hashed(token), ends_at__gt=timezone.now())
    found = held.select_related("client__user__worker__agency", "client__agency").first()
    if found is None or not found.client.is_open or not found.client.user.is_active:
        return None
    return Caller(found.client, frozenset(found.scopes) & frozenset(found.client.scopes))
