"""The list behind a figure: the ids of its records, from the expression that counted them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sightline.core.errors import InputProblem
from sightline.engine.derive.source import SnapshotTables
from sightline.engine.measures import cohorts
from sightline.engine.measures.answering import answering
from sightline.engine.measures.cohorts import STANDARD_BREAKDOWNS, Reading
from sightline.engine.measures.compute import base_and_number
from sightline.engine.measures.declare import Measure
from sightline.standards.codes import codeset
from sightline.standards.periods import Period

#: The code sets of the standard breakdowns that have one.
STANDARD_CODES = {"sex": "sex_m_f_u", "age": "age_band_dfe", "ethnicity": "ethnicity_group"}
#: Categories that stand in no code set.
BESIDES = {"age": ("unborn", "18+"), "disability": ("yes", "no")}
UNKNOWN = "unknown"


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

    Raises InputProblem for a breakdown that the measure does not have, and for a category that the breakdown does not have.
    """
    column = _column(measure, breakdown) if breakdown else ""
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
        _check(measure, breakdown, category, ())
        return Listing(measure.cohort.record, ())
    tables.put(cohorts.ANSWERS_TABLE, cohorts.answers_rows(answers))
    rows = cohorts.rows_by_period(tables, reading)
    in_base, in_number = base_and_number(rows, measure)
    chosen = rows.filter(in_base if base else in_number)
    if breakdown:
        chosen = chosen.filter(chosen[column].cast("string").fill_null(UNKNOWN) == category)
    key = measure.cohort.key
    if measure.children:
        chosen = chosen.group_by("person_id").aggregate(**{key: chosen[key].min()})
    found = tables.rows(chosen.select(key).order_by(key))
    if breakdown and not len(found):
        met = tables.rows(rows.select(category=rows[column].cast("string").fill_null(UNKNOWN)).distinct())
        _check(measure, breakdown, category, met["category"].to_pylist())
    return Listing(measure.cohort.record, tuple(found[key].to_pylist()))


def _check(measure: Measure, breakdown: str, category: str, met: Iterable[str]) -> None:
    """An empty list of a category that there is, is an answer; of one that there is not, a mistake."""
    if not breakdown:
        return
    codes = measure.categories[breakdown].codes if breakdown in measure.categories else STANDARD_CODES.get(breakdown)
    listed = [row.code for row in codeset(codes)] if codes else []
    known = dict.fromkeys([*listed, *BESIDES.get(breakdown, ()), *sorted(met)])
    if category not in known and (known or not category) and category != UNKNOWN:
        raise InputProblem(
            f"'{category}' is not a category of {measure.id} by {breakdown}" if category else "no category was given",
            f"the breakdown {breakdown}",
            f"its categories: {', '.join(known) or 'none: nothing is covered'}",
        )


def _column(measure: Measure, breakdown: str) -> str:
    if measure.cohort.person and breakdown in STANDARD_BREAKDOWNS:
        return breakdown
    if breakdown in measure.categories:
        return measure.categories[breakdown].column
    known = [*(STANDARD_BREAKDOWNS if measure.cohort.person else ()), *measure.categories]
    raise InputProblem(
        f"{measure.id} is not broken down by '{breakdown}'", next=f"its breakdowns: {', '.join(known) or 'none'}"
    )
