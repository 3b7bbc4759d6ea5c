"""The independent chairs' part of a synthetic partnership: anonymous questionnaires. The chairs themselves are among the staff."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sightline.engine.synthetic import days
from sightline.engine.synthetic.tables import Table, on
from sightline.engine.synthetic.world import World

ORDER = 95


def live(world: World) -> None:
    """Nothing to decide."""
    del world


def tables(world: World) -> Iterator[Table]:
    """Questionnaires of two years: the profile says what those of the second felt."""
    chance = world.chance("feedback")
    quota = world.profile.chairs
    rows: list[tuple[Any, ...]] = []
    for name, returned in (("prior", round(quota.feedback_returned * 0.8)), ("year", quota.feedback_returned)):
        first, last = world.span(name)
        share = returned / quota.feedback_returned if quota.feedback_returned else 0
        listened = chance.mixed([place < round(quota.felt_listened_to * share) for place in range(returned)])
        explained = chance.mixed([place < round(quota.explained_well * share) for place in range(returned)])
        for heard, clear in zip(listened, explained, strict=True):
            day = days.next_working_day(chance.between(first, last - 4))
            kind = chance.pick({"review": 65, "conference": 35})
            rows.append((on(day), kind, heard, clear, world.clerk(day)))
    yield world.table(
        "independent_chairs.Feedback",
        ("returned_date", "meeting_kind", "felt_listened_to", "explained_well", "recorded_at"),
        rows,
    )
