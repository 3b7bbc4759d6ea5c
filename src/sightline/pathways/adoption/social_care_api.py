"""Adoption as the Department's API asks for it: one block for an episode."""

from __future__ import annotations

from collections.abc import Iterator

from sightline.engine.social_care_api.declarations import Part, Told
from sightline.engine.social_care_api.telling import Telling
from sightline.pathways.adoption.models import AdoptionPlan

MILESTONES = {
    "initial_decision_date": "decision_date",
    "matched_date": "matched_date",
    "placed_date": "placed_date",
}


def _plans(telling: Telling) -> Iterator[Told]:
    """Plans on which something was decided or done. They stand in the episode that was open on the first day of it."""
    plans = telling.about(AdoptionPlan).order_by("decision_date", "pk")
    for row in plans.values("person", *MILESTONES.values()):
        values = {name: telling.window.by_then(row[field]) for name, field in MILESTONES.items()}
        days = [day for day in values.values() if day is not None]
        if days:
            yield Told(row["person"], values, within=min(days))


PARTS = (Part("social_care_episodes.adoption", _plans, alone=True),)
