"""A child's chronology: every event and spell of every stream and agency, in one order and one union, by the visibility rule of each type."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import CharField, DateField, F, Model, QuerySet, Value
from django.db.models.functions import Cast, JSONObject

from sightline.core.access.models import User
from sightline.core.access.visibility import Sight, sight
from sightline.core.people.models import Person
from sightline.core.records.history import record_models
from sightline.core.records.models import Record
from sightline.engine.actions.belonging import main_date
from sightline.engine.screens import words

#: What a person is called and how they are known is no event of their life: it stands at the head of their page.
_PARTICULARS = frozenset({"people.PersonName", "people.Identifier", "people.Role", "people.HouseholdMember"})


@dataclass(frozen=True)
class Event:
    """One line of a chronology. `end` is None for an event, and for a spell that goes on (`is_spell`)."""

    table: str
    id: int
    day: date
    end: date | None
    is_spell: bool
    stream: str
    text: str
    agency: int

    @property
    def is_open(self) -> bool:
        """A spell that goes on."""
        return self.is_spell and self.end is None


@cache
def kinds() -> tuple[type[Record], ...]:
    """The record types that happen to a person on a day."""
    return tuple(
        model
        for model in record_models()
        if model._meta.label not in _PARTICULARS and _links_person(model) and _day(model)
    )


def _day(model: type[Record]) -> str:
    """The look-up of the day on which a record of this type happened or began; empty where it has none."""
    return (main_date(model) or model.HAPPENED).replace(".", "__")


def streams() -> list[tuple[str, str]]:
    """The streams of a chronology: folder and title."""
    found = {model._meta.app_label: words.stream_of(model) for model in kinds()}
    return sorted(found.items(), key=lambda each: each[1])


def held_streams(user: User, person: Person) -> list[tuple[str, str]]:
    """The streams in which the user sees anything of the person: no other is worth choosing."""
    folders = {_by_table()[event.table]._meta.app_label for event in chronology(user, person)}
    return [each for each in streams() if each[0] in folders]


def chronology(user: User, person: Person, only: Collection[str] = ()) -> list[Event]:
    """What the user may see of a person's life, the latest first. `only` names the streams (folders) that are wanted."""
    seen = sight(user, about=[person.pk])
    kept: tuple[Event, ...] = seen.once("chronology", lambda: _events(seen, person))
    return [event for event in kept if not only or _by_table()[event.table]._meta.app_label in only]


def _events(seen: Sight, person: Person) -> tuple[Event, ...]:
    queries = [_query(seen.rows(model), model, person) for model in _holding(person)]
    if not queries:
        return ()
    first, *rest = queries
    found = [_event(*row) for row in first.union(*rest, all=True)]
    return tuple(sorted(found, key=lambda each: (each.day, each.table, each.id), reverse=True))


def _holding(person: Person) -> list[type[Record]]:
    """The record types that hold anything of the person, whoever may see it. Most hold nothing: what may be seen of them need not be asked."""
    with connection.cursor() as cursor:
        cursor.execute(_held(), {"person": person.pk})
        [held] = cursor.fetchall()
    return [model for model, holds in zip(kinds(), held, strict=True) if holds]


@cache
def _held() -> str:
    name = connection.ops.quote_name
    tables = (name(model._meta.db_table) for model in kinds())
    parts = (f"EXISTS (SELECT FROM {table} WHERE person_id = %(person)s)" for table in tables)
    return f"SELECT {', '.join(parts)}"


def _query(seen: QuerySet[Any], model: type[Record], person: Person) -> Any:
    day = _day(model)
    ends = any(field.name == "end_date" for field in model._meta.fields)
    return (
        seen.filter(person=person, **{f"{day}__isnull": False})
        .order_by()
        .annotate(
            event_table=Value(model._meta.db_table, output_field=CharField()),
            event_day=F(day),
            event_end=F("end_date") if ends else Cast(Value(None), DateField()),
            event_tells=JSONObject(**{name: F(name) for name in words.telling(model)}),
        )
        .values_list("event_table", "pk", "event_day", "event_end", "event_tells", "agency_id")
    )


def _event(table: str, id: int, day: date, end: date | None, tells: dict[str, Any], agency: int) -> Event:
    model = _by_table()[table]
    is_spell = any(field.name == "end_date" for field in model._meta.fields)
    return Event(table, id, day, end, is_spell, words.stream_of(model), words.line_of(model, tells), agency)


@cache
def _by_table() -> dict[str, type[Record]]:
    return {model._meta.db_table: model for model in kinds()}


def _links_person(model: type[Model]) -> bool:
    return any(field.name == "person" and field.related_model is Person for field in model._meta.fields)
