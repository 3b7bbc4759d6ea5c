"""The tables of a return's rules told from the record itself, in memory: what a file of the return would have been read to.

They come from the same writers and the same texts as an export, so that a rule finds in the record what it would find in the file.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Set
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import Model, QuerySet
from django.utils import timezone

from sightline.core.access.standing import standing
from sightline.core.access.visibility import outside
from sightline.core.people.models import Person
from sightline.core.restrictions.models import AdoptedIdentity
from sightline.core.restrictions.standing import sealed_from_anybody
from sightline.engine.exchange.census_file import header_of
from sightline.engine.exchange.cut import Cut, Subject, told_by
from sightline.engine.exchange.declarations import Column, Table, Told
from sightline.engine.exchange.formats import CENSUS, format_named
from sightline.engine.exchange.rules.declarations import Piece, Return
from sightline.engine.exchange.rules.registry import return_named
from sightline.engine.exchange.texts import Texts
from sightline.standards.periods import Period

HEADER, LAST = "Header", "_last"
#: Any day will do where nothing is told.
FIRST_DAY = date(2000, 1, 1)


@dataclass
class Untold(Cut):
    """The record as it is, whoever asks, of certain children or of all: for what follows from the record and is shown by the rule of sight.

    What is closed is left out, since what is found would tell of it to those who may not know: single records that are sealed from anybody, and
    in a telling of all children those who are sealed, whom a rule might compare with others.
    """

    only: frozenset[int] | None = None
    closed_people: frozenset[int] = frozenset()
    closed_records: Mapping[str, Collection[int]] | None = None

    def rows(self, model: type[Model]) -> QuerySet[Any]:
        """The authority's records of a type."""
        rows: QuerySet[Any] = model._default_manager.filter(told_by(self.area, model))
        if self.closed_records:
            rows = rows.filter(outside(model, self.closed_records))
        link = "pk" if model is Person else "person" if _about_one(model) else ""
        if link and self.only is not None:
            return rows.filter(**{f"{link}__in": self.only})
        return rows.exclude(**{f"{link}__in": self.closed_people}) if link and self.closed_people else rows


@dataclass(frozen=True)
class Telling:
    """The tables of the rules with the rows' texts, and from where each row comes."""

    tables: Mapping[str, list[Mapping[str, str]]]
    origins: Mapping[str, list[Subject | None]]
    people: frozenset[int]


def untold(return_: str, area: str, period: Period, only: Collection[int] | None = None) -> Untold:
    """The record from which a return of a year would be made."""
    people, records = closed()
    return Untold(
        user=None,
        area=area,
        start=period.start,
        end=period.end,
        cohorts=format_named(return_).cohorts,
        only=None if only is None else frozenset(only),
        closed_people=people if only is None else frozenset(),
        closed_records=records,
    )


def closed() -> tuple[frozenset[int], Mapping[str, Collection[int]]]:
    """People and single records, by table, that are closed to anybody."""
    people, records = sealed_from_anybody(standing().day)
    earlier = AdoptedIdentity.objects.filter(end_date=None).values_list("before", flat=True)
    return frozenset((*people, *earlier)), records


def tell(declared: Return, cut: Cut, period: Period, only: Collection[str] | None = None) -> Telling:
    """The tables of a year, and those of the year before from the record's own history, where the return's rules compare the two.

    `only` names the tables that are wanted: others are empty.
    """
    wanted = {table.name for table in declared.all_tables()} if only is None else set(only)
    tables = _arranged(declared, cut, period, wanted)
    if last := {name.removesuffix(LAST) for name in wanted if name.endswith(LAST)}:
        before = period.prior()
        earlier = _arranged(declared, replace(cut, start=before.start, end=before.end), before, last)
        tables |= {f"{name}{LAST}": pieces for name, pieces in earlier.items()}
    origins = {name: [piece.origin for piece in pieces] for name, pieces in tables.items()}
    return Telling(
        {name: [piece.texts for piece in pieces] for name, pieces in tables.items()},
        origins,
        frozenset(subject[1] for held in origins.values() for subject in held if subject is not None),
    )


def _arranged(declared: Return, cut: Cut, period: Period, wanted: Set[str]) -> dict[str, list[Piece]]:
    format, year = format_named(declared.name), period.year_end.year
    texts = Texts(cut, british=format.name != CENSUS)
    asked = {
        table.name: (table, writer)
        for table, writer in format.written(year)
        if table.name in declared.holds or wanted & set(declared.rule_tables(table.name))
    }
    empty = _empty(cut, {name: _heard(declared.name, year)[name] for name in asked})
    told = {
        name: [_piece(texts, table, table.layout(year), one) for one in ([] if name in empty else writer.rows(cut))]
        for name, (table, writer) in asked.items()
    }
    if format.name == CENSUS:
        header = header_of(cut, year, timezone.now())
        told[HEADER] = [Piece("", {name: text for part in header.values() for name, text in part.items()})]
    arranged = declared.arrange(told)
    return {named.name: list(pieces) for name, pieces in arranged.items() if (named := declared.table(name))}


def _empty(cut: Cut, asked: Mapping[str, frozenset[type[Model]]]) -> set[str]:
    """Tables told from record types of which certain children have no record: asked in one query, which costs less than one for each table."""
    if not isinstance(cut, Untold) or cut.only is None:
        return set()
    models = [model for model in {model for heard in asked.values() for model in heard} if _about_one(model)]
    if not models:
        return set()
    each = ", ".join(
        f'EXISTS (SELECT FROM "{model._meta.db_table}" WHERE person_id = ANY(%(people)s))' for model in models
    )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {each}", {"people": list(cut.only)})
        none = {model for model, some in zip(models, cursor.fetchone(), strict=True) if not some}
    return {name for name, heard in asked.items() if heard and heard <= none}


def _piece(texts: Texts, table: Table, columns: tuple[Column, ...], one: Told) -> Piece:
    names = (column.name for column in columns)
    found = dict(zip(names, texts.of(table, columns, one.values), strict=True))
    return Piece(one.child[0], found, one.child, one.key, one.within)


class _Listening(Cut):
    """Hears which record types are told, and tells nothing."""

    heard: set[type[Model]]

    def rows(self, model: type[Model]) -> QuerySet[Any]:
        return model._default_manager.none()

    def told(self, rows: QuerySet[Any], *_fields: str, **_more: Any) -> Iterator[dict[str, Any]]:
        self.heard.add(rows.model)
        return iter(())


@cache
def _heard(return_: str, year: int) -> dict[str, frozenset[type[Model]]]:
    """The record types that the rows of each table of the file are told from: heard from the writers."""
    format = format_named(return_)
    found: dict[str, frozenset[type[Model]]] = {}
    for table, writer in format.written(year):
        listening = _Listening(None, "", FIRST_DAY, FIRST_DAY, format.cohorts)
        listening.heard = set()
        list(writer.rows(listening))
        found[table.name] = frozenset(listening.heard)
    return found


@cache
def told_from(return_: str, year: int) -> dict[type[Model], frozenset[str]]:
    """The tables of the rules in which the rows of each record type stand, in a collection year."""
    declared = return_named(return_)
    found: dict[type[Model], set[str]] = {}
    for table, heard in _heard(return_, year).items():
        for model in heard:
            found.setdefault(model, set()).update(declared.rule_tables(table))
    return {model: frozenset(tables) for model, tables in found.items()}


def _about_one(model: type[Model]) -> bool:
    return any(field.name == "person" for field in model._meta.concrete_fields)
