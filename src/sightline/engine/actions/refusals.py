"""What an action answers when it does not do what was asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sightline.core.errors import Problem


@dataclass(frozen=True)
class Fault:
    """One thing wrong with what was given: which input (empty: the whole) and what is wrong, in words for a form."""

    input: str
    what: str


class Refused(Problem):
    """The action was not done, and nothing was written."""


class NotPermitted(Refused):
    """The user's role or reasons to see a child do not reach this far."""


class NotNow(Refused):
    """The state of the record does not allow the action."""


class Invalid(Refused):
    """What was given does not hold. `faults` has every reason, not just the first."""

    def __init__(self, title: str, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(
            " ".join(fault.what for fault in self.faults), where=title, next="Correct what is named and try again."
        )


@dataclass(frozen=True)
class Version:
    """One field in three states: as the editor saw it, as it is now, and as the editor wants it."""

    field: str
    title: str
    seen: Any
    theirs: Any
    yours: Any


class Conflict(Refused):
    """Somebody else changed the record since it was read. Both versions are here; neither is lost."""

    def __init__(self, title: str, by: str, at: datetime, versions: Sequence[Version]) -> None:
        self.by = by
        self.at = at
        self.versions = tuple(versions)
        super().__init__(
            f"{by} changed this record at {at:%H:%M on %d %B %Y}, after you opened it.",
            where=title,
            next="Look at both versions, then send yours again if it still holds.",
        )
