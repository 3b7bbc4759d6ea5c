"""The care proceedings of a synthetic partnership: applications, hearings, extensions and orders, from the legal course of care."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from sightline.engine.synthetic import days
from sightline.engine.synthetic.chance import Chance
from sightline.engine.synthetic.days import Day
from sightline.engine.synthetic.lives import Care
from sightline.engine.synthetic.tables import Table, on
from sightline.engine.synthetic.world import World

ORDER = 80
LIMIT_DAYS = 26 * 7
EXTENSION_DAYS = 8 * 7


def live(world: World) -> None:
    """Nothing to decide: the looked-after pathway has."""
    del world


def tables(world: World) -> Iterator[Table]:
    """Applications that ended since the records of courts began, or have not ended."""
    chance = world.chance("court records")
    cases: dict[int, list[Care]] = defaultdict(list)
    for spell in world.care:
        if spell.proceedings and (spell.final is None or spell.final > world.before):
            cases[spell.proceedings].append(spell)
    told = sorted(cases.values(), key=lambda spells: (spells[0].issued or 0, spells[0].proceedings))
    ids = list(world.reserve("court.Application", len(told)))
    applications: list[tuple[Any, ...]] = []
    children: list[tuple[Any, ...]] = []
    hearings: list[tuple[Any, ...]] = []
    extensions: list[tuple[Any, ...]] = []
    orders: list[tuple[Any, ...]] = []
    for number, spells in zip(ids, told, strict=True):
        issued, final = spells[0].issued or 0, _final(world, spells)
        reference = f"ZZ{days.as_date(issued).year % 100:02d}C{number:05d}"
        applications.append((number, reference, on(issued), on(final), world.clerk(issued)))
        for spell in spells:
            children.append((spell.child.id, number, spell.case.id if spell.case else None, world.clerk(issued)))
            orders += [(spell.child.id, number, code, on(day), world.clerk(day)) for code, day in _orders(world, spell)]
        hearings += [(number, on(day), kind, world.clerk(day)) for kind, day in _hearings(world, chance, issued, final)]
        extensions += [(number, on(day), world.clerk(day)) for day in _extensions(world, chance, issued, final)]
    columns = ("id", "reference", "issue_date", "final_order_date", "recorded_at")
    yield Table("court.Application", columns, applications)
    for record, names, rows in (
        ("court.ApplicationChild", ("person_id", "application_id", "case_id"), children),
        ("court.Hearing", ("application_id", "hearing_date", "kind"), hearings),
        ("court.Extension", ("application_id", "granted_date"), extensions),
        ("court.Order", ("person_id", "application_id", "order", "order_date"), orders),
    ):
        numbers = world.reserve(record, len(rows))
        yield Table(record, ("id", *names, "recorded_at"), [(i, *row) for i, row in zip(numbers, rows, strict=True)])


def _final(world: World, spells: list[Care]) -> Day | None:
    """The final order, when it was made by the last day told."""
    final = spells[0].final
    return final if final is not None and final <= world.year else None


def _orders(world: World, spell: Care) -> Iterator[tuple[str, Day]]:
    if spell.interim is not None:
        yield "ICO", spell.interim
    if spell.final is not None and spell.final_order is not None and spell.final <= world.year:
        yield spell.final_order, spell.final


def _hearings(world: World, chance: Chance, issued: Day, final: Day | None) -> Iterator[tuple[str, Day]]:
    """A case management hearing within three weeks, one to settle the issues on the way, and the final one."""
    until = final or world.year
    first = days.add_working_days(issued, chance.between(8, 18))
    if first < until:
        yield "CMH", first
    settling = (
        days.next_working_day(issued + round((until - issued) * 0.7)) if final else days.next_working_day(issued + 140)
    )
    if first + 20 < settling < until:
        yield "IRH", settling
    if final is not None:
        yield "FINAL", final


def _extensions(world: World, chance: Chance, issued: Day, final: Day | None) -> Iterator[Day]:
    """One for every eight weeks that the case ran over its limit, granted before the time was up."""
    until = final or world.year
    limit = issued + LIMIT_DAYS
    while limit < until:
        yield days.last_working_day(limit - chance.between(3, 15))
        limit += EXTENSION_DAYS
