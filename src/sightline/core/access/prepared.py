"""The rule of visibility as text, put together once for all users of one standing; a page only fills in who asks, and about whom.

What the apps declare is asked once with stand-ins for the numbers of a user, their worker and their agency, and for the moment. Where a stand-in
turns up among the values of the text, the user's own is filled in. The text is never changed by a value. A declaration must therefore be a
question (one that asks the database while it is put together is refused) and take the moment from `moment()`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any

from django.core.exceptions import EmptyResultSet, FullResultSet
from django.db import connection
from django.db.models import BooleanField, Expression, F, Model, Q
from django.db.models.expressions import RawSQL
from django.utils import timezone

from sightline.core.access import assembly
from sightline.core.access.assembly import Known
from sightline.core.access.models import User
from sightline.core.access.queries import Found, People, sql_of
from sightline.core.access.reasons import Reason, declared_reasons, reasons_of
from sightline.standards.data import remembered_at_most


class Gap(Enum):
    """What a prepared text leaves open."""

    USER = "user"
    WORKER = "worker"
    AGENCY = "agency"
    MOMENT = "moment"
    PEOPLE = "people"
    BARRED = "barred"
    ABOUT = "about"
    #: People as a list of ids, and not as a question.
    IDS = "ids"


#: Numbers and a moment that no row can have, each in the place of a user's own.
_STAND_INS: dict[Any, Gap] = {
    -(2**62) - 1: Gap.USER,
    -(2**62) - 2: Gap.WORKER,
    -(2**62) - 3: Gap.AGENCY,
    datetime(9999, 1, 1, 1, 1, 1, 10_101, tzinfo=UTC): Gap.MOMENT,
}
_INSTEAD = {gap: value for value, gap in _STAND_INS.items()}
#: So many texts of each sort are kept: those of some days for each role and record type.
KEPT = 4096
_QUESTIONS = (Gap.PEOPLE, Gap.BARRED, Gap.ABOUT)
_OWN_ROW = "own_row_of_the_rule"

_preparing: ContextVar[bool] = ContextVar("preparing", default=False)


@dataclass(frozen=True)
class Standing:
    """All of a user that the rule may depend on, besides their numbers; and the days on which it is judged."""

    role: str
    active: bool
    works: bool
    #: The kind of agency that the user works for.
    agency: str
    day: date
    today: date


@dataclass(frozen=True)
class Prepared:
    """A text with its values, some of them gaps. `always` and `never`: the rule shows every row, or none, without asking."""

    text: str
    values: tuple[Any, ...]
    always: bool = False
    never: bool = False

    def filled(self, given: Mapping[Gap, Any]) -> tuple[str, list[Any]]:
        """The text and its values, with what stands in the gaps."""
        text, values = self.text, []
        for gap in _QUESTIONS:
            token = _token(gap)
            if token in text:
                text = text.replace(token, given[gap].sql)
        for value in self.values:
            if not isinstance(value, _Place):
                values.append(value)
            elif value.gap in _QUESTIONS:
                values += given[value.gap].params
            else:
                values.append(value.of(given[value.gap]))
        return text, values

    def question(self, given: Mapping[Gap, Any]) -> RawSQL:
        """The same as a question."""
        return Found(*self.filled(given))


@dataclass(frozen=True)
class _Place:
    """The place of a gap among the values, and the type that the database's driver wants there."""

    gap: Gap
    of: Callable[[Any], Any]


class Condition(Expression):
    """A prepared condition on the rows of a record type, as Django's queries take it."""

    conditional = True

    def __init__(self, prepared: Prepared, given: Mapping[Gap, Any]) -> None:
        super().__init__(output_field=BooleanField())
        self._prepared, self._given = prepared, given
        self._row: Any = F("pk")

    def get_source_expressions(self) -> list[Any]:
        """The column by which Django knows the row, under whatever name it gives its table."""
        return [self._row]

    def set_source_expressions(self, exprs: Any) -> None:
        """See Django."""
        [self._row] = exprs

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        """See Django."""
        del connection
        text, values = self._prepared.filled(self._given)
        return text.replace(_OWN_ROW, compiler.quote_name_unless_alias(self._row.alias)), values


def moment() -> datetime:
    """Now, for what a clock ends and not a day."""
    stand_in: datetime = _INSTEAD[Gap.MOMENT]
    return stand_in if _preparing.get() else timezone.now()


def standing_of(user: User, day: date) -> Standing:
    """The standing of a user on a day."""
    worker = _worker_of(user)
    return Standing(
        user.role,
        user.is_active,
        worker is not None,
        worker.agency.kind if worker is not None else "",
        day,
        timezone.localdate(),
    )


def given_by(user: User) -> dict[Gap, Any]:
    """What stands in the gaps for a user."""
    worker = _worker_of(user)
    return {
        Gap.USER: user.pk,
        Gap.WORKER: user.worker_id,
        Gap.AGENCY: worker.agency_id if worker is not None else None,
        Gap.MOMENT: timezone.now(),
    }


def _worker_of(user: User) -> Any:
    """The user's worker with their agency, in one question where neither is known."""
    link: Any = User._meta.get_field("worker")
    if user.worker_id is not None and not link.is_cached(user):
        user.worker = link.related_model._default_manager.select_related("agency").get(pk=user.worker_id)
    return user.worker


@remembered_at_most(KEPT)
def barred(standing: Standing) -> Prepared:
    """See `assembly.barred`."""
    return _question(standing, lambda user: assembly.barred(user, standing.day))


@remembered_at_most(KEPT)
def with_a_reason(standing: Standing) -> Prepared:
    """See `assembly.with_a_reason`."""
    return _question(standing, lambda user: assembly.with_a_reason(user, standing.day))


@remembered_at_most(KEPT)
def condition(model: type[Model], standing: Standing, narrowed: bool) -> Prepared:
    """See `assembly.condition`. `narrowed`: for a page about certain people."""
    about = _open(Gap.ABOUT) if narrowed else None
    with _with_stand_ins(standing) as user:
        known = Known(_open(Gap.PEOPLE), _open(Gap.BARRED), about)
        found = on_own_row(model, assembly.condition(model, user, standing.day, known))
    return replace(found, values=_with_gaps(found.values))


@remembered_at_most(KEPT)
def reasons(standing: Standing) -> Prepared:
    """For each reason of the standing, by its place among those declared: whom it opens, and the end of it as JSON where it is known."""
    numbers = {reason.id: number for number, reason in enumerate(declared_reasons())}
    with _with_stand_ins(standing) as user:
        arms = [
            (numbers[reason.id], *_with_its_end(reason, reason.people(user, standing.day)))
            for reason in reasons_of(user)
        ]
    text = " UNION ALL ".join(
        f"SELECT {number}, found.id, to_json(found.ends) #>> '{{}}' FROM ({text}) AS found(id, ends)"  # noqa: S608
        " WHERE found.id = ANY(%s::bigint[])"
        for number, text, _ in arms
        if text
    )
    ids = _Place(Gap.IDS, list)
    values = (value for _, text, values in arms if text for value in (*values, ids))
    return Prepared(text, _with_gaps(values))


def _with_its_end(reason: Reason, people: People) -> tuple[str, list[Any]]:
    if isinstance(people, RawSQL):
        return f"SELECT one.id, NULL::date FROM ({people.sql}) AS one(id)", list(people.params)  # noqa: S608
    if not reason.ends:
        text, values = sql_of(people.values_list(reason.person))
        return (f"SELECT one.id, NULL::date FROM ({text}) AS one(id)" if text else ""), values  # noqa: S608
    return sql_of(people.values_list(reason.person, reason.ends))


def _question(standing: Standing, ask: Callable[[User], RawSQL]) -> Prepared:
    with _with_stand_ins(standing) as user:
        asked = ask(user)
    return Prepared(asked.sql, _with_gaps(asked.params))


def on_own_row(model: type[Model], rule: Q) -> Prepared:
    """The condition with the row under a name of its own, which Django's name for it takes the place of."""
    query = model._default_manager.filter(rule).query
    tables = [name for name, count in query.alias_refcount.items() if count]
    if tables == [model._meta.db_table]:
        query.change_aliases({tables[0]: _OWN_ROW})
    else:
        query = model._default_manager.filter(pk__in=model._default_manager.filter(rule).values("pk")).query
        query.change_aliases({model._meta.db_table: _OWN_ROW})
    compiler = query.get_compiler(connection=connection)
    try:
        text, values = compiler.compile(query.where)
    except EmptyResultSet:
        return Prepared("", (), never=True)
    except FullResultSet:
        return Prepared("", (), always=True)
    text = text.replace(f'"{_OWN_ROW}"', _OWN_ROW)
    return Prepared(f"({text})", tuple(values), always=not text)


def _open(gap: Gap) -> RawSQL:
    return Found(_token(gap), [_Place(gap, list)])


def _token(gap: Gap) -> str:
    return f"/* {gap.value} of the rule */"


def _with_gaps(values: Iterable[Any]) -> tuple[Any, ...]:
    """The values with gaps where stand-ins stood. A moment that is no stand-in would stay as it was when the text was put together."""
    return tuple(_with_gap(value) for value in values)


def _with_gap(value: Any) -> Any:
    if isinstance(value, list | tuple) and any(one in _STAND_INS for one in value):
        raise TypeError("an access.py puts a user's number into a list, where none can be filled in")
    gap = _STAND_INS.get(value) if isinstance(value, int | datetime) else None
    if gap is None and isinstance(value, datetime):
        raise TypeError("an access.py asks for the moment itself; it must take prepared.moment()")
    if gap is None:
        return value
    return _Place(gap, _as_it_is if gap is Gap.MOMENT else type(value))


def _as_it_is(value: Any) -> Any:
    return value


@contextmanager
def _with_stand_ins(standing: Standing) -> Iterator[User]:
    """A user of the standing without numbers of their own, for whom no question may be asked while one is put together."""
    user = User(pk=_INSTEAD[Gap.USER], role=standing.role, is_active=standing.active)
    if standing.works:
        works: Any = User._meta.get_field("worker").related_model
        agency: Any = works._meta.get_field("agency").related_model
        employer = agency(pk=_INSTEAD[Gap.AGENCY], kind=standing.agency)
        user.worker = works(pk=_INSTEAD[Gap.WORKER], agency=employer)
    token = _preparing.set(True)
    try:
        with connection.execute_wrapper(_refuse):
            yield user
    finally:
        _preparing.reset(token)


def _refuse(*_asked: Any) -> Any:
    raise TypeError("an access.py asks the database while its question is put together")
