"""Assessments and their factors as the Department's API asks for them."""

from __future__ import annotations

from collections.abc import Iterator

from sightline.engine.social_care_api.declarations import Coded, Part, Told
from sightline.engine.social_care_api.episodes import case_id
from sightline.engine.social_care_api.telling import Telling
from sightline.pathways.assessment.models import Assessment, AssessmentFactor


def _assessments(telling: Telling) -> Iterator[Told]:
    """Assessments that were not cancelled; factors are those of a completed one."""
    today = telling.window.end
    factors: dict[int, set[str]] = {}
    for found in telling.about(AssessmentFactor):
        factors.setdefault(found.assessment_id, set()).add(found.factor)
    begun = telling.about(Assessment).filter(start_date__lte=today).exclude(cancelled_date__lte=today)
    for row in begun.order_by("start_date", "pk"):
        authorised = telling.window.by_then(row.authorised_date)
        values = {
            "start_date": row.start_date,
            "authorisation_date": authorised,
            "factors": sorted(factors.get(row.pk, ())) if authorised else None,
        }
        yield Told(row.person_id, values, str(row.pk), within=case_id(row.case_id))


PARTS = (
    Part(
        "social_care_episodes.child_and_family_assessments",
        _assessments,
        {"factors": Coded("cin_assessment_factors", at="authorisation_date")},
    ),
)
