"""Which records a user may see: one rule for each record type, and the only road to rows.

A record with a link `person` follows its person. Every other record type has a rule in the file `access.py` of its app; a type without one is seen
by nobody and fails a test. The same files say for what reasons someone sees a child; a reason ends by itself, with the spell it comes from.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Protocol

from django.apps import apps
from django.db.models import Model, Q, QuerySet
from django.db.models.expressions import RawSQL

from sightline.core.access.models import User
from sightline.core.access.roles import Permission
from sightline.core.errors import InputProblem
from sightline.core.people.models import Person

#: A question whose answer is ids of people.
People = QuerySet[Any, Any] | RawSQL


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
    """A record of the organisation's own duties (a request for information, a breach): seen by the roles that do that work."""

    permission: Permission

    @property
    def words(self) -> str:
        return f"Seen only by roles that may {self.permission}."

    def condition(self, people: People) -> Q:
        del people
        return Q(pk__in=[])


@dataclass(frozen=True)
class Reason:
    """Why someone sees a child. `people` gives ids of the people for a user on a day; it must end by itself."""

    id: str
    words: str
    people: Callable[[User, date], People]
    roles: frozenset[str] = frozenset()


def visible(user: User, what: type[Model] | str, ids: Iterable[int]) -> set[int]:
    """The ids among those given that the user may see."""
    wanted = list(ids)
    return set(visible_rows(user, what).filter(pk__in=wanted).values_list("pk", flat=True)) if wanted else set()


def visible_rows(user: User, what: type[Model] | str, day: date | None = None) -> QuerySet[Any]:
    """The rows of a record type (a model, or the name of its table) that the user may see: the only road to them."""
    model = model_of(what) if isinstance(what, str) else what
    rows: QuerySet[Any] = model._default_manager.all()
    rule = rule_for(model)
    if not user.is_active:
        return rows.none()
    if isinstance(rule, SeenByPermission):
        return rows if user.may(rule.permission) else rows.none()
    if user.may(Permission.SEE_ALL_CHILDREN) or isinstance(rule, SeenByAll):
        return rows
    if not user.may(Permission.SEE_OWN_CHILDREN):
        return rows.none()
    return rows.filter(rule.condition(_as_query(own_children(user, day or _today()))))


def own_children(user: User, day: date) -> QuerySet[Any, Any]:
    """Ids of the people whom the user has a reason to see on a day."""
    found = Q(pk__in=[])
    for reason in reasons_of(user):
        found |= Q(pk__in=reason.people(user, day))
    return Person.objects.filter(found).values("pk")


def _as_query(people: QuerySet[Any, Any]) -> RawSQL:
    """The people found once and handed on as one array: a rule may name them several times, each within another question."""
    found = list(people.values_list("pk", flat=True))
    return RawSQL("SELECT unnest(%s::bigint[])", [found])


def why(user: User, people: Collection[int], day: date | None = None) -> dict[int, list[str]]:
    """The user's reasons to see each of these people, in words. Empty for someone who sees all by their role."""
    found: dict[int, list[str]] = {}
    if user.may(Permission.SEE_ALL_CHILDREN) or not user.may(Permission.SEE_OWN_CHILDREN):
        return found
    judged = day or _today()
    for reason in reasons_of(user):
        ids = reason.people(user, judged)
        for id in Person.objects.filter(Q(pk__in=list(people)) & Q(pk__in=ids)).values_list("pk", flat=True):
            found.setdefault(id, []).append(reason.words)
    return found


def reasons_of(user: User) -> tuple[Reason, ...]:
    """The reasons that can apply to the user's role; none for someone who is not a worker."""
    if user.worker_id is None:
        return ()
    return tuple(reason for reason in declared_reasons() if not reason.roles or user.role in reason.roles)


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
    for module in _declarations():
        found |= getattr(module, "RULES", {})
    return found


@cache
def declared_reasons() -> tuple[Reason, ...]:
    """The reasons to see a child, as the apps declare them."""
    return tuple(reason for module in _declarations() for reason in getattr(module, "REASONS", ()))


@cache
def model_of(table: str) -> type[Model]:
    """The model of a table. Raises InputProblem when there is none."""
    for model in apps.get_models():
        if model._meta.db_table == table:
            return model
    raise InputProblem(f"there is no record table '{table}'")


def _declarations() -> list[Any]:
    names = [f"{app.name}.access" for app in apps.get_app_configs() if app.name.startswith("sightline.")]
    return [import_module(name) for name in names if find_spec(name) is not None]


def _today() -> date:
    from sightline.core.access.standing import standing

    return standing().day
