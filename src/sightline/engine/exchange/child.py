"""One child of a file: its rows as read, the records made from them, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

from sightline.core.records.models import Record

Values = dict[str, Any]


class Row:
    """One row of a table or one block: `raw` as received, `values` once read. Dates are ISO texts, which sort as dates do."""

    __slots__ = ("line", "parent", "raw", "table", "values")

    def __init__(self, table: str, line: int, raw: dict[str, str], parent: Row | None = None) -> None:
        self.table = table
        self.line = line
        self.raw = raw
        self.parent = parent
        self.values: Values = {}

    def __getitem__(self, column: str) -> Any:
        return self.values.get(column)


class Draft:
    """A record to be. `number` is given when it is written down for the database; links are drafts."""

    __slots__ = ("fields", "key", "model", "number", "row")

    def __init__(self, model: type[Record], key: str, row: Row, fields: Values) -> None:
        self.model = model
        self.key = key
        self.row = row
        self.fields = fields
        self.number = 0


class Fault:
    """A row that keeps its child out of the record, and why. The reason names columns and never repeats what they hold."""

    __slots__ = ("reason", "row")

    def __init__(self, row: Row, reason: str) -> None:
        self.row = row
        self.reason = reason


class Child:
    """The rows of one child. `shared` is where one builder leaves records for another, which it never imports."""

    __slots__ = (
        "_key",
        "drafts",
        "faults",
        "line",
        "notes",
        "period_end",
        "period_start",
        "person",
        "reference",
        "rows",
        "shared",
        "ties",
    )

    def __init__(self, reference: str, line: int, rows: list[Row]) -> None:
        self.reference = reference
        self.line = line
        self.rows = rows
        self.faults: list[Fault] = []
        self.drafts: list[Draft] = []
        self.notes: list[str] = []
        self.shared: dict[Any, Any] = {}
        self.ties: list[tuple[str, str]] = []
        self.person: Draft | None = None
        self.period_start = self.period_end = ""
        self._key = _key_of(reference)

    @property
    def key(self) -> str:
        """The child's part of every source reference."""
        return self._key

    def of(self, *tables: str) -> Iterable[Row]:
        """The rows of the named tables, in the order of the file."""
        return (row for row in self.rows if row.table in tables)

    def only(self, table: str) -> Row | None:
        """The one row of a table that a child may be in once; more than one are faults."""
        rows = list(self.of(table))
        for row in rows[1:]:
            self.fault(row, "the child appears twice in this table")
        return rows[0] if rows else None

    def fault(self, row: Row, reason: str) -> None:
        """Keep the child out of the record."""
        self.faults.append(Fault(row, reason))

    def note(self, about: str) -> None:
        """Say how something was read. Notes are counted, and shown without the child."""
        self.notes.append(about)

    def tie(self, kind: str, reference: str) -> None:
        """The child is somebody's parent, say: whose, by the reference that they have in the file."""
        self.ties.append((kind, _key_of(reference)))

    def add(self, model: type[Record], row: Row, parts: str, /, **fields: Any) -> Draft:
        """A record made from a row. `parts` are its natural key within the child; the person is filled in where the record has one."""
        if _of_a_person(model):
            fields["person"] = self.person
        draft = Draft(model, f"{self._key}/{parts}" if parts else self._key, row, fields)
        self.drafts.append(draft)
        return draft


def _key_of(reference: str) -> str:
    return reference.replace("%", "%25").replace("/", "%2F")


@cache
def _of_a_person(model: type[Record]) -> bool:
    return any(field.name == "person" for field in model._meta.concrete_fields)
