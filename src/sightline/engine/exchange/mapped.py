"""Tables whose rows are the rows of one record type: one declaration, from which the import reads them and the export tells them.

What a row says of other records - the case an assessment belongs to - the pathway finds by itself (`finds`) and names again (`tells`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from sightline.core.records.models import Record
from sightline.engine.exchange.child import Child, Draft, Row
from sightline.engine.exchange.cut import Cut
from sightline.engine.exchange.declarations import Builder, Table, TableWriter, Told

#: A column that names something by another record: the path to its id, and what is put before the id.
Named = tuple[str, str]


@dataclass(frozen=True)
class Mapped:
    """One table and one record type.

    `fields` gives the column of each field. `finds` gives further fields of a row, or nothing where there is no record to hold it: it then says so
    itself. `states` names those further fields. `tells` gives, for further columns, the path of a value from the record, or the id of another row
    (`named`). `fixed` are fields that the table implies. `start` and `end` are the fields that say when the row began and ended; what only goes with
    an end is in `with_end`.
    """

    table: Table
    model: type[Record]
    fields: Mapping[str, str]
    start: str = ""
    end: str = ""
    with_end: tuple[str, ...] = ()
    fixed: Mapping[str, Any] = field(default_factory=dict)
    states: tuple[str, ...] = ()
    finds: Callable[[Child, Row], Mapping[str, Any] | None] | None = None
    tells: Mapping[str, str | Named] = field(default_factory=dict)
    unlike: Q | None = None

    def builder(self, order: int = 50) -> Builder:
        """Makes a record of every row."""
        stated = ("person", *self.fields, *self.fixed, *self.states)
        return Builder(self.table.format, (self.table.name,), {self.model: stated}, self._build, order=order)

    def writer(self) -> TableWriter:
        """Tells a row of every record that had begun by the end of the return, or of which no day is known."""
        return TableWriter(self.table.format, self.table.name, self._told)

    def _build(self, child: Child) -> None:
        for row in child.of(self.table.name):
            found = self.finds(child, row) if self.finds else {}
            if found is None:
                continue
            values = {name: row[column] for name, column in self.fields.items()}
            child.shared[key_of(row, self.table)] = child.add(
                self.model, row, parts_of(row, self.table), **values, **self.fixed, **found
            )

    def _told(self, cut: Cut) -> Iterator[Told]:
        begun = Q(**{f"{self.start}__lte": cut.end}) | Q(**{self.start: None}) if self.start else Q()
        rows = cut.rows(self.model).filter(begun, cut.about_children(), **self.fixed)
        if self.unlike is not None:
            rows = rows.exclude(self.unlike)
        paths = {column: path if isinstance(path, str) else path[0] for column, path in self.tells.items()}
        asked = tuple(dict.fromkeys(("pk", *self.fields, *paths.values())))
        for row in cut.told(rows, *asked, order=(self.start,) if self.start else ()):
            if self.end and cut.by_then(row[self.end]) is None:
                row.update(dict.fromkeys((self.end, *self.with_end)))
            told = {column: row[name] for name, column in self.fields.items()}
            for column, path in self.tells.items():
                told[column] = row[paths[column]] if isinstance(path, str) else named(path[1], row[paths[column]])
            yield Told(row["child"], told | ids(self.table, row))


def named(prefix: str, number: int | None) -> str | None:
    """How a row goes by in a file: the number of its record."""
    return None if number is None else f"{prefix}{number}"


def ids(table: Table, row: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """What tells a row apart in a file, and whom it is about where it says so itself."""
    return {table.child: row["reference"], table.key: named(prefix, row["pk"])}


def key_of(row: Row, table: Table) -> tuple[str, str]:
    """Under what the records of a row are shared among the builders of a child."""
    return table.name, _own_key(row, table)


def parts_of(row: Row, table: Table) -> str:
    """What tells a row's record apart within its child."""
    return f"{table.name.removeprefix(f'{table.format}_')}/{_own_key(row, table)}"


def _own_key(row: Row, table: Table) -> str:
    """The key of a row; its line, where its table has none."""
    return str(row[table.key] if table.key else row.line)


def linked(child: Child, table: Table, reference: Any) -> Draft | None:
    """The record made of the row that a column names; nothing where the child has no such row."""
    found = child.shared.get((table.name, str(reference)))
    return found if isinstance(found, Draft) else None
