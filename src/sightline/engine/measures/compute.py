"""Working out every measure: one fused query for each reading of a cohort.

For a reading (a cohort, a kind of membership, a look-back) the rows of all periods are put in one temporary table,
with a pair of flags for each measure: in the base, in the numerator. One query then adds them up by area and period,
in total and by each breakdown.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from sightline.engine.derive.source import SnapshotTables
from sightline.engine.measures import cohorts
from sightline.engine.measures.answering import Answer, answering
from sightline.engine.measures.cohorts import STANDARD_BREAKDOWNS, Reading
from sightline.engine.measures.declare import Measure, Statistic
from sightline.standards.periods import Period

TOTAL = "total"
HELD = "held"

#: One line of results. `base` and `number` count rows or children; `amount` is a sum, mean, median or extreme in the measure's unit.
RESULTS = pa.schema(
    [
        ("measure", pa.string()),
        ("area", pa.string()),
        ("period", pa.string()),
        ("breakdown", pa.string()),
        ("category", pa.string()),
        ("base", pa.int64()),
        ("number", pa.int64()),
        ("amount", pa.float64()),
    ]
)


@dataclass(frozen=True)
class ReadingPlan:
    """The compiled statements of one reading: the rows to hold, and the sums over them by breakdown, with the ids of the measures in each."""

    streams: tuple[str, ...]
    lookback_months: int
    window_months: int
    held: str
    summed: dict[str, str]
    measures: dict[str, tuple[str, ...]]


def readings(chosen: Iterable[Measure]) -> dict[Reading, list[Measure]]:
    """Measures grouped by the reading of a cohort they share."""
    groups: defaultdict[Reading, list[Measure]] = defaultdict(list)
    for measure in chosen:
        groups[Reading.of(measure)].append(measure)
    return dict(groups)


def compute(tables: SnapshotTables, plans: Sequence[ReadingPlan], periods: Sequence[Period]) -> pa.Table:
    """Results for the periods, in every area and breakdown: a table of the schema `RESULTS`.

    Only answered periods have rows: one that is covered but where nothing happened has a base of nought in its total.
    """
    return pa.concat_tables([RESULTS.empty_table(), *(part for plan in plans for part in _read(tables, plan, periods))])


def _read(tables: SnapshotTables, plan: ReadingPlan, periods: Sequence[Period]) -> Iterator[pa.Table]:
    answers = answering(
        periods, tables.snapshot.manifest.coverage, plan.streams, plan.lookback_months, plan.window_months
    )
    if not answers:
        return
    tables.put(cohorts.ANSWERS_TABLE, cohorts.answers_rows(answers))
    tables.run(f'CREATE OR REPLACE TABLE "{HELD}" AS {plan.held}')
    for breakdown, statement in plan.summed.items():
        lines = tables.run(statement).to_arrow_table().to_pylist()
        if breakdown == TOTAL:
            lines = _with_empty_periods(lines, answers)
        yield from _long(lines, plan.measures[breakdown], breakdown)


def compiled(tables: SnapshotTables, chosen: Iterable[Measure]) -> list[ReadingPlan]:
    """The statements that work out the measures, one plan for each reading; the facts they read are worked out on the way."""
    return [_compiled(tables, reading, group) for reading, group in readings(chosen).items()]


def _compiled(tables: SnapshotTables, reading: Reading, group: Sequence[Measure]) -> ReadingPlan:
    rows = flagged(cohorts.rows_by_period(tables, reading), group)
    held = ibis.table(rows.schema(), name=HELD)
    summed = {TOTAL: held.group_by("area", "period").aggregate(**_sums(held, group))}
    by = _breakdowns(reading, group)
    for breakdown, measures in by.items():
        category = ibis.coalesce(held[_column(breakdown)], ibis.literal("unknown"))
        summed[breakdown] = held.group_by("area", "period", category=category).aggregate(**_sums(held, measures))
    return ReadingPlan(
        streams=reading.cohort.streams,
        lookback_months=reading.lookback_months,
        window_months=reading.window_months,
        held=_statement(rows),
        summed={breakdown: _statement(expression) for breakdown, expression in summed.items()},
        measures={
            breakdown: tuple(m.id for m in measures) for breakdown, measures in {TOTAL: list(group), **by}.items()
        },
    )


def _statement(expression: ir.Table) -> str:
    return str(ibis.to_sql(expression, dialect="duckdb"))


def flagged(rows: ir.Table, group: Sequence[Measure]) -> ir.Table:
    """The rows that any of the measures needs, with its flags (`base|id`, `number|id`), its value (`value|id`) and the breakdown columns."""
    columns: dict[str, ir.Value] = {name: rows[name] for name in ("area", "period")}
    columns |= {name: rows[name] for name in ("person_id", *STANDARD_BREAKDOWNS) if name in rows.columns}
    wanted: ir.BooleanValue = ibis.literal(False)
    for measure in group:
        base, number = base_and_number(rows, measure)
        columns[f"base|{measure.id}"] = base
        if measure.of:
            columns[f"number|{measure.id}"] = number
        if measure.value:
            columns[f"value|{measure.id}"] = rows[measure.value].cast("float64")
        columns |= {
            _column(name): rows[category.column].cast("string") for name, category in measure.categories.items()
        }
        wanted = wanted | base
    return rows.filter(wanted).select(**columns)


def base_and_number(rows: ir.Table, measure: Measure) -> tuple[ir.BooleanValue, ir.BooleanValue]:
    """Whether a row is in the base of the measure, and whether it is in its numerator. A condition that cannot be told is not met."""
    base = measure.where(rows).fill_null(False) if measure.where else ibis.literal(True)
    return base, base & measure.of(rows).fill_null(False) if measure.of else base


def _breakdowns(reading: Reading, group: Sequence[Measure]) -> dict[str, list[Measure]]:
    """Which measures are broken down by what."""
    found: defaultdict[str, list[Measure]] = defaultdict(list)
    for measure in group:
        for name in (*(STANDARD_BREAKDOWNS if reading.cohort.person else ()), *measure.categories):
            found[name].append(measure)
    return dict(found)


def _column(breakdown: str) -> str:
    return breakdown if breakdown in STANDARD_BREAKDOWNS else f"extra|{breakdown}"


def _sums(held: ir.Table, group: Sequence[Measure]) -> dict[str, ir.Scalar]:
    sums: dict[str, ir.Scalar] = {}
    for measure in group:
        base = held[f"base|{measure.id}"]
        sums[f"base|{measure.id}"] = _count(held, measure, base)
        if measure.of:
            sums[f"number|{measure.id}"] = _count(held, measure, held[f"number|{measure.id}"])
        if measure.value:
            sums[f"amount|{measure.id}"] = _amount(held[f"value|{measure.id}"], measure.statistic, base)
    return sums


def _count(held: ir.Table, measure: Measure, flag: ir.BooleanValue) -> ir.Scalar:
    return held.person_id.nunique(where=flag) if measure.children else flag.sum()


def _amount(value: ir.FloatingValue, statistic: Statistic, base: ir.BooleanValue) -> ir.Scalar:
    return {
        Statistic.MEAN: value.mean,
        Statistic.SUM: value.sum,
        Statistic.MINIMUM: value.min,
        Statistic.MAXIMUM: value.max,
        Statistic.MEDIAN: value.median,
    }[statistic](where=base)


def _with_empty_periods(lines: list[dict[str, Any]], answers: Sequence[Answer]) -> list[dict[str, Any]]:
    """A covered period in which nothing happened has a line of noughts: it is not the same as a period that is not covered."""
    seen = {(line["area"], line["period"]) for line in lines}
    empty = {(answer.area, answer.period.label) for answer in answers} - seen
    return [*lines, *({"area": area, "period": period} for area, period in sorted(empty))]


def _long(lines: Iterable[dict[str, Any]], ids: Sequence[str], breakdown: str) -> Iterator[pa.Table]:
    """From one line with all measures side by side to one line for each measure. A category with nobody in the base has no line."""
    rows = [
        {
            "measure": id,
            "area": line["area"],
            "period": line["period"],
            "breakdown": breakdown,
            "category": line.get("category", ""),
            "base": line.get(f"base|{id}") or 0,
            "number": line.get(f"number|{id}", line.get(f"base|{id}")) or 0,
            "amount": line.get(f"amount|{id}"),
        }
        for line in lines
        for id in ids
        if breakdown == TOTAL or line[f"base|{id}"]
    ]
    yield pa.Table.from_pylist(rows, schema=RESULTS)
