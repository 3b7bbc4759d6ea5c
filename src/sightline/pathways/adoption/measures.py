"""Measures of adoption."""

from __future__ import annotations

import ibis.expr.types as ir

from sightline.engine.measures.declare import Benchmark, Cohort, Kind, Measure, Polarity, Statistic

CHAPTER = "adoption"

ENDINGS = Cohort(
    "looked_after.periods", record="looked_after_periodofcare", streams=("looked_after",), start="start", end="end"
)
PLANS = Cohort("adoption.plans", record="adoption_adoptionplan", streams=("adoption",), date="order_date")


def _last_end(t: ir.Table) -> ir.BooleanValue:
    return t.later_end.isnull() | (t.later_end > t.period_end)


MEASURES = (
    Measure(
        "adoption.total",
        "Children adopted",
        CHAPTER,
        ENDINGS,
        Kind.ENDS,
        Statistic.COUNT,
        "Children whose last end of care in the period was adoption (E11, E12).",
        "SSDA903 guide (REC)",
        where=lambda t: _last_end(t) & (t.reason_group == "ADOPTED"),
        benchmark=Benchmark(indicator="lait.No_of_LAC_Adopted"),
    ),
    Measure(
        "adoption.leaving_care.pct",
        "Children who left care by adoption",
        CHAPTER,
        ENDINGS,
        Kind.ENDS,
        Statistic.SHARE,
        "Of children who ceased to be looked after in the period, those adopted. Published over three years, because a year has few.",
        "DfE LAIT data dictionary (%_of_LAC_Adopted)",
        where=_last_end,
        of=lambda t: t.reason_group == "ADOPTED",
        benchmark=Benchmark(printed="adoption.leaving_care.pct"),
    ),
    Measure(
        "adoption.wait_days",
        "Days from entering care to moving in with adopters",
        CHAPTER,
        PLANS,
        Kind.EVENTS,
        Statistic.MEAN,
        "The mean number of days from entering care to moving in, over children whose adoption order was made in the period. Published over "
        "three years.",
        "DfE adoption scorecards (A1)",
        unit="days",
        where=lambda t: t.wait_days.notnull(),
        value="wait_days",
        polarity=Polarity.LOW,
        benchmark=Benchmark(printed="adoption.wait_days"),
    ),
)
