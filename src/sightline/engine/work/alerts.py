"""The daily digest by e-mail: how much is due, and a link. Counts only: no child's name, initials, number or any other word of a record.

An e-mail leaves the building, lies in mailboxes and is forwarded. So it is put together from whole numbers and fixed sentences, and from nothing
else; `message` is the only place where its text is made.
"""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone

from sightline.core.access.models import User
from sightline.core.access.roles import ROLES, Permission
from sightline.core.access.standing import standing
from sightline.core.access.visibility import visible_rows
from sightline.core.audit.record import What, note
from sightline.core.options.declared import chosen
from sightline.core.restrictions.models import Notice
from sightline.engine.work import board, scope
from sightline.engine.work.lists import work_list
from sightline.engine.work.models import Digest
from sightline.engine.work.words import SOON, Status

SUBJECT = "Sightline: what is due"
ABOUT = "daily digest"


@dataclass(frozen=True)
class Figures:
    """What a digest tells: whole numbers, and nothing else."""

    late: int = 0
    today: int = 0
    soon: int = 0
    waiting: int = 0
    team_late: int = 0
    unallocated: int = 0
    notices: int = 0

    @property
    def nothing(self) -> bool:
        """Whether there is nothing to tell."""
        return not any((self.late, self.today, self.soon, self.waiting, self.team_late, self.unallocated, self.notices))


@dataclass(frozen=True)
class Told:
    """What came of one user's digest."""

    username: str
    figures: Figures
    outcome: str

    @property
    def failed(self) -> bool:
        """Whether it could not be sent."""
        return self.outcome == FAILED


SENT, WOULD_SEND, NOTHING, FAILED = "sent", "would be sent", "nothing is due", "could not be sent"


def are_sent() -> bool:
    """Whether this installation sends digests at all, as an administrator chose."""
    return chosen("alerts") == "on"


def wanted(user: User) -> bool:
    """Whether a user wants the digest."""
    return not Digest.objects.filter(user=user, wanted=False).exists()


def choose(user: User, yes: bool) -> None:
    """Turn the digest on or off for a user."""
    Digest.objects.update_or_create(user=user, defaults={"wanted": yes})
    note(user.get_username(), What.SETTINGS, ABOUT, wanted=yes)


def figures(user: User, day: date) -> Figures:
    """How much is due from a user on a day, by the same lists that their pages show."""
    own = work_list(scope.own(user, day)).counts
    manages = user.may(Permission.MANAGE_TEAM)
    of_team = work_list(scope.team(user, day)).counts if manages else {}
    return Figures(
        late=own[Status.LATE],
        today=own[Status.TODAY],
        soon=own[Status.SOON],
        waiting=board.waiting_count(user, day),
        team_late=of_team.get(Status.LATE, 0),
        unallocated=board.unallocated_count(user, day) if manages else 0,
        notices=visible_rows(user, Notice, day).filter(read_at=None).count(),
    )


def words(told: Figures) -> list[str]:
    """The digest's sentences."""
    lines = (
        (told.late, "late"),
        (told.today, "due today"),
        (told.soon, f"due in the next {SOON} working days"),
        (told.waiting, "waiting for your decision"),
        (told.team_late, "late in your team"),
        (told.unallocated, "open without a worker"),
        (told.notices, "unread notice" if told.notices == 1 else "unread notices"),
    )
    return [f"{count} {what}" for count, what in lines if count]


def message(told: Figures, to: str) -> EmailMessage:
    """The e-mail."""
    body = "\n".join(
        (
            "Your work in Sightline today:",
            "",
            *(f"- {line}" for line in words(told)),
            "",
            f"Sign in to see it: {settings.PUBLIC_ADDRESS}/",
            "",
            "This message holds no personal data. To stop it, open My work and then Daily digest.",
        )
    )
    return EmailMessage(SUBJECT, body, settings.DEFAULT_FROM_EMAIL, [to])


def send(*, dry_run: bool = False) -> Iterator[Told]:
    """Send today's digest to everybody who wants one and has not had it; with `dry_run`, only say what would be sent.

    None is sent while an administrator has turned them off.
    """
    if not are_sent():
        return
    day, today = standing().day, timezone.localdate()
    roles = [role.id for role in ROLES.values() if Permission.SEE_OWN_CHILDREN in role.permissions]
    readers = User.objects.filter(is_active=True, role__in=roles, worker__isnull=False).exclude(email="")
    for user in readers.order_by("username"):
        told = _one(user, day, today, dry_run)
        if told is not None:
            yield told


def _one(user: User, day: date, today: date, dry_run: bool) -> Told | None:
    """One user's digest. Sent, noted and audited together; a second run on the same day finds it noted."""
    with transaction.atomic():
        kept, _made = Digest.objects.select_for_update().get_or_create(user=user)
        if not kept.wanted or kept.sent_on == today:
            return None
        told = figures(user, day)
        if dry_run or told.nothing:
            if dry_run:
                transaction.set_rollback(True)
            return Told(user.get_username(), told, NOTHING if told.nothing else WOULD_SEND)
        kept.sent_on = today
        kept.save(update_fields=["sent_on"])
        note(user.get_username(), What.SENT, ABOUT, late=told.late, today=told.today, soon=told.soon)
        try:
            message(told, user.email).send()
        except (smtplib.SMTPException, OSError):
            # The server's words may repeat the message: they are kept out of the log.
            transaction.set_rollback(True)
            return Told(user.get_username(), told, FAILED)
    return Told(user.get_username(), told, SENT)
