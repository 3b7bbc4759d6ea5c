"""Getting back in after a password or a second factor is lost: an administrator makes a link that works once and for an hour.

No e-mail is needed: the administrator hands the link over, having made sure by their own means to whom. The link proves one factor only: whoever
opens a link for a lost second factor must know the password, and the other way round. So that no administrator can make both and be that person,
the second kind for the same person takes another administrator, or the command line.
"""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from sightline.core.access import factors, sessions
from sightline.core.access.models import User
from sightline.core.audit.models import Entry
from sightline.core.audit.record import What, note
from sightline.core.errors import Problem

LINK_LASTS = timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)
APART = timedelta(days=1)
COMMAND_LINE = "command line"


class Kind(StrEnum):
    """What was lost."""

    PASSWORD = "password"  # noqa: S105 (a kind, not a password)
    SECOND_FACTOR = "second-factor"


class RecoveryRefused(Problem):
    """The link is not made, and why."""


class _Tokens(PasswordResetTokenGenerator):
    """Tokens that stop working when what was lost is set anew, when the person signs in, and after `LINK_LASTS`."""

    def __init__(self, kind: Kind) -> None:
        super().__init__()
        self.key_salt = f"sightline.recovery.{kind}"
        self.kind = kind

    def _make_hash_value(self, user: User, timestamp: int) -> str:
        if self.kind is Kind.PASSWORD:
            present = user.password
        else:
            ids = Authenticator.objects.filter(user=user).order_by("pk").values_list("pk", flat=True)
            present = ",".join(str(id) for id in ids)
        return f"{user.pk}{present}{user.last_login}{user.is_active}{timestamp}"


def make_token(kind: Kind, user: User, by: User | None, where: str = "") -> str:
    """What the link to `user` must carry. Audited. `by` is None on the command line. Raises RecoveryRefused."""
    who = by.username if by is not None else COMMAND_LINE
    if by is not None:
        _refuse(kind, user, by)
    note(who, What.RECOVERY_MADE, f"{user.username}: {kind}", where_from=where)
    return _Tokens(kind).make_token(user)


def user_of_token(kind: Kind, user_id: int, token: str) -> User | None:
    """The user whom a link lets in, else None."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    return user if user is not None and _Tokens(kind).check_token(user, token) else None


def set_password(request: HttpRequest, user: User, password: str) -> None:
    """Use a link for a lost password."""
    with transaction.atomic():
        user.set_password(password)
        user.save(update_fields=["password"])
        _used(request, Kind.PASSWORD, user)


def drop_factors(request: HttpRequest, user: User) -> None:
    """Use a link for lost second factors."""
    with transaction.atomic():
        factors.remove_all(user, user.username, sessions.where_from(request))
        _used(request, Kind.SECOND_FACTOR, user)


def last_made(user: User) -> Entry | None:
    """The newest recovery link made for a user."""
    return (
        Entry.objects.filter(what=What.RECOVERY_MADE, about__in=[f"{user.username}: {kind}" for kind in Kind])
        .order_by("-at")
        .first()
    )


def _used(request: HttpRequest, kind: Kind, user: User) -> None:
    where = sessions.where_from(request)
    sessions.end_sessions(user, "recovery", where)
    note(user.username, What.RECOVERY_USED, str(kind), where_from=where)


def _refuse(kind: Kind, user: User, by: User) -> None:
    if user.pk == by.pk:
        raise RecoveryRefused("You cannot make a link for yourself. Another administrator can.")
    if not user.is_active:
        raise RecoveryRefused("This account is disabled.")
    if kind is Kind.PASSWORD and not user.has_usable_password():
        raise RecoveryRefused("This account has no password: it signs in with the organisation's identity provider.")
    if kind is Kind.SECOND_FACTOR and not factors.factors_of(user):
        raise RecoveryRefused(
            "This account has no second factor to lose. It is asked to set one up at the next sign-in."
        )
    other = next(one for one in Kind if one is not kind)
    both = Entry.objects.filter(
        who=by.username, what=What.RECOVERY_MADE, about=f"{user.username}: {other}", at__gte=timezone.now() - APART
    )
    if both.exists():
        raise RecoveryRefused(
            "You made the other link for this person within a day. One administrator cannot replace both password and second factor: ask another."
        )
