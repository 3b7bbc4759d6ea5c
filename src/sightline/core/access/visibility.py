"""Which records a user may see: the only road to rows, taken by screens, search, lists, counts, exports and the API.

`rules` says whom the records of a type follow, `reasons` why someone sees a child and what bars them from it. Here the two meet: a user sees the
rows of those whom they have a reason to see, without those from whom they are barred and without single records that are sealed from them.
A role that opens every list needs no reason; bars and seals hold for it, too.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from time import monotonic
from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet
from django.db.models.expressions import RawSQL

from sightline.core.access import prepared
from sightline.core.access.models import User
from sightline.core.access.prepared import Gap
from sightline.core.access.queries import FEW, Found, People, These, asked, asked_for_each, but_not, only
from sightline.core.access.reasons import (
    Bar,
    Reason,
    Why,
    declared_bars,
    declared_reasons,
    later,
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
    "seen_by_each",
    "sight",
    "visible",
    "visible_rows",
    "why",
]

T = TypeVar("T")

#: Why someone sees a child whose role opens every list.
BY_ROLE = Why("role", "Your role opens every list.", None, "It ends when the role does.")

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
        found = prepared.condition(model, self.standing, self.about is not None)
        if found.never:
            return rows.none()
        if not found.always:
            rows = rows.filter(prepared.Condition(found, self._given))
        return rows.filter(outside(model, self.sealed)) if self.sealed else rows

    @cached_property
    def standing(self) -> prepared.Standing:
        """What the rule depends on."""
        return self.whole.standing if self.whole is not None else prepared.standing_of(self.user, self.day)

    @cached_property
    def bars(self) -> RawSQL:
        """The people from whom the user is barred."""
        if self.whole is not None:
            return self.whole.bars
        return _settled(self.barring)

    @cached_property
    def people(self) -> RawSQL:
        """The people whose whole record the user may see."""
        if self.about is None:
            return _settled(but_not(self._with_a_reason, self.bars))
        assert self.whole is not None
        if (known := self.whole.__dict__.get("people")) is not None and isinstance(known, These):
            return These(known.ids & self.about)
        return These(asked(but_not(only(self._with_a_reason, self.about), self.bars)))

    @cached_property
    def _with_a_reason(self) -> RawSQL:
        """The people for whose whole record the user has a reason, barred or not."""
        if self.whole is not None:
            return self.whole._with_a_reason
        return prepared.with_a_reason(self.standing).question(self._numbers)

    def reasons_to_see(self, people: Collection[int]) -> list[tuple[int, int, str | None]]:
        """Every reason to see one of the people: its place among those declared, the person, and its end as the database writes it."""
        return [(number, id, end) for _user, number, id, end in reasons_of_each([self], people)]

    def reasons_question(self, people: Collection[int]) -> RawSQL | None:
        """The same as a question still to be asked; none where no reason can apply."""
        text, values = prepared.reasons(self.standing).filled({**self._numbers, Gap.IDS: people})
        return Found(text, values) if text else None

    @cached_property
    def sealed(self) -> dict[str, list[int]]:
        """Single records that are sealed from the user, by table."""
        if self.whole is not None:
            return self.whole.sealed
        return sealed_records(self.user, self.day)

    @cached_property
    def _numbers(self) -> dict[Gap, Any]:
        return self.whole._numbers if self.whole is not None else prepared.given_by(self.user)

    @property
    def barring(self) -> RawSQL:
        """The people of `bars` as a question still to be asked."""
        return prepared.barred(self.standing).question(self._numbers)

    def among(self, people: Collection[int]) -> RawSQL:
        """Those of the people whose whole record the user may see, as a question still to be asked."""
        if not self.user.is_active:
            return These(())
        seen: RawSQL = These(people)
        if not self.user.may(Permission.SEE_ALL_CHILDREN):
            seen = only(self._with_a_reason, people)
        return but_not(seen, self.barring)

    @cached_property
    def _given(self) -> Mapping[Gap, Any]:
        """What is filled in to the prepared condition of any record type. What it does not ask after is not worked out."""
        return _Given(self)

    def _for_the_rule(self) -> RawSQL:
        """The people of `Known`."""
        if self.about is not None and self.user.may(Permission.SEE_ALL_CHILDREN):
            return These(asked(but_not(These(self.about), self.bars)))
        return self.people


class _Given(Mapping[Gap, Any]):
    """What stands in the gaps for a sight."""

    def __init__(self, sight: Sight) -> None:
        self._sight = sight

    @cached_property
    def _people(self) -> RawSQL:
        return self._sight._for_the_rule()

    def __getitem__(self, gap: Gap) -> Any:
        if gap is Gap.PEOPLE:
            return self._people
        if gap is Gap.BARRED:
            return self._sight.bars
        if gap is Gap.ABOUT:
            return These(self._sight.about or ())
        return self._sight._numbers[gap]

    def __iter__(self) -> Iterator[Gap]:
        return iter(Gap)

    def __len__(self) -> int:
        return len(Gap)


def _settled(people: RawSQL) -> RawSQL:
    """People asked for now where they are few, else as a question for the database to ask within the next."""
    found = asked(people, FEW)
    return These(found) if len(found) <= FEW else people


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


def seen_by_each(pairs: Iterable[tuple[User, int]], day: date) -> set[tuple[int, int]]:
    """Of many pairs of a user and a person those in which the user sees the person's whole record, in one question: their numbers."""
    asked: dict[User, set[int]] = {}
    for user, person in pairs:
        asked.setdefault(user, set()).add(person)
    found = asked_for_each((user.pk, sight(user, day).among(people)) for user, people in asked.items())
    return {(user, person) for user, person in found}


def explain(user: User, people: Collection[int], day: date | None = None) -> dict[int, list[Why]]:
    """Why the user sees each of these people and when each reason ends; nothing of those whom they do not see."""
    wanted = set(people) - barred(user, people, day)
    if not wanted or not user.is_active:
        return {}
    if user.may(Permission.SEE_ALL_CHILDREN):
        return {id: [BY_ROLE] for id in sorted(wanted)}
    found: dict[int, list[Why]] = {}
    if user.may(Permission.SEE_OWN_CHILDREN):
        for (reason, id), end in sorted(
            _ends(sight(user, day).reasons_to_see(wanted)).items(), key=lambda each: each[0]
        ):
            found.setdefault(id, []).append(_why(user, reason, end))
    return found


def explain_to_each(users: Sequence[User], person: int, day: date) -> dict[int, list[Why]]:
    """Why each of many active users sees one person, by the user's number, in two questions for all of them."""
    sights = {user.pk: sight(user, day) for user in users}
    barred_ones = {
        user for user, _id in asked_for_each((pk, only(seen.barring, [person])) for pk, seen in sights.items())
    }
    left = [user for user in users if user.pk not in barred_ones]
    found = {user.pk: [BY_ROLE] for user in left if user.may(Permission.SEE_ALL_CHILDREN)}
    own = {user.pk: user for user in left if user.pk not in found and user.may(Permission.SEE_OWN_CHILDREN)}
    rows: dict[int, list[tuple[int, int, str | None]]] = {}
    for user, number, id, end in reasons_of_each([sights[pk] for pk in own], [person]):
        rows.setdefault(user, []).append((number, id, end))
    for pk, each in rows.items():
        found[pk] = [
            _why(own[pk], number, end) for (number, _id), end in sorted(_ends(each).items(), key=lambda one: one[0])
        ]
    return found


def reasons_of_each(sights: Iterable[Sight], people: Collection[int]) -> list[tuple[Any, ...]]:
    """Every reason of many users to see one of the people: the user's number, then what `reasons_to_see` says."""
    asked = ((seen.user.pk or 0, seen.reasons_question(people)) for seen in sights)
    return asked_for_each((number, question) for number, question in asked if question is not None)


def _why(user: User, number: int, end: date | datetime | None) -> Why:
    reason = declared_reasons()[number]
    return Why(reason.id, reason.words, end, reason.ending, reason.whole(user))


def _ends(rows: Iterable[tuple[int, int, str | None]]) -> dict[tuple[int, int], date | datetime | None]:
    """The reasons to see people, by their place among those declared, each with the end of it; None where no end is known yet."""
    found: dict[tuple[int, int], date | datetime | None] = {}
    for number, id, known in rows:
        end = declared_reasons()[number].end_of(known)
        found[number, id] = later(found[number, id], end) if (number, id) in found else end
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
