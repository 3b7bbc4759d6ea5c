"""Measures of looked-after children."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from sightline.engine.derive.dates import add_months
from sightline.engine.measures.declare import Benchmark, Category, Cohort, Combined, Kind, Measure, Polarity, Statistic
from sightline.standards.groups import AgeBand, age_bands

CHAPTER = "looked_after"
PLACEMENT_CHAPTER = "placements"
ASYLUM_CHAPTER = "unaccompanied_children"
CHAIRS_CHAPTER = "independent_chairs"

STREAMS = ("looked_after",)
PERIODS = Cohort("looked_after.periods", record="looked_after_periodofcare", streams=STREAMS, start="start", end="end")
PLACEMENTS = Cohort(
    "looked_after.placements", record="looked_after_placement", streams=STREAMS, start="start", end="end"
)
LATEST_STAY = Cohort(
    "looked_after.latest_stay", record="looked_after_placement", streams=STREAMS, start="start", end="end"
)
ASYLUM = Cohort(
    "looked_after.asylum_seekers", record="looked_after_periodofcare", streams=STREAMS, start="start", end="end"
)
REVIEWS = Cohort(
    "looked_after.reviews_due", record="deadlines_deadline", streams=STREAMS, date="due", key="deadline_id"
)

_STATISTICS = "DfE children looked after statistics; SSDA903 guide"
_OF_ALL_PLACED = ", of all children looked after whose placement on it is recorded."


def _last_end(t: ir.Table) -> ir.BooleanValue:
    """The child's last end in the period: a later one falls after it, or there is none."""
    return t.later_end.isnull() | (t.later_end > t.period_end)


def _first_start(t: ir.Table) -> ir.BooleanValue:
    return t.earlier_start.isnull() | (t.earlier_start < t.period_start)


def _ceased_share(name: str, group: str, words: str, detail: str, indicator: str = "") -> Measure:
    return Measure(
        f"lac.ceased.{name}.pct",
        f"Children who left care: {words}",
        CHAPTER,
        PERIODS,
        Kind.ENDS,
        Statistic.SHARE,
        f"Of children who ceased to be looked after in the period, those whose last end in it was {detail}.",
        _STATISTICS,
        where=_last_end,
        of=lambda t: t.reason_group == group,
        benchmark=Benchmark(indicator=indicator, printed="adoption.leaving_care.pct" if group == "ADOPTED" else ""),
    )


def _aged(band: AgeBand) -> Measure:
    last = 99 if band.last is None else band.last
    return Measure(
        f"lac.age.{band.first}_{'over' if band.last is None else band.last}",
        f"Looked-after children aged {band.label}",
        CHAPTER,
        PERIODS,
        Kind.OPEN_AT,
        Statistic.COUNT,
        f"Children looked after on the day who are aged {band.label} on it.",
        "Annual report 2016-17 (age ranges)",
        where=lambda t: t.age_years.between(band.first, last),
    )


def _placed(name: str, group: str, words: str, share: bool) -> Measure:
    return Measure(
        f"lac.placement.{name}{'.pct' if share else ''}",
        f"Looked-after children in {words}{' (share)' if share else ''}",
        PLACEMENT_CHAPTER,
        PLACEMENTS,
        Kind.OPEN_AT,
        Statistic.SHARE if share else Statistic.COUNT,
        f"Children looked after on the day whose placement on it is one of {words} (placement group {group})"
        + (_OF_ALL_PLACED if share else "."),
        _STATISTICS,
        where=None if share else (lambda t: t.group == group),
        of=(lambda t: t.group == group) if share else None,
        places=1 if share else 0,
    )


def _located(name: str, words: str, chapter: str, test: str, share: bool) -> Measure:
    def located(t: ir.Table) -> ir.BooleanValue:
        return t.outside if test == "outside" else t.distance_miles > OVER_MILES

    return Measure(
        f"{name}{'.pct' if share else ''}",
        f"Looked-after children placed {words}{' (share)' if share else ''}",
        chapter,
        PLACEMENTS,
        Kind.OPEN_AT,
        Statistic.SHARE if share else Statistic.COUNT,
        f"Children looked after on the day whose placement on it lies {words}" + (_OF_ALL_PLACED if share else "."),
        "SSDA903 guide; distance is a straight line between postcodes, blank for unaccompanied asylum-seeking children",
        where=None if share else located,
        of=located if share else None,
        places=1 if share else 0,
        polarity=Polarity.LOW,
    )


OVER_MILES = 20

MEASURES = (
    Measure(
        "lac.total",
        "Children looked after",
        CHAPTER,
        PERIODS,
        Kind.OPEN_AT,
        Statistic.COUNT,
        "Children looked after on the day. An agreed series of short breaks (every episode V3 or V4) is left out, here and in every count of "
        "looked-after children.",
        _STATISTICS,
        benchmark=Benchmark(indicator="lait.LACnum", printed="lac.total"),
        categories={"category_of_need": Category("category_of_need", "cla_category_of_need")},
    ),
    Measure(
        "lac.rate",
        "Children looked after per 10,000",
        CHAPTER,
        PERIODS,
        Kind.OPEN_AT,
        Statistic.RATE,
        "Children looked after on the day over the resident population aged 0 to 17.",
        "DfE LAIT data dictionary (LAC)",
        benchmark=Benchmark(indicator="lait.LAC", printed="lac.rate"),
    ),
    Measure(
        "lac.started",
        "Children who started to be looked after",
        CHAPTER,
        PERIODS,
        Kind.STARTS,
        Statistic.COUNT,
        "Children with a period of care that started in the period; each is counted once, at the first start.",
        _STATISTICS,
        where=_first_start,
        benchmark=Benchmark(indicator="lait.LACnum_Start"),
        categories={"category_of_need": Category("category_of_need", "cla_category_of_need")},
    ),
    Measure(
        "lac.ceased",
        "Children who ceased to be looked after",
        CHAPTER,
        PERIODS,
        Kind.ENDS,
        Statistic.COUNT,
        "Children with a period of care that ended in the period; each is counted once, at the last end.",
        _STATISTICS,
        where=_last_end,
        benchmark=Benchmark(indicator="lait.LACceased"),
        categories={"reason": Category("end_reason", "cla_reason_episode_ceased")},
    ),
    _ceased_share(
        "return_home",
        "HOME",
        "returned home",
        "a return home to a parent or other person with parental responsibility (E4A, E4B)",
    ),
    _ceased_share("adoption", "ADOPTED", "adopted", "adoption (E11, E12)", "lait.%_of_LAC_Adopted"),
    _ceased_share("sgo", "SGO", "special guardianship", "a special guardianship order (E43 to E48)"),
    Measure(
        "lac.stability.short.pct",
        "Three or more placements in twelve months",
        CHAPTER,
        LATEST_STAY,
        Kind.OPEN_AT,
        Statistic.SHARE,
        "Of children looked after on the day who have been placed, those with three or more stays in the twelve months that end on it, the one "
        "held on the first day of those months included. A stay lasts while the carers are the same; temporary moves (T0 to T4) are passed over.",
        "DfE LAIT data dictionary (LACStable_2016on)",
        of=lambda t: t.third_back_end > add_months(t.period_end + ibis.interval(days=1), -12),
        places=1,
        polarity=Polarity.LOW,
        window_months=12,
        benchmark=Benchmark(indicator="lait.LACStable_2016on"),
    ),
    Measure(
        "lac.stability.long.pct",
        "In the same placement for two years or more",
        CHAPTER,
        LATEST_STAY,
        Kind.OPEN_AT,
        Statistic.SHARE,
        "Of children under 16 looked after on the day without a break for at least 30 months, those whose stay with the same carers has lasted at "
        "least 24 months, temporary moves (T0 to T4) passed over; time fostered by the people who adopt counts.",
        "DfE placement stability measures",
        where=lambda t: (t.age_years < 16) & (add_months(t.care_start, 30) <= t.period_end),
        of=lambda t: add_months(t.stay_start, 24) <= t.period_end,
        places=1,
        polarity=Polarity.HIGH,
        window_months=30,
    ),
    Measure(
        "lac.reviews.timeliness.pct",
        "Looked-after reviews held on time",
        CHAPTER,
        REVIEWS,
        Kind.EVENTS,
        Statistic.SHARE,
        "Of looked-after reviews that fell due in the period, counted for each child, those held on or before the due date (clocks "
        "LAC-REVIEW-1, LAC-REVIEW-2, LAC-REVIEW-N). A review not needed because care ended before it fell due is left out.",
        "Care Planning Regulations 2010 reg 33",
        unit="reviews",
        of=lambda t: t.in_time,
        places=1,
        polarity=Polarity.HIGH,
        lookback_months=9,
    ),
    *(_aged(band) for band in age_bands("age_band_lac")),
    _placed("foster", "FOSTER", "foster placements", share=False),
    _placed("foster", "FOSTER", "foster placements", share=True),
    _placed("residential", "RESIDENTIAL", "residential placements", share=False),
    _placed("residential", "RESIDENTIAL", "residential placements", share=True),
    _located("lac.placement.out_of_area", "outside the authority's area", PLACEMENT_CHAPTER, "outside", share=False),
    _located("lac.placement.out_of_area", "outside the authority's area", PLACEMENT_CHAPTER, "outside", share=True),
    Measure(
        "lac.placements",
        "Looked-after children by placement",
        PLACEMENT_CHAPTER,
        PLACEMENTS,
        Kind.OPEN_AT,
        Statistic.COUNT,
        "Children looked after on the day, by the placement they are in on it.",
        _STATISTICS,
        categories={
            "type": Category("placement_type", "cla_placement_type"),
            "group": Category("group", "placement_group"),
        },
    ),
    Measure(
        "uasc.total",
        "Unaccompanied asylum-seeking children looked after",
        ASYLUM_CHAPTER,
        ASYLUM,
        Kind.OPEN_AT,
        Statistic.COUNT,
        "Children looked after on the day who are unaccompanied and seeking asylum on it.",
        "SSDA903 guide (UASC)",
        benchmark=Benchmark(indicator="lait.Unacc_Asylmn_Seek_Childn", printed="uasc.total"),
    ),
    Combined(
        "ic.lac.min",
        "Fewest children looked after at a month end",
        CHAIRS_CHAPTER,
        "lac.total",
        "month",
        Statistic.MINIMUM,
        "The lowest of the counts on the last day of each month of the period.",
        "Annual report 2016-17",
    ),
    Combined(
        "ic.lac.max",
        "Most children looked after at a month end",
        CHAIRS_CHAPTER,
        "lac.total",
        "month",
        Statistic.MAXIMUM,
        "The highest of the counts on the last day of each month of the period.",
        "Annual report 2016-17",
    ),
    Measure(
        "ic.lac.started.0_4.pct",
        "Children who started to be looked after aged 0 to 4",
        CHAIRS_CHAPTER,
        PERIODS,
        Kind.STARTS,
        Statistic.SHARE,
        "Of children who started to be looked after in the period, those aged 0 to 4 at the first start.",
        "Annual report 2016-17",
        where=_first_start,
        of=lambda t: t.age_years.between(0, 4),
        places=1,
    ),
    Measure(
        "ic.lac.return_home",
        "Children for whom a planned return home ended care",
        CHAIRS_CHAPTER,
        PERIODS,
        Kind.ENDS,
        Statistic.COUNT,
        "Children whose last end of care in the period was a return home as part of care planning (E4A): permanence with the family.",
        "SSDA903 guide; annual report 2016-17, read as planned returns because its share of all returns is larger",
        where=lambda t: _last_end(t) & (t.end_reason == "E4A"),
    ),
    _located("ic.lac.over_20_miles", "more than 20 miles from home", CHAIRS_CHAPTER, "far", share=False),
    _located("ic.lac.over_20_miles", "more than 20 miles from home", CHAIRS_CHAPTER, "far", share=True),
)
