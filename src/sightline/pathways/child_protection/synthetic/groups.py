"""Sibling groups on plans: who is presented together, when plans begin and end, who had a plan before, and how the case lies around it."""

from __future__ import annotations

from dataclasses import dataclass, field

from sightline.engine.synthetic import days
from sightline.engine.synthetic.chance import Chance
from sightline.engine.synthetic.counts import group_sizes, share_out, with_sum
from sightline.engine.synthetic.days import Day
from sightline.engine.synthetic.lives import Child, Protection
from sightline.engine.synthetic.profile import ProtectionYear
from sightline.engine.synthetic.world import World
from sightline.pathways.child_protection.synthetic.cells import Cell, Cells

SHORTEST = 62  # days on a plan
MEETING_SIZE = 1.9
DRAWS = 8
LONG_SINCE = (
    620  # days between an earlier plan and the conference of a later one: the later referral is then no re-referral
)
FIRST_REVIEW, NEXT_REVIEW = 91, 182  # days, near enough to compare draws
IN_TIME = 15  # working days from strategy discussion to conference


@dataclass(slots=True, eq=False)
class Meeting:
    """One review conference of a group, due and held."""

    due: Day
    held: Day
    moved: bool = False
    final: bool = False


@dataclass(slots=True, eq=False)
class Group:
    """Brothers and sisters presented at one initial conference. Without a plan when `plan` is False."""

    size: int
    conference: Day
    ends: Day | None = None
    plan: bool = True
    transfer: bool = False
    repeat: bool = False
    late: bool = False
    counted: str = ""  # the year whose initial conferences it belongs to: prior, year, or none
    children: list[Child] = field(default_factory=list)
    strategy: Day = 0
    referred: Day = 0
    closes: Day | None = None
    category: str = "NEG"
    reviews: list[Meeting] = field(default_factory=list)
    earlier: Group | None = None
    into_care: bool = False
    spells: list[Protection] = field(default_factory=list)

    def open_on(self, day: Day) -> bool:
        return self.plan and self.conference <= day and (self.ends is None or self.ends > day)


class Maker:
    """Makes the groups of one world."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.chance: Chance = world.chance("protection groups")
        self.quota = world.profile.protection

    def make(self) -> list[Group]:
        """All groups: those of the profile's years, those presented without a plan, and plans of the years before."""
        cells = Cells(self.world).fill()
        groups = [group for name in ("", "prior", "year") for group in self._of_year(name, cells)]
        self._repeats(groups)
        for name, year in (("prior", self.quota.prior), ("year", self.quota.year)):
            started = [g for g in groups if g.counted == name or (g.transfer and self._in(name, g.conference))]
            self._categories([g for g in started if g.plan], year)
            self._late([g for g in started if g.counted == name], year)
        past = self._past(groups)
        for group in [*groups, *past]:
            self._around(group)
        for group in groups:
            if group.earlier is not None:
                group.earlier.closes = min(group.earlier.closes or group.referred, group.referred - 30)
        return [*past, *groups]

    def _in(self, name: str, day: Day) -> bool:
        first, last = self.world.span(name)
        return first <= day <= last

    # Cells to groups

    def _of_year(self, name: str, cells: list[Cell]) -> list[Group]:
        """The groups whose plan begins in one year ("": before both)."""
        mine = [cell for cell in cells if self._year_of(cell) == name]
        if not name:
            return [g for cell in mine for g in self._groups(cell, round(cell.children / MEETING_SIZE), name)]
        year = self.quota.prior if name == "prior" else self.quota.year
        transferred = self._transfers(mine, year.transfers_in)
        counts = [cell.children - moved for cell, moved in zip(mine, transferred, strict=True)]
        without = max(0, year.initial.children - sum(counts))
        meetings = share_out(year.initial.meetings, [*counts, without])
        found = self._no_plan(name, without, meetings[-1])
        for cell, count, moved, number in zip(mine, counts, transferred, meetings, strict=False):
            found += self._groups(Cell(cell.begins, cell.ends, count, cell.name), number, name)
            for group in self._groups(
                Cell(cell.begins, cell.ends, moved, cell.name), round(moved / MEETING_SIZE), name
            ):
                group.transfer, group.counted = True, ""
                found.append(group)
        return found

    def _year_of(self, cell: Cell) -> str:
        return next((name for name in ("prior", "year") if self._in(name, cell.begins[0])), "")

    def _transfers(self, cells: list[Cell], count: int) -> list[int]:
        """From which cells the children come who moved in with a plan."""
        found = [0] * len(cells)
        largest = max(range(len(cells)), key=lambda i: cells[i].children, default=0)
        if cells:
            found[largest] = min(count, cells[largest].children)
        return found

    def _groups(self, cell: Cell, number: int, counted: str) -> list[Group]:
        sizes = group_sizes(self.chance, cell.children, max(1, number)) if cell.children else []
        return [self._dated(size, cell, counted) for size in sizes]

    def _dated(self, size: int, cell: Cell, counted: str) -> Group:
        """Begun on any day of the cell's span; ended on the best of a few days, since plans tend to end when the next review draws near."""
        first, last = cell.begins
        if cell.ends is None:
            return Group(size, self._conference(first, last), counted=counted)
        ends_first, ends_last = cell.ends
        last = min(last, ends_last - SHORTEST - 10)
        if cell.name == "long_before":
            first = max(first, min(ends_first - 420, last - 250))
        conference = self._conference(first, max(first, last))
        soonest = max(ends_first, conference + SHORTEST)
        draws = [self.chance.between(soonest, max(soonest, ends_last)) for _ in range(DRAWS)]
        end = max(draws, key=lambda day: _ripeness(conference, day))
        worked = days.last_working_day(end)
        return Group(size, conference, worked if worked >= max(ends_first, conference + 30) else end, counted=counted)

    def _conference(self, first: Day, last: Day) -> Day:
        """A working day: a conference is never held at a weekend."""
        for _ in range(40):
            day = self.chance.between(first, last)
            if days.is_working_day(day):
                return day
        return next((day for day in range(first, last + 1) if days.is_working_day(day)), days.last_working_day(last))

    def _no_plan(self, name: str, children: int, meetings: int) -> list[Group]:
        if not children:
            return []
        span = self.world.span(name)
        sizes = group_sizes(self.chance, children, max(1, meetings))
        return [Group(size, self._conference(*span), plan=False, counted=name) for size in sizes]

    # What each group is

    def _repeats(self, groups: list[Group]) -> None:
        """Exactly so many children begin a plan who had one before."""
        for name, year in (("prior", self.quota.prior), ("year", self.quota.year)):
            month_ends = days.months(*self.world.span(name))[0][1]
            mine = [g for g in groups if g.counted == name and g.plan]
            for early, wanted in ((True, year.first_month_repeats), (False, year.later_repeats)):
                for group in with_sum(self.chance, [g for g in mine if (g.conference <= month_ends) == early], wanted):
                    group.repeat = True

    def _categories(self, groups: list[Group], year: ProtectionYear) -> None:
        """Initial categories: brothers and sisters share one."""
        left = list(groups)
        for category, wanted in sorted(year.categories.items(), key=lambda item: item[1]):
            chosen = with_sum(self.chance, left, wanted)
            taken = set(map(id, chosen))
            left = [g for g in left if id(g) not in taken]
            for group in chosen:
                group.category = category
        for group in left:
            group.category = max(year.categories, key=lambda c: year.categories[c], default="NEG")

    def _late(self, groups: list[Group], year: ProtectionYear) -> None:
        """Conferences held late: so many meetings with so many children."""
        asked = year.initial
        late = with_sum(self.chance, groups, asked.children - asked.in_time, asked.meetings - asked.meetings_in_time)
        for group in late:
            group.late = True

    # Before

    def _past(self, groups: list[Group]) -> list[Group]:
        """Plans that had ended before: one for every repeat, and others so that the years before have as many plans as the years told."""
        found = []
        for group in groups:
            if group.repeat:
                group.earlier = self._past_group(
                    group.size, min(self.world.before, group.conference - LONG_SINCE), self.chance.between(20, 2200)
                )
                found.append(group.earlier)
        usual = round(1.1 * self.quota.prior.ended)
        for back in (0, 1):
            last = days.add_years(self.world.before, -back)
            have = sum(g.size for g in found if last - 365 < (g.ends or 0) <= last)
            for size in group_sizes(self.chance, max(0, usual - have)):
                found.append(self._past_group(size, last, self.chance.between(0, 364)))
        return found

    def _past_group(self, size: int, last: Day, back: int) -> Group:
        ended = days.last_working_day(last - back)
        begun = self._conference(ended - self.chance.between(150, 620), ended - 75)
        return Group(size, begun, ended, category=self.chance.pick({"NEG": 56, "EMO": 32, "SAB": 6, "PHY": 6}))

    # Around

    def _around(self, group: Group) -> None:
        """The strategy discussion, the referral before it and the closure of the case after it."""
        chance = self.chance
        wait = chance.between(IN_TIME + 1, IN_TIME + 14) if group.late else chance.about(12, 2.5, 4, IN_TIME)
        group.strategy = days.add_working_days(group.conference, -wait)
        lag = chance.pick({0: 30, 1: 12, 3: 8, 10: 10, 25: 10, 40: 10, 70: 10, 130: 10})
        group.referred = group.strategy - lag - (chance.between(0, 9) if lag > 3 else 0)
        if group.transfer:
            group.referred, group.strategy = group.conference - chance.between(2, 12), 0
        if group.ends is not None:
            group.closes = group.ends + (0 if chance.random() < 0.18 else chance.between(20, 260))
        elif not group.plan:
            group.closes = group.conference + chance.between(30, 240)
        if group.closes is not None and group.closes > self.world.year:
            group.closes = None


def _ripeness(begun: Day, day: Day) -> float:
    """How near the next review is on a day, from 0 (one was just held) to 1."""
    length = day - begun
    if length < FIRST_REVIEW:
        return length / FIRST_REVIEW
    return (length - FIRST_REVIEW) % NEXT_REVIEW / NEXT_REVIEW
