"""Tells assessments and their factors as records."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sightline.engine.synthetic import days
from sightline.engine.synthetic.chance import Chance
from sightline.engine.synthetic.profile import AssessmentYear
from sightline.engine.synthetic.tables import Table, on
from sightline.engine.synthetic.world import World
from sightline.pathways.assessment.synthetic.factors import settle
from sightline.pathways.assessment.synthetic.spells import Assessments, Spell

NAME = "assessment"
REVIEW_POINT = 10  # working days


def live(world: World) -> None:
    """Decide which assessments there are."""
    world.kept[NAME] = Assessments(world).settle()


def tables(world: World) -> Iterator[Table]:
    """Assessments and factors."""
    chance = world.chance("assessment records")
    spells: list[Spell] = sorted(world.kept[NAME], key=lambda spell: spell.start)
    world.number("assessment.Assessment", spells)
    columns = (
        "id", "person_id", "case_id", "start_date", "review_point_date", "child_seen_date", "authorised_date", "authorised_by_id",
        "cancelled_date", "outcome", "worker_id", "recorded_at",
    )  # fmt: skip
    yield Table("assessment.Assessment", columns, [_row(world, chance, spell) for spell in spells])
    quota = world.profile.assessments
    rows: list[tuple[Any, ...]] = []
    for name, asked in (("prior", quota.prior), ("year", quota.year)):
        rows += _factors(world, chance, name, asked, spells)
    yield world.table("assessment.AssessmentFactor", ("person_id", "assessment_id", "factor", "recorded_at"), rows)


def _row(world: World, chance: Chance, spell: Spell) -> tuple[Any, ...]:
    case, finished = spell.case, spell.authorised or spell.cancelled
    review = days.add_working_days(spell.start, REVIEW_POINT)
    seen = days.next_working_day(spell.start + chance.between(0, 9))
    until = finished or world.year
    return (
        spell.id,
        case.child.id,
        case.id,
        on(spell.start),
        on(review) if review <= until else None,
        on(seen) if seen <= until and chance.random() < 0.96 else None,
        on(spell.authorised),
        world.staff.manager(chance) if spell.authorised else None,
        on(spell.cancelled),
        _outcome(chance, spell) if spell.authorised else None,
        world.staff.holder(chance, "assessment", case.child.family.number)[1],
        world.clerk(spell.start),
    )


def _outcome(chance: Chance, spell: Spell) -> str:
    case = spell.case
    if spell.first and case.end is not None and spell.authorised == case.end:
        return "EH" if case.reason == "RC9" else chance.pick({"NFA": 70, "EH": 20, "OTHER_AGENCY": 10})
    if spell.first and case.kind == "protection":
        return chance.pick({"STRAT": 80, "SERVICES": 20})
    if spell.first and case.kind == "care":
        return chance.pick({"CLA": 45, "LEGAL": 25, "SERVICES": 30})
    if case.kind == "disability":
        return chance.pick({"SHORTBREAK": 45, "SERVICES": 55})
    return chance.pick({"SERVICES": 84, "SPECIALIST": 5, "OTHER": 5, "OTHER_AGENCY": 6})


def _factors(
    world: World, chance: Chance, name: str, asked: AssessmentYear, spells: list[Spell]
) -> list[tuple[Any, ...]]:
    first, last = world.span(name)
    mine = [
        (spell, spell.authorised)
        for spell in spells
        if spell.authorised is not None and first <= spell.authorised <= last
    ]
    closed = [spell.case.assessed_only and spell.case.end == day for spell, day in mine]
    found = settle(chance, [day for _, day in mine], closed, asked)
    return [
        (spell.case.child.id, spell.id, factor, world.clerk(day))
        for (spell, day), factors in zip(mine, found, strict=True)
        for factor in sorted(factors)
    ]
