"""Letting this process follow the changes of local rules that stand in the database.

No change begins before the day after it was made, so a process that asks once a minute, and again on a new day, is never late with one. See
docs/decisions/0020-local-rules.md.
"""

from __future__ import annotations

from datetime import date
from time import monotonic

from django.db.models import Max
from django.utils import timezone

from sightline.core.options.models import RuleChange
from sightline.standards.local_changes import AS_INSTALLED, LocalChanges, NewCodes, NewLimit, use

ASK_EVERY = 60.0


class _Asked:
    """When this process last asked, and what it knows since."""

    at = float("-inf")
    day = date.min
    newest = 0


def follow(*, at_once: bool = False) -> None:
    """Ask what was changed, unless it was asked a moment ago, and let every reader in this process use it."""
    today, now = timezone.localdate(), monotonic()
    if not at_once and _Asked.day == today and now - _Asked.at < ASK_EVERY:
        return
    newest = RuleChange.objects.aggregate(newest=Max("id"))["newest"] or 0
    if (newest, today) != (_Asked.newest, _Asked.day):
        use(_read(today) if newest else AS_INSTALLED)
    _Asked.at, _Asked.day, _Asked.newest = now, today, newest


def _read(today: date) -> LocalChanges:
    limits = [_limit(row) for row in RuleChange.objects.filter(kind=RuleChange.CLOCK).order_by("id")]
    begun = RuleChange.objects.filter(kind=RuleChange.CODE_SET, first_day__lte=today).order_by("first_day", "id")
    sets = {row.name: NewCodes(row.pk, row.first_day, tuple(map(tuple, row.content["rows"]))) for row in begun}
    editions = {f"clock {one.clock}": one.number for one in limits}
    editions |= {f"code set {name}": one.number for name, one in sets.items()}
    return LocalChanges(tuple(limits), sets, editions, today)


def _limit(row: RuleChange) -> NewLimit:
    return NewLimit(row.pk, row.name, row.content["limit"], row.content["unit"], row.first_day, row.because)
