"""The signature on what a webhook is sent: HMAC-SHA256 over the time and the body, so that nobody else can send it, or send it again later.

    Sightline-Signature: t=1700000000,v1=5257a8...

The receiver works out the same over `t`, a full stop and the body as it came, compares in constant time, and
refuses a time more than five minutes off.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from uuid import UUID

from django.conf import settings

HEADER = "Sightline-Signature"
#: Seconds by which the time of a message may be off.
WINDOW = 300


def secret_of(webhook: UUID) -> str:
    """The signing secret of a webhook. It follows from the installation's key: a copy of the database does not give it away."""
    key = hmac.new(settings.SECRET_KEY.encode(), f"webhook:{webhook}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(key).decode().rstrip("=")


def sign(secret: str, body: bytes, at: int) -> str:
    """The header for a body sent at a time (seconds since 1970)."""
    return f"t={at},v1={_digest(secret, body, at)}"


def holds(secret: str, header: str, body: bytes, now: int) -> bool:
    """Whether a header is right for a body, and fresh: what a receiver checks."""
    parts = dict(part.partition("=")[::2] for part in header.split(","))
    given = parts.get("t", "")
    if not given.isdecimal() or abs(now - int(given)) > WINDOW:
        return False
    return hmac.compare_digest(_digest(secret, body, int(given)), parts.get("v1", ""))


def _digest(secret: str, body: bytes, at: int) -> str:
    return hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
