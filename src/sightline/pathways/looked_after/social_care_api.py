"""Looked-after children as the Department's API asks for them: episodes of care, asylum status, strengths and difficulties.

A row of `child_looked_after_placements` is an episode as SSDA903 counts them, so a change of legal status alone starts one. It stands in the
case in which care began. A period of care without a case on record, as one that came with an SSDA903 return, is told as an episode of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from sightline.core.cases.models import Case
from sightline.engine.social_care_api.declarations import EPISODES, Coded, Cohort, Part, Told
from sightline.engine.social_care_api.episodes import case_id
from sightline.engine.social_care_api.telling import Telling
from sightline.pathways.looked_after.models import AsylumStatus, Episode, HealthCheck, PeriodOfCare
from sightline.standards.distance import tidy

SERVICE = "social_care"
QUESTIONNAIRE = "SDQ"


def _held_by(telling: Telling, prefix: str = "") -> Coalesce:
    """The case of a period of care: the one that it names, or the one that was open when it began."""
    began = f"{prefix}start_date"
    lasting = Q(end_date=None) | Q(end_date__gte=OuterRef(began))
    cases = telling.rows(Case).filter(
        lasting, person=OuterRef("person"), service=SERVICE, start_date__lte=OuterRef(began)
    )
    return Coalesce(F(f"{prefix}case"), Subquery(cases.order_by("-start_date", "-pk").values("pk")[:1]))


def _care_id(period: int) -> str:
    return f"care-{period}"


def _periods(telling: Telling) -> Iterator[Told]:
    """Periods of care that no case holds."""
    periods = telling.about(PeriodOfCare).filter(start_date__lte=telling.window.end)
    for row in periods.annotate(held_by=_held_by(telling)).filter(held_by=None).order_by("start_date", "pk"):
        ended = telling.window.by_then(row.end_date)
        yield Told(row.person_id, {}, _care_id(row.pk), first=row.start_date, last=ended)


def _episodes(telling: Telling) -> Iterator[Told]:
    stay = ("placement__placement_type", "placement__postcode", "placement__end_date", "placement__change_reason")
    own = ("pk", "person", "period", "start_date", "start_reason", "end_date", "end_reason")
    begun = telling.about(Episode).filter(start_date__lte=telling.window.end)
    held = begun.annotate(held_by=_held_by(telling, "period__")).order_by("start_date", "pk")
    for row in held.values(*own, *stay, "held_by"):
        ended = telling.window.by_then(row["end_date"])
        ends_stay = ended is not None and row["placement__end_date"] == ended
        values = {
            "start_date": row["start_date"],
            "start_reason": row["start_reason"],
            "placement_type": row["placement__placement_type"],
            "postcode": tidy(row["placement__postcode"] or ""),
            "end_date": ended,
            "end_reason": row["end_reason"] if ended else None,
            "change_reason": row["placement__change_reason"] if ends_stay else None,
        }
        within = case_id(row["held_by"]) if row["held_by"] else _care_id(row["period"])
        yield Told(row["person"], values, str(row["pk"]), within=within)


def _asylum(telling: Telling) -> Iterator[Told]:
    """Whether a child is or was an unaccompanied asylum-seeking child: with the last spell that has begun."""
    today = telling.window.end
    spells = {
        row.person_id: row for row in telling.about(AsylumStatus).filter(start_date__lte=today).order_by("start_date")
    }
    for person in telling.people:
        spell = spells.get(person)
        ended = telling.window.by_then(spell.end_date) if spell else None
        yield Told(person, {"uasc_flag": spell is not None, "uasc_end_date": ended})


def _questionnaires(telling: Telling) -> Iterator[Told]:
    done = telling.about(HealthCheck).filter(
        kind=QUESTIONNAIRE, check_date__lte=telling.window.end, score__isnull=False
    )
    for row in done.order_by("check_date", "pk"):
        yield Told(row.person_id, {"date": row.check_date, "score": row.score})


def _looked_after(telling: Telling) -> QuerySet[Any]:
    return telling.rows(PeriodOfCare).filter(telling.window.during())


PARTS = (
    Part(EPISODES, _periods),
    Part(
        "social_care_episodes.child_looked_after_placements",
        _episodes,
        {
            "start_reason": Coded("cla_reason_new_episode", at="start_date"),
            "placement_type": Coded("cla_placement_type", at="start_date"),
            "end_reason": Coded("cla_reason_episode_ceased", at="end_date"),
            "change_reason": Coded("cla_reason_placement_change", at="end_date"),
        },
    ),
    Part("child_details", _asylum),
    Part("health_and_wellbeing.sdq_assessments", _questionnaires),
)
COHORTS = (Cohort("a period of being looked after", _looked_after),)
