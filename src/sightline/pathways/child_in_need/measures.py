"""Measures of open cases and children in need."""

from __future__ import annotations

from sightline.engine.derive.dates import add_months
from sightline.engine.measures.declare import Benchmark, Category, Cohort, Kind, Measure, Polarity, Statistic

CHAPTER = "children_in_need"

CASES = Cohort("cases.cases", record="cases_case", streams=("cases",), start="start", end="end")
IN_NEED_ONLY = Cohort(
    "child_in_need.in_need_only",
    record="cases_case",
    streams=("cases", "child_protection", "looked_after", "leaving_care"),
    start="start",
    end="end",
)
PLANS = Cohort("child_in_need.plans", record="child_in_need_plan", streams=("child_in_need",), start="start", end="end")

MEASURES = (
    Measure(
        "csc.open_cases",
        "Open cases",
        "assessments",
        CASES,
        Kind.OPEN_AT,
        Statistic.COUNT,
        "Children and young people with any case open on the day, in any service; each is counted once.",
        "Annual report 2016-17",
        unit="cases",
        children=True,
    ),
    Measure(
        "csc.closed_cases",
        "Cases closed",
        "assessments",
        CASES,
        Kind.ENDS,
        Statistic.COUNT,
        "Cases that closed in the period, by date of closure; a child whose case closes twice is counted twice.",
        "Annual report 2016-17",
        unit="cases",
        categories={
            "closure_reason": Category("closure_reason", "cin_closure_reason"),
            "service": Category("service", "service"),
        },
    ),
    Measure(
        "cin.open",
        "Child in need cases open",
        CHAPTER,
        IN_NEED_ONLY,
        Kind.OPEN_AT,
        Statistic.COUNT,
        "Children with a social care case open on the day who are neither on a child protection plan nor looked after nor owed leaving "
        "care duties; those in assessment are included.",
        "Annual report 2016-17; a local count, not the census's",
        unit="cases",
        children=True,
    ),
    Measure(
        "cin.rate",
        "Children in need per 10,000",
        CHAPTER,
        CASES,
        Kind.OPEN_AT,
        Statistic.RATE,
        "Children with an episode of need (a social care case) open on the day, plans and looked-after children included, over the "
        "resident population aged 0 to 17.",
        "CIN census guide 2023-24; DfE LAIT data dictionary",
        where=lambda t: t.service == "social_care",
        children=True,
        places=1,
        benchmark=Benchmark(indicator="lait.CIN", printed="cin.rate"),
    ),
    Measure(
        "cin.open_over_2y.pct",
        "Open cases begun more than two years ago",
        CHAPTER,
        CASES,
        Kind.OPEN_AT,
        Statistic.SHARE,
        "Of children with any case open on the day (plans and looked-after children included), those whose open case began more than "
        "24 calendar months earlier.",
        "DfE LAIT data dictionary (CINTime2more); annual report 2016-17",
        unit="cases",
        of=lambda t: add_months(t.start, 24) < t.period_end,
        children=True,
        places=1,
        polarity=Polarity.LOW,
        benchmark=Benchmark(indicator="lait.CINTime2more", printed="cin.open_over_2y.pct"),
    ),
    Measure(
        "cin.plans",
        "Child in need plans open",
        CHAPTER,
        PLANS,
        Kind.OPEN_AT,
        Statistic.COUNT,
        "Child in need plans open on the day.",
        "CIN census guide 2023-24 s4.11",
        unit="plans",
    ),
)
