"""The address guard: whose whereabouts are protected, and what in a pack would tell them.

Where domestic abuse was found, or somebody's whereabouts or record are restricted, in the family of a child, every address, school, placement and
number of anybody of that family is withheld from every recipient, until two people decide that this recipient may have it. A recipient's own home
is no news to them (Domestic Abuse Act 2021 statutory guidance; Working Together ch 1).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from django.db.models import Model, Q

from sightline.core.access.models import User
from sightline.core.access.visibility import visible
from sightline.core.organisations.models import Organisation
from sightline.core.people.models import ContactPoint, HouseholdMember, Person, PersonAddress, Relationship
from sightline.core.places.models import Place
from sightline.core.records.history import record_models
from sightline.core.records.spells import open_on
from sightline.core.restrictions.standing import in_force, sealed_from_anybody
from sightline.core.sending.models import Copy, ProtectedWhereabouts
from sightline.engine.screens import words
from sightline.engine.sending import patterns
from sightline.engine.sending.content import WHEREABOUTS, Content, address, plain, says_where
from sightline.engine.sending.declarations import danger_signs
from sightline.engine.sending.patterns import Pattern

#: Records that say nothing but where somebody is: withheld, nothing of them is left to be seen.
NOTHING_ELSE = frozenset({PersonAddress._meta.db_table, ContactPoint._meta.db_table})
#: What a sign says where no word may be said about it.
_RESTRICTED = "Somebody's record is restricted."


@dataclass
class Item:
    """One text that says where somebody is: how it is found, whose it is, and the records that say so."""

    text: str
    what: str
    patterns: list[Pattern]
    people: set[int] = field(default_factory=set)
    #: The people who have it as their own now.
    now: set[int] = field(default_factory=set)
    rows: list[tuple[type[Model], int]] = field(default_factory=list)

    def known_to(self, user: User) -> bool:
        """Whether the user may see a record that says so; only then is it named to them."""
        return not self.rows or any(visible(user, model, [id]) for model, id in self.rows)


@dataclass(frozen=True)
class Guard:
    """Why the guard is up, and what it withholds. Without a sign it withholds nothing."""

    signs: tuple[str, ...] = ()
    items: tuple[Item, ...] = ()

    @property
    def up(self) -> bool:
        """Whether it is up."""
        return bool(self.signs)


def guard(children: set[int], held: Content, day: date) -> Guard:
    """The guard of a pack about these children."""
    people = family_of(children)
    signs = tuple(dict.fromkeys(_signs(people, day)))
    if not signs:
        return Guard()
    found: dict[str, Item] = {}
    for item in (*_of_records(people, day), *_of_content(held)):
        known = found.setdefault(item.text.casefold(), item)
        if known is not item:
            known.people |= item.people
            known.now |= item.now
            known.rows += item.rows
    return Guard(signs, tuple(sorted(found.values(), key=lambda item: (item.what, item.text))))


def family_of(children: set[int]) -> set[int]:
    """The children, everybody who lives with them or did, and those related to them."""
    homes = HouseholdMember.objects.filter(person__in=children).values("household")
    living = HouseholdMember.objects.filter(household__in=homes).values_list("person_id", flat=True)
    ties = Relationship.objects.filter(Q(person__in=children) | Q(other__in=children))
    related = {id for pair in ties.values_list("person_id", "other_id") for id in pair}
    return children | set(living) | related


def another_household(copy: Copy, children: set[int], day: date) -> bool:
    """Whether the recipient is a family member who does not live with every child of the pack, as far as the record knows."""
    if copy.relative_id is None:
        return False
    open_: Any = HouseholdMember.objects.filter(open_on(day))
    own = set(open_.filter(person=copy.relative_id).values_list("household_id", flat=True))
    with_them = set(open_.filter(household__in=own, person__in=children).values_list("person_id", flat=True))
    return bool(children - with_them - {copy.relative_id})


def _signs(people: set[int], day: date) -> Iterator[str]:
    for signs in danger_signs():
        yield from signs(people)
    if ProtectedWhereabouts.objects.filter(in_force(day), person__in=people).exists():
        yield "Somebody's whereabouts are protected."
    if ContactPoint.objects.filter(person__in=people, safe_to_use="no", end_date=None).exists():
        yield "A number or address of somebody's is not safe to use."
    if people & sealed_from_anybody(day)[0]:
        yield _RESTRICTED


def _of_records(people: set[int], day: date) -> Iterator[Item]:
    """What the records of these people say of where they are, were, or are reached."""
    for model, names in _models():
        for row in model._default_manager.filter(person__in=people).select_related(*names):
            ended = getattr(row, "end_date", None)
            for name in names:
                yield from _item(row, getattr(row, name), now=ended is None or ended > day)
    for point in ContactPoint.objects.filter(person__in=people):
        found = list(patterns.of_number(plain(point.value)))
        yield _owned(Item(plain(point.value), "Number or e-mail address", found), point, now=point.end_date is None)


def _item(row: Any, value: Any, *, now: bool) -> Iterator[Item]:
    if isinstance(value, Place):
        found = list(patterns.of_address(plain(value.line_1), plain(value.postcode)))
        yield _owned(Item(plain(address(value)), "Address", found), row, now=now)
    elif isinstance(value, Organisation) and value.kind in WHEREABOUTS:
        yield _owned(
            Item(plain(value.name), "School or provider", list(patterns.of_words(plain(value.name)))), row, now=now
        )


def _owned(item: Item, row: Any, *, now: bool) -> Item:
    item.people.add(row.person_id)
    item.rows.append((type(row), row.pk))
    if now:
        item.now.add(row.person_id)
    return item


def _of_content(held: Content) -> Iterator[Item]:
    """What the pack itself says of schools and places, such as a school that is asked to the conference."""
    for part in held["parts"]:
        for record in part["records"]:
            for each in record["fields"]:
                if each.get("whereabouts"):
                    yield Item(each["value"], each["title"], list(patterns.of_words(each["value"])))


@cache
def _models() -> tuple[tuple[type[Model], tuple[str, ...]], ...]:
    """The record types about one person that say where they are, and the fields that do."""
    found = []
    for model in record_models():
        about_one = any(each.name == "person" and each.related_model is Person for each in model._meta.concrete_fields)
        names = tuple(each.name for each in model._meta.concrete_fields if says_where(each))
        if about_one and names and model._meta.app_label not in ("sending", "rights", "restrictions"):
            found.append((model, names))
    return tuple(found)


def whose(item: Item, user: User) -> str:
    """Whose it is, for those who may know."""
    seen = visible(user, Person, item.people) if item.people else set()
    return ", ".join(sorted(words.names(seen).get(id, f"Person {id}") for id in seen))


def own_of(copy: Copy, items: Iterable[Item]) -> list[Item]:
    """What is the recipient's own, and so no news to them."""
    return [item for item in items if copy.relative_id is not None and copy.relative_id in item.now]
