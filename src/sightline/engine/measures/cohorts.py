"""From a cohort to the rows that belong to each period: the one expression that both the numbers and the lists are made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from sightline.engine.derive import dates
from sightline.engine.derive.facts import Tables
from sightline.engine.measures.answering import YEAR_OF_A_RETURN, Answer
from sightline.engine.measures.declare import Cohort, Kind, Measure
from sightline.standards.groups import age_bands

STANDARD_BREAKDOWNS = ("sex", "age", "ethnicity", "disability", "district")
ANSWERS_TABLE = "answers"
ANSWERS = pa.schema(
    [
        ("answer_area", pa.string()),
        ("answer_source", pa.string()),
        ("period", pa.string()),
        ("period_start", pa.date32()),
        ("period_end", pa.date32()),
    ]
)


@dataclass(frozen=True)
class Reading:
    """A cohort read one way: the unit that is compiled once and answers all its measures, periods and breakdowns."""

    cohort: Cohort
    kind: Kind
    lookback_months: int
    window_months: int

    @classmethod
    def of(cls, measure: Measure) -> Reading:
        """The reading that a measure needs."""
        return cls(measure.cohort, measure.kind, measure.lookback_months, measure.window_months)


def answers_rows(answers: Sequence[Answer]) -> pa.Table:
    """The answering sources as a small table of the schema `ANSWERS`: one row for each source and period."""
    rows = [(a.area, a.source, a.period.label, a.period.start, a.period.end) for a in answers]
    return pa.Table.from_pylist([dict(zip(ANSWERS.names, row, strict=True)) for row in rows], schema=ANSWERS)


def rows_by_period(tables: Tables, reading: Reading) -> ir.Table:
    """The fact's rows, once for each period they belong to, with `area`, `period`, `period_start`, `period_end`, and the breakdown columns.

    The sources and periods that can answer are in the table `ANSWERS_TABLE` when the expression runs.
    """
    cohort = reading.cohort
    answers = ibis.table(ibis.schema(ANSWERS), name=ANSWERS_TABLE)
    agencies = tables.fact("people.agency")
    rows = tables.fact(cohort.fact)
    rows = rows.join(agencies, "agency_id")
    joined = rows.join(
        answers,
        [
            rows.area == answers.answer_area,
            rows.source_system.re_replace(YEAR_OF_A_RETURN, "") == answers.answer_source,
            *_membership(rows, answers, reading),
        ],
    ).drop("answer_area", "answer_source")
    return _with_person(tables, joined, reading) if cohort.person else joined


def _membership(rows: ir.Table, periods: ir.Table, reading: Reading) -> list[ir.BooleanValue]:
    cohort, kind = reading.cohort, reading.kind
    if kind in (Kind.EVENTS, Kind.STARTS, Kind.ENDS):
        day = rows[_day_column(cohort, kind)]
        return [day >= periods.period_start, day <= periods.period_end]
    start, end = rows[cohort.start], rows[cohort.end]
    if kind is Kind.OPEN_AT:
        return [start <= periods.period_end, end.isnull() | (end > periods.period_end)]
    # A spell that ends on the day it starts covers no day.
    return [start <= periods.period_end, end.isnull() | (end > ibis.greatest(start, periods.period_start))]


def _day_column(cohort: Cohort, kind: Kind) -> str:
    return {Kind.EVENTS: cohort.date, Kind.STARTS: cohort.start, Kind.ENDS: cohort.end}[kind]


def reference_day(joined: ir.Table, reading: Reading) -> ir.DateValue:
    """The day on which age and district are read: the event's own, or the last of the period for a stock."""
    if reading.kind in (Kind.OPEN_AT, Kind.OPEN_DURING):
        return joined.period_end
    return joined[_day_column(reading.cohort, reading.kind)]


def _with_person(tables: Tables, joined: ir.Table, reading: Reading) -> ir.Table:
    joined = joined.mutate(reference_day=reference_day(joined, reading))
    people = tables.fact("people.person").rename(of_person="person_id")
    joined = joined.left_join(people, joined.person_id == people.of_person)
    joined = joined.mutate(age_years=dates.age(joined.born, joined.reference_day))
    joined = joined.mutate(age=age_band(joined.age_years))
    homes = tables.fact("people.home").rename(home_person="person_id", home_start="start", home_until="until")
    lived = [
        joined.person_id == homes.home_person,
        homes.home_start <= joined.reference_day,
        homes.home_until > joined.reference_day,
    ]
    return joined.left_join(homes, lived).drop("of_person", "home_person", "home_start", "home_until")


def age_band(years: ir.IntegerValue) -> ir.StringValue:
    """The band of DfE's statistics; people of 18 and over, and those whose age is not known, have bands of their own."""
    cases = [
        ((years >= band.first) & (years <= (17 if band.last is None else band.last)), band.code) for band in age_bands()
    ]
    return ibis.cases((years.isnull(), "unknown"), (years < 0, "unborn"), *cases, else_="18+")
