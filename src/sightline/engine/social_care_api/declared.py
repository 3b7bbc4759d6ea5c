"""What is told and of whom: gathered from the pathways, so that a new one adds its block by being there."""

from __future__ import annotations

from types import ModuleType

from sightline.core.people.models import Person
from sightline.core.registry import pathway_modules
from sightline.engine.social_care_api import people
from sightline.engine.social_care_api.declarations import EPISODES, Cohort, Part
from sightline.engine.social_care_api.telling import Telling


def parts() -> list[Part]:
    """What there is to tell: episodes first, since the rest is put into them."""
    found = [part for module in _modules() for part in module.PARTS]
    return sorted(found, key=lambda part: part.path != EPISODES)


def cohorts() -> list[Cohort]:
    """Who is sent."""
    return [cohort for module in _modules() for cohort in getattr(module, "COHORTS", ())]


def cohort(telling: Telling) -> set[int]:
    """The children of all cohorts whom the user may see and who are young enough."""
    young = set(telling.rows(Person).filter(telling.window.of_age()).values_list("pk", flat=True))
    return young & {person for one in cohorts() for person in one.people(telling).values_list("person", flat=True)}


def _modules() -> list[ModuleType]:
    return [people, *pathway_modules("social_care_api")]
