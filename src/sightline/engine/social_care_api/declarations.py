"""What a pathway says about its part of the Department's children's social care API. Pathways' `social_care_api.py` hold `PARTS` and
`COHORTS`; one engine reads them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet

if TYPE_CHECKING:
    from sightline.engine.social_care_api.telling import Telling

EPISODES = "social_care_episodes"


@dataclass(frozen=True, slots=True)
class Told:
    """One record as its pathway tells it: whom it is about, its values by property, and its id where the schema asks for one.

    `within` is the id of the episode that holds it; or a day: then the child's episode that was open on it holds it, or else the last
    that began before. An episode itself has its first day, and its last one unless it is open.
    """

    person: int
    values: Mapping[str, Any]
    id: str = ""
    within: str | date | None = None
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True)
class Coded:
    """The code set of a property, and the property whose date judges the code. Without one, the day of sending does."""

    codes: str
    at: str = ""


@dataclass(frozen=True)
class Part:
    """A block of the payload. `path` is where the published schema has it: `social_care_episodes.adoption`.

    Of a block that there is once several parts may each tell some properties. One that tells it `alone` tells all of it in each
    record: the last one stands.
    """

    path: str
    rows: Callable[[Telling], Iterable[Told]]
    codes: Mapping[str, Coded] = field(default_factory=dict)
    alone: bool = False


@dataclass(frozen=True)
class Cohort:
    """Children who are sent: those whom one of these records is about, where their age fits (see `window`)."""

    name: str
    people: Callable[[Telling], QuerySet[Any]]
