"""Measures of child protection."""

from __future__ import annotations

from sightline.engine.derive.dates import add_months
from sightline.engine.measures.declare import Benchmark, Category, Cohort, Kind, Measure, Polarity, Statistic

CHAPTER = "child_protection"
CATEGORIES_CHAPTER = "categories_of_abuse"
CHAIRS_CHAPTER = "independent_chairs"

STREAMS = ("child_protection",)
PLANS = Cohort("child_protection.plans", record="child_protection_plan", streams=STREAMS, start="start", end="end")
PRESENTED = Cohort(
    "child_protection.children_at_conferences",
    record="child_protection_conferencechild",
    streams=STREAMS,
    date="conference_date",
)
MEETINGS = Cohort(
    "child_protection.conferences",
    record="child_protection_conference",
    streams=STREAMS,
    date="conference_date",
    person=False,
)
ENQUIRIES = Cohort(
    "child_protection.enquiries", record="child_protection_section47", streams=STREAMS, start="start", end="end"
)

INITIAL = ("ICPC", "PRE_BIRTH")
BY_CATEGORY = {"category": Category("initial_category", "cp_category_of_abuse")}


def _initial_category(name: str, code: str, words: str) -> Measure:
    return Measure(
        f"cp.category.{name}.pct",
        f"Plans that began for {words}",
        CATEGORIES_CHAPTER,
        PLANS,
        Kind.STARTS,
        Statistic.SHARE,
        f"Of plans that started in the period, those whose first recorded category is {words}.",
        "CIN census guide 2023-24 s5.2",
        unit="plans",
        of=lambda t: t.initial_category == code,
        places=1,
    )


MEASURES = (
    Measure(
        "cp.open",
        "Children on a child protection plan",
        CHAPTER,
        PLANS,
        Kind.OPEN_AT,
        Statistic.COUNT,
        "Children with a plan open on the day.",
        "CIN census guide 2023-24 s5",
        children=True,
        categories={"category": Category("latest_category", "cp_category_of_abuse")},
    ),
    Measure(
        "cp.rate",
        "Children on a child protection plan per 10,000",
        CHAPTER,
        PLANS,
        Kind.OPEN_AT,
        Statistic.RATE,
        "Children with a plan open on the day, over the resident population aged 0 to 17.",
        "DfE LAIT data dictionary (CPP_rate)",
        children=True,
        places=1,
        benchmark=Benchmark(indicator="lait.CPP_rate", printed="cp.rate"),
    ),
    Measure(
        "cp.started",
        "Children who became subject of a plan",
        CHAPTER,
        PLANS,
        Kind.STARTS,
        Statistic.COUNT,
        "Plans that started in the period.",
        "CIN census guide 2023-24 s5",
        benchmark=Benchmark(indicator="lait.CPP_Abuse"),
        categories=BY_CATEGORY,
    ),
    Measure(
        "cp.ceased",
        "Children who ceased to be subject of a plan",
        CHAPTER,
        PLANS,
        Kind.ENDS,
        Statistic.COUNT,
        "Plans that ended in the period.",
        "CIN census guide 2023-24 s5",
        categories={"reason": Category("end_reason", "cp_plan_end_reason")},
    ),
    Measure(
        "cp.over_15m.pct",
        "Plans open for more than 15 months",
        CHAPTER,
        PLANS,
        Kind.OPEN_AT,
        Statistic.SHARE,
        "Of children on a plan on the day, those whose plan began more than 15 calendar months earlier.",
        "Annual report 2016-17 (the 15 month list); local",
        of=lambda t: add_months(t.start, 15) < t.period_end,
        children=True,
        polarity=Polarity.LOW,
    ),
    Measure(
        "cp.repeat.pct",
        "Second or later plans",
        CHAPTER,
        PLANS,
        Kind.STARTS,
        Statistic.SHARE,
        "Of plans that started in the period, those whose child had any plan before, at any time: one that is held, or one that a return "
        "declares.",
        "DfE LAIT data dictionary (PrevRegCPR)",
        unit="plans",
        of=lambda t: t.earlier_plans > 0,
        places=1,
        polarity=Polarity.LOW,
        benchmark=Benchmark(indicator="lait.PrevRegCPR", printed="cp.repeat.pct"),
    ),
    Measure(
        "cp.icpc.timeliness.pct",
        "Initial conferences held in time",
        CHAPTER,
        MEETINGS,
        Kind.EVENTS,
        Statistic.SHARE,
        "Of initial conferences held in the period (siblings together are one, transfers in are left out), those held on or before the "
        "15th working day after the strategy discussion for every child presented (clock ICPC-15).",
        "Working Together ch 1; DfE LAIT data dictionary (CP_conf_15days)",
        unit="conferences",
        where=lambda t: t.kind.isin(INITIAL),
        of=lambda t: t.in_time,
        places=1,
        polarity=Polarity.HIGH,
        benchmark=Benchmark(indicator="lait.CP_conf_15days", printed="cp.icpc.timeliness.pct"),
    ),
    Measure(
        "cp.reviews.timeliness.pct",
        "Review conferences held in time",
        CHAPTER,
        MEETINGS,
        Kind.EVENTS,
        Statistic.SHARE,
        "Of review conferences held in the period (siblings together are one), those held by the due date of every child presented "
        "(clocks CP-REVIEW-1 and CP-REVIEW-N).",
        "Working Together ch 1; DfE counts children whose every review was in time, which is another measure",
        unit="conferences",
        where=lambda t: t.kind == "RCPC",
        of=lambda t: t.in_time,
        places=1,
        polarity=Polarity.HIGH,
        benchmark=Benchmark(indicator="lait.RevCP", printed="cp.reviews.timeliness.pct"),
    ),
    Measure(
        "cp.enquiries",
        "Section 47 enquiries started",
        CHAPTER,
        ENQUIRIES,
        Kind.STARTS,
        Statistic.COUNT,
        "Section 47 enquiries that started in the period.",
        "CIN census guide 2023-24 s4.12",
        unit="enquiries",
    ),
    _initial_category("neglect", "NEG", "neglect"),
    _initial_category("emotional", "EMO", "emotional abuse"),
    _initial_category("sexual", "SAB", "sexual abuse"),
    _initial_category("physical", "PHY", "physical abuse"),
    Measure(
        "ic.icpc.children",
        "Children presented at initial conferences",
        CHAIRS_CHAPTER,
        PRESENTED,
        Kind.EVENTS,
        Statistic.COUNT,
        "Children presented at initial conferences held in the period, again at each meeting; transfers in are left out.",
        "Annual report 2016-17",
        where=lambda t: t.kind.isin(INITIAL),
    ),
    Measure(
        "ic.rcpc.children",
        "Children presented at review conferences",
        CHAIRS_CHAPTER,
        PRESENTED,
        Kind.EVENTS,
        Statistic.COUNT,
        "Children presented at review conferences held in the period, again at each meeting.",
        "Annual report 2016-17",
        where=lambda t: t.kind == "RCPC",
    ),
    Measure(
        "ic.icpc.timeliness.pct",
        "Children whose initial conference was in time",
        CHAIRS_CHAPTER,
        PRESENTED,
        Kind.EVENTS,
        Statistic.SHARE,
        "Of children presented at initial conferences held in the period, those for whom it was held on or before the 15th working day "
        "after the strategy discussion (clock ICPC-15).",
        "Working Together ch 1",
        where=lambda t: t.kind.isin(INITIAL),
        of=lambda t: t.in_time,
        places=1,
        polarity=Polarity.HIGH,
    ),
    Measure(
        "ic.rcpc.timeliness.pct",
        "Children whose review conference was in time",
        CHAIRS_CHAPTER,
        PRESENTED,
        Kind.EVENTS,
        Statistic.SHARE,
        "Of children presented at review conferences held in the period, those for whom it was held by its due date.",
        "Working Together ch 1",
        where=lambda t: t.kind == "RCPC",
        of=lambda t: t.in_time,
        places=1,
        polarity=Polarity.HIGH,
    ),
    Measure(
        "ic.participation.advocacy.pct",
        "Children who took part in a conference through an advocate",
        CHAIRS_CHAPTER,
        PRESENTED,
        Kind.EVENTS,
        Statistic.SHARE,
        "Of children presented at initial and review conferences held in the period, those who took part through an advocate.",
        "Annual report 2016-17; the base is read as all children presented",
        where=lambda t: t.kind.isin((*INITIAL, "RCPC")),
        of=lambda t: t.advocate,
        places=2,
        polarity=Polarity.HIGH,
    ),
    Measure(
        "ic.cwd.cp",
        "Disabled children on a child protection plan in the year",
        CHAIRS_CHAPTER,
        PLANS,
        Kind.OPEN_DURING,
        Statistic.COUNT,
        "Children with a recorded disability who were on a plan on any day of the period.",
        "Annual report 2016-17",
        where=lambda t: t.disability == "yes",
        children=True,
    ),
)
