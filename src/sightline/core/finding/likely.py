"""Search before create: who is known already and may be the person about to be registered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sightline.core.access.models import User
from sightline.core.access.standing import standing
from sightline.core.access.visibility import visible
from sightline.core.finding.asked import Asked, read
from sightline.core.finding.find import Hit, rows
from sightline.core.finding.guards import Restricted, never_together, tell_of
from sightline.core.finding.search import Match, matches
from sightline.core.finding.words import split
from sightline.core.people.models import Person

MOST = 10
#: How alike somebody must be to be asked about.
_ALIKE = 0.82


@dataclass(frozen=True)
class Likely:
    """Who may be the person: those whom the user sees, and those of whom they are only told."""

    hits: tuple[Hit, ...] = ()
    restricted: tuple[Restricted, ...] = ()

    @property
    def people(self) -> list[int]:
        return [*(hit.person for hit in self.hits), *(one.person for one in self.restricted)]

    def __bool__(self) -> bool:
        return bool(self.hits or self.restricted)


def likely(values: Mapping[str, Any], user: User | None) -> Likely:
    """Who is like the values with which a person is about to be registered (the inputs of `people.register`, typed or read).

    For a user: those they see, and those of whom they may be told; never anybody under a hidden seal. For no user (a part of the system):
    numbers alone, with nothing about them but the record number.
    """
    found = alike(values)
    if user is None:
        return Likely(restricted=tuple(Restricted(match.person, "") for match in found))
    people = [match.person for match in found]
    seen = visible(user, Person, people)
    apart = never_together([*(id for id in people if id in seen), *(id for id in people if id not in seen)])
    shown = [match for match in found if match.person in seen and match.person not in apart]
    told = tell_of(user, [id for id in people if id not in seen and id not in apart])
    return Likely(tuple(rows(user, shown, standing().day)), tuple(told))


def alike(values: Mapping[str, Any]) -> list[Match]:
    """People who are like these values, whoever asks."""
    asked = _question(values)
    if asked.is_empty:
        return []
    found = matches(asked)
    return [match for match in found if match.score >= _ALIKE][:MOST]


def _question(values: Mapping[str, Any]) -> Asked:
    """The values as a question. A name alone is too little to stop at: half the county would be likely."""
    words = [*split(_text(values, "forename")), *split(_text(values, "surname"))]
    born = _day(values.get("birth_date")) or _day(values.get("expected_birth_date"))
    keys = {
        key
        for scheme in ("nhs", "upn", "local")
        for key in read(_text(values, scheme), standing().day).keys
        if _text(values, scheme) and key[0] == "number"
    }
    return Asked(
        " ".join(words), words=words if len(words) > 1 or born else [], born=born if words else None, keys=keys
    )


def _text(values: Mapping[str, Any], name: str) -> str:
    return str(values.get(name) or "").strip()


def _day(value: Any) -> date | None:
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value or ""))
    except ValueError:
        return None
