"""What an assessment tells of danger."""

from __future__ import annotations

from collections.abc import Iterator

from sightline.pathways.assessment.facts import DOMESTIC_ABUSE
from sightline.pathways.assessment.models import AssessmentFactor


def _domestic_abuse(people: set[int]) -> Iterator[str]:
    if AssessmentFactor.objects.filter(person__in=people, factor__in=DOMESTIC_ABUSE).exists():
        yield "An assessment found domestic abuse."


SIGNS = (_domestic_abuse,)
