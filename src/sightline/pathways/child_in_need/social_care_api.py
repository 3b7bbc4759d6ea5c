"""Child in need plans as the Department's API asks for them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet

from sightline.engine.social_care_api.declarations import Cohort, Part, Told
from sightline.engine.social_care_api.episodes import case_id
from sightline.engine.social_care_api.telling import Telling
from sightline.pathways.child_in_need.models import Plan


def _plans(telling: Telling) -> Iterator[Told]:
    begun = telling.about(Plan).filter(start_date__lte=telling.window.end)
    for row in begun.order_by("start_date", "pk"):
        values = {"start_date": row.start_date, "end_date": telling.window.by_then(row.end_date)}
        yield Told(row.person_id, values, str(row.pk), within=case_id(row.case_id))


def _running(telling: Telling) -> QuerySet[Any]:
    return telling.rows(Plan).filter(telling.window.during())


PARTS = (Part("social_care_episodes.child_in_need_plans", _plans),)
COHORTS = (Cohort("a child in need plan", _running),)
