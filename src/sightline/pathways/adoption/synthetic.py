"""The adoptions of a synthetic partnership: the milestones that the looked-after pathway settled, with who adopted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sightline.engine.synthetic.chance import Chance
from sightline.engine.synthetic.lives import Care
from sightline.engine.synthetic.tables import Table, on
from sightline.engine.synthetic.world import World

ORDER = 90
COUPLES = {
    ("MF", "L11"): 62,
    ("MF", "L3"): 14,
    ("F1", "L0"): 11,
    ("M1", "L0"): 1,
    ("MM", "L12"): 4,
    ("FF", "L12"): 4,
    ("MM", "L2"): 2,
    ("FF", "L4"): 2,
}


def live(world: World) -> None:
    """Nothing to decide: the looked-after pathway has."""
    del world


def tables(world: World) -> Iterator[Table]:
    """Plans for adoption."""
    chance = world.chance("adoption records")
    told = sorted((spell for spell in world.care if spell.adoption is not None), key=lambda spell: spell.start)
    ids = world.reserve("adoption.AdoptionPlan", len(told))
    columns = (
        "id", "person_id", "care_start_date", "decision_date", "placement_order_date", "matched_date", "placed_date", "order_date",
        "adopted_by_carer", "adopters", "adopters_sex", "adopters_status", "recorded_at",
    )  # fmt: skip
    yield Table(
        "adoption.AdoptionPlan", columns, [_row(world, chance, i, spell) for i, spell in zip(ids, told, strict=True)]
    )


def _row(world: World, chance: Chance, number: int, spell: Care) -> tuple[Any, ...]:
    plan = spell.adoption
    assert plan is not None
    sex, status = chance.pick(COUPLES)
    found = plan.placed is not None
    return (
        number,
        spell.child.id,
        on(spell.start),
        on(plan.decision),
        on(plan.placement_order),
        on(plan.matched),
        on(plan.placed),
        on(plan.order),
        plan.by_carer if found else None,
        (1 if sex in ("F1", "M1") else 2) if found else None,
        sex if found else None,
        status if found else None,
        world.clerk(plan.decision),
    )
