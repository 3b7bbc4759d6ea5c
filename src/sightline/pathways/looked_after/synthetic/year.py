"""What the return asks of looked-after children beside their episodes: a whole year's health and conduct, and who their social workers were."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sightline.engine.synthetic import days
from sightline.engine.synthetic.chance import Chance
from sightline.engine.synthetic.days import Day
from sightline.engine.synthetic.lives import Care, Child
from sightline.engine.synthetic.tables import Table, on
from sightline.engine.synthetic.world import World

SOCIAL_WORKERS_SINCE = days.of(2023, 4, 1)
PERMANENCE_SINCE = days.of(2016, 4, 1)
BEFORE = {"Z1": 955, "P1": 8, "P2": 20, "P3": 12, "P4": 5}
CHANGES = {"MANAGE": 20, "LEFTRL": 45, "TSPROC": 25, "ABSENC": 6, "ORGRST": 4}
ITEMS = (
    *("sdq_score", "convicted", "health_check", "immunisations", "teeth_check", "health_assessment"),
    *("substance_misuse", "intervention_received", "intervention_offered"),
)


def tables(world: World, spells: list[Care]) -> Iterator[Table]:
    """Years in care, and spells of social workers."""
    chance = world.chance("years in care")
    rows = [
        (spell.child.id, on(last), *_fared(chance, spell.child, last), world.clerk(last))
        for last in (world.prior, world.year)
        for spell in spells
        # Who leaves on the last day has been looked after until then.
        if spell.track != "respite"
        and spell.start <= days.add_years(last, -1) + 1
        and (spell.end is None or spell.end >= last)
    ]
    yield world.table("looked_after.YearInCare", ("person_id", "year_end", *ITEMS, "recorded_at"), rows)
    columns = ("person_id", "worker_number", "start_date", "end_date", "reason", "recorded_at")
    yield world.table("looked_after.SocialWorkerSpell", columns, list(_social_workers(world, chance, spells)))


def permanence(chance: Chance, spell: Care, area: str) -> tuple[str | None, str, str]:
    """The earlier permanent arrangement of a child who comes into care, the authority that made it, and its date."""
    if spell.start < PERMANENCE_SINCE:
        return None, "", ""
    if spell.track == "respite":
        return "Z1", "", ""  # They go home after each break.
    since = spell.child.born + 300
    kind = chance.pick(BEFORE) if since < spell.start - 200 and not spell.child.unaccompanied else "Z1"
    if kind == "Z1":
        return kind, "", ""
    made = days.as_date(chance.between(since, spell.start - 100))
    return kind, area, "zz/zz/zzzz" if kind == "P4" else f"{made:%d/%m/%Y}"


def _fared(chance: Chance, child: Child, last: Day) -> tuple[Any, ...]:
    """The items in their order; None for what is not asked at the child's age."""
    age = days.age(child.born, last)
    misuses = age >= 12 and chance.random() < 0.05
    helped = misuses and chance.random() < 0.6
    # Asked of those who were 4 to 16 at any time of the year.
    of_age = age >= 4 and days.age(child.born, days.add_years(last, -1)) < 17
    return (
        chance.about(14, 7, 0, 40) if of_age else None,
        chance.random() < 0.03 if age >= 10 else None,
        chance.random() < 0.87 if age < 5 else None,
        chance.random() < 0.83,
        chance.random() < 0.78,
        chance.random() < 0.9,
        misuses,
        helped if misuses else None,
        chance.random() < 0.8 if misuses and not helped else None,
    )


def _social_workers(world: World, chance: Chance, spells: list[Care]) -> Iterator[tuple[Any, ...]]:
    """Whoever held the case in which a child's latest care lies, since the return has asked."""
    latest = {spell.child.id: spell for spell in spells if spell.track != "respite"}
    for spell in latest.values():
        held = spell.case.held if spell.case is not None else []
        for worker, start, end in held:
            if start > world.year or (end is not None and end <= max(start, SOCIAL_WORKERS_SINCE)):
                continue
            # Two letters say that it is no number of the register.
            reason = "FCONTA" if start == held[0][1] else chance.pick(CHANGES)
            yield spell.child.id, f"XX{worker:06d}", on(start), on(end), reason, world.clerk(start)
