"""Writing audit entries: what was read, listed, exported, changed and refused, by whom and why.

An entry is written in the transaction of what it tells of, so that neither happens without the other.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from django.db.models import Q, QuerySet

from sightline.core.audit.context import current
from sightline.core.audit.models import Entry


class What(StrEnum):
    """What someone did."""

    SIGN_IN = "sign-in"
    SIGN_OUT = "sign-out"
    SIGN_IN_FAILED = "failed sign-in"
    SIGN_IN_LOCKED = "sign-in while locked"
    CONFIRMED = "identity confirmed"
    SESSION_ENDED = "session ended"
    PASSWORD_CHANGED = "password changed"  # noqa: S105 (a kind of entry)
    SECOND_FACTOR_ADDED = "second factor added"
    SECOND_FACTOR_REMOVED = "second factor removed"
    RECOVERY_MADE = "recovery link made"
    RECOVERY_USED = "recovery link used"
    USER_CHANGED = "user changed"
    REFUSED = "refused"
    READ = "read"
    SEARCH = "search"
    LIST = "list"
    PROTECTED_LIST = "protected counts"
    EXPORT = "export"
    PRINT = "print"
    DOWNLOAD = "download"
    SENT = "sent"
    AUDIT_READ = "audit read"
    WRITE = "write"
    BULK_WRITE = "bulk write"
    MERGE = "merge"
    UNMERGE = "un-merge"
    EMERGENCY_ACCESS = "emergency access"
    RESTRICTED = "restriction"
    RESTRICTED_HIT = "restricted record found"
    SETTINGS = "settings"
    USER_MADE = "user made"
    PARTNER_CALL = "partner call"
    DISPOSED = "disposed"


#: In these, someone had a child's record before them. A list and a search show a line of it.
SEEN = (What.READ, What.PRINT, What.DOWNLOAD, What.EXPORT, What.SENT)


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
    """Write one entry. `people` and `records` are the ids that were shown.

    Where it comes from, the session and the request's number are those of the request under way unless they are given.
    """
    here = current()
    seen = {"people": sorted(set(people)), "records": list(records)}
    return Entry.objects.create(
        who=who[:150],
        what=what,
        about=about[:200],
        purpose=purpose[:200],
        where_from=(where_from or here.where_from)[:64],
        session=here.session[:64],
        request=str(details.pop("request", here.request))[:64],
        details=details | {name: ids for name, ids in seen.items() if ids},
    )


def about_person(person: int) -> QuerySet[Entry]:
    """Every entry in which a person was shown: alone, or as one row of a list."""
    return Entry.objects.filter(Q(person=person) | Q(details__contains={"people": [person]}))
