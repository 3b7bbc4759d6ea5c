"""What the partnership has changed in its local rules since they were installed, handed up by whoever keeps it.

Nothing here knows a database. The keeper puts one unchangeable object in place with `use`; every reader takes the object of the moment
with `in_use` and remembers its answers for that object, so that no thread ever mixes two states.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class NewLimit:
    """Another limit for a clock from a day on: `number` tells it apart, `because` is the reason that was given."""

    number: int
    clock: str
    limit: int
    unit: str
    first_day: date
    because: str


@dataclass(frozen=True, slots=True)
class NewCodes:
    """A code set as it is since a day: each code with its label and the ISO dates of its first and last day, empty for none."""

    number: int
    first_day: date
    rows: tuple[tuple[str, str, str, str], ...]


# Told apart by identity: the readers remember their answers for one object, and comparing long lists each time would cost more than it saves.
@dataclass(frozen=True, eq=False)
class LocalChanges:
    """Every change that applies on `day`, when this was put together.

    `limits` stand in the order in which they were made, planned ones too: a clock's versions have days of their own. `code_sets` holds only
    versions that have begun, so that no list offers a code, or shows a meaning, before its day.
    """

    limits: tuple[NewLimit, ...] = ()
    code_sets: Mapping[str, NewCodes] = field(default_factory=dict)
    #: What a snapshot and a kept figure quote: each changed rule with the number of the change that it follows.
    editions: Mapping[str, int] = field(default_factory=dict)
    day: date = date.max


AS_INSTALLED = LocalChanges()
_now = AS_INSTALLED


def in_use() -> LocalChanges:
    """What applies at this moment."""
    return _now


def use(changes: LocalChanges) -> None:
    """Let every reader of this process follow these changes from now on."""
    global _now  # noqa: PLW0603 (the one place in the process that says what applies)
    _now = changes
