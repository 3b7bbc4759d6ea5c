"""Bringing two records of one human being together, and taking them apart again, without losing anything.

A merge changes links, and nothing else: every row that was about the gone person becomes one about the kept person, and what the link
said before is remembered. A row that would only say what the kept record says already stays where it is: it is set aside. What
cannot stand beside what the kept person has (two open cases, two care episodes on one day) is refused, row by row, before anything changes.
Why it is done so: docs/decisions/0011-finding.md.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.apps import apps
from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import IntegrityError, connection, models, transaction
from psycopg import sql

from sightline.core.people.models import Identifier, Judgement, Merge, Move, Person, Relationship
from sightline.core.records.models import Change, Record
from sightline.core.records.writing import writing

#: Made again from the records, what a merge is itself, or what was sent of either of the two: no row of these is moved.
_NOT_MOVED = frozenset({"people.Merge", "finding.Entry", "deadlines.Deadline", "social_care_api.SentChild"})
#: Where two rows with the same values say the same thing: the gone person's stays with the gone record.
_SAME: dict[str, tuple[str, ...]] = {
    "people.PersonName": ("forename", "surname", "kind"),
    "people.Identifier": ("scheme", "value"),
    "people.Relationship": ("person", "other", "kind"),
    "people.Disability": ("disability",),
    "people.ContactPoint": ("kind", "value"),
    "people.Judgement": ("person", "other"),
}
#: Where two spells cannot stand beside each other and the kept person's holds: the other is set aside.
_SPELLS_SET_ASIDE = frozenset({"people.Role", "people.PersonAddress", "people.HouseholdMember"})
#: Where both were found to lack the same: the kept person's issue holds, and the next check resolves the other.
_ISSUES_SET_ASIDE = frozenset({"return_issues.Issue"})
#: Numbers of which a person has one at a time.
_ONE_AT_A_TIME = {"nhs": "NHS number", "upn": "unique pupil number"}


@dataclass(frozen=True)
class Moved:
    """One value to be changed, or one row to be set aside."""

    table: str
    row: int
    column: str
    set_aside: bool = False


@dataclass(frozen=True)
class Clash:
    """One thing that stands in the way of a merge, and what to mend."""

    table: str
    row: int
    words: str


@dataclass
class Plan:
    """What a merge would do."""

    moves: list[Moved] = field(default_factory=list)
    clashes: list[Clash] = field(default_factory=list)

    def counts(self, *, set_aside: bool) -> list[tuple[str, int]]:
        """How many rows of each record type would move, or be set aside, by its name."""
        found: dict[str, set[int]] = {}
        for move in self.moves:
            if move.set_aside is set_aside:
                found.setdefault(move.table, set()).add(move.row)
        names = {model._meta.db_table: str(model._meta.verbose_name_plural) for model in apps.get_models()}
        return sorted((names.get(table, table), len(rows)) for table, rows in found.items())


class _Undone(Exception):
    """Rolls a trial back."""


def plan(kept: Person, gone: Person, by: str) -> Plan:
    """What merging would do, tried out and undone: the database itself says what cannot stand together."""
    found = Plan()
    try:
        with writing("people.merge", by=by, because="trying out a merge, which is undone"):
            found = repoint(kept, gone)
            raise _Undone
    except _Undone:
        return found


def repoint(kept: Person, gone: Person) -> Plan:
    """Point every link to the gone person at the kept one, inside the writing under way. With clashes, what was done must be undone."""
    list(Person.objects.select_for_update().filter(pk__in=(kept.pk, gone.pk)).order_by("pk"))
    found = Plan(clashes=[*_related(kept, gone), *_numbers(kept, gone)])
    _set_doubles_aside(kept, gone, found)
    for model, column in links():
        _repoint(model, column, "", kept, gone, found)
    for model in named_links():
        _repoint(model, "record_id", "record_table", kept, gone, found)
    return found


@cache
def links() -> tuple[tuple[type[models.Model], str], ...]:
    """Every link to a person, by record type and column, whoever declared it."""
    return tuple(
        (model, str(link.column))
        for model in apps.get_models()
        if model._meta.managed and not model._meta.proxy and model._meta.label not in _NOT_MOVED
        for link in model._meta.concrete_fields
        if link.related_model is Person
    )


@cache
def named_links() -> tuple[type[models.Model], ...]:
    """Record types that name another record by table and number, which may be a person."""
    return tuple(
        model
        for model in apps.get_models()
        if {"record_table", "record_id"} <= {each.name for each in model._meta.concrete_fields}
        and model._meta.label not in _NOT_MOVED
    )


def _related(kept: Person, gone: Person) -> Iterator[Clash]:
    """Who is somebody's brother or mother is not the same person."""
    for one in Relationship.objects.filter(person__in=(kept, gone), other__in=(kept, gone)):
        words = f"They are recorded as each other’s {one.kind}. Correct or end that relationship if it is wrong."
        yield Clash("people_relationship", one.pk, words)


def _numbers(kept: Person, gone: Person) -> Iterator[Clash]:
    """Two different numbers in force, of a kind that a person has one of, are two people's or one of them is wrong."""
    held = Identifier.objects.filter(person__in=(kept, gone), scheme__in=_ONE_AT_A_TIME, end_date=None).order_by("id")
    of_kept = {one.scheme: one.value for one in held if one.person_id == kept.pk}
    for one in held:
        if one.person_id == gone.pk and of_kept.get(one.scheme, one.value) != one.value:
            name = _ONE_AT_A_TIME[one.scheme]
            words = f"Each has another {name} in force. End or correct the wrong one first."
            yield Clash("people_identifier", one.pk, words)


def _set_doubles_aside(kept: Person, gone: Person, found: Plan) -> None:
    """Note the rows that say what the kept person's own rows say."""
    for label, names in _SAME.items():
        model: Any = apps.get_model(label)
        own = [name for name in ("person", "other") if name in {each.name for each in model._meta.fields}]
        for name in own:
            held = {_said(row, names, kept, gone) for row in model._default_manager.filter(**{name: kept})}
            for row in model._default_manager.filter(**{name: gone}).order_by("id"):
                if _said(row, names, kept, gone) in held or _of_both(row, kept, gone):
                    _set_aside(found, row, model._meta.get_field(name).column)


def _said(row: Any, names: tuple[str, ...], kept: Person, gone: Person) -> tuple[Any, ...]:
    """What a row says, with the gone person read as the kept one."""
    values = (getattr(row, row._meta.get_field(name).attname) for name in names)
    links = {"person", "other"}
    return tuple(
        kept.pk if name in links and value == gone.pk else value for name, value in zip(names, values, strict=True)
    )


def _of_both(row: Any, kept: Person, gone: Person) -> bool:
    """Whether a judgement says that these very two are two: a merge overrules it, and it stays as it was."""
    return isinstance(row, Judgement) and {row.person_id, row.other_id} == {kept.pk, gone.pk}


def _set_aside(found: Plan, row: Any, column: str) -> None:
    found.moves.append(Moved(row._meta.db_table, row.pk, column, set_aside=True))


def _repoint(model: type[models.Model], column: str, beside: str, kept: Person, gone: Person, found: Plan) -> None:
    """Point one column at the kept person: all its rows at once, or one by one where some cannot go."""
    table = model._meta.db_table
    aside = {move.row for move in found.moves if move.table == table and move.set_aside}
    # What is known to clash is told once, and not tried.
    aside |= {clash.row for clash in found.clashes if clash.table == table}
    rows = [id for id in _rows(model, column, beside, gone) if id not in aside]
    if not rows:
        return
    try:
        with transaction.atomic():
            _point(model, column, rows, kept.pk)
        found.moves += [Moved(table, id, column) for id in rows]
    except IntegrityError:
        for id in rows:
            _repoint_one(model, column, id, kept, found)


def _repoint_one(model: type[models.Model], column: str, id: int, kept: Person, found: Plan) -> None:
    table = model._meta.db_table
    try:
        with transaction.atomic():
            _point(model, column, [id], kept.pk)
        found.moves.append(Moved(table, id, column))
    except IntegrityError as error:
        constraint = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") or ""
        doubled = model._meta.label in _ISSUES_SET_ASIDE and constraint.endswith("_once")
        if doubled or (model._meta.label in _SPELLS_SET_ASIDE and constraint.endswith("_overlap")):
            found.moves.append(Moved(table, id, column, set_aside=True))
        else:
            found.clashes.append(Clash(table, id, _mend(model, id, constraint)))


def _rows(model: type[models.Model], column: str, beside: str, gone: Person) -> list[int]:
    query = sql.SQL("SELECT {} FROM {} WHERE {} = %s").format(
        sql.Identifier(str(model._meta.pk.column)),
        sql.Identifier(model._meta.db_table),
        sql.Identifier(column),
    )
    values: list[Any] = [gone.pk]
    if beside:
        query += sql.SQL(" AND {} = %s").format(sql.Identifier(beside))
        values.append(Person._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(query + sql.SQL(" ORDER BY 1"), values)
        return [id for (id,) in cursor.fetchall()]


def _point(model: type[models.Model], column: str, rows: Collection[int], person: int) -> None:
    query = sql.SQL("UPDATE {} SET {} = %s WHERE {} = ANY(%s)").format(
        sql.Identifier(model._meta.db_table),
        sql.Identifier(column),
        sql.Identifier(str(model._meta.pk.column)),
    )
    with connection.cursor() as cursor:
        cursor.execute(query, [person, list(rows)])


def _mend(model: type[models.Model], id: int, constraint: str) -> str:
    """What cannot stand together, and what to do."""
    row: Any = model._default_manager.get(pk=id)
    what = str(model._meta.verbose_name)
    since = getattr(row, "start_date", None)
    which = f"The {what} of {since.day} {since:%B %Y}" if since else f"{what.capitalize()} {id}"
    overlap = any(isinstance(each, ExclusionConstraint) and each.name == constraint for each in model._meta.constraints)
    if overlap:
        return f"{which} overlaps a {what} of the person who is kept. End one of them, or correct its dates, first."
    return f"{which} stands on both records (rule “{constraint}”). Correct or end one of them first."


def remember(merge: Merge, moves: Collection[Moved], gone: Person) -> None:
    """Write down what a merge changed."""
    Move.objects.bulk_create(
        Move(
            agency_id=merge.agency_id,
            merge=merge,
            table_name=move.table,
            row_id=move.row,
            column_name=move.column,
            old_value=gone.pk,
            set_aside=move.set_aside,
        )
        for move in moves
    )


@dataclass(frozen=True)
class Later:
    """A row about the kept person that was written after the merge: whose it is has to be asked."""

    table: str
    row: int
    what: str
    since: Any


def written_since(merge: Merge) -> list[Later]:
    """Rows about the kept person that were written after the merge, by table and number."""
    mark = Change.objects.filter(table_name=Merge._meta.db_table, record_id=merge.pk).aggregate(last=models.Max("id"))
    found: dict[tuple[str, int], Later] = {}
    for model, column in links():
        if not issubclass(model, Record):
            continue
        new = Change.objects.filter(table_name=model._meta.db_table, operation="insert", id__gt=mark["last"] or 0)
        rows = model.objects.filter(**{f"{_attname(model, column)}": merge.person_id})
        for row in rows.filter(pk__in=new.values("record_id")).order_by("pk"):
            when = getattr(row, "start_date", None) or row.recorded_at
            found[model._meta.db_table, row.pk] = Later(
                model._meta.db_table, row.pk, str(model._meta.verbose_name), when
            )
    return list(found.values())


def _attname(model: type[models.Model], column: str) -> str:
    return next(each.attname for each in model._meta.concrete_fields if each.column == column)


def restore(merge: Merge, given_back: Collection[tuple[str, int]]) -> None:
    """Set every link that the merge changed to what it was, and give the gone person the later rows named."""
    by_table = {model._meta.db_table: model for model in apps.get_models()}
    list(Person.objects.select_for_update().filter(pk__in=(merge.person_id, merge.gone_id)).order_by("pk"))
    moved: dict[tuple[str, str], list[int]] = {}
    for move in merge_moves(merge).filter(set_aside=False):
        moved.setdefault((move.table_name, move.column_name), []).append(move.row_id)
    for (table, column), rows in moved.items():
        _point(by_table[table], column, rows, merge.gone_id)
    for model, column in links():
        rows = [row for table, row in given_back if table == model._meta.db_table]
        held = [row for row in rows if row in set(_rows_of(model, column, rows, merge.person_id))]
        if held:
            _point(model, column, held, merge.gone_id)


def _rows_of(model: type[models.Model], column: str, rows: Collection[int], person: int) -> list[int]:
    found: Any = model._default_manager.filter(**{"pk__in": list(rows), _attname(model, column): person})
    return list(found.values_list("pk", flat=True))


def merge_moves(merge: Merge) -> Any:
    """What a merge changed, in the order of writing."""
    return Move.objects.filter(merge=merge).order_by("id")
