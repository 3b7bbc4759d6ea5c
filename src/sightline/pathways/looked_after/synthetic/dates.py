"""When each story of care begins and ends, and when its child was born, within what the stories and the month-end stocks allow."""

from __future__ import annotations

from collections.abc import Sequence

from sightline.engine.synthetic import days
from sightline.engine.synthetic.chance import Chance
from sightline.engine.synthetic.counts import share_out
from sightline.engine.synthetic.days import Day
from sightline.engine.synthetic.world import World
from sightline.pathways.looked_after.synthetic.stories import AGES, Story

Months = list[tuple[Day, Day]]
LONG = 30  # months in care without a break that make a child's care lasting


class Calendar:
    """Draws days for the stories of one world."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.chance: Chance = world.chance("care dates")
        self.lasting = (days.add_months(world.prior, -LONG), days.add_months(world.year, -LONG))

    def month_lists(self, starts: int, ends: int) -> tuple[list[tuple[Day, Day]], list[tuple[Day, Day]]]:
        """The months of the year's starts and ends, so many of each that the month-end stocks are the profile's."""
        months = days.months(*self.world.span("year"))
        path = self.world.profile.care.month_ends
        stock = [self.world.profile.care.at_year.open + off for off in path]
        # Where the year's change is not what the stocks say, the last month takes the difference.
        before = stock[-1] - (starts - ends)
        change = [now - was for was, now in zip([before, *stock], stock, strict=False)]
        begun = share_out(starts, [1 + 0.35 * self.chance.random() for _ in months])
        ended = [b - c for b, c in zip(begun, change, strict=True)]
        for i, count in enumerate(ended):
            if count < 0:
                begun[i] -= count
                ended[i] = 0
        while sum(begun) > starts:
            i = max(range(len(months)), key=lambda m: min(begun[m], ended[m]))
            if not min(begun[i], ended[i]):
                break
            begun[i] -= 1
            ended[i] -= 1
        return self._spread(months, begun, starts), self._spread(months, ended, ends)

    def _spread(self, months: Months, counts: Sequence[int], total: int) -> Months:
        found = [month for month, count in zip(months, counts, strict=True) for _ in range(count)]
        while len(found) < total:
            found.append(self.chance.choice(months))
        return self.chance.mixed(found[:total])

    def within(self, first: Day, last: Day) -> Day:
        """A day in a span, mostly a working day."""
        day = self.chance.between(first, last)
        if self.chance.random() < 0.85 and not days.is_working_day(day):
            later = days.next_working_day(day)
            return later if later <= last else day
        return day


def take_month(pool: Months, first: Day, last: Day) -> tuple[Day, Day]:
    """A month out of the pool that lies between two days, the nearest to the first; a month of days where the pool has none."""
    fitting = [month for month in pool if month[1] >= first and month[0] <= last]
    if not fitting:
        return min(first, last), min(last, first + 27)
    month = min(fitting, key=lambda m: m[0])
    pool.remove(month)
    return month


def set_months(calendar: Calendar, stories: list[Story]) -> None:
    """Months for everything that begins or ends in the year, those that do both first since they have the least choice."""
    joined = [s for s in stories if s.cohort == "year"]
    returning = [s for s in stories if s.pattern == "back" and s.pattern_year == "year"]
    left = [s for s in stories if s.leaves == "year"]
    twice = [s for s in joined if s.pattern == "twice"]
    starts, ends = calendar.month_lists(
        len(joined) + len(twice) + len(returning), len(left) + len(twice) + len(returning)
    )
    first, last = calendar.world.span("year")
    chance = calendar.chance
    for story in twice:
        story.starts_month = take_month(starts, chance.between(first, first + 150), last)
        story.ends_month = take_month(ends, story.starts_month[1] + 1, last)
    for story in returning:
        story.ends_month = take_month(ends, chance.between(first, first + 180), last)
    for story in [*twice, *returning]:
        assert story.ends_month is not None
        story.returns_month = take_month(starts, story.ends_month[1] + 1, last)
    for story in (s for s in joined if s.pattern == "through"):
        begin = chance.between(first, last - 120)
        story.starts_month = take_month(starts, begin, last)
        story.ends_month = take_month(ends, story.starts_month[0] + chance.between(5, 100), last)
    for story, month in zip((s for s in joined if s.starts_month is None), starts, strict=False):
        story.starts_month = month
    for story, month in zip((s for s in left if s.ends_month is None), ends, strict=False):
        story.ends_month = month


def birth_span(world: World, story: Story) -> tuple[Day, Day]:
    """The days of birth that give the story's bands."""
    spans = [(days.add_years(world.earlier, -25), world.later)]
    for band, on in ((story.band_prior, world.prior), (story.band_year, world.year)):
        if band:
            spans.append(days.births_for(*AGES[band], on))
    if not story.leaves:
        spans.append((days.add_years(world.later, -18) + 1, world.later))
    return days.overlap(*spans)
