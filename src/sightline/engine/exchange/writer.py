"""Writes children to the record, chunk by chunk, inside one transaction.

Each chunk holds whole children, so a chunk can be brought into the record by itself: its rows are staged by COPY, matched with what is on
record, and inserted, corrected or removed by set. A second thread does it while the next chunk is read.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from psycopg import sql

from sightline.core.people.models import Identifier, Person
from sightline.core.records.models import Record
from sightline.engine.exchange import staging, ties
from sightline.engine.exchange.child import Child, Fault
from sightline.engine.exchange.models import QuarantinedRow
from sightline.engine.exchange.staging import Stage, name, phrase, stage_of

#: The first chunk is small, so that the database has something to do early; each later one is twice as large, up to the most.
FIRST_ROWS, CHUNK_ROWS = 1_500, 12_000
WRITTEN, UPDATED, UNCHANGED, REMOVED, SUPERSEDED = "written", "updated", "unchanged", "removed", "superseded"
OUTCOMES = (WRITTEN, UPDATED, UNCHANGED, REMOVED, SUPERSEDED)


@dataclass
class Source:
    """Whose rows these are: the agency, this file's source, and the other files of the same format and area."""

    agency: int
    system: str
    at: datetime
    earlier: list[str]
    later: list[str]
    again: bool
    file: int

    def parameters(self) -> dict[str, Any]:
        """As the statements name them. Rows of a later period are left alone; those of an earlier one may be restated."""
        return {
            "agency": self.agency,
            "system": self.system,
            "at": self.at,
            "mine": [self.system, *self.earlier, *self.later],
            "updatable": [self.system, *self.earlier],
            "later": self.later,
        }


@dataclass
class Chunk:
    """Children on their way into the database."""

    stages: dict[type[Record], Stage]
    children: list[Child] = field(default_factory=list)
    lines: dict[type[Record], list[str]] = field(default_factory=dict)
    quarantined: list[tuple[Child, Fault]] = field(default_factory=list)
    rows: int = 0
    enough: int = FIRST_ROWS

    def __post_init__(self) -> None:
        self._keys: dict[str, int] = {}
        self.blocks: dict[type[Record], bytes] = {}
        self.arrivals = b""
        self.ties: list[str] = []
        self.twice: set[int] = set()

    @property
    def full(self) -> bool:
        """Time to write it."""
        return self.rows >= self.enough

    def next(self) -> Chunk:
        """The one that follows."""
        return Chunk(self.stages, enough=min(2 * self.enough, CHUNK_ROWS))

    def add(self, child: Child) -> None:
        """Takes a child in, or its faults when it has any."""
        ordinal = len(self.children)
        self.children.append(child)
        self.rows += len(child.rows)
        if child.key in self._keys:
            self.twice |= {ordinal, self._keys[child.key]}
        if child.reference:
            self._keys[child.key] = ordinal
        if child.faults:
            self.quarantined.extend((child, fault) for fault in child.faults)
            return
        self.ties += ["\t".join(map(staging.escaped, (child.key, *tie))) for tie in child.ties]
        for draft in child.drafts:
            lines = self.lines.setdefault(draft.model, [])
            draft.number = len(lines)
            lines.append(self.stages[draft.model].line(draft, ordinal))

    def close(self) -> Chunk:
        """Makes what is to be sent ready, so that the thread that writes has only to send it."""
        self.arrivals = _block(
            f"{number}\t{staging.escaped(child.key)}\t{child.line}"
            for number, child in enumerate(self.children)
            if child.reference
        )
        self.blocks = {model: _block(lines) for model, lines in self.lines.items()}
        self.lines.clear()
        return self


class Writer:
    """Brings chunks into the record, and at the end removes what the file no longer says."""

    def __init__(self, connection: Any, source: Source, stages: dict[type[Record], Stage]) -> None:
        self._connection = connection
        self._source = source
        self.stages = stages
        self._parameters = source.parameters()
        self._doubled = self._area_is_known = self._tied = False
        self._filled: set[type[Record]] = set()
        self.counts: dict[str, Counter[str]] = {stage.table: Counter() for stage in stages.values()}
        self.children = self.quarantined = self.strangers = self.untied = 0
        self.changed: set[int] = set()

    def prepare(self) -> None:
        """Makes the temporary tables."""
        with self._connection.cursor() as cursor:
            # Staged chunks stay in memory: temporary tables and the sorts that match them are the larger part of an import.
            cursor.execute("SET LOCAL jit = off; SET LOCAL client_min_messages = warning; SET LOCAL work_mem = '64MB'")
            for stage in self.stages.values():
                cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [stage.table])
                for statement in stage.create(cursor.fetchone()[0]):
                    cursor.execute(statement)
            cursor.execute("CREATE TEMP TABLE arrivals (child int, key text, line int) ON COMMIT DROP")
            cursor.execute("CREATE TEMP TABLE seen (key text PRIMARY KEY, line int, person_id bigint) ON COMMIT DROP")
            cursor.execute("CREATE INDEX ON seen (person_id)")
            cursor.execute(ties.CREATE)
            cursor.execute(
                phrase(
                    "SELECT EXISTS (SELECT FROM {i} WHERE agency_id = %(agency)s)", i=name(Identifier._meta.db_table)
                ),
                self._parameters,
            )
            self._area_is_known = cursor.fetchone()[0]

    def merge(self, chunk: Chunk) -> None:
        """One chunk."""
        with self._connection.cursor() as cursor:
            self._stage(cursor, chunk)
            self._set_aside_doubles(cursor, chunk)
            changes = self._changes()
            if self._area_is_known:
                cursor.execute(staging.match_people(), self._parameters)
                if cursor.rowcount:
                    self._correct(cursor, chunk)
                cursor.execute(staging.strangers(), self._parameters)
                self.strangers += cursor.fetchone()[0]
            for stage in self.stages.values():
                if stage.model in chunk.blocks:
                    cursor.execute(stage.insert, self._parameters)
                    self.counts[stage.table][WRITTEN] += cursor.rowcount
            cursor.execute(
                phrase(
                    "INSERT INTO seen SELECT a.key, a.line, p.id FROM arrivals a LEFT JOIN {p} p ON p.child = a.child"
                    " ON CONFLICT DO NOTHING",
                    p=name(stage_of(Person)),
                )
            )
            if self._changes() > changes:
                self.changed.update(_ids(cursor, phrase("SELECT id FROM {p}", p=name(stage_of(Person)))))
            self._quarantine(cursor, chunk)
            # Links are judged here, so that a mistake shows at once and what is to be judged does not pile up.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
            self.children += len(chunk.children)

    def finish(self) -> None:
        """Ties people of the file to each other; removes what it no longer says of children it no longer names, or names twice."""
        with self._connection.cursor() as cursor:
            if self._tied or self._source.again:
                count = self.counts.setdefault(ties.TABLE, Counter())
                concerned, self.untied = ties.bring_in(cursor, self._parameters, count)
                self.changed |= concerned
            if self._source.again or self._doubled:
                self._drop_unseen(cursor)
            tables = sql.SQL(", ").join(name(stage.stage) for stage in self.stages.values())
            cursor.execute(phrase("DROP TABLE {tables}, arrivals, seen, ties", tables=tables))

    def _drop_unseen(self, cursor: Any) -> None:
        self._empty(cursor)
        leaving = _ids(cursor, self.stages[Person].unseen, self._parameters)
        # Derived from the records, and made again for whoever stays.
        cursor.execute("DELETE FROM deadlines_deadline WHERE person_id = ANY(%s::bigint[])", [leaving])
        for stage in reversed(self.stages.values()):
            if stage.has_person or stage.model is Person or self._changes(REMOVED):
                self._drop(cursor, stage, _ids(cursor, stage.unseen, self._parameters))
        staying = _ids(
            cursor, phrase("SELECT id FROM {t} WHERE id = ANY(%s::bigint[])", t=name(Person._meta.db_table)), [leaving]
        )
        self.changed = self.changed.difference(leaving).union(staying)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")

    def _changes(self, *outcomes: str) -> int:
        return sum(count[one] for count in self.counts.values() for one in outcomes or (WRITTEN, UPDATED, REMOVED))

    def _stage(self, cursor: Any, chunk: Chunk) -> None:
        self._empty(cursor)
        _copy(cursor, sql.SQL("COPY arrivals FROM STDIN"), chunk.arrivals)
        _copy(cursor, ties.COPY, _block(chunk.ties))
        self._tied = self._tied or bool(chunk.ties)
        for model, block in chunk.blocks.items():
            _copy(cursor, self.stages[model].copy, block)
            self._filled.add(model)
        # Without this the planner takes a chunk for a handful of children, and compares each with every other.
        cursor.execute(phrase("ANALYZE {p}, {i}", p=name(stage_of(Person)), i=name(stage_of(Identifier))))

    def _empty(self, cursor: Any) -> None:
        """Clears what the chunk before left staged."""
        tables = ["arrivals", *(stage_of(model) for model in self._filled)]
        cursor.execute(phrase("TRUNCATE {tables}", tables=sql.SQL(", ").join(map(name, tables))))
        self._filled.clear()

    def _correct(self, cursor: Any, chunk: Chunk) -> None:
        """What concerns rows on record: match, refuse what clashes with them, remove, correct."""
        stages = list(self.stages.values())
        if self._filled:
            cursor.execute(
                phrase("ANALYZE {tables}", tables=sql.SQL(", ").join(name(stage_of(model)) for model in self._filled))
            )
        for stage in stages:
            cursor.execute(stage.compare if stage.model is Person else stage.match, self._parameters)
        self._set_aside_conflicts(cursor, chunk)
        if self._source.again:
            for stage in reversed(stages):
                if stage.has_person:
                    self._drop(cursor, stage, _ids(cursor, stage.missing, self._parameters))
        for stage in stages:
            cursor.execute(stage.census, self._parameters)
            _new, matched, differing, superseded = cursor.fetchone()
            for statement in stage.updates if differing else ():
                cursor.execute(statement, self._parameters)
            if self._source.earlier:
                cursor.execute(stage.take_over, self._parameters)
            count = self.counts[stage.table]
            count[UPDATED] += differing
            count[SUPERSEDED] += superseded
            count[UNCHANGED] += matched - superseded - differing

    def _drop(self, cursor: Any, stage: Stage, ids: list[int]) -> None:
        if not ids:
            return
        cursor.execute(stage.drop, self._parameters | {"ids": ids})
        for (written_now,) in cursor.fetchall():
            # A child whose reference came again after it was written: the record is as if it never had been.
            self.counts[stage.table][WRITTEN if written_now else REMOVED] += -1 if written_now else 1

    def _set_aside_doubles(self, cursor: Any, chunk: Chunk) -> None:
        """Children whose reference came before, in this chunk or an earlier one. All of them are set aside."""
        reason = "the child's reference appears twice in the file"
        aside = set(chunk.twice)
        cursor.execute("SELECT a.child, s.line, s.key, s.person_id FROM arrivals a JOIN seen s USING (key)")
        for ordinal, line, key, person in cursor.fetchall():
            self._doubled = True
            aside.add(ordinal)
            if person is not None:
                first = Child(chunk.children[ordinal].reference, line, chunk.children[ordinal].rows[:1])
                chunk.quarantined.append((first, Fault(_at_line(first, line), reason)))
                self.changed.discard(person)
            cursor.execute("UPDATE seen SET person_id = NULL WHERE key = %s", [key])
        for ordinal in sorted(aside):
            child = chunk.children[ordinal]
            chunk.quarantined.append((child, Fault(child.rows[0], reason)))
        self._unstage(cursor, aside)

    def _set_aside_conflicts(self, cursor: Any, chunk: Chunk) -> None:
        aside: set[int] = set()
        for stage in self.stages.values():
            cursor.execute(stage.census, self._parameters)
            new, _matched, differing, _superseded = cursor.fetchone()
            for statement in stage.conflicts if new or differing else ():
                cursor.execute(statement, self._parameters)
                for ordinal, line in cursor.fetchall():
                    child = chunk.children[ordinal]
                    row = next((row for row in child.rows if row.line == line), child.rows[0])
                    title = stage.model._meta.verbose_name
                    chunk.quarantined.append(
                        (child, Fault(row, f"overlaps or repeats a {title} on record from another source"))
                    )
                    aside.add(ordinal)
        self._unstage(cursor, aside)

    def _unstage(self, cursor: Any, aside: set[int]) -> None:
        if aside:
            for stage in self.stages.values():
                cursor.execute(phrase("DELETE FROM {s} WHERE child = ANY(%s)", s=name(stage.stage)), [list(aside)])

    def _quarantine(self, cursor: Any, chunk: Chunk) -> None:
        if not chunk.quarantined:
            return
        self.quarantined += len({id(child) for child, _fault in chunk.quarantined})
        columns = ("file_id", "child_reference", "child_hash", "table", "line", "reason", "content")
        statement = phrase(
            "COPY {t} ({columns}) FROM STDIN",
            t=name(QuarantinedRow._meta.db_table),
            columns=sql.SQL(", ").join(map(name, columns)),
        )
        _copy(cursor, statement, _block(self._line(child, fault) for child, fault in chunk.quarantined))

    def _line(self, child: Child, fault: Fault) -> str:
        row = fault.row
        cells = (
            str(self._source.file),
            child.reference[:60],
            reference_hash(child.reference, f"{row.table} {row.line}"),
            row.table,
            str(row.line),
            fault.reason[:300],
            json.dumps(row.raw),
        )
        return "\t".join(staging.escaped(cell) for cell in cells)


def reference_hash(reference: str, otherwise: str) -> str:
    """A short name for a child that says nothing about it; for a row without a reference, of its place."""
    return hmac.new(settings.SECRET_KEY.encode(), (reference or otherwise).encode(), hashlib.sha256).hexdigest()[:12]


def _at_line(child: Child, line: int) -> Any:
    from sightline.engine.exchange.child import Row

    return Row(child.rows[0].table, line, {})


def _ids(cursor: Any, statement: sql.Composable | str, parameters: Any = None) -> list[int]:
    cursor.execute(statement, parameters)
    return [row[0] for row in cursor.fetchall()]


def _block(lines: Iterable[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()


def _copy(cursor: Any, statement: sql.Composable | str, block: bytes) -> None:
    if block:
        with cursor.copy(statement) as copy:
            copy.write(block)
