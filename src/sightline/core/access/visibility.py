"""Which records a user may see: the only road to rows, taken by screens, search, lists, counts, exports and the API.

`rules` says whom the records of a type follow, `reasons` why someone sees a child and what bars them from it. Here the two meet: a user sees the
rows of those whom they have a reason to see, without those from whom they are barred and without single records that are sealed from them.
A role that opens every list needs no reason; bars and seals hold for it, too.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from time import monotonic
from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet
from django.db.models.expressions import RawSQL

from sightline.core.access.models import User
from sightline.core.access.queries import FEW, People, any_of, asked, but_not, everybody_but, of_these, only
from sightline.core.access.reasons import (
    Bar,
    Reason,
    Why,
    declared_bars,
    declared_reasons,
    reasons_of,
    sealed_records,
)
from sightline.core.access.roles import Permission
from sightline.core.access.rules import (
    ByAny,
    ByAnyChild,
    ByNamedRecord,
    ByParent,
    ByPerson,
    Rule,
    SeenByAll,
    SeenByListReaders,
    SeenByPermission,
    SeenByUser,
    belongs,
    declared_rules,
    model_of,
    person_links,
    rule_for,
)
from sightline.core.people.models import Person
from sightline.core.records import writing

__all__ = [
    "Bar",
    "ByAny",
    "ByAnyChild",
    "ByNamedRecord",
    "ByParent",
    "ByPerson",
    "People",
    "Reason",
    "Rule",
    "SeenByAll",
    "SeenByListReaders",
    "SeenByPermission",
    "SeenByUser",
    "Sight",
    "Why",
    "barred",
    "declared_bars",
    "declared_reasons",
    "declared_rules",
    "explain",
    "model_of",
    "outside",
    "own_children",
    "reasons_of",
    "rule_for",
    "sight",
    "visible",
    "visible_rows",
    "why",
]

T = TypeVar("T")

#: How long, in seconds, what was found about a user's sight is kept on the user: long enough for one page, and a write ends it at once.
KEPT = 5.0


@dataclass(frozen=True)
class Sight:
    """What one user may see on one day. What it asks the database it asks once, so that a page with many lists asks few questions."""

    user: User
    day: date
    #: Where a page is about certain people only: who they are.
    about: frozenset[int] | None = None
    stamp: tuple[object, ...] = field(default=(), compare=False)
    made: float = field(default_factory=monotonic, compare=False)
    #: The same user's sight on that day of everybody, of which this is a part.
    whole: Sight | None = field(default=None, compare=False)
    _kept: dict[str, Any] = field(default_factory=dict, compare=False)

    def once(self, name: str, work: Callable[[], T]) -> T:
        """What is worked out from this sight for one page, once for all parts of the page that show it."""
        if name not in self._kept:
            self._kept[name] = work()
        found: T = self._kept[name]
        return found

    def rows(self, model: type[Model]) -> QuerySet[Any]:
        """The rows of a record type that the user may see."""
        rows: QuerySet[Any] = model._default_manager.all()
        rule, user = rule_for(model), self.user
        if not user.is_active:
            return rows.none()
        if isinstance(rule, SeenByPermission):
            return rows if user.may(rule.permission) else rows.none()
        if isinstance(rule, SeenByUser):
            return rows.filter(rule.rows(user, self.day))
        if isinstance(rule, SeenByAll):
            return rows
        if user.may(Permission.SEE_ALL_CHILDREN):
            found = self._of_everybody(rule)
        elif user.may(Permission.SEE_OWN_CHILDREN):
            found = self._of_own(rule, model)
        else:
            return rows.none()
        for link in person_links(model):
            found &= ~Q(**{f"{link}__in": self.bars})
        return rows.filter(found & self._not_sealed(model))

    @cached_property
    def bars(self) -> RawSQL:
        """The people from whom the user is barred."""
        if self.whole is not None:
            return self.whole.bars
        return any_of(bar.people(self.user, self.day) for bar in declared_bars())

    @cached_property
    def people(self) -> RawSQL:
        """The people whose whole record the user may see."""
        return self._settled(self._with_a_reason)

    @cached_property
    def _with_a_reason(self) -> RawSQL:
        """The people for whose whole record the user has a reason, barred or not."""
        if self.whole is not None:
            return self.whole._with_a_reason
        return any_of(reason.people(self.user, self.day) for reason in reasons_of(self.user) if reason.whole(self.user))

    @cached_property
    def sealed(self) -> dict[str, list[int]]:
        """Single records that are sealed from the user, by table."""
        if self.whole is not None:
            return self.whole.sealed
        return sealed_records(self.user, self.day)

    def _settled(self, people: RawSQL) -> RawSQL:
        """The people who are not barred: asked for now where they are few, else as a question for the database to ask within the next."""
        people = but_not(people, self.bars)
        if self.about is not None:
            return of_these(asked(only(people, self.about)))
        found = asked(people, FEW)
        return of_these(found) if len(found) <= FEW else people

    def _of_everybody(self, rule: Rule) -> Q:
        if self.about is not None:
            return rule.condition(self._settled(of_these(self.about)))
        if isinstance(rule, ByPerson):
            return ~Q(**{f"{rule.link}__in": self.bars})
        # A meeting about two children, one of them sealed, is seen by way of the other.
        return ~rule.condition(self.bars) | rule.condition(everybody_but(self.bars))

    def _of_own(self, rule: Rule, model: type[Model]) -> Q:
        found, parts = rule.condition(self.people), []
        for reason in reasons_of(self.user):
            if (shown := reason.shown(self.user, self.day, model)) is not None:
                parts.append(shown)
            if reason.rows is not None and (one_by_one := reason.rows(self.user, self.day, model)) is not None:
                found |= one_by_one & self._not_barred(rule)
        if parts:
            people = but_not(any_of(parts), self.bars)
            found |= rule.condition(people if self.about is None else only(people, self.about))
        return found

    def _not_barred(self, rule: Rule) -> Q:
        found = ~Q(**{f"{rule.link}__in": self.bars}) if isinstance(rule, ByPerson) else Q()
        return found if self.about is None else found & rule.condition(of_these(self.about))

    def _not_sealed(self, model: type[Model]) -> Q:
        """Without records that are sealed, and what belongs to them."""
        return outside(model, self.sealed)


def sight(user: User, day: date | None = None, about: Collection[int] | None = None) -> Sight:
    """What the user may see on a day (today, where none is given), if asked only by way of certain people.

    It is kept on the user for as long as a page takes, until somebody writes.
    """
    these = frozenset(about) if about is not None else None
    kept: dict[tuple[object, ...], Sight] = user.__dict__.setdefault("_sights", {})
    stamp = (user.role, user.worker_id, user.is_active, writing.generation())
    found = kept.get((day, these))
    if found is None or found.stamp != stamp or monotonic() - found.made > KEPT:
        if these is None:
            found = Sight(user, day or _today(), None, stamp)
        else:
            whole = sight(user, day)
            found = Sight(user, whole.day, these, stamp, whole.made, whole)
        kept[day, these] = found
    return found


def visible_rows(
    user: User, what: type[Model] | str, day: date | None = None, *, about: Collection[int] | None = None
) -> QuerySet[Any]:
    """The rows of a record type (a model, or the name of its table) that the user may see: the only road to them.

    `about`: for a page about certain people. It shows only rows seen by way of them, and the database finds them far more quickly.
    """
    model = model_of(what) if isinstance(what, str) else what
    return sight(user, day, about).rows(model)


def visible(user: User, what: type[Model] | str, ids: Iterable[int]) -> set[int]:
    """The ids among those given that the user may see."""
    wanted = list(ids)
    return set(visible_rows(user, what).filter(pk__in=wanted).values_list("pk", flat=True)) if wanted else set()


def barred(user: User, people: Iterable[int], day: date | None = None) -> set[int]:
    """Those of the people from whom the user is barred, whatever reason they have."""
    return set(asked(only(sight(user, day).bars, people)))


def own_children(user: User, day: date) -> QuerySet[Any, Any]:
    """Ids of the people whose whole record the user may see on a day."""
    return Person.objects.filter(pk__in=sight(user, day).people).values("pk")


def explain(user: User, people: Collection[int], day: date | None = None) -> dict[int, list[Why]]:
    """Why the user sees each of these people and when each reason ends; nothing of those whom they do not see."""
    wanted = set(people) - barred(user, people, day)
    if not wanted or not user.is_active:
        return {}
    if user.may(Permission.SEE_ALL_CHILDREN):
        ending = "It ends when the role does."
        return {id: [Why("role", "Your role opens every list.", None, ending)] for id in sorted(wanted)}
    found: dict[int, list[Why]] = {}
    if user.may(Permission.SEE_OWN_CHILDREN):
        judged = day or _today()
        for reason in reasons_of(user):
            for id, end in sorted(reason.until(user, judged, wanted).items()):
                found.setdefault(id, []).append(Why(reason.id, reason.words, end, reason.ending, reason.whole(user)))
    return found


def why(user: User, people: Collection[int], day: date | None = None) -> dict[int, list[str]]:
    """The user's reasons to see each of these people, in words. Empty for someone who sees all by their role."""
    if user.may(Permission.SEE_ALL_CHILDREN):
        return {}
    return {id: [each.words for each in found] for id, found in explain(user, people, day).items()}


def outside(model: type[Model], sealed: Mapping[str, Collection[int]]) -> Q:
    """The rows of a type that are none of these records (ids by table), belong to none of them and name none."""
    found = Q()
    for table, ids in sealed.items():
        found &= ~_within(model, table, ids)
        if _names_a_record(model):
            for other in _tables_within(table):
                named = other._default_manager.filter(_within(other, table, ids)).values("pk")
                found &= ~Q(record_table=other._meta.db_table, record_id__in=named)
    return found


def _within(model: type[Model], table: str, ids: Collection[int]) -> Q:
    """Rows that are among records of a table, or belong to one of them."""
    found = Q(pk__in=ids) if model._meta.db_table == table else Q(pk__in=[])
    for path in belongs(model, table):
        found |= Q(**{f"{path}__in": ids})
    return found


def _names_a_record(model: type[Model]) -> bool:
    return {"record_table", "record_id"} <= {each.name for each in model._meta.concrete_fields}


def _tables_within(table: str) -> list[type[Model]]:
    """The record types whose rows may belong to a record of the table, that type first."""
    from sightline.core.records.history import record_models

    own = model_of(table)
    return [own, *(model for model in record_models() if model is not own and belongs(model, table))]


def _today() -> date:
    from sightline.core.access.standing import standing

    return standing().day
