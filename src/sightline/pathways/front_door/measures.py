"""Measures of the front door."""

from __future__ import annotations

from sightline.engine.measures.declare import Benchmark, Category, Cohort, Combined, Kind, Measure, Polarity, Statistic

CHAPTER = "contacts_and_referrals"

CONTACTS = Cohort("front_door.contacts", record="front_door_contact", streams=("contacts",), date="contact_date")
REFERRALS = Cohort("front_door.referrals", record="front_door_referral", streams=("referrals",), date="referral_date")

_CONTACT_SOURCE = "Local definition; SSD contacts"
_ENDED_HERE = (
    "Contacts received in the period that ended at the front door: one that became a referral is counted as a referral only, one still undecided "
    "not at all."
)
_CONTACT_CATEGORIES = {
    "outcome": Category("outcome", "contact_outcome"),
    "source": Category("source", "cin_referral_source"),
    "presenting_issue": Category("presenting_issue", "contact_issue"),
}


def _outcome(code: str, name: str, words: str) -> tuple[Measure, Measure]:
    count = Measure(
        f"contacts.outcome.{name}",
        f"Contacts that ended in {words}",
        CHAPTER,
        CONTACTS,
        Kind.EVENTS,
        Statistic.COUNT,
        f"{_ENDED_HERE} Outcome: {words}.",
        _CONTACT_SOURCE,
        unit="contacts",
        where=lambda t: t.outcome == code,
    )
    share = Measure(
        f"contacts.outcome.{name}.pct",
        f"Share of contacts that ended in {words}",
        CHAPTER,
        CONTACTS,
        Kind.EVENTS,
        Statistic.SHARE,
        f"{_ENDED_HERE} Of all of them, those with outcome {words}.",
        _CONTACT_SOURCE,
        unit="contacts",
        where=lambda t: t.outcome != "REFERRAL",
        of=lambda t: t.outcome == code,
        places=1,
    )
    return count, share


MEASURES = (
    Measure(
        "contacts.total",
        "Contacts",
        CHAPTER,
        CONTACTS,
        Kind.EVENTS,
        Statistic.COUNT,
        _ENDED_HERE,
        _CONTACT_SOURCE,
        unit="contacts",
        where=lambda t: t.outcome != "REFERRAL",
        categories=_CONTACT_CATEGORIES,
    ),
    Combined(
        "contacts.per_week",
        "Contacts in a week",
        CHAPTER,
        "contacts.total",
        "week",
        Statistic.MEAN,
        "Contacts divided by the whole weeks of the period: 52 in a year.",
        _CONTACT_SOURCE,
        unit="contacts a week",
    ),
    *_outcome("ADVICE", "advice", "advice and information"),
    *_outcome("EH", "lst", "a local support team or early help"),
    *_outcome("NFA", "nfa", "no further action"),
    Measure(
        "referrals.total",
        "Referrals",
        CHAPTER,
        REFERRALS,
        Kind.EVENTS,
        Statistic.COUNT,
        "Referrals received, one for each child, whatever was decided.",
        "CIN census guide 2023-24 s4.1",
        unit="referrals",
        benchmark=Benchmark(indicator="lait.CPP_Total_NumRef"),
        categories={
            "source": Category("source", "cin_referral_source"),
            "primary_need": Category("primary_need", "cin_primary_need"),
        },
    ),
    Measure(
        "referrals.nfa.pct",
        "Referrals with no further action",
        CHAPTER,
        REFERRALS,
        Kind.EVENTS,
        Statistic.SHARE,
        "Of referrals received in the period, those decided as no further action at referral (not after assessment).",
        "CIN census guide 2023-24 s4.6",
        unit="referrals",
        of=lambda t: t.no_further_action,
        places=1,
        benchmark=Benchmark(indicator="lait.CIN_Refferals_NFA"),
    ),
    Measure(
        "referrals.rereferral.pct",
        "Re-referrals within twelve months",
        CHAPTER,
        REFERRALS,
        Kind.EVENTS,
        Statistic.SHARE,
        "Of referrals received in the period, those whose child had another referral in the twelve months before, whatever came of it.",
        "DfE LAIT data dictionary (ReReferral)",
        unit="referrals",
        of=lambda t: t.re_referral,
        places=1,
        polarity=Polarity.LOW,
        lookback_months=12,
        benchmark=Benchmark(indicator="lait.ReReferral", printed="referrals.rereferral.pct"),
    ),
)
