"""Signing in with a local account, and the pause after repeated failures.

Failures are counted in the audit, so nothing else has to be kept: after `MOST_FAILURES` within `PAUSE` an account takes no password, right or wrong,
until the oldest of them is `PAUSE` ago.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import timedelta

from django.conf import settings
from django.contrib.auth import authenticate
from django.db import connection, transaction
from django.http import HttpRequest
from django.utils import timezone

from sightline.core.access.models import User
from sightline.core.audit.models import Entry
from sightline.core.audit.record import What, note
from sightline.core.organisations.models import Worker

MOST_FAILURES = 5
PAUSE = timedelta(minutes=15)


class TooManyFailures(Exception):
    """The account takes no password for now."""


def sign_in(request: HttpRequest, username: str, password: str) -> User | None:
    """The user whose name and password these are, else None; audits what came of it. Raises TooManyFailures.

    An unknown name is paused in the same way as a known one, so that nobody learns which names exist.
    """
    who, where_from = _who(username), str(request.META.get("REMOTE_ADDR", ""))
    # One attempt at a time for each name, or many tried at once would all be counted too late.
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"sign-in {who}"])
    if _recent_failures(who) >= MOST_FAILURES:
        note(who, What.SIGN_IN_LOCKED, where_from=where_from)
        raise TooManyFailures
    user = authenticate(request, username=username, password=password)
    if not isinstance(user, User):
        note(who, What.SIGN_IN_FAILED, where_from=where_from)
        return None
    note(who, What.SIGN_IN, where_from=where_from)
    return user


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
    hashed = hmac.new(settings.SECRET_KEY.encode(), username.encode(), hashlib.sha256).hexdigest()
    return f"unknown name {hashed[:12]}"


def make_user(username: str, role: str, worker: Worker | None = None) -> str:
    """Make a user; returns the random password, which is kept nowhere but hashed."""
    password = secrets.token_urlsafe(12)
    with transaction.atomic():
        User.objects.create_user(username=username, password=password, role=role, worker=worker)
        note("command line", What.USER_MADE, f"{username}: {role}")
    return password
