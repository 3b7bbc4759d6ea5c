"""Records in words: a line for a list or a chronology, the cells of a page, names of people and staff."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from django.apps import apps
from django.db.models import Field, ForeignKey, Model
from django.utils import timezone
from django.utils.text import capfirst

from sightline.core.organisations.models import Organisation, Team, Worker
from sightline.core.people.models import Person, PersonName
from sightline.core.records import fields as f
from sightline.core.records.models import Record
from sightline.engine.actions.belonging import happened, said
from sightline.engine.actions.declarations import PROVENANCE, rules_of
from sightline.standards.clocks import UnknownClock, clock
from sightline.standards.codes import codeset
from sightline.standards.dates import months_on

STAFF = (Team, Worker, Organisation)
#: How many code values a one-line description takes on: enough to tell two plans apart, short enough for a list.
IN_A_LINE = 2


@dataclass(frozen=True)
class Cell:
    """One field of a record as it is read. `table` and `id` lead to the record that a link names."""

    name: str
    title: str
    text: str
    table: str = ""
    id: int = 0


def title_of(model: type[Model]) -> str:
    """A record type, to begin a sentence."""
    return str(capfirst(str(model._meta.verbose_name)))


@cache
def title_of_table(table: str) -> str:
    """A table's record type, to begin a sentence; the name itself where there is no such table."""
    return next((title_of(model) for model in apps.get_models() if model._meta.db_table == table), table)


#: What a worker calls a part of the record whose folder is named for how Sightline is built.
_PARTS = {
    "cases": "Case and transfer",
    "deadlines": "Missed deadlines",
    "notes": "Case notes, documents and tasks",
    "people": "Family, address and warnings",
    "restrictions": "Who may see the record",
    "rights": "Information rights",
    "sending": "Safe addresses and copies sent",
    "work": "Drift lists",
}


def part_called(folder: str) -> str:
    """A part of the record in words, by its folder."""
    return _PARTS.get(folder) or str(capfirst(folder.replace("_", " ")))


def stream_of(model: type[Model]) -> str:
    """The stream a record type belongs to, in words."""
    return part_called(model._meta.app_label)


def names(people: Iterable[int]) -> dict[int, str]:
    """The legal name of each person, the newest where there are several."""
    found = PersonName.objects.filter(person__in=set(people), kind="legal").order_by("start_date", "id")
    return {one.person_id: f"{one.forename} {one.surname}".strip() for one in found}


def called(person: Person) -> str:
    """A person's name, or what stands for it."""
    unborn = person.expected_birth_date and not person.birth_date
    return names([person.pk]).get(person.pk) or ("Unborn child" if unborn else f"Person {person.pk}")


def age(person: Person, day: date) -> str:
    """A child's age in the words that people use: weeks, months, then years."""
    born = person.birth_date
    if born is None:
        due = person.expected_birth_date
        return f"due {said(due)}" if due else "age not known"
    months = months_on(born, day)
    if months < 0:
        return "not born yet"
    if months < 2:
        return f"{(day - born).days // 7} weeks"
    return f"{months} months" if months < 24 else f"{months // 12} years"


def line(record: Any) -> str:
    """A record in one line: what it is, its state, and the codes that tell it from others of its kind."""
    model: type[Model] = type(record)
    return line_of(model, {name: getattr(record, name) for name in telling(model)})


def line_of(model: type[Model], values: Mapping[str, Any]) -> str:
    """The same from the values of the telling fields alone."""
    codes = (codeset(_codes(model, name)).display(str(value)) for name, value in values.items() if value)
    # Two fields may hold one code, as a first and a latest category do: once is enough.
    return ", ".join(dict.fromkeys((title_of(model), *codes)))


def _codes(model: type[Model], name: str) -> str:
    return str(getattr(model._meta.get_field(name), "codes", ""))


def choice(record: Any) -> str:
    """A record as one of several to choose from: its line with its day."""
    day = happened(record)
    return f"{line(record)} ({said(day)})" if day else line(record)


@cache
def telling(model: type[Model]) -> tuple[str, ...]:
    """The fields whose codes tell one record of a type from another, by name."""
    coded = [field.name for field in model._meta.fields if getattr(field, "codes", "") and field.name not in PROVENANCE]
    return tuple(coded[:IN_A_LINE])


def state(record: Any) -> str:
    """The state of a record by its table of states."""
    return rules_of(type(record)).state(record)


def cells(record: Any) -> list[Cell]:
    """Every field that was filled, in the order of the record's declaration."""
    found = (cell(record, field) for field in described(type(record)))
    return [each for each in found if each.text]


def described(model: type[Model]) -> list[Field[Any, Any]]:
    """The fields that say something: not whose the record is or where it came from."""
    return [field for field in model._meta.concrete_fields if field.name not in PROVENANCE]


def cell(record: Any, field: Field[Any, Any]) -> Cell:
    """One field in words."""
    title = str(capfirst(str(field.verbose_name)))
    value = getattr(record, field.name)
    if isinstance(value, Person):
        return Cell(field.name, title, called(value), value._meta.db_table, value.pk)
    if isinstance(value, Record) and not isinstance(value, STAFF):
        return Cell(field.name, title, choice(value), value._meta.db_table, value.pk)
    return Cell(field.name, title, in_words(field, value))


def in_words(field: Field[Any, Any], value: Any) -> str:
    """A value as it is read."""
    if value is None or value == "":
        return ""
    if isinstance(value, STAFF):
        return staff(value)
    if isinstance(field, f.Code) and field.codes:
        return codeset(field.codes).display(str(value))
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, datetime):
        local = timezone.localtime(value)
        return f"{said(local.date())}, {local:%H:%M}"
    return said(value) if isinstance(value, date) else str(value)


def as_kept(field: Field[Any, Any], value: Any) -> str:
    """A value of the history, which keeps columns as JSON, as it is read. A link's target is named by its kind and number only."""
    if value is None or value == "":
        return ""
    if isinstance(field, ForeignKey):
        return f"{title_of(field.related_model)} {value}"
    if isinstance(value, (bool, int, float)):
        return in_words(field, value)
    return in_words(field, field.to_python(value))


def of_clock(id: str, started: date) -> str:
    """What a clock that started on a day waits for, as a practitioner says it."""
    try:
        found = clock(id, started)
    except UnknownClock:
        return id
    return f"{capfirst(found.process)}: {found.stops} (limit {found.limit_in_words})"


def staff(value: Any) -> str:
    """A worker with their job, a team or an agency by its name."""
    if isinstance(value, Worker):
        job = codeset("worker_job").display(value.job)
        return f"{value.name} ({job.lower()})" if value.name else job
    return str(value.name)
