"""Rows of any record type, made from its fields alone, so that a type added tomorrow is tested without a word here."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from django.apps import apps
from django.db import models

from sightline.core.access.models import User
from sightline.core.organisations.models import Organisation
from sightline.core.people.models import Person
from sightline.core.records import fields as f
from sightline.core.records.models import Record
from sightline.core.records.writing import writing
from sightline.standards.codes import codeset

DAY = date(2026, 3, 2)

#: What a constraint of a type asks for beyond its fields.
_MORE: dict[str, dict[str, Any]] = {
    "restrictions.EmergencyAccess": {"ends_at": datetime(2026, 3, 2, 13, tzinfo=UTC)},
}


def save(record: Any) -> Any:
    """Save a record as an action would."""
    with writing("test.build", by="tester", because="test"):
        record.save()
    return record


def agency(name: str = "County council", kind: str = "local_authority") -> Organisation:
    """An agency, the same for the same name."""
    return Organisation.objects.get_or_create(name=name, kind=kind)[0]


def make(label: str, **values: Any) -> Any:
    """A saved record of a type, with what it cannot be without; the person's own records where it belongs to some."""
    model: Any = apps.get_model(label)
    given = {**_MORE.get(label, {}), **values}
    record = model()
    for field in model._meta.concrete_fields:
        if field.name in given:
            setattr(record, field.name, given[field.name])
        elif field.name == "agency":
            record.agency = agency()
        elif _needed(field):
            setattr(record, field.name, _value(field, given))
    return save(record)


def worker(name: str, job: str = "social_worker", of: Organisation | None = None) -> Any:
    """A worker of an agency."""
    return make("organisations.Worker", name=name, job=job, agency=of or agency())


def user(role: str, who: Any = None, name: str = "") -> User:
    """A user, with or without a worker; fresh from the database, as a request has it."""
    made = User.objects.create(username=name or f"{role}-{User.objects.count()}", role=role, worker=who)
    return User.objects.get(pk=made.pk)


def fresh(one: User) -> User:
    """The user as the next request has them."""
    return User.objects.get(pk=one.pk)


def _needed(field: Any) -> bool:
    given_itself = field.blank or (field.has_default() and field.get_default() != "")
    return not (field.null or field.primary_key or given_itself)


#: By type of field, the first that fits.
_VALUES: tuple[tuple[Any, Any], ...] = (
    (f.Date, DAY),
    (f.Moment, datetime(2026, 3, 2, 9, tzinfo=UTC)),
    (f.Yes, False),
    ((f.Number, f.Measurement), 1),
)


def _value(field: Any, given: dict[str, Any]) -> Any:
    if isinstance(field, models.ForeignKey):
        return _linked(field, given)
    if isinstance(field, f.Code):
        return codeset(field.codes).codes[0].code if field.codes else "x"
    words = "Twenty words and more, made up for a test."
    return next((value for kind, value in _VALUES if isinstance(field, kind)), words)


def _linked(field: Any, given: dict[str, Any]) -> Any:
    target: Any = field.related_model
    if target is Person:
        return make("people.Person", birth_date=date(2015, 5, 5))
    if target is Organisation:
        return agency()
    if not issubclass(target, Record):
        return target._default_manager.create()
    if "person" in given and _has_person(target):
        return of_person(target, given["person"])
    return make(target._meta.label)


def of_person(model: Any, person: Any) -> Any:
    """A row of the person's: the one they have, since some may not overlap, or a new one."""
    return model._default_manager.filter(person=person).first() or make(model._meta.label, person=person)


def _has_person(model: type[models.Model]) -> bool:
    return any(field.name == "person" for field in model._meta.concrete_fields)
