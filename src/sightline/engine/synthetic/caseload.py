"""Tells cases and who held them, and what the records cover."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sightline.engine.synthetic import days
from sightline.engine.synthetic.days import Day
from sightline.engine.synthetic.lives import Case
from sightline.engine.synthetic.tables import Table, on
from sightline.engine.synthetic.world import World

LONG_TERM = {
    "need": "long",
    "protection": "long",
    "care": "care",
    "leaving_care": "leaving_care",
    "disability": "disability",
}


def tables(world: World) -> Iterator[Table]:
    """Cases and allocations."""
    chance = world.chance("caseload")
    cases = sorted(world.cases, key=lambda case: case.start)
    world.number("cases.Case", cases)
    columns = (
        "id", "person_id", "service", "start_date", "end_date", "closure_reason", "primary_need", "recorded_at",
    )  # fmt: skip
    rows = [
        (
            case.id,
            case.child.id,
            case.service,
            on(case.start),
            on(case.end),
            case.reason if case.end is not None else None,
            case.need,
            world.clerk(case.start),
        )
        for case in cases
    ]
    yield Table("cases.Case", columns, rows)
    held: list[tuple[Any, ...]] = []
    for case in cases:
        number = case.child.family.number
        for start, end, purpose in _holders(case, chance.between(40, 60)):
            team, worker = world.staff.holder(chance, purpose, number)
            case.team, case.worker = team, worker
            case.held.append((worker, start, end))
            held.append((case.child.id, case.id, team, worker, on(start), on(end), world.clerk(start)))
    yield world.table(
        "cases.Allocation",
        ("person_id", "case_id", "team_id", "worker_id", "start_date", "end_date", "recorded_at"),
        held,
    )


def _holders(case: Case, handed_over: int) -> list[tuple[Day, Day | None, str]]:
    """The assessment team first, then the team for the long run."""
    if case.kind in ("leaving_care", "disability"):
        return [(case.start, case.end, LONG_TERM[case.kind])]
    over = case.start + handed_over
    if case.end is not None and case.end <= over:
        return [(case.start, case.end, "assessment")]
    return [(case.start, over, "assessment"), (over, case.end, LONG_TERM[case.kind])]


def coverage(world: World) -> Table:
    """The periods for which the records of each stream are complete."""
    two = world.before + 1
    since: dict[str, tuple[Day, Day]] = dict.fromkeys(
        ("contacts", "assessment", "child_in_need", "court", "disability", "independent_chairs", "missing"),
        (two, world.year),
    )
    since |= dict.fromkeys(("referrals", "cases"), (world.earlier + 1, world.year))
    since["child_protection"] = (days.add_years(world.before, -2) + 1, world.year)
    care = days.add_years(world.before, -len(world.profile.care.earlier)) + 1
    since |= {"looked_after": (care, world.later), "adoption": (care, world.year), "leaving_care": (two, world.later)}
    ids = world.reserve("records.Coverage", len(since))
    rows = [
        (i, world.profile.area, stream, on(start), on(end), world.clerk(world.later))
        for i, (stream, (start, end)) in zip(ids, sorted(since.items()), strict=True)
    ]
    return Table("records.Coverage", ("id", "area", "stream", "start_date", "end_date", "recorded_at"), rows)
