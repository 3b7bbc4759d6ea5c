"""The leaving care part of a synthetic partnership: who is owed aftercare, who stays put, and whose case it keeps open.

A young person in leaving care has either kept the case of children's social care or has one of leaving care only; the profile says how
many have which. Those who left care before the records begin have no period of care in them.
"""

from __future__ import annotations

from collections.abc import Iterator

from sightline.engine.synthetic import days
from sightline.engine.synthetic.chance import Chance
from sightline.engine.synthetic.days import Day
from sightline.engine.synthetic.lives import Aftercare, Care, Case
from sightline.engine.synthetic.tables import Table, on
from sightline.engine.synthetic.world import World

ORDER = 20
ENDS_AT = 25
LEAST_CARE = 13 * 7 + 1  # days in care since 14 that make a former relevant child (Children Act 1989 s23C)
ACTIVITY = {"F2": 22, "F1": 6, "G4": 10, "G5": 28, "G6": 8, "P2": 4}
ACCOMMODATION = {"B1": 10, "D1": 24, "E1": 8, "K1": 6, "U1": 34, "U2": 3, "T1": 4, "X2": 3, "S2": 2}
WORK_SPLIT = days.of(2021, 4, 1)  # apprenticeships are told apart from then on


def live(world: World) -> None:
    """Decide who is in leaving care, and settle the cases of those who came of age in care."""
    chance = world.chance("leaving care")
    cases = world.profile.cases
    care, protection = world.profile.care, world.profile.protection
    at_prior = max(0, cases.prior.open - cases.prior.in_need - care.at_prior.open - protection.open_prior)
    at_year = max(0, cases.year.open - cases.year.in_need - care.at_year.open - protection.open_year)
    grown_up = [_of_care(world, spell) for spell in world.care if _came_of_age(spell)]
    before = [one for one in grown_up if one.start <= world.prior]
    within = [one for one in grown_up if world.prior < one.start <= world.year]
    for one in chance.some(before, len(before) - at_prior):
        one.end = chance.between(one.start + 1, max(one.start + 1, world.prior))
    still = [one for one in before if one.end is None]
    wanted = max(0, at_prior - len(still))
    ends = len(still) + wanted + len(within) - at_year
    older = [_older(world, chance, leaves=place < ends) for place in range(wanted)]
    _end(world, chance, [*older, *still], ends)
    within += [_newcomer(world, chance) for _ in range(-ends)]
    _cases(world, chance, [*still, *older], within, [one for one in before if one not in still])
    world.kept["leaving_care"] = [*grown_up, *older, *within[len(within) - max(0, -ends) :]]


def _came_of_age(spell: Care) -> bool:
    return spell.end is not None and spell.last_home is not None and spell.end == days.add_years(spell.child.born, 18)


def _of_care(world: World, spell: Care) -> Aftercare:
    """Aftercare from the day care ended, the eighteenth birthday; with former foster carers when it ended so."""
    assert spell.end is not None
    since_14 = spell.end - max(spell.start, days.add_years(spell.child.born, 14))
    one = Aftercare(spell.child, spell.end, case=spell.case, reported=since_14 >= LEAST_CARE)
    if spell.reason == "E17":
        until = spell.end + 300 + spell.child.born % 500
        one.staying_put = (spell.end, until if until <= world.later else None)
    spell.child.leaving_care.append(one)
    return one


def _older(world: World, chance: Chance, *, leaves: bool) -> Aftercare:
    """Someone who came of age before the records of care begin; nobody keeps the service past 25."""
    oldest = days.add_years(world.prior if leaves else world.year, -ENDS_AT) + 1
    birth = chance.between(oldest, days.add_years(world.before, -21))
    return _person(world, birth, days.add_years(birth, 18))


def _newcomer(world: World, chance: Chance) -> Aftercare:
    """Someone of another authority's care who came to live here. That authority reports on them."""
    start = chance.between(*world.span("year"))
    one = _person(world, days.add_years(start, -19) - chance.between(0, 700), start)
    one.reported = False
    return one


def _person(world: World, birth: Day, start: Day) -> Aftercare:
    family = world.family()
    child = world.child(family, birth, start)
    one = Aftercare(child, start)
    child.leaving_care.append(one)
    return one


def _end(world: World, chance: Chance, stock: list[Aftercare], count: int) -> None:
    """So many leave the service in the year: first those who turn 25 in it."""
    first, last = world.span("year")
    ordered = sorted(stock, key=lambda one: one.child.born)
    for one in ordered[: max(0, count)]:
        birthday = days.add_years(one.child.born, ENDS_AT)
        one.end = birthday if first <= birthday <= last else chance.between(first, last)
        if one.staying_put and one.staying_put[1] is None:
            one.staying_put = (one.staying_put[0], one.end)


def _cases(
    world: World, chance: Chance, stock: list[Aftercare], within: list[Aftercare], gone: list[Aftercare]
) -> None:
    """Which have a case of leaving care alone, so many on each of the two last days."""
    cases = world.profile.cases
    ending = [one for one in stock if one.end is not None]
    staying = [one for one in stock if one.end is None]
    at_prior = min(cases.prior.leaving_care_only, len(stock))
    ends = min(len(ending), round(at_prior * 0.2), at_prior)
    kept = min(at_prior - ends, len(staying))
    alone = [*chance.some(ending, at_prior - kept), *chance.some(staying, kept)]
    alone += chance.some(within, cases.year.leaving_care_only - kept)
    chosen = set(map(id, alone))
    for one in [*stock, *within, *gone]:
        if id(one) in chosen:
            _own_case(world, one)
        else:
            _kept_case(world, chance, one)


def _own_case(world: World, one: Aftercare) -> None:
    if one.case is not None:
        one.case.end, one.case.reason = one.start, "RC7"
    made = Case(one.child, one.start, one.end, "RC7" if one.end else None, "", "leaving_care", kind="leaving_care")
    one.child.cases.append(made)
    world.cases.append(made)


def _kept_case(world: World, chance: Chance, one: Aftercare) -> None:
    """The case of children's social care stays open for as long as aftercare is owed."""
    if one.case is None:
        start = max(one.child.born + 300, one.start - chance.between(200, 4000))
        if one.start > world.prior:
            start = one.start - chance.between(0, 2)
        one.case = world.open_case(one.child, start, one.end, kind="leaving_care", need="N1", reason="RC7")
        one.child.first_known = min(one.child.first_known, start)
        return
    one.case.end, one.case.reason = one.end, "RC7" if one.end else None


def tables(world: World) -> Iterator[Table]:
    """Aftercare, staying put and outcomes around birthdays."""
    chance = world.chance("leaving care records")
    people: list[Aftercare] = sorted(world.kept["leaving_care"], key=lambda one: one.start)
    columns = ("id", "person_id", "eligibility", "personal_adviser_id", "start_date", "end_date", "recorded_at")
    ids = world.reserve("leaving_care.CareLeaver", len(people))
    yield Table(
        "leaving_care.CareLeaver",
        columns,
        [
            (
                i,
                one.child.id,
                one.eligibility,
                world.staff.adviser(chance),
                on(one.start),
                on(one.end),
                world.clerk(one.start),
            )
            for i, one in zip(ids, people, strict=True)
        ],
    )
    staying = [(one.child.id, *one.staying_put) for one in people if one.staying_put is not None]
    ids = world.reserve("leaving_care.StayingPut", len(staying))
    yield Table(
        "leaving_care.StayingPut",
        ("id", "person_id", "start_date", "end_date", "recorded_at"),
        [
            (i, person, on(start), on(end), world.clerk(start))
            for i, (person, start, end) in zip(ids, staying, strict=True)
        ],
    )
    yield _outcomes(world, chance, people)


def _outcomes(world: World, chance: Chance, people: list[Aftercare]) -> Table:
    """One row for each young person and reporting year in which they turn 19, 20 or 21."""
    rows = []
    for one in people:
        for year_end in (world.prior, world.year):
            age = days.age(one.child.born, year_end)
            if (
                not one.reported
                or not 19 <= age <= 21
                or one.start > year_end
                or (one.end is not None and one.end <= year_end)
            ):
                continue
            touch = chance.pick({"YES": 88, "NO": 6, "REFU": 2, "NREQ": 2, "RHOM": 2})
            known = touch == "YES"
            work = "F5" if year_end >= WORK_SPLIT else "F3"
            activity = chance.pick({**ACTIVITY, work: 22}) if known else "0"
            stays = one.staying_put is not None and (one.staying_put[1] is None or one.staying_put[1] > year_end)
            lives = ("Z1" if stays else chance.pick(ACCOMMODATION)) if known else "0"
            rows.append((one.child.id, on(year_end), touch, activity, lives, world.clerk(year_end)))
    return world.table(
        "leaving_care.Outcome", ("person_id", "year_end", "in_touch", "activity", "accommodation", "recorded_at"), rows
    )
