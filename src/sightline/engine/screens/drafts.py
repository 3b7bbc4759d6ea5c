"""Keeping what was typed: saved while a form is filled in, parked when a session ended before it was sent, thrown away once it is."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import timedelta

from django.utils import timezone

from sightline.core.access.models import User
from sightline.engine.screens.models import Draft

#: A form holds at most so many characters: a draft is no place to store files.
LARGEST = 400_000
KEPT = timedelta(days=30)
PARKED = timedelta(hours=12)
#: At most so many forms wait for their sign-in, so that nobody fills the database without one.
MOST_PARKED = 1_000

Content = dict[str, list[str]]


def save(user: User, form: str, content: Mapping[str, list[str]]) -> Draft | None:
    """Keep what a user has typed into a form so far; None where it is too large to keep."""
    if _size(content) > LARGEST:
        return None
    draft, _made = Draft.objects.update_or_create(user=user, form=form, defaults={"content": _kept(content)})
    return draft


def held(user: User, form: str) -> Draft | None:
    """What the user typed earlier into the form."""
    return Draft.objects.filter(user=user, form=form).first()


def of(user: User) -> list[Draft]:
    """The user's drafts, the latest first."""
    return list(Draft.objects.filter(user=user).order_by("-saved_at"))


def discard(user: User, form: str) -> None:
    """Throw a draft away: it was sent, or its writer does not want it."""
    Draft.objects.filter(user=user, form=form).delete()


def park(form: str, content: Mapping[str, list[str]]) -> str:
    """Keep a form that came without a session until its writer has signed in again: the token that finds it, or none."""
    _clear()
    if _size(content) > LARGEST or Draft.objects.filter(user=None).count() >= MOST_PARKED:
        return ""
    return Draft.objects.create(form=form, content=_kept(content), parked=secrets.token_urlsafe(32)).parked


def claim(user: User, token: str, form: str) -> Draft | None:
    """Hand a parked form to the user who signed in with its token. It takes the place of an older draft of the same form."""
    parked = Draft.objects.filter(user=None, parked=token, form=form).first() if token else None
    if parked is None:
        return None
    draft = save(user, form, parked.content)
    parked.delete()
    return draft


def _clear() -> None:
    now = timezone.now()
    Draft.objects.filter(user=None, saved_at__lt=now - PARKED).delete()
    Draft.objects.filter(saved_at__lt=now - KEPT).delete()


def _size(content: Mapping[str, list[str]]) -> int:
    return sum(len(name) + sum(map(len, values)) for name, values in content.items())


def _kept(content: Mapping[str, list[str]]) -> Content:
    """What was typed, without the one character that the database keeps nowhere."""
    return {name: [value.replace("\0", "") for value in values] for name, values in content.items()}
