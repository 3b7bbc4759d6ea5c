"""Placements and episodes from islands and legal courses, as the SSDA903 return counts them.

A placement ends when carers, or the kind of placement, change; an episode when placement or legal status does. A temporary stay (T codes) stands
between two placements with the same carers and is never the first or last of a period.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from sightline.engine.synthetic import days
from sightline.engine.synthetic.chance import Chance
from sightline.engine.synthetic.days import Day
from sightline.engine.synthetic.lives import Care
from sightline.engine.synthetic.world import World
from sightline.pathways.looked_after.synthetic.moves import Island, age_at

REGISTERED_SINCE = days.of(2023, 10, 28)  # supported accommodation (H5, then K3); no P2 begins from then
SUPPORTED_SINCE = days.of(2024, 4, 1)  # K3
SUB_TYPES_SINCE = days.of(2025, 4, 1)  # Z1 gave way to Z11 to Z14, H5 to K3
OF_AGE = 16
CUSTODY_SINCE = days.of(2018, 4, 1)
ENDS = {
    "CARPL": 46,
    "CREQB": 14,
    "CREQO": 9,
    "CHILD": 7,
    "LAREQ": 8,
    "STAND": 2,
    "ALLEG": 2,
    "APPRR": 1,
    "CLOSE": 2,
    "OTHER": 9,
}


@dataclass(slots=True, eq=False)
class Stay:
    """One placement."""

    island: Island
    start: Day
    end: Day | None
    code: str
    temporary: bool = False
    why: str | None = None
    id: int = 0


@dataclass(slots=True, eq=False)
class Step:
    """One episode."""

    stay: Stay
    start: Day
    status: str
    began: str
    end: Day | None = None
    ended: str | None = None


def stays_of(world: World, chance: Chance, islands: list[Island]) -> list[Stay]:
    """The placements of one period of care."""
    found: list[Stay] = []
    for island in islands:
        for stay in _parts(world, chance, island):
            found += _under_code(world, stay)
    for stay, following in pairwise(found):
        if not stay.temporary and not following.temporary:
            same = stay.island is following.island
            stay.why = "PLACE" if same else chance.pick(ENDS)
    return found


#: Codes that came to an end: from when what had them has which other.
_GAVE_WAY = {"P2": (REGISTERED_SINCE, "H5"), "H5": (SUB_TYPES_SINCE, "K3"), "Z1": (SUB_TYPES_SINCE, "Z11")}


def _under_code(world: World, stay: Stay) -> list[Stay]:
    """A placement whose code came to an end while it went on, and before the county's records end, has another from then."""
    since, follows = _GAVE_WAY.get(stay.code, (None, ""))
    end = world.later + 1 if stay.end is None else stay.end
    if since is None or stay.start >= since or end <= since:
        return [stay]
    rest = Stay(stay.island, since, stay.end, follows)
    return [Stay(stay.island, stay.start, since, stay.code), *_under_code(world, rest)]


def _parts(world: World, chance: Chance, island: Island) -> list[Stay]:
    if island.kind == "INDEPENDENT" and age_at(island) < OF_AGE:
        # Nobody under 16 is in supported accommodation: until then it is a home of the same people.
        grown = days.add_years(island.spell.child.born, OF_AGE)
        supported = _code(chance, island, grown)
        return [Stay(island, island.start, grown, "K2"), Stay(island, grown, island.end, supported)]
    code = _code(chance, island, island.start)
    end = island.end if island.end is not None else world.later + 1
    length = end - island.start
    if island.before_adoption is not None and island.start < island.before_adoption:
        placed = island.before_adoption
        return [Stay(island, island.start, placed, code), Stay(island, placed, island.end, "A5")]
    if code in ("U6", "U3") and length > 330 and chance.random() < 0.14:
        settled = island.start + chance.between(200, length - 60)
        return [
            Stay(island, island.start, settled, code),
            Stay(island, settled, island.end, "U4" if code == "U6" else "U1"),
        ]
    if island.kind in ("FOSTER", "RESIDENTIAL") and length > 80 and chance.random() < 0.035:
        away = island.start + chance.between(20, length - 30)
        back = away + chance.between(2, 7)
        on_a_day = any(away - 1 <= day <= back for day in (world.before, world.prior, world.year, world.later))
        if not on_a_day:
            kind = chance.pick({"T1": 3, "T3": 4, "T4": 2} if island.kind == "FOSTER" else {"T1": 1, "T4": 1})
            return [
                Stay(island, island.start, away, code),
                Stay(island, away, back, kind, temporary=True),
                Stay(island, back, island.end, code),
            ]
    return [Stay(island, island.start, island.end, code)]


def _code(chance: Chance, island: Island, start: Day) -> str:
    """A placement code of the island's kind that was in force on the day it began."""
    kind = island.kind
    if kind == "FOSTER":
        if island.before_adoption is not None:
            return "U5"
        long = (island.end or start + 900) - start > 500
        return chance.pick({"U6": 55, "U4": 25 if long else 0, "U3": 12, "U1": 8 if long else 0})
    if kind == "RESIDENTIAL":
        return chance.pick(
            {"K2": 82, "K1": 2 if age_at(island) >= 12 else 0, "R1": 5, "S1": 9 if age_at(island) >= 4 else 0, "R2": 2}
        )
    if kind == "INDEPENDENT" and start < SUPPORTED_SINCE:
        return chance.pick({"H5": 75, "P2": 25 if start < REGISTERED_SINCE else 0})
    other = "Z11" if start >= SUB_TYPES_SINCE else "Z1"
    return {"ADOPTION": "A6", "PARENTS": "P1", "INDEPENDENT": "K3", "OTHER": other}[kind]


def statuses(spell: Care) -> list[tuple[Day, str]]:
    """The legal statuses of a period of care, each from its day."""
    if spell.track == "respite":
        return [(spell.start, "V3")]
    if spell.track == "remand":
        return [(spell.start, "J1")]
    found: list[tuple[Day, str]] = []
    if spell.interim is None:
        return [(spell.start, "V2")]
    wait = spell.interim - spell.start
    if wait > 0:
        found.append((spell.start, "L1" if wait <= 3 else "L2" if wait <= 8 else "V2"))
    found.append((spell.interim, "C1"))
    if spell.final is not None and spell.final_order is not None:
        found.append((spell.final, "E1" if spell.final_order == "PO" else "C2"))
    return found


def steps_of(spell: Care, stays: list[Stay]) -> list[Step]:
    """The episodes of one period of care."""
    legal = dict(statuses(spell))
    moves = {stay.start: stay for stay in stays}
    found: list[Step] = []
    stay, status = stays[0], ""
    for day in sorted({*legal, *moves}):
        if spell.end is not None and day >= spell.end:
            break
        moved, changed = day in moves, day in legal
        before = stay
        stay, status = moves.get(day, stay), legal.get(day, status)
        if found:
            found[-1].end, found[-1].ended = day, "X1"
        found.append(Step(stay, day, status, _began(before, stay, moved=moved, changed=changed) if found else "S"))
    found[-1].end, found[-1].ended = spell.end, spell.reason
    return found


def _began(before: Stay, now: Stay, *, moved: bool, changed: bool) -> str:
    if not moved:
        return "L"
    same_carer = before.island is now.island and not before.temporary and not now.temporary
    if changed:
        return "U" if same_carer else "B"
    return "T" if same_carer else "P"
