"""Writes children to the record, chunk by chunk, inside one transaction.

Each chunk holds whole children, so a chunk can be brought into the record by itself: its rows are staged by COPY, matched with what is on
record, and inserted, corrected or removed by set. A second thread does it while the next chunk is read.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from psycopg import sql

from sightline.core.people.models import Person
from sightline.core.records.models import Record
from sightline.engine.exchange import staging
from sightline.engine.exchange.child import Child, Fault
from sightline.engine.exchange.models import QuarantinedRow
from sightline.engine.exchange.staging import Stage, name, phrase

CHUNK_ROWS = 20_000
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

    def __post_init__(self) -> None:
        self._keys: dict[str, int] = {}
        self.twice: set[int] = set()

    @property
    def full(self) -> bool:
        """Time to write it."""
        return self.rows >= CHUNK_ROWS

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
        for draft in child.drafts:
            lines = self.lines.setdefault(draft.model, [])
            draft.number = len(lines)
            lines.append(self.stages[draft.model].line(draft, ordinal))

    def arrivals(self) -> list[str]:
        """The references that came, as lines of COPY text: ordinal, reference, line."""
        return [
            f"{n}\t{staging.escaped(child.key)}\t{child.line}"
            for n, child in enumerate(self.children)
            if child.reference
        ]


class Writer:
    """Brings chunks into the record, and at the end removes what the file no longer says."""

    def __init__(self, connection: Any, source: Source, stages: dict[type[Record], Stage]) -> None:
        self._connection = connection
        self._source = source
        self.stages = stages
        self._parameters = source.parameters()
        self._doubled = False
        self.counts: dict[str, Counter[str]] = {stage.table: Counter() for stage in stages.values()}
        self.children = self.quarantined = self.strangers = 0
        self.changed: set[int] = set()

    def prepare(self) -> None:
        """Makes the temporary tables."""
        with self._connection.cursor() as cursor:
            cursor.execute("SET LOCAL jit = off; SET LOCAL client_min_messages = warning")
            for stage in self.stages.values():
                for statement in stage.create():
                    cursor.execute(statement)
            cursor.execute("CREATE TEMP TABLE arrivals (child int, key text, line int) ON COMMIT DROP")
            cursor.execute("CREATE TEMP TABLE seen (key text PRIMARY KEY, line int, person_id bigint) ON COMMIT DROP")
            cursor.execute("CREATE INDEX ON seen (person_id)")

    def merge(self, chunk: Chunk) -> None:
        """One chunk."""
        with self._connection.cursor() as cursor:
            tables = sql.SQL(", ").join(name(stage.stage) for stage in self.stages.values())
            cursor.execute(phrase("TRUNCATE {tables}, arrivals", tables=tables))
            _copy(cursor, sql.SQL("COPY arrivals FROM STDIN"), chunk.arrivals())
            for model, lines in chunk.lines.items():
                _copy(cursor, self.stages[model].copy(), lines)
            self._set_aside_doubles(cursor, chunk)
            cursor.execute(staging.match_people(), self._parameters)
            known = cursor.rowcount > 0
            before = sum(sum(count.values()) - count[UNCHANGED] - count[SUPERSEDED] for count in self.counts.values())
            if known:
                self._correct(cursor, chunk)
            staged = [stage for stage in self.stages.values() if stage.model in chunk.lines]
            for stage in staged:
                cursor.execute(stage.insert(), self._parameters)
                self.counts[stage.table][WRITTEN] += cursor.rowcount
            cursor.execute(
                phrase(
                    "UPDATE seen SET person_id = p.id FROM {p} p JOIN arrivals a ON a.child = p.child WHERE seen.key = a.key",
                    p=name(staging.stage_of(Person)),
                )
            )
            if (
                sum(sum(count.values()) - count[UNCHANGED] - count[SUPERSEDED] for count in self.counts.values())
                > before
            ):
                cursor.execute(phrase("SELECT id FROM {p}", p=name(staging.stage_of(Person))))
                self.changed.update(row[0] for row in cursor.fetchall())
            self._quarantine(cursor, chunk)
            # Links are judged here, so that a mistake shows at once and what is to be judged does not pile up.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
            self.children += len(chunk.children)

    def finish(self) -> None:
        """Removes what the file no longer says of children it no longer names, or names twice."""
        if not (self._source.again or self._doubled):
            return
        with self._connection.cursor() as cursor:
            tables = sql.SQL(", ").join(name(stage.stage) for stage in self.stages.values())
            cursor.execute(phrase("TRUNCATE {tables}", tables=tables))
            gone = phrase(
                "SELECT t.id FROM {t} t WHERE t.source_system = %(system)s AND NOT EXISTS (SELECT FROM seen z WHERE z.person_id = t.id)",
                t=name(Person._meta.db_table),
            )
            cursor.execute(gone, self._parameters)
            leaving = [row[0] for row in cursor.fetchall()]
            # Derived from the records, and made again for whoever stays.
            cursor.execute("DELETE FROM deadlines_deadline WHERE person_id = ANY(%s)", [leaving])
            for stage in reversed(self.stages.values()):
                cursor.execute(stage.drop_unseen(), self._parameters)
                self.counts[stage.table][REMOVED] += cursor.rowcount
            cursor.execute(phrase("SELECT id FROM {t} WHERE id = ANY(%s)", t=name(Person._meta.db_table)), [leaving])
            self.changed = (self.changed - set(leaving)) | {row[0] for row in cursor.fetchall()}
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")

    def _correct(self, cursor: Any, chunk: Chunk) -> None:
        """What concerns rows on record: match, refuse what clashes with them, remove, correct."""
        stages = list(self.stages.values())
        for stage in stages:
            if stage.model is not Person:
                cursor.execute(stage.match(), self._parameters)
        self._set_aside_conflicts(cursor, chunk)
        if self._source.again:
            for stage in reversed(stages):
                if stage.has_person:
                    cursor.execute(stage.drop_missing(), self._parameters)
                    self.counts[stage.table][REMOVED] += cursor.rowcount
        for stage in stages:
            count = self.counts[stage.table]
            cursor.execute(
                phrase("SELECT count(was), count(*) FILTER (WHERE was = ANY(%(later)s)) FROM {s}", s=name(stage.stage)),
                self._parameters,
            )
            matched, superseded = cursor.fetchone()
            updated = 0
            for statement in stage.updates():
                cursor.execute(statement, self._parameters)
                updated += cursor.rowcount
            if self._source.earlier:
                cursor.execute(stage.take_over(), self._parameters)
            count[UPDATED] += updated
            count[SUPERSEDED] += superseded
            count[UNCHANGED] += matched - superseded - updated
        cursor.execute(staging.strangers(), self._parameters)
        self.strangers += cursor.fetchone()[0]

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
        cursor.execute("INSERT INTO seen (key, line) SELECT key, line FROM arrivals ON CONFLICT DO NOTHING")

    def _set_aside_conflicts(self, cursor: Any, chunk: Chunk) -> None:
        aside: set[int] = set()
        for stage in self.stages.values():
            for statement in stage.conflicts():
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
        _copy(cursor, statement, [self._line(child, fault) for child, fault in chunk.quarantined])

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


def _copy(cursor: Any, statement: sql.Composable, lines: list[str]) -> None:
    if lines:
        with cursor.copy(statement) as copy:
            copy.write("\n".join(lines) + "\n")


Tell = Callable[[str], None]
