"""Who sees the records of one type: the rules that the file `access.py` of an app chooses from.

A record with a link `person` follows its person. Every other record type has a rule; a type without one is seen by nobody and fails a test.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Protocol

from django.apps import apps
from django.db.models import Model, Q

from sightline.core.access.declared import access_modules
from sightline.core.access.models import User
from sightline.core.access.queries import People
from sightline.core.access.roles import Permission
from sightline.core.errors import InputProblem
from sightline.core.people.models import Person


class Rule(Protocol):
    """Who sees the records of one type. `words` is what the reference pages print."""

    @property
    def words(self) -> str: ...

    def condition(self, people: People) -> Q:
        """The rows seen by someone who sees these people, whose query gives ids."""
        ...


@dataclass(frozen=True)
class ByPerson:
    """A record follows the person it is about."""

    link: str = "person"
    words: str = "Seen by those who may see the person it is about."

    def condition(self, people: People) -> Q:
        return Q(**{f"{self.link}__in": people})


@dataclass(frozen=True)
class ByAnyChild:
    """A record that concerns several children (a meeting, an application) follows any of them.

    `through` is the record type that ties a child to it by `link`. It shows what concerns the whole meeting, never the
    other children: those are records of their own.
    """

    through: str
    link: str
    words: str = "Seen by those who may see any of the children it concerns."

    def condition(self, people: People) -> Q:
        ties = apps.get_model(self.through)._default_manager.filter(person__in=people)
        return Q(pk__in=ties.values(f"{self.link}_id"))


@dataclass(frozen=True)
class ByParent:
    """A record follows another record that it belongs to."""

    link: str
    parent: str
    words: str = "Seen by those who may see the record it belongs to."

    def condition(self, people: People) -> Q:
        parent = apps.get_model(self.parent)
        return Q(
            **{f"{self.link}__in": parent._default_manager.filter(rule_for(parent).condition(people)).values("pk")}
        )


@dataclass(frozen=True)
class ByAny:
    """A record follows any of several rules."""

    rules: tuple[Rule, ...]

    @property
    def words(self) -> str:
        return " ".join(rule.words for rule in self.rules)

    def condition(self, people: People) -> Q:
        found = Q(pk__in=[])
        for rule in self.rules:
            found |= rule.condition(people)
        return found


@dataclass(frozen=True)
class ByNamedRecord:
    """A record that names another by table and id, where it has no person of its own, follows that other."""

    table: str
    table_field: str = "record_table"
    id_field: str = "record_id"
    words: str = "Seen by those who may see the record it names."

    def condition(self, people: People) -> Q:
        model = model_of(self.table)
        seen = model._default_manager.filter(rule_for(model).condition(people)).values("pk")
        return Q(**{self.table_field: self.table, f"{self.id_field}__in": seen})


@dataclass(frozen=True)
class SeenByAll:
    """A record that says nothing about a child."""

    words: str = "Seen by everyone who signs in: it says nothing about a child."

    def condition(self, people: People) -> Q:
        del people
        return Q()


@dataclass(frozen=True)
class SeenByListReaders:
    """A record without a child to whom a reason could be tied: only those who open every list see it."""

    words: str = "Seen only by those who may open every list: no reason can tie it to one child."

    def condition(self, people: People) -> Q:
        del people
        return Q(pk__in=[])


@dataclass(frozen=True)
class SeenByPermission:
    """A record of the work of those with a permission, whatever children they see: requests for access, breaches, reviews.

    Only they see it; opening every list is not enough, and neither is a reason to see the child it may concern.
    """

    permission: Permission

    @property
    def words(self) -> str:
        return f"Seen only by those whose role may {self.permission}."

    def condition(self, people: People) -> Q:
        del people
        return Q(pk__in=[])


@dataclass(frozen=True)
class SeenByUser:
    """A record about access itself (a seal, a conflict of interest, a notice): who sees it depends on who they are, not on whom they see."""

    words: str
    rows: Callable[[User, date], Q]

    def condition(self, people: People) -> Q:
        del people
        return Q(pk__in=[])


def rule_for(model: type[Model]) -> Rule:
    """The rule of a record type. Raises LookupError when it has none."""
    found = declared_rules().get(model._meta.label)
    if found is not None:
        return found
    if any(field.name == "person" and field.related_model is Person for field in model._meta.fields):
        return ByPerson()
    raise LookupError(f"{model._meta.label} has no person and no rule: declare who sees it in its app's access.py")


@cache
def declared_rules() -> dict[str, Rule]:
    """The rules of record types, by model label, as the apps declare them."""
    found: dict[str, Rule] = {"people.Person": ByPerson("pk")}
    for module in access_modules():
        found |= getattr(module, "RULES", {})
    return found


@cache
def model_of(table: str) -> type[Model]:
    """The model of a table. Raises InputProblem when there is none."""
    for model in apps.get_models():
        if model._meta.db_table == table:
            return model
    raise InputProblem(f"there is no record table '{table}'")


def person_links(model: type[Model]) -> tuple[str, ...]:
    """The links of a record type to people other than the one whose record it is."""
    rule = rule_for(model)
    own = rule.link if isinstance(rule, ByPerson) else "person"
    return tuple(
        field.name for field in model._meta.concrete_fields if field.related_model is Person and field.name != own
    )


def belongs(model: type[Model], table: str) -> tuple[str, ...]:
    """Every way in which a record of this type belongs to one of a table, as a path of links."""
    return _paths(model, table, frozenset())


def _paths(model: type[Any], table: str, passed: frozenset[type[Model]]) -> tuple[str, ...]:
    found: list[str] = []
    for field in model._meta.concrete_fields:
        target: Any = field.related_model
        if target is None or target is Person or target in passed:
            continue
        if target._meta.db_table == table:
            found.append(field.name)
        if target is not model:
            found += [f"{field.name}__{path}" for path in _paths(target, table, passed | {model})]
    return tuple(found)
