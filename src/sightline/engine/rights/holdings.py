"""Everything that is held on one person: the rows that name them, and the rows that hang on those."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import Any

from django.apps import apps
from django.db import models

from sightline.core.people.models import Person
from sightline.core.records.history import record_models
from sightline.core.records.models import Record

Holdings = dict[type[Record], set[int]]


@cache
def links_to(model: type[models.Model]) -> tuple[tuple[type[Record], str], ...]:
    """The record types and fields that point to a type of record."""
    return tuple(
        (other, link.name)
        for other in record_models()
        for link in other._meta.concrete_fields
        if isinstance(link, models.ForeignKey) and link.related_model is model
    )


def holdings(person: int) -> Holdings:
    """The ids of every row about a person, by record type: those with a link to the person, and those that belong to such a row."""
    found: Holdings = defaultdict(set)
    found[Person].add(person)
    waiting: list[tuple[type[Record], set[int]]] = [(Person, {person})]
    while waiting:
        model, ids = waiting.pop()
        for other, link in links_to(model):
            rows = set(_rows(other).filter(**{f"{link}__in": ids}).values_list("pk", flat=True)) - found[other]
            if rows:
                found[other] |= rows
                waiting.append((other, rows))
    _meetings(found)
    return dict(found)


def _meetings(found: Holdings) -> None:
    """What concerned several children (a meeting, an application, a household) and has nobody left but this person."""
    for model, ids in list(found.items()):
        for link in model._meta.concrete_fields:
            target = link.related_model if isinstance(link, models.ForeignKey) else None
            if target is None or not issubclass(target, Record) or not _is_shared(target):
                continue
            shared = set(_rows(model).filter(pk__in=ids).values_list(link.attname, flat=True)) - {None}
            found[target] |= {id for id in shared if not _others(target, id, found)}


def _is_shared(model: type[Record]) -> bool:
    """Whether rows of a type are tied to children by rows of another, having no person of their own, and are no reference to everybody."""
    if model is Person or model._meta.app_label in ("organisations", "places"):
        return False
    if any(field.name == "person" for field in model._meta.concrete_fields):
        return False
    return any(any(f.name == "person" for f in other._meta.concrete_fields) for other, _ in links_to(model))


def _others(model: type[Record], id: int, found: Holdings) -> bool:
    return any(
        _rows(other).filter(**{link: id}).exclude(pk__in=found.get(other, set())).exists()
        for other, link in links_to(model)
    )


def of_others(found: Holdings, person: int) -> list[tuple[str, int]]:
    """Rows among the holdings that are another person's own, and only hang on a row of this one."""
    foreign = []
    for model, ids in found.items():
        if model is Person or not any(field.name == "person" for field in model._meta.concrete_fields):
            continue
        direct = [
            field.name
            for field in model._meta.concrete_fields
            if isinstance(field, models.ForeignKey) and field.related_model is Person
        ]
        own = models.Q()
        for name in direct:
            own |= models.Q(**{name: person})
        others = _rows(model).filter(pk__in=ids, person__isnull=False).exclude(own)
        foreign += [(model._meta.db_table, id) for id in others.values_list("pk", flat=True)]
    return foreign


def table_of(name: str) -> type[Record] | None:
    """The record type of a table."""
    return next((model for model in record_models() if model._meta.db_table == name), None)


def _rows(model: type[models.Model]) -> Any:
    return apps.get_model(model._meta.label)._default_manager.all()
