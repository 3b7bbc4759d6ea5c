"""Measures of leaving care."""

from __future__ import annotations

from sightline.engine.measures.declare import Category, Cohort, Kind, Measure, Polarity, Statistic

CHAPTER = "care_leavers"

ENDED = Cohort(
    "leaving_care.left_foster_care_at_18",
    record="looked_after_periodofcare",
    streams=("looked_after", "leaving_care"),
    date="ended",
)
CARE_LEAVERS = Cohort(
    "leaving_care.care_leavers", record="leaving_care_careleaver", streams=("leaving_care",), start="start", end="end"
)

_SOURCE = "Staying Put guidance 2013; annual report 2016-17"

MEASURES = (
    Measure(
        "careleavers.open",
        "Young people owed leaving care duties",
        CHAPTER,
        CARE_LEAVERS,
        Kind.OPEN_AT,
        Statistic.COUNT,
        "Young people owed leaving care duties on the day.",
        "Children Act 1989 s23A to s24",
        unit="young people",
        categories={"eligibility": Category("eligibility", "care_leaver_eligibility")},
    ),
    Measure(
        "careleavers.staying_put",
        "Young people staying put",
        CHAPTER,
        ENDED,
        Kind.EVENTS,
        Statistic.COUNT,
        "Young people whose care ended in the period at 18 or over in a foster placement and who stayed with the carers: a staying put "
        "arrangement was in force on the day care ended.",
        _SOURCE,
        unit="young people",
        where=lambda t: t.stayed_put,
    ),
    Measure(
        "careleavers.staying_put.share",
        "Young people staying put (share)",
        CHAPTER,
        ENDED,
        Kind.EVENTS,
        Statistic.SHARE,
        "Of young people whose care ended in the period at 18 or over in a foster placement, those who stayed with the carers: a staying put "
        "arrangement was in force on the day care ended.",
        _SOURCE,
        unit="young people",
        of=lambda t: t.stayed_put,
        polarity=Polarity.HIGH,
    ),
)
