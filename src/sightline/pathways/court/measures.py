"""Measures of care proceedings."""

from __future__ import annotations

from sightline.engine.measures.declare import Benchmark, Category, Cohort, Kind, Measure, Polarity, Statistic

CHAPTER = "care_proceedings"

ORDERS = Cohort("court.orders", record="court_order", streams=("court",), date="order_date")
APPLICATIONS = Cohort(
    "court.applications", record="court_application", streams=("court",), date="final_order_date", person=False
)


def _order_share(name: str, code: str, words: str) -> Measure:
    return Measure(
        f"court.orders.{name}.pct",
        f"Orders that were {words}",
        CHAPTER,
        ORDERS,
        Kind.EVENTS,
        Statistic.SHARE,
        f"Of orders made in the period, the {words} ({code}).",
        "SSD pre-proceedings; annual report 2016-17",
        unit="orders",
        of=lambda t: t.order == code,
    )


MEASURES = (
    Measure(
        "court.orders",
        "Orders made",
        CHAPTER,
        ORDERS,
        Kind.EVENTS,
        Statistic.COUNT,
        "Orders made in the period; an order for two children is two, and 'no order or withdrawn' (NONE) is none.",
        "SSD pre-proceedings; annual report 2016-17",
        unit="orders",
        categories={"order": Category("order", "care_proceedings_order")},
    ),
    _order_share("interim", "ICO", "interim care orders"),
    _order_share("full", "CO", "full care orders"),
    _order_share("placement", "PO", "placement orders"),
    Measure(
        "court.duration_weeks",
        "Weeks from issue to final order",
        CHAPTER,
        APPLICATIONS,
        Kind.EVENTS,
        Statistic.MEAN,
        "The mean number of weeks from issue to final order, over applications whose final order was made in the period.",
        "Children Act 1989 s32; CAFCASS duration measure",
        unit="weeks",
        value="weeks",
        polarity=Polarity.LOW,
        target=26,
        benchmark=Benchmark(printed="court.duration_weeks"),
    ),
)
