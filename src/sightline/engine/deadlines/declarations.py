"""How a pathway says which clocks run on its records.

A `RunningClock` is one select. The full rebuild and the rebuild of a few people's deadlines run the same text, the second with a filter put
in the place of `{these}`, so they cannot differ.
"""
# ruff: noqa: S608 (the SQL is put together from declarations in the code, never from input)

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, cached_property

from django.apps import apps

from sightline.core.records.models import Record
from sightline.core.registry import pathway_modules

THESE = "{these}"
LATE_REASONS = "deadlines_latereason"


@dataclass(frozen=True)
class RunningClock:
    """A clock, or a chain of clocks, on the records of one type.

    `clocks`: the first turn runs by the first clock, the second by the second, and the last goes on for ever.
    `select`: gives (record_id, sequence, started, stopped, stopped_by_table, stopped_by_id, closed) and holds `{these}` as a condition on the
    subject's table, aliased `s`. `touching`: for a subject without a person, the select of the ids of the subjects that concern `%(persons)s`.
    """

    clocks: tuple[str, ...]
    subject: str
    select: str
    touching: str = ""

    def __post_init__(self) -> None:
        if THESE not in self.select:
            raise ValueError(f"{self.clocks[0]}: the select has no {THESE}.")

    @cached_property
    def model(self) -> type[Record]:
        """The subject's record type."""
        model: type[Record] = apps.get_model(self.subject)
        return model

    @property
    def table(self) -> str:
        """The subject's table."""
        return self.model._meta.db_table

    @property
    def has_person(self) -> bool:
        """Whether a subject is about one person."""
        return any(field.name == "person" for field in self.model._meta.fields)

    @property
    def stream(self) -> str:
        """The stream whose coverage tells for which periods the deadlines are complete."""
        return self.model.STREAM or self.model._meta.app_label

    @cached_property
    def reads(self) -> frozenset[str]:
        """The tables the select draws on: a write to any other table leaves these deadlines as they are."""
        return frozenset(re.findall(r"\b(?:FROM|JOIN) ([a-z]\w*_\w+)", self.select)) | {self.table, LATE_REASONS}


@cache
def running_clocks() -> tuple[RunningClock, ...]:
    """Every clock that runs, as the pathways declare them. An id is declared once."""
    found = [running for module in pathway_modules("clocks") for running in module.CLOCKS]
    ids = [clock for running in found for clock in running.clocks]
    if twice := {clock for clock in ids if ids.count(clock) > 1}:
        raise ValueError(f"clocks declared twice: {', '.join(sorted(twice))}")
    return tuple(found)


def once(table: str, started: str, stopped: str, *, closed: str = "NULL::date", where: str = "TRUE") -> str:
    """The select of a clock that starts and stops by dates of one record."""
    return f"""
        SELECT s.id AS record_id, 1 AS sequence, s.{started} AS started, s.{stopped} AS stopped,
               '{table}' AS stopped_by_table, s.id AS stopped_by_id, {closed} AS closed
        FROM {table} s WHERE {where} AND {THESE}"""


@dataclass(frozen=True)
class Stops:
    """The events that end one turn of a clock and start the next: rows of `table`, aliased `e`.

    `subject`: the column that names the subject. `day`: an expression. `joined`: a JOIN that the day or the condition needs.
    """

    table: str
    subject: str
    day: str
    joined: str = ""
    where: str = "TRUE"


def turns(table: str, started: str, closed: str, stops: Stops, *, where: str = "TRUE") -> str:
    """The select of clocks that start again at each stop until the subject closes.

    Stops outside the subject's own days do not count; of several on a day one counts. The last turn has no stop: it is open, or was
    running when the subject closed.
    """
    return f"""
        WITH subject AS (
            SELECT s.id, s.{started} AS started, s.{closed} AS closed FROM {table} s WHERE {where} AND {THESE}
        ), stop AS (
            SELECT DISTINCT ON (s.id, {stops.day}) s.id AS record_id, {stops.day} AS day, e.id AS stop_id
            FROM subject s JOIN {stops.table} e ON e.{stops.subject} = s.id {stops.joined}
            WHERE {stops.where} AND {stops.day} >= s.started AND (s.closed IS NULL OR {stops.day} <= s.closed)
            ORDER BY s.id, {stops.day}, e.id
        ), mark AS (
            SELECT id AS record_id, started AS day, NULL::bigint AS stop_id FROM subject
            UNION ALL SELECT record_id, day, stop_id FROM stop
        ), turn AS (
            SELECT record_id, row_number() OVER w AS sequence, day AS started, lead(day) OVER w AS stopped,
                   lead(stop_id) OVER w AS stopped_by_id
            FROM mark WINDOW w AS (PARTITION BY record_id ORDER BY day, stop_id NULLS FIRST)
        )
        SELECT t.record_id, t.sequence, t.started, t.stopped, '{stops.table}' AS stopped_by_table, t.stopped_by_id, s.closed
        FROM turn t JOIN subject s ON s.id = t.record_id
        WHERE t.stopped IS NOT NULL OR s.closed IS NULL OR t.started < s.closed"""
