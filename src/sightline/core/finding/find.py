"""A search as somebody makes it: what they typed, whom they may see, and what the page shows of each."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet, Value
from django.utils.text import capfirst

from sightline.core.access.models import User
from sightline.core.access.roles import Permission
from sightline.core.access.standing import standing
from sightline.core.access.visibility import visible, visible_rows
from sightline.core.cases.models import Allocation, Case
from sightline.core.finding.asked import Asked, read
from sightline.core.finding.guards import Restricted, never_together, tell_of
from sightline.core.finding.search import MOST, Match, matches
from sightline.core.people.models import ContactPoint, HouseholdMember, Identifier, Person, PersonAddress
from sightline.core.records.history import record_models
from sightline.core.records.spells import open_on
from sightline.standards.codes import codeset
from sightline.standards.dates import age_on

PAGE = 20
#: Somebody restricted is told of only when they are as like the question as this.
_CERTAIN = 0.8
_MOST_RESTRICTED = 5
#: By what record each kind of entry is known: someone who may not see it may not find by it.
_KNOWN_BY = {
    **dict.fromkeys(("address", "postcode", "district"), PersonAddress),
    **dict.fromkeys(("phone", "email"), ContactPoint),
    "number": Identifier,
    "reference": HouseholdMember,
}


@dataclass(frozen=True)
class Hit:
    """One person found, as a row to read."""

    person: int
    name: str
    birth: str
    why: tuple[str, ...]
    score: float
    address: str = ""
    open: tuple[str, ...] = ()
    birth_date: date | None = None


@dataclass(frozen=True)
class Found:
    """What a search gave: one page of hits, how many hits there are, and who else is known. `full` says that there may be more."""

    asked: Asked
    hits: tuple[Hit, ...] = ()
    total: int = 0
    page: int = 1
    restricted: tuple[Restricted, ...] = ()

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE))

    @property
    def full(self) -> bool:
        return self.total >= MOST


def find(user: User, text: str, page: int = 1) -> Found:
    """Search for people as a user. A page that there is not is empty. The caller writes the audit entry."""
    day = standing().day
    asked = read(text, day)
    if asked.is_empty:
        return Found(asked)
    seen = _seen(user, asked)
    part = seen[(page - 1) * PAGE : page * PAGE]
    known = {match.person for match in seen}
    hidden = tuple(_others(user, asked, known)) if page == 1 else ()
    return Found(asked, tuple(rows(user, part, day)), len(seen), page, hidden)


def _seen(user: User, asked: Asked) -> list[Match]:
    """The matches that the user may see, the best first."""
    if user.may(Permission.SEE_ALL_CHILDREN):
        found = matches(asked)
        shown = visible(user, Person, [match.person for match in found])
        found = [match for match in found if match.person in shown]
    else:
        found = matches(asked, visible_rows(user, Person))
    found = _by_what_they_see(user, found)
    apart = never_together([match.person for match in found])
    return [match for match in found if match.person not in apart]


def _by_what_they_see(user: User, found: list[Match]) -> list[Match]:
    """Without those whom only a record gives away that the user may not see: who shares a name has not shared an address."""
    people = [match.person for match in found]
    for model in {_KNOWN_BY[kind] for match in found for kind in match.kinds if kind in _KNOWN_BY}:
        shown = set(visible_rows(user, model).filter(person__in=people).values_list("person_id", flat=True))
        found = [
            match
            for match in found
            if match.person in shown or not any(_KNOWN_BY.get(kind) is model for kind in match.kinds)
        ]
    return found


def _others(user: User, asked: Asked, known: set[int]) -> list[Restricted]:
    """People whom the user does not see and may be told of. Only who asks for somebody they know already is told: a surname alone tells nothing."""
    if not asked.is_precise or user.may(Permission.SEE_ALL_CHILDREN):
        return []
    likely = [match.person for match in matches(asked) if match.score >= _CERTAIN]
    # Whom the user sees and who was left out all the same is not told of either.
    seen = visible(user, Person, likely) | known
    apart = never_together([*sorted(seen), *(id for id in likely if id not in seen)])
    return tell_of(user, [id for id in likely if id not in seen and id not in apart])[:_MOST_RESTRICTED]


def rows(user: User, found: Collection[Match], day: date) -> list[Hit]:
    """The matches as rows: with where each lives and what is open, as far as the user may see it."""
    people = [match.person for match in found]
    lives, is_open = addresses(user, people, day), open_work(user, people, day)
    return [
        Hit(
            match.person,
            match.name or "No name recorded",
            born(match.birth_date, match.expected_birth_date, day),
            match.why,
            match.score,
            lives.get(match.person, ""),
            tuple(is_open.get(match.person, ())),
            match.birth_date,
        )
        for match in found
    ]


def born(birth_date: date | None, expected: date | None, day: date) -> str:
    """Date of birth and age, or when an unborn child is expected."""
    if birth_date:
        return f"{birth_date.day} {birth_date:%b %Y}, aged {max(age_on(birth_date, day), 0)}"
    return f"expected {expected.day} {expected:%b %Y}" if expected else "date of birth not known"


def addresses(user: User, people: Collection[int], day: date) -> dict[int, str]:
    """Where each lives: the newest address, a home before a placement; the user sees the address only where they see its record."""
    if not people:
        return {}
    lived = visible_rows(user, PersonAddress).filter(open_on(day), person__in=people)
    newest = lived.select_related("place").order_by("kind", "-start_date", "id")
    found: dict[int, str] = {}
    for one in newest:
        found.setdefault(one.person_id, ", ".join(part for part in (one.place.line_1, one.place.postcode) if part))
    return found


def open_work(user: User, people: Collection[int], day: date) -> dict[int, list[str]]:
    """What is open for each: the services, and what runs within their cases. One question, however many streams there are."""
    if not people:
        return {}
    parts: list[QuerySet[Any, Any]] = [
        visible_rows(user, model)
        .filter(open_on(day), person__in=people)
        .order_by()
        .values_list("person_id", Value(place), "service" if model is Case else Value(""))
        for place, model in enumerate(_streams())
    ]
    found: dict[int, list[str]] = {}
    for person, place, service in sorted(parts[0].union(*parts[1:])):
        model = _streams()[place]
        words = codeset("service").display(service) if model is Case else str(model._meta.verbose_name)
        told = found.setdefault(person, [])
        if capfirst(words) not in told:
            told.append(capfirst(words))
    return found


def _streams() -> list[Any]:
    """Record types that say that something is open for a person: a case, and the spells within it."""
    spells = [
        model
        for model in record_models()
        if {"person", "case", "start_date", "end_date"} <= {field.name for field in model._meta.concrete_fields}
        and model is not Allocation
    ]
    return [Case, *sorted(spells, key=lambda model: model._meta.label)]


def audit_details(found: Found) -> Mapping[str, Any]:
    """What the audit keeps of a search besides the people shown: what was typed, and whose existence was told."""
    return {
        "query": found.asked.text,
        "total": found.total,
        "page": found.page,
        "told_of": [one.person for one in found.restricted],
    }
