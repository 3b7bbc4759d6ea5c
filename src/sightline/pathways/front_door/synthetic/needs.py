"""Children in need: the cases that are for neither care, protection, disability nor leaving care.

They take up what the profile leaves over. From the referrals accepted, the children in need on the last days, those open for over two
years and the rise in closures follow how many cases begin in which year and end in which.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from sightline.engine.synthetic import days
from sightline.engine.synthetic.chance import Chance
from sightline.engine.synthetic.counts import group_sizes
from sightline.engine.synthetic.days import Day
from sightline.engine.synthetic.lives import Case, Child
from sightline.engine.synthetic.profile import CaseStock
from sightline.engine.synthetic.world import World

EARLY_HELP_CLOSURE = days.of(2022, 4, 1)  # RC9
EARLIER_CLOSURES = 0.97  # of the closures of the first year told, those of the year before it
ASSESSED_IN = 60  # days after which a case closed with its assessment: the assessment was then in time
LONG = 2  # years open after which a case is counted as long open


@dataclass(slots=True, eq=False)
class Need:
    """Brothers and sisters referred together: their case, or that nothing further was done."""

    size: int
    start: Day
    end: Day | None
    accepted: bool = True
    year: str = ""
    previous: Need | None = None
    following: Need | None = None
    children: list[Child] = field(default_factory=list)

    @property
    def over(self) -> Day | None:
        """When the family could be referred again."""
        return self.end if self.accepted else self.start + 1


class Balance:
    """Counts what the other pathways' cases take up, and works out what is left for children in need."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.chance: Chance = world.chance("needs")
        self.cases = [case for case in world.cases if case.service == "social_care"]
        stock, referrals = world.profile.cases, world.profile.referrals
        self.accepted = {
            name: max(0, one.received - one.no_further_action - self._opened(name))
            for name, one in (("earlier", referrals.earlier), ("prior", referrals.prior), ("year", referrals.year))
        }
        self.at_prior = max(0, stock.prior.in_need - self._in_need(world.prior))
        self.at_year = max(0, stock.year.in_need - self._in_need(world.year))
        self.long_prior = self._long(stock.prior, world.prior, self.at_prior)
        self.long_year = self._long(stock.year, world.year, self.at_year)

    def _opened(self, name: str) -> int:
        first, last = self.world.span(name)
        return sum(first <= case.start <= last for case in self.cases)

    def _closed(self, name: str) -> int:
        first, last = self.world.span(name)
        return sum(case.end is not None and first <= case.end <= last for case in self.world.cases)

    def _in_need(self, day: Day) -> int:
        """Children of the other pathways who count as in need on a day: case open, not on a plan, looked after or in leaving care."""
        return len(
            {
                id(case.child)
                for case in self.cases
                if case.open_on(day)
                and not any(plan.open_on(day) for plan in case.child.plans)
                and not any(care.open_on(day) for care in case.child.care)
                and not any(one.start <= day and (one.end is None or one.end > day) for one in case.child.leaving_care)
            }
        )

    def _long(self, stock: CaseStock, day: Day, room: int) -> int:
        limit = days.add_years(day, -LONG)
        earliest: dict[int, Day] = {}
        for case in self.world.cases:
            if case.open_on(day):
                earliest[id(case.child)] = min(case.start, earliest.get(id(case.child), day))
        return max(0, min(room, stock.over_two_years - sum(start < limit for start in earliest.values())))

    def closures(self) -> int:
        """How many cases of children in need close in the first of the two years, for the rise in closures to be the profile's."""
        closed_year = self._closed("year") + self.at_prior + self.accepted["year"] - self.at_year
        rise = self.world.profile.cases.closures_rise_pct
        return max(0, round(closed_year / (1 + rise / 100)) - self._closed("prior"))

    def fill(self) -> list[Need]:
        """The groups of children in need."""
        world = self.world
        long_both = min(self.long_prior, round(0.5 * self.long_year))
        lately_year = self.long_year - long_both
        lately_prior = min(max(lately_year, round(1.9 * lately_year)), max(0, self.at_prior - self.long_prior))
        lately_year = min(lately_year, lately_prior)
        prior_prior = self.at_prior - self.long_prior - lately_prior
        prior_prior = min(prior_prior, self.accepted["prior"])
        begun_before = self.at_year - long_both - lately_year
        prior_year = min(prior_prior, max(round(0.13 * self.at_year), begun_before - self.accepted["year"]))
        year_year = min(self.accepted["year"], max(0, begun_before - prior_year))
        ended_before = max(0, self.closures() - (self.accepted["prior"] - prior_prior))
        long_ended = round(0.4 * ended_before)
        earlier_open = lately_prior + ended_before - long_ended
        earlier_earlier = max(0, self.accepted["earlier"] - earlier_open)
        closed_earlier = round(EARLIER_CLOSURES * (self.closures() + self._closed("prior"))) - self._closed("earlier")
        spells = {name: world.span(name) for name in ("earlier", "prior", "year")}
        long_ago = (world.earlier - 3200, days.add_years(world.prior, -LONG) - 1)
        lately = (long_ago[1] + 2, days.add_years(world.year, -LONG) - 1)
        before_earlier = (days.add_years(world.earlier, -1) + 1, world.earlier)
        made: list[Need] = []
        for count, begins, ends, name in (
            (long_ended, long_ago, spells["prior"], ""),
            (self.long_prior - long_both, long_ago, spells["year"], ""),
            (long_both, long_ago, None, ""),
            (ended_before - long_ended, lately, spells["prior"], "earlier"),
            (lately_prior - lately_year, lately, spells["year"], "earlier"),
            (lately_year, lately, None, "earlier"),
            (max(0, closed_earlier - earlier_earlier), before_earlier, spells["earlier"], ""),
            (earlier_earlier, spells["earlier"], spells["earlier"], "earlier"),
            (self.accepted["prior"] - prior_prior, spells["prior"], spells["prior"], "prior"),
            (prior_prior - prior_year, spells["prior"], spells["year"], "prior"),
            (prior_year, spells["prior"], None, "prior"),
            (self.accepted["year"] - year_year, spells["year"], spells["year"], "year"),
            (year_year, spells["year"], None, "year"),
        ):
            made += [self._dated(size, begins, ends, name) for size in group_sizes(self.chance, count)]
        return made + self._nothing_further()

    def _nothing_further(self) -> list[Need]:
        referrals = self.world.profile.referrals
        return [
            Need(size, self._day(*self.world.span(name)), None, accepted=False, year=name)
            for name, one in (("earlier", referrals.earlier), ("prior", referrals.prior), ("year", referrals.year))
            for size in group_sizes(self.chance, one.no_further_action)
        ]

    # Days

    def _day(self, first: Day, last: Day) -> Day:
        """A day on which referrals come: four in ten of the weekend's wait for Monday."""
        day = self.chance.between(first, last)
        if not days.is_working_day(day) and self.chance.random() < 0.7:
            moved = days.next_working_day(day)
            return moved if moved <= last else day
        return day

    def _dated(self, size: int, begins: tuple[Day, Day], ends: tuple[Day, Day] | None, name: str) -> Need:
        chance = self.chance
        first, last = begins
        if ends is None:
            start = self._late_in(first, last, 95 if name == "year" else 400)
            return Need(size, start, None, year=name)
        if ends == begins or (ends[0] <= first <= ends[1]):
            start = self._day(max(first, ends[0]), ends[1] - 16)
            length = self._length()
            if start + length > ends[1]:
                start = self._day(max(first, ends[1] - 330), ends[1] - 16)
                length = min(length, chance.between(15, max(16, ends[1] - start)))
            return Need(size, start, self._closing(start + 8, start + length, ends[1]), year=name)
        start = self._late_in(first, last, 110)
        soonest = max(ends[0], start + 15)
        end = soonest + round(chance.expovariate(1 / (75 if last - first < 500 else 160)))
        if end > ends[1]:
            end = chance.between(soonest, ends[1])
        return Need(size, start, self._closing(soonest, end, ends[1]), year=name)

    def _late_in(self, first: Day, last: Day, mean: int) -> Day:
        """A day nearer the end of a span than its beginning."""
        lag = round(self.chance.expovariate(1 / mean))
        return last - lag if lag <= last - first else self.chance.between(first, last)

    def _length(self) -> int:
        """Days a case lasts that ends in the year in which it began: half of them end with the assessment."""
        if self.chance.random() < 0.55:
            return self.chance.about(47, 13, 12, 95)
        return self.chance.between(50, 330)

    def _closing(self, first: Day, day: Day, last: Day) -> Day:
        worked = days.last_working_day(day)
        return worked if first <= worked <= last else max(first, min(day, last))


def closing_reason(chance: Chance, need: Need) -> str:
    """Why a case closed: soon after the assessment, or when services were over."""
    assert need.end is not None
    if need.end - need.start <= ASSESSED_IN:
        if need.end >= EARLY_HELP_CLOSURE:
            return chance.pick({"RC8": 55, "RC9": 35, "RC7": 10})
        return chance.pick({"RC8": 88, "RC7": 12})
    return chance.pick({"RC7": 90, "RC5": 3, "RC3": 3, "RC4": 2, "RC6": 2})


def open_cases(world: World, chance: Chance, need: Need, primary: str) -> list[Case]:
    """The cases of one group."""
    reason = closing_reason(chance, need) if need.end is not None else None
    return [
        world.open_case(child, need.start, need.end, kind="need", need=primary, reason=reason)
        for child in need.children
    ]
