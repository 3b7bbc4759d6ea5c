"""Enters the cases and looks what came of them: who is in the record, what the preview finds of them, and why rows were refused.

The import refuses what a form refuses of a record's own fields and constraints; forms ask more. On what the record took the preview is run as after
an act. Nothing of it stays in the database: what came of it is kept as plain data, for many tests to look at.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.db import connection
from tests.return_issues.entry.filling import LAST, YEAR, Case, declared, examples
from tests.return_issues.entry.own import own
from tests.returns.seeding import Row, census_header, together, write_census, write_set

from sightline.core.people.models import Identifier, Person
from sightline.core.records.history import record_models
from sightline.engine.exchange.models import QuarantinedRow
from sightline.engine.exchange.rules.result import Outcome
from sightline.engine.exchange.run import Request, import_path
from sightline.engine.exchange.telling import tell, untold
from sightline.engine.return_issues import preview
from sightline.engine.return_issues.collections import Collection, collection
from sightline.engine.return_issues.finding import find

AREA, LABEL, TODAY = "E10000028", "2026-27", date(2027, 3, 31)

#: A row of a table as it is told: what it says, of whom, and the record that it comes from.
ToldRow = tuple[Mapping[str, str], int, tuple[str, int]]


@dataclass(frozen=True)
class Entered:
    """What came of the cases."""

    name: str
    cases: tuple[Case, ...]
    held: Mapping[str, set[int]]
    #: Rules and children that the preview finds, and those found when the list that no record holds is supplied.
    found: set[tuple[str, int]]
    found_with_list: set[tuple[str, int]]
    #: The rules that could not run in the preview, each with the cause.
    not_run: Mapping[str, str]
    refused: Mapping[str, set[str]]
    told: Mapping[str, list[ToldRow]]

    def is_caught(self, case: Case) -> bool:
        """Whether the preview finds it by its rule."""
        return any((case.code, person) in self.found for person in self.held.get(case.name, ()))

    def is_caught_with_list(self, case: Case) -> bool:
        """Whether a check finds it that is given the list."""
        return any((case.code, person) in self.found_with_list for person in self.held.get(case.name, ()))

    def is_taken(self, case: Case) -> bool:
        """Whether all of it is in the record."""
        return case.name in self.held and case.name not in self.refused

    def of(self, code: str, *, fault: bool) -> list[Case]:
        """The faults of a rule, or its near misses."""
        return [case for case in self.cases if case.code == code and case.fault is fault]

    def people(self, cases: Iterable[Case]) -> set[int]:
        """Their children in the record."""
        return {person for case in cases for person in self.held.get(case.name, ())}


def enter(name: str, folder: Path) -> Entered:
    """Import the cases of a return, of the year and of the year before, and run the preview."""
    cases = (*examples(name), *own(name))
    whose = _import(name, cases, folder)
    held, refused = defaultdict(set), defaultdict(set)
    for one in Identifier.objects.filter(scheme="local"):
        held[whose.get(one.value, "")].add(one.person_id)
    for row in QuarantinedRow.objects.all():
        refused[whose.get(row.child_reference, "")].add(row.reason)
    people = {person for those in held.values() for person in those}
    asked = collection(name, LABEL)
    concerned = preview.concerned(_written(people), people)
    after = preview.failing(each for each in concerned if each.collection == asked)
    needing = {case.code for case in cases if _supplied(asked, case)}
    lacking = find(asked, AREA, people, needing).result if needing else None
    return Entered(
        name=name,
        cases=cases,
        held=held,
        found={(key.rule, key.person) for _one, key in after},
        found_with_list=set(_found_with_list(asked, cases, people, needing)),
        not_run={one.code: one.cause for one in lacking.with_outcome(Outcome.COULD_NOT_RUN)} if lacking else {},
        refused=refused,
        told=_told(asked),
    )


def _import(name: str, cases: Iterable[Case], folder: Path) -> dict[str, str]:
    """Import both years, and say whose each child's number is."""
    filled = [(case, case.rows(declared(name))) for case in cases]
    whose: dict[str, str] = {}
    for case, rows in filled:
        for title, held in rows.items():
            table = declared(name).table(title)
            assert table is not None
            whose |= {row[table.child]: case.name for row in held if table.child in row}
    for period, path in _files(name, together(rows for _case, rows in filled), folder):
        import_path(Request(path=path, format=name, period=period, area=AREA, by="tester", keep_in=folder / "kept"))
        _analyse()
    return whose


def _analyse() -> None:
    """Tell the database how much it holds now: without it, it takes minutes for what takes a second."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _files(name: str, rows: dict[str, list[Row]], folder: Path) -> Iterator[tuple[str, Path]]:
    if name == "cin":
        yield LABEL, write_census(rows, folder / "census.xml", census_header(YEAR))
        return
    for table in declared(name).all_tables():
        if not table.supplied:
            columns = [column for column in table.columns if not column.endswith("_known")]
            rows.setdefault(table.name, []).append(dict.fromkeys(columns, ""))
    yield "2025-26", write_set(declared(name), rows, folder / "before", last=True)
    yield LABEL, write_set(declared(name), rows, folder / "year")


def _written(people: set[int]) -> Iterator[Any]:
    for model in record_models():
        if any(field.name == "person" for field in model._meta.fields):
            yield from model.objects.filter(person__in=people)
    yield from Person.objects.filter(pk__in=people)


def _supplied(asked: Collection, case: Case) -> dict[str, list[Mapping[str, Any]]]:
    """The lists that an example gives and no record holds, by table."""
    tables = ((asked.declared.table(title), rows) for title, rows in case.tables.items())
    return {table.name: list(rows) for table, rows in tables if table is not None and table.supplied}


def _found_with_list(
    asked: Collection, cases: Iterable[Case], people: set[int], rules: set[str]
) -> Iterator[tuple[str, int]]:
    """What those rules find where all lists that examples give are supplied."""
    supplied: dict[str, list[Mapping[str, Any]]] = {}
    for case in cases:
        for table, rows in _supplied(asked, case).items():
            held = supplied.setdefault(table, [])
            held += [row for row in rows if row not in held]
    if rules:
        yield from ((key.rule, key.person) for key in find(asked, AREA, people, rules, supplied).found)


def _told(asked: Collection) -> dict[str, list[ToldRow]]:
    telling = tell(asked.declared, untold(asked.name, AREA, asked.period), asked.period)
    found = {}
    for name, rows in telling.tables.items():
        origins = telling.origins[name]
        found[name] = [
            (row, subject[1], subject.record) for row, subject in zip(rows, origins, strict=True) if subject is not None
        ]
    return found


def of_last_year(table: str) -> str:
    """The table of the year before."""
    return f"{table}{LAST}"
