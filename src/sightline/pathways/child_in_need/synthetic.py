"""The child in need plans of a synthetic partnership: on open cases after the assessment, never beside a protection plan or care."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sightline.engine.synthetic import days
from sightline.engine.synthetic.chance import Chance
from sightline.engine.synthetic.days import Day
from sightline.engine.synthetic.lives import Case
from sightline.engine.synthetic.tables import Table, on
from sightline.engine.synthetic.world import World

ORDER = 70
PLANNED_SHARE = 0.8  # of the times between assessment and closure that are long enough
SHORTEST = 25
FIRST_REVIEW, NEXT_REVIEW = 42, 91
VISIT_EVERY = 28


@dataclass(slots=True, eq=False)
class _Plan:
    case: Case
    start: Day
    end: Day | None
    id: int = 0


def live(world: World) -> None:
    """Decide which cases have plans, and from when to when."""
    chance = world.chance("plans for children in need")
    world.kept["child_in_need"] = [
        _Plan(case, start, end)
        for case in world.cases
        if case.service == "social_care"
        and case.kind != "leaving_care"
        and not case.assessed_only
        and (case.end is None or case.end > world.before)
        for start, end in _free(world, case)
        if (end or world.year) - start >= SHORTEST and chance.random() < PLANNED_SHARE
    ]


def _free(world: World, case: Case) -> Iterator[tuple[Day, Day | None]]:
    """The times of a case after its first assessment that no protection plan and no period of care takes up."""
    child = case.child
    first_done = next((until for since, until in case.assessed if since == case.start), case.start + 45)
    if first_done is None:
        return
    grown_up = days.add_years(child.born, 18)
    end = min(case.end, grown_up) if case.end is not None else (grown_up if grown_up <= world.year else None)
    taken = [(plan.start, plan.end) for plan in child.plans] + [(care.start, care.end) for care in child.care]
    start: Day | None = max(first_done + 5, child.born)
    for since, until in sorted(taken, key=lambda spell: spell[0]):
        if until is not None and start is not None and until <= start:
            continue
        if start is not None and since > start and (end is None or since <= end) and since <= world.year:
            yield start, since
        start = until
        if start is None:
            return
    if start is not None and start <= world.year and (end is None or start < end):
        yield start, end


def tables(world: World) -> Iterator[Table]:
    """Plans, reviews and visits."""
    chance = world.chance("records of plans for children in need")
    plans: list[_Plan] = sorted(world.kept["child_in_need"], key=lambda plan: plan.start)
    world.number("child_in_need.Plan", plans)
    yield Table(
        "child_in_need.Plan",
        ("id", "person_id", "case_id", "start_date", "end_date", "recorded_at"),
        [(p.id, p.case.child.id, p.case.id, on(p.start), on(p.end), world.clerk(p.start)) for p in plans],
    )
    reviews: list[tuple[Any, ...]] = []
    visits: list[tuple[Any, ...]] = []
    for plan in plans:
        person = plan.case.child.id
        reviews += [(person, plan.id, on(day), world.clerk(day)) for day in _reviews(world, chance, plan)]
        for day in _visits(world, chance, plan):
            seen = chance.random() < 0.93
            visits.append((person, plan.id, on(day), seen, seen and chance.random() < 0.45, world.clerk(day)))
    yield world.table("child_in_need.Review", ("person_id", "plan_id", "review_date", "recorded_at"), reviews)
    yield world.table(
        "child_in_need.Visit", ("person_id", "plan_id", "visit_date", "seen", "seen_alone", "recorded_at"), visits
    )


def _until(world: World, plan: _Plan) -> Day:
    return min(plan.end if plan.end is not None else world.year + 1, world.year + 1)


def _reviews(world: World, chance: Chance, plan: _Plan) -> Iterator[Day]:
    """Reviews since the records of plans began."""
    day = plan.start + FIRST_REVIEW - chance.between(0, 8)
    while (day := days.next_working_day(day)) < _until(world, plan):
        if day > world.before:
            yield day
        late = chance.random() < 0.12
        day += NEXT_REVIEW + (chance.between(1, 30) if late else -chance.between(0, 14))


def _visits(world: World, chance: Chance, plan: _Plan) -> Iterator[Day]:
    day = plan.start + chance.between(3, 20)
    while (day := days.next_working_day(day)) < _until(world, plan):
        if day > world.before:
            yield day
        day += VISIT_EVERY + (chance.between(1, 14) if chance.random() < 0.15 else -chance.between(0, 9))
