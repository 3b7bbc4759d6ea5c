"""The list behind a figure: the ids of its records, from the expression that counted them."""

from __future__ import annotations

from dataclasses import dataclass

from sightline.core.errors import InputProblem
from sightline.engine.derive.source import SnapshotTables
from sightline.engine.measures import cohorts
from sightline.engine.measures.answering import answering
from sightline.engine.measures.cohorts import STANDARD_BREAKDOWNS, Reading
from sightline.engine.measures.compute import base_and_number
from sightline.engine.measures.declare import Measure
from sightline.standards.periods import Period


@dataclass(frozen=True)
class Listing:
    """The rows behind one figure. `ids` are ids of the record table `record`, in order; for a measure of children one id for each child."""

    record: str
    ids: tuple[int, ...]


def listing(
    tables: SnapshotTables,
    measure: Measure,
    period: Period,
    area: str,
    *,
    base: bool = False,
    breakdown: str = "",
    category: str = "",
) -> Listing:
    """The records that a figure counts: its numerator, or its base. Narrowed to one category of a breakdown when given.

    Raises InputProblem for a breakdown that the measure does not have.
    """
    reading = Reading.of(measure)
    streams = measure.cohort.streams
    answers = [
        a
        for a in answering(
            [period], tables.snapshot.manifest.coverage, streams, measure.lookback_months, measure.window_months
        )
        if a.area == area
    ]
    if not answers:
        return Listing(measure.cohort.record, ())
    tables.put(cohorts.ANSWERS_TABLE, cohorts.answers_rows(answers))
    rows = cohorts.rows_by_period(tables, reading)
    in_base, in_number = base_and_number(rows, measure)
    chosen = rows.filter(in_base if base else in_number)
    if breakdown:
        chosen = chosen.filter(chosen[_column(measure, breakdown)].cast("string").fill_null("unknown") == category)
    key = measure.cohort.key
    if measure.children:
        chosen = chosen.group_by("person_id").aggregate(**{key: chosen[key].min()})
    found = tables.rows(chosen.select(key).order_by(key))
    return Listing(measure.cohort.record, tuple(found[key].to_pylist()))


def _column(measure: Measure, breakdown: str) -> str:
    if measure.cohort.person and breakdown in STANDARD_BREAKDOWNS:
        return breakdown
    if breakdown in measure.categories:
        return measure.categories[breakdown].column
    known = [*(STANDARD_BREAKDOWNS if measure.cohort.person else ()), *measure.categories]
    raise InputProblem(
        f"{measure.id} is not broken down by '{breakdown}'", next=f"its breakdowns: {', '.join(known) or 'none'}"
    )
