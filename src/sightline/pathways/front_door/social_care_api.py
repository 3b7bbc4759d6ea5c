"""Referrals as the Department's API asks for them. An accepted one opens an episode, which is the case; one that was not is an episode of a day."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from sightline.core.cases.models import Case
from sightline.engine.social_care_api.declarations import EPISODES, Coded, Cohort, Part, Told
from sightline.engine.social_care_api.episodes import case_id
from sightline.engine.social_care_api.telling import Telling
from sightline.pathways.front_door.models import Referral

SERVICE = "social_care"
TURNED_AWAY = {"case": None, "no_further_action": True}


def _cases(telling: Telling) -> Iterator[Told]:
    first = telling.rows(Referral).filter(case=OuterRef("pk")).order_by("referral_date", "pk")
    cases = telling.about(Case).filter(service=SERVICE, start_date__lte=telling.window.end)
    stated = ("pk", "person", "start_date", "end_date", "closure_reason", "source")
    for row in cases.annotate(source=Subquery(first.values("source")[:1])).order_by("start_date", "pk").values(*stated):
        closed = telling.window.by_then(row["end_date"])
        values = {
            "referral_date": row["start_date"],
            "referral_source": row["source"],
            "referral_no_further_action_flag": False,
            "closure_date": closed,
            "closure_reason": row["closure_reason"] if closed else None,
        }
        yield Told(row["person"], values, case_id(row["pk"]), first=row["start_date"], last=closed)


def _turned_away(telling: Telling) -> Iterator[Told]:
    referrals = telling.about(Referral).filter(**TURNED_AWAY, referral_date__lte=telling.window.end)
    for row in referrals.order_by("referral_date", "pk"):
        values = {
            "referral_date": row.referral_date,
            "referral_source": row.source,
            "referral_no_further_action_flag": True,
        }
        yield Told(row.person_id, values, f"referral-{row.pk}", first=row.referral_date, last=row.referral_date)


def _open_cases(telling: Telling) -> QuerySet[Any]:
    return telling.rows(Case).filter(telling.window.during(), service=SERVICE)


def _turned_away_in_it(telling: Telling) -> QuerySet[Any]:
    return telling.rows(Referral).filter(telling.window.on("referral_date"), **TURNED_AWAY)


_CODES = {
    "referral_source": Coded("cin_referral_source", at="referral_date"),
    "closure_reason": Coded("cin_closure_reason", at="closure_date"),
}
PARTS = (Part(EPISODES, _cases, _CODES), Part(EPISODES, _turned_away, _CODES))
COHORTS = (
    Cohort("an episode of need that was open, or waited for an assessment", _open_cases),
    Cohort("a referral on which no further action was taken", _turned_away_in_it),
)
