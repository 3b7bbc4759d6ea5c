"""Writing audit entries: what was read, listed, exported and refused, by whom and why.

An entry is written in the transaction of what it tells of, so that neither happens without the other.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from django.db.models import Q, QuerySet

from sightline.core.audit.models import Entry


class What(StrEnum):
    """What someone did."""

    SIGN_IN = "sign-in"
    SIGN_OUT = "sign-out"
    SIGN_IN_FAILED = "failed sign-in"
    SIGN_IN_LOCKED = "sign-in while locked"
    CONFIRMED = "identity confirmed"
    SESSION_ENDED = "session ended"
    PASSWORD_CHANGED = "password changed"
    SECOND_FACTOR_ADDED = "second factor added"
    SECOND_FACTOR_REMOVED = "second factor removed"
    RECOVERY_MADE = "recovery link made"
    RECOVERY_USED = "recovery link used"
    USER_CHANGED = "user changed"
    REFUSED = "refused"
    LIST = "list"
    PROTECTED_LIST = "protected counts"
    EXPORT = "export"
    AUDIT_READ = "audit read"
    USER_MADE = "user made"
    WRITE = "write"
    BULK_WRITE = "bulk write"


def note(
    who: str,
    what: What,
    about: str = "",
    *,
    people: Iterable[int] = (),
    records: Iterable[int] = (),
    purpose: str = "",
    where_from: str = "",
    **details: Any,
) -> Entry:
    """Write one entry. `people` and `records` are the ids that were shown."""
    seen = {"people": sorted(set(people)), "records": list(records)}
    return Entry.objects.create(
        who=who[:150],
        what=what,
        about=about[:200],
        purpose=purpose[:200],
        where_from=where_from[:64],
        details=details | {name: ids for name, ids in seen.items() if ids},
    )


def about_person(person: int) -> QuerySet[Entry]:
    """Every entry in which a person was shown: alone, or as one row of a list."""
    return Entry.objects.filter(Q(person=person) | Q(details__contains={"people": [person]}))
