"""Measures of assessments and of the factors they find."""

from __future__ import annotations

from sightline.engine.measures.declare import Benchmark, Category, Cohort, Kind, Measure, Polarity, Statistic

CHAPTER = "assessments"
FACTORS_CHAPTER = "risk_factors"

COMPLETED = Cohort(
    "assessment.assessments", record="assessment_assessment", streams=("assessment",), date="authorised_date"
)
UNDER_WAY = Cohort(
    "assessment.assessments", record="assessment_assessment", streams=("assessment",), start="start", end="end"
)
FACTORS = Cohort(
    "assessment.factors", record="assessment_assessmentfactor", streams=("assessment",), date="authorised_date"
)


def _factor(name: str, code: str, words: str) -> Measure:
    return Measure(
        f"factors.{name}",
        f"Assessments that found {words}",
        FACTORS_CHAPTER,
        COMPLETED,
        Kind.EVENTS,
        Statistic.SHARE,
        f"Of assessments authorised in the period, those with factor {code} ({words}). An assessment can have several factors.",
        "CIN census guide 2023-24 s4.10; the base is assessments, where DfE counts episodes",
        unit="assessments",
        of=lambda t: t.factors.contains(code),
    )


MEASURES = (
    Measure(
        "assessments.completed",
        "Assessments completed",
        CHAPTER,
        COMPLETED,
        Kind.EVENTS,
        Statistic.COUNT,
        "Assessments authorised by a manager in the period.",
        "CIN census guide 2023-24 s4.9",
        unit="assessments",
        categories={"outcome": Category("outcome", "assessment_outcome")},
    ),
    Measure(
        "assessments.in_progress",
        "Assessments in progress",
        CHAPTER,
        UNDER_WAY,
        Kind.OPEN_AT,
        Statistic.COUNT,
        "Assessments started and, on the day, neither authorised nor cancelled.",
        "CIN census guide 2023-24 s4.9",
        unit="assessments",
    ),
    Measure(
        "assessments.timeliness.pct",
        "Assessments completed within 45 working days",
        CHAPTER,
        COMPLETED,
        Kind.EVENTS,
        Statistic.SHARE,
        "Of assessments authorised in the period, those authorised on or before the 45th working day after they started (clock ASSESS-45).",
        "Working Together ch 1; DfE LAIT data dictionary",
        unit="assessments",
        of=lambda t: t.in_time,
        places=1,
        polarity=Polarity.HIGH,
        benchmark=Benchmark(indicator="lait.Continue_Assess_Comp", printed="assessments.timeliness.pct"),
    ),
    _factor("dv_parent", "3B", "domestic abuse of a parent or carer"),
    _factor("mh_parent", "4B", "mental ill-health of a parent or carer"),
    _factor("alcohol_parent", "1B", "alcohol misuse by a parent or carer"),
    _factor("dv_child", "3A", "domestic abuse of the child"),
    _factor("emotional_abuse", "17A", "emotional abuse"),
    _factor("neglect", "16A", "neglect"),
    _factor("drug_parent", "2B", "drug misuse by a parent or carer"),
    Measure(
        "factors.toxic_trio",
        "Assessments that found domestic abuse, mental ill-health and substance misuse together",
        FACTORS_CHAPTER,
        COMPLETED,
        Kind.EVENTS,
        Statistic.SHARE,
        "Of assessments authorised in the period, those with a domestic abuse factor (3A to 3C), a mental health factor (4A to 4C) and an "
        "alcohol or drug factor (1A to 2C), of anyone in the household.",
        "Annual report 2016-17; local reading of the factor codes",
        unit="assessments",
        of=lambda t: t.toxic_trio,
    ),
    Measure(
        "factors.all",
        "Factors found in assessments",
        FACTORS_CHAPTER,
        FACTORS,
        Kind.EVENTS,
        Statistic.COUNT,
        "Every factor of every assessment authorised in the period.",
        "CIN census guide 2023-24 s4.10",
        unit="factors",
        categories={"factor": Category("factor", "cin_assessment_factors")},
    ),
)
