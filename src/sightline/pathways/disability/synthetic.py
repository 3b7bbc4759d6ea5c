"""The disabled children's part of a synthetic partnership: children with the service, most of them for years, some of them looked after."""

from __future__ import annotations

from collections.abc import Iterator

from sightline.engine.synthetic.chance import Chance
from sightline.engine.synthetic.days import Day
from sightline.engine.synthetic.lives import Child
from sightline.engine.synthetic.tables import Table, on
from sightline.engine.synthetic.world import World

ORDER = 40
KINDS = {"LD": 30, "AUT": 26, "MOB": 12, "COMM": 10, "BEH": 9, "PC": 5, "CON": 3, "HEAR": 2, "VIS": 2, "HAND": 1}
ENDED_SHARE = (
    0.16  # children whom the service left in each of the two years, as a share of those with it on the last day
)
USUAL_YEARS = 3.2


def live(world: World) -> None:
    """Decide whom the service works with."""
    chance = world.chance("disability")
    quota = world.profile.disability
    looked_after = [
        spell
        for spell in world.care
        if spell.open_on(world.year)
        and not spell.child.unaccompanied
        and not spell.child.plans
        and spell.adoption is None
    ]
    looked_after.sort(key=lambda spell: spell.start)
    for spell in chance.some(looked_after[: max(quota.looked_after, len(looked_after) * 2 // 3)], quota.looked_after):
        assert spell.case is not None
        _serve(chance, spell.child, spell.case.start + chance.between(5, 60), None)
    for _ in range(max(0, quota.open - quota.looked_after)):
        _new(world, chance, None)
    for name in ("prior", "year"):
        for _ in range(round(ENDED_SHARE * quota.open)):
            _new(world, chance, world.span(name))


def _new(world: World, chance: Chance, ends: tuple[Day, Day] | None) -> None:
    """A child whose case is for a disability; it ends with the service."""
    end = chance.between(*ends) if ends else None
    until = end or world.year
    start = until - min(4600, 25 + round(chance.expovariate(1 / (USUAL_YEARS * 365))))
    if ends is None and world.before - 2 <= start <= world.before + 2:
        start -= 9
    child = world.siblings(chance, 1, start, until)[0]
    world.open_case(child, start, end, kind="disability", need="N2", reason=chance.pick({"RC6": 30, "RC7": 70}))
    began = start + chance.between(3, 40)
    if end is not None and began >= end:
        began = start
    _serve(chance, child, min(began, world.year), end)


def _serve(chance: Chance, child: Child, start: Day, end: Day | None) -> None:
    child.disability_service.append((start, end))
    if not child.disabilities:
        child.disabilities = list({chance.pick(KINDS) for _ in range(chance.choice((1, 1, 2)))})


def tables(world: World) -> Iterator[Table]:
    """Spells with the service."""
    told = [(child, start, end) for child in world.children for start, end in child.disability_service]
    ids = world.reserve("disability.ServiceSpell", len(told))
    team = world.staff.disability_team
    rows = []
    for number, (child, start, end) in zip(ids, told, strict=True):
        case = world.open_social_care(child, start)
        rows.append((number, child.id, case.id if case else None, team, on(start), on(end), world.clerk(start)))
    columns = ("id", "person_id", "case_id", "team_id", "start_date", "end_date", "recorded_at")
    yield Table("disability.ServiceSpell", columns, rows)
