"""The list behind a figure, as rows to read: the analysis gives record ids, the visibility rule says which are shown.

Columns come from the record's own declarations. Direct identifiers are never among them; the person's name is added for those who see the row.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from django.db.models import Field, ForeignKey, Model, QuerySet
from django.db.models.expressions import RawSQL
from django.utils.text import capfirst

from sightline.core.access.models import User
from sightline.core.access.roles import Permission
from sightline.core.access.visibility import SeenByAll, model_of, rule_for, visible_rows, why
from sightline.core.organisations.models import Team, Worker
from sightline.core.people.models import Person
from sightline.core.records import fields as f
from sightline.core.records.models import Record
from sightline.engine.measures.declare import Measure
from sightline.engine.screens import words
from sightline.standards.clocks import UnknownClock, clock
from sightline.standards.codes import codeset

PROVENANCE = frozenset(("id", "agency", "source_system", "source_id", "recorded_at", "person"))
#: Tables that are derived and do not describe their fields: which columns to show.
DERIVED = {"deadlines_deadline": ("clock", "started", "due", "stopped", "outcome", "late_reason")}
_OUTCOMES = {"open": "Open", "met": "Met", "late": "Late", "not_required": "Not required"}


@dataclass(frozen=True)
class Column:
    """One column. `path` is where a row keeps it: a field, or a field of a record it belongs to."""

    path: str
    title: str
    codes: str = ""
    is_date: bool = False


@dataclass(frozen=True)
class Row:
    """One row as it is read."""

    id: int
    person: int | None
    name: str
    cells: tuple[str, ...]
    why: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rows:
    """The rows of a list that a user may see, in an order; read a part at a time."""

    user: User
    model: type[Model]
    columns: tuple[Column, ...]
    found: QuerySet[Any]

    @property
    def has_person(self) -> bool:
        """Whether each row is about a person."""
        return has_person(self.model)

    def count(self) -> int:
        """How many rows the user may see."""
        return self.found.count()

    def read(self, first: int = 0, last: int | None = None, *, names: bool = True) -> list[Row]:
        """The rows from the first up to, not including, the last; with people's names when asked for."""
        held = list(self.found[first:last])
        people = [row.person_id for row in held if row.person_id] if self.has_person else []
        called = words.names(people) if names else {}
        reasons = why(self.user, people) if people else {}
        return [self._row(row, called, reasons) for row in held]

    def _row(self, row: Any, called: dict[int, str], reasons: dict[int, list[str]]) -> Row:
        person = row.person_id if self.has_person else None
        cells = tuple(_cell(row, column) for column in self.columns)
        return Row(row.pk, person, called.get(person or 0, ""), cells, tuple(reasons.get(person or 0, ())))


def rows(user: User, record: str, ids: Sequence[int], sort: str = "") -> Rows:
    """The rows of the record table with these ids that the user may see. `sort` is a column's path, with a hyphen before it for the last first."""
    model = model_of(record)
    columns = columns_of(model)
    # One array is far quicker to send and to read than thousands of parameters.
    these = RawSQL("SELECT unnest(%s::bigint[])", [list(ids)])
    links = {path for column in columns for path in column.path.split("__")[:-1]} | _link_names(model, columns)
    found = visible_rows(user, model).filter(pk__in=these).select_related(*links)
    return Rows(user, model, columns, found.order_by(*_order(sort, columns)))


def sees_rows(user: User, what: Measure) -> bool:
    """Whether the user reads the measure's list as rows, if only their own, rather than as protected counts."""
    may = user.may(Permission.SEE_ALL_CHILDREN) or user.may(Permission.SEE_OWN_CHILDREN)
    return may or isinstance(rule_for(model_of(what.cohort.record)), SeenByAll)


def has_person(model: type[Model]) -> bool:
    """Whether a record type is about one person."""
    return any(field.name == "person" for field in model._meta.concrete_fields)


@cache
def columns_of(model: type[Model]) -> tuple[Column, ...]:
    """The columns of a record type. One without a date of its own borrows from the records that it belongs to."""
    derived = DERIVED.get(model._meta.db_table)
    if derived:
        fields = (model._meta.get_field(name) for name in derived)
        return tuple(_column(field) for field in fields if isinstance(field, Field))
    own = [_column(field) for field in _described(model)]
    if any(column.is_date for column in own):
        return tuple(own)
    borrowed = [
        _column(field, f"{link.name}__", _title(link))
        for link in model._meta.concrete_fields
        if isinstance(link, ForeignKey) and not link.null and _is_parent(link)
        for field in _described(link.related_model)
        if not isinstance(field, ForeignKey)
    ]
    return (*borrowed, *own)


def _is_parent(link: ForeignKey[Any, Any]) -> bool:
    parent = link.related_model
    return (
        isinstance(parent, type)
        and issubclass(parent, Record)
        and parent not in (Person, Team, Worker)
        and link.name != "case"
    )


def _described(model: type[Model]) -> Iterator[Field[Any, Any]]:
    """Fields that say something about the event itself: dates, codes, answers, and who of the staff."""
    for field in model._meta.concrete_fields:
        about_staff = field.remote_field is None or field.related_model in (Team, Worker)
        sensitivity = getattr(field, "sensitivity", f.Sensitivity.IDENTIFYING)
        if field.name not in PROVENANCE and sensitivity is not f.Sensitivity.IDENTIFYING and about_staff:
            yield field


def _column(field: Field[Any, Any], prefix: str = "", of: str = "") -> Column:
    codes = getattr(field, "codes", "")
    is_date = field.get_internal_type() == "DateField"
    title = _title(field)
    return Column(prefix + field.name, f"{of}: {title[:1].lower()}{title[1:]}" if of else title, codes, is_date)


def _title(field: Field[Any, Any]) -> str:
    return str(capfirst(str(field.verbose_name)))


def _link_names(model: type[Model], columns: tuple[Column, ...]) -> set[str]:
    links = {field.name for field in model._meta.concrete_fields if isinstance(field, ForeignKey)}
    return {column.path for column in columns if column.path in links}


def _order(sort: str, columns: tuple[Column, ...]) -> tuple[str, ...]:
    wanted = sort.removeprefix("-")
    if wanted == "person" or any(column.path == wanted for column in columns):
        return (sort, "pk")
    dates = [column.path for column in columns if column.is_date]
    return (f"-{dates[0]}", "pk") if dates else ("pk",)


def _cell(row: Any, column: Column) -> str:
    value: Any = row
    for part in column.path.split("__"):
        value = getattr(value, part, None)
    if value is None or value == "":
        return ""
    if isinstance(value, Model):
        return words.staff(value)
    if column.codes:
        return codeset(column.codes).display(str(value))
    if isinstance(value, bool):
        return "Yes" if value else "No"
    return value.isoformat() if isinstance(value, date) else _derived(column.path, str(value))


def _derived(path: str, value: str) -> str:
    if path == "outcome":
        return _OUTCOMES.get(value, value)
    if path == "clock":
        try:
            known = clock(value)
        except UnknownClock:
            return value
        return f"{value}: {known.limit_in_words} from {known.starts}"
    return value
