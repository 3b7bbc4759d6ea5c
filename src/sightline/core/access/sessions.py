"""How long a sign-in lasts, how many one person may have, and the list of them.

A session ends a fixed time after the sign-in, after a while in which nothing was asked for, when its user signs in once more than is allowed, and
when someone ends it from the list. What the limits are is fixed at sign-in and kept in the session, so that no request has to ask for them.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_address
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.utils import timezone

from sightline.core.access.models import User
from sightline.core.access.standing import standing
from sightline.core.audit.record import What, note

IDLE = timedelta(minutes=30)
AT_MOST = 3
# The last request is written down this often: each writing costs a statement.
NOTED_EVERY = timedelta(minutes=1)
# How long a proof of identity opens the way to a dangerous action; a form opened in that time may be sent a little later.
CONFIRMED_FOR = timedelta(minutes=10)
TIME_TO_FILL_IN = timedelta(minutes=20)

_SINCE, _SEEN, _IDLE, _CONFIRMED = "since", "seen", "idle", "confirmed"
_UNKNOWN_PLACE = "0.0.0.0"  # noqa: S104 (no address to listen on: it stands for none)


@dataclass(frozen=True)
class Limits:
    """What holds for a session that begins now."""

    idle: timedelta
    at_most: int | None


def limits() -> Limits:
    """As the installation sets them. An invented partnership is shown to many people by few sign-ins: nothing but the day's end limits those."""
    invented = standing().invented
    minutes = settings.SESSION_IDLE_MINUTES
    usual = timedelta(seconds=settings.SESSION_COOKIE_AGE) if invented else IDLE
    return Limits(
        timedelta(minutes=minutes) if minutes else usual, settings.SESSIONS_AT_MOST or (None if invented else AT_MOST)
    )


def begin(sender: Any, request: HttpRequest, user: User, **more: Any) -> None:
    """Receiver of Django's `user_logged_in`: the session's limits start, and the oldest of too many sessions end."""
    del sender, more
    found, now = limits(), int(time.time())
    request.session.update({_SINCE: now, _SEEN: now, _IDLE: int(found.idle.total_seconds()), _CONFIRMED: now})
    if request.session.session_key is None:
        request.session.save()
    _forget_ended(user)
    _list(request, user)
    if found.at_most is not None:
        for old in UserSession.objects.filter(user=user).order_by("-created_at", "-pk")[found.at_most :]:
            _end(old, "too many at a time", where_from(request))


def why_over(session: SessionBase) -> str:
    """`idle` or `limit` where a session is over, else nothing."""
    now = time.time()
    if now - session.get(_SINCE, 0) > settings.SESSION_COOKIE_AGE:
        return "limit"
    # It may have been used for a moment after it was last noted.
    return "idle" if now - session.get(_SEEN, 0) > session.get(_IDLE, 0) + NOTED_EVERY.seconds else ""


def seen(session: SessionBase) -> None:
    """Write down that the session is in use."""
    now = int(time.time())
    if now - session.get(_SEEN, 0) >= NOTED_EVERY.seconds:
        session[_SEEN] = now
        UserSession.objects.filter(session_key=session.session_key).update(last_seen_at=timezone.now())


def confirm(session: SessionBase) -> None:
    """Write down that the person has just proved who they are."""
    session[_CONFIRMED] = int(time.time())


def confirmed_lately(session: SessionBase, *, sending: bool = False) -> bool:
    """Whether the person proved who they are a short time ago. `sending`: a form, which takes time to fill in."""
    allowed = CONFIRMED_FOR + (TIME_TO_FILL_IN if sending else timedelta())
    return bool(time.time() - session.get(_CONFIRMED, 0) <= allowed.total_seconds())


def sessions_of(user: User) -> list[UserSession]:
    """The sessions a person has now, the newest first."""
    _forget_ended(user)
    return list(UserSession.objects.filter(user=user).order_by("-created_at", "-pk"))


def end_session(user: User, id: int, where: str) -> bool:
    """End one of a person's own sessions; False where they have no such session."""
    found = UserSession.objects.filter(user=user, pk=id).first()
    if found is not None:
        _end(found, "ended by its user", where)
    return found is not None


def end_sessions(user: User, why: str, where: str = "", *, keep: str | None = None) -> int:
    """End a person's sessions but for the one whose key is `keep`; returns how many there were."""
    ending = list(UserSession.objects.filter(user=user).exclude(session_key=keep or ""))
    for one in ending:
        _end(one, why, where)
    return len(ending)


def moved(request: HttpRequest, user: User, old_key: str | None) -> None:
    """The session has a new key, as after a change of password."""
    UserSession.objects.filter(session_key=old_key).delete()
    _list(request, user)


def where_from(request: HttpRequest) -> str:
    """The network address of a request, as the audit keeps it."""
    return str(request.META.get("REMOTE_ADDR", ""))


def _list(request: HttpRequest, user: User) -> None:
    longest = UserSession._meta.get_field("user_agent").max_length
    UserSession.objects.update_or_create(
        session_key=request.session.session_key,
        defaults={
            "user": user,
            "ip": _address(where_from(request)),
            "user_agent": str(request.META.get("HTTP_USER_AGENT", ""))[:longest],
        },
    )


def _forget_ended(user: User) -> None:
    """Take off the list what signed out or ran out."""
    going_on = Session.objects.filter(expire_date__gt=timezone.now()).values("session_key")
    UserSession.objects.filter(user=user).exclude(session_key__in=going_on).delete()


def _address(given: str) -> str:
    """The column takes addresses only, and a request through a socket has none."""
    try:
        return str(ip_address(given))
    except ValueError:
        return _UNKNOWN_PLACE


def _end(session: UserSession, why: str, where: str) -> None:
    note(session.user.username, What.SESSION_ENDED, where_from=where, why=why)
    session.end()
