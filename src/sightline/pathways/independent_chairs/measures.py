"""Measures of the independent chairs' service."""

from __future__ import annotations

from sightline.engine.measures.declare import Category, Cohort, Kind, Measure, Polarity, Predicate, Statistic

CHAPTER = "independent_chairs"

FEEDBACK = Cohort(
    "independent_chairs.feedback",
    record="independent_chairs_feedback",
    streams=("independent_chairs",),
    date="returned_date",
    person=False,
)
STAFF = Cohort(
    "independent_chairs.staff",
    record="organisations_teammembership",
    streams=("independent_chairs",),
    start="start",
    end="end",
    person=False,
    protected=False,
)


def _answered(name: str, title: str, column: str, words: str) -> Measure:
    return Measure(
        f"ic.feedback.{name}.pct",
        title,
        CHAPTER,
        FEEDBACK,
        Kind.EVENTS,
        Statistic.SHARE,
        f"Of questionnaires returned in the period, those in which the child {words}.",
        "Annual report 2016-17",
        unit="questionnaires",
        of=lambda t: t[column],
        polarity=Polarity.HIGH,
    )


def _staff(name: str, title: str, who: Predicate, words: str) -> Measure:
    return Measure(
        f"ic.staff.{name}",
        title,
        CHAPTER,
        STAFF,
        Kind.OPEN_AT,
        Statistic.COUNT,
        f"{words} in a team on the day; one in two teams is counted once.",
        "Staffing register",
        unit="people",
        where=who,
        children=True,
    )


MEASURES = (
    Measure(
        "ic.feedback.questionnaires",
        "Feedback questionnaires returned",
        CHAPTER,
        FEEDBACK,
        Kind.EVENTS,
        Statistic.COUNT,
        "Anonymous questionnaires returned in the period.",
        "Annual report 2016-17",
        unit="questionnaires",
        categories={"meeting": Category("meeting_kind", "feedback_meeting")},
    ),
    _answered("listened", "Children who felt listened to", "felt_listened_to", "felt listened to"),
    _answered(
        "explained",
        "Children who said everything was explained well",
        "explained_well",
        "said that everything was explained well",
    ),
    _staff(
        "chairs",
        "Independent chairs",
        lambda t: t.job == "independent_chair",
        "Independent chairs and reviewing officers",
    ),
    _staff(
        "managers",
        "Business managers of the chairs' service",
        lambda t: t.job == "business_manager",
        "Business managers",
    ),
    _staff(
        "disability",
        "Reviewing officers who specialise in disability",
        lambda t: (t.job == "independent_chair") & (t.specialism == "disability"),
        "Independent chairs who specialise in disabled children",
    ),
)
