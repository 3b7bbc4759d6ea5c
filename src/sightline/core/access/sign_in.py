"""Signing in with a local account, and the pause after repeated failures.

Failures are counted in the audit, so nothing else has to be kept: after `MOST_FAILURES` within `PAUSE` an account takes no password and no code,
right or wrong, until the oldest of them is `PAUSE` ago. Passwords, codes, passkeys and proofs of identity count together.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.contrib.auth import authenticate
from django.db import connection, transaction
from django.http import HttpRequest
from django.utils import timezone

from sightline.core.access.models import User
from sightline.core.access.sessions import where_from
from sightline.core.audit.models import Entry
from sightline.core.audit.record import What, note
from sightline.core.organisations.models import Worker

MOST_FAILURES = 5
PAUSE = timedelta(minutes=15)


class TooManyFailures(Exception):
    """The account takes no password and no code for now."""


def check_password(request: HttpRequest, username: str, password: str) -> User | None:
    """The active user whose name and password these are, else None; a failure is audited. Raises TooManyFailures.

    An unknown name is paused in the same way as a known one, so that nobody learns which names exist.
    """
    found: list[User] = []

    def fits() -> bool:
        user = authenticate(request, username=username, password=password)
        if isinstance(user, User):
            found.append(user)
        return bool(found)

    return found[0] if attempt(request, _who(username), "password", fits) else None


def attempt(request: HttpRequest, who: str, factor: str, fits: Callable[[], bool]) -> bool:
    """One try at a secret: whether it fits. A failure is audited and counts. Raises TooManyFailures before it asks, after too many."""
    # One attempt at a time for each name, or many tried at once would all be counted too late.
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"sign-in {who}"])
    if _recent_failures(who) >= MOST_FAILURES:
        note(who, What.SIGN_IN_LOCKED, where_from=where_from(request))
        raise TooManyFailures
    if fits():
        return True
    note(who, What.SIGN_IN_FAILED, where_from=where_from(request), factor=factor)
    return False


def entered(request: HttpRequest, user: User, how: str) -> None:
    """Audit a sign-in that went well, with every factor that was asked for. `how` names them."""
    note(user.username, What.SIGN_IN, where_from=where_from(request), how=how)


def _recent_failures(who: str) -> int:
    """Failures within the pause that came after the last sign-in that went well."""
    since = timezone.now() - PAUSE
    good = (
        Entry.objects.filter(who=who, what=What.SIGN_IN, at__gte=since).order_by("-at").values_list("at", flat=True)[:1]
    )
    return Entry.objects.filter(who=who, what=What.SIGN_IN_FAILED, at__gt=max([since, *good])).count()


def _who(username: str) -> str:
    """The name to audit. What is typed for an unknown name may be a password: only a keyed hash of it is kept."""
    if User.objects.filter(username=username).exists():
        return username
    return hashed("name", username)


def hashed(kind: str, given: str) -> str:
    """Stands in the audit for a name or subject that no account has."""
    digest = hmac.new(settings.SECRET_KEY.encode(), given.encode(), hashlib.sha256).hexdigest()
    return f"unknown {kind} {digest[:12]}"


def make_user(username: str, role: str, worker: Worker | None = None, *, by: str = "command line") -> str:
    """Make a user; returns the random password, which is kept nowhere but hashed."""
    password = secrets.token_urlsafe(12)
    with transaction.atomic():
        User.objects.create_user(username=username, password=password, role=role, worker=worker)
        note(by, What.USER_MADE, f"{username}: {role}")
    return password


def make_provider_user(username: str, role: str, worker: Worker | None = None, *, by: str = "command line") -> User:
    """Make a user without a password, for someone who signs in with the operator's identity provider."""
    with transaction.atomic():
        user: User = User.objects.create_user(username=username, password=None, role=role, worker=worker)
        note(by, What.USER_MADE, f"{username}: {role}", how="identity provider")
    return user
