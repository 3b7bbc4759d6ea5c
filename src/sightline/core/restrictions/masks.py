"""What someone is told of a person from whom they are barred: that the record is restricted and whom to ask, or nothing at all."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from sightline.core.access.models import User
from sightline.core.access.visibility import barred, sight
from sightline.core.organisations.models import Worker
from sightline.core.people.models import HouseholdMember
from sightline.core.restrictions import standing
from sightline.core.restrictions.models import AdoptedIdentity, Seal

_MANAGER = "your manager"


@dataclass(frozen=True)
class Restricted:
    """A person whose record is restricted: whom to ask."""

    ask: str

    @property
    def words(self) -> str:
        """As it stands in place of the record."""
        return f"Restricted: ask {self.ask}."


def restricted(user: User, people: Collection[int], day: date | None = None) -> dict[int, Restricted]:
    """Those of the people whom the user does not see and may be told of. Of a hidden one there is no word, as of one who does not exist.

    Why a record is restricted is not said: a conflict of interest reads as a seal does.
    """
    closed = barred(user, people, day)
    if not closed:
        return {}
    seals = _seals(user, closed, sight(user, day).day)
    hidden = {id for id, found in seals.items() if any(seal.policy == "hidden" for seal in found)}
    hidden |= set(AdoptedIdentity.objects.filter(before__in=closed, end_date=None).values_list("before_id", flat=True))
    return {id: Restricted(_whom(seals.get(id, []))) for id in sorted(closed - hidden)}


def _seals(user: User, people: Collection[int], day: date) -> dict[int, list[Seal]]:
    """The seals that close each of the people to the user."""
    living: Any = HouseholdMember.objects.filter(person__in=people).values_list("household_id", "person_id")
    homes: dict[int, set[int]] = {}
    for household, person in living:
        homes.setdefault(household, set()).add(person)
    seals = standing.seals_against(user, day).filter(Q(person__in=people) | Q(household__in=homes))
    found: dict[int, list[Seal]] = {}
    for seal in seals.select_related("ask").order_by("id"):
        closed = homes.get(seal.household_id or 0, {seal.person_id or 0})
        for person in closed:
            found.setdefault(person, []).append(seal)
    return found


def _whom(seals: list[Seal]) -> str:
    ask: Worker | None = seals[0].ask if seals else None
    return ask.name if ask is not None and ask.name else _MANAGER
