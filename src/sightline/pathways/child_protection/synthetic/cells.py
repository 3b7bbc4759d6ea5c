"""How many plans begin when and end when, so that every stock and flow of the profile comes out.

Plans are told by the time they begin (long before, lately before, and five spells of the two years) and the time they end. The stocks, the
starts and the children on a plan for over 15 months fix some of the numbers; the rest are shared out as plans usually last.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sightline.engine.synthetic import days
from sightline.engine.synthetic.counts import share_out
from sightline.engine.synthetic.days import Day
from sightline.engine.synthetic.world import World

LONG = 15  # months on a plan after which it is long
LATELY_BEFORE = 0.2  # of the first stock, begun in its last two months
LAST_QUARTER = 0.26  # of a year's later starts, those after the day from which a plan is long at the next year's end

NAMES = ("long_before", "before", "prior_first", "prior", "prior_last", "year_first", "year")
ENDS = ("prior", "first_month", "year", "open")


@dataclass(frozen=True)
class Cell:
    """So many children whose plan begins in one span and ends in another; `ends` None is open."""

    begins: tuple[Day, Day]
    ends: tuple[Day, Day] | None
    children: int
    name: str


def within(total: int, weights: Sequence[float], room: Sequence[int]) -> list[int]:
    """A total shared out by weights, never more than there is room for; what does not fit at all is dropped."""
    found = [0] * len(room)
    left = min(total, sum(room))
    while left > 0:
        free = [w if found[i] < room[i] else 0.0 for i, w in enumerate(weights)]
        if sum(free) <= 0:
            free = [1.0 if found[i] < room[i] else 0.0 for i in range(len(room))]
        for i, part in enumerate(share_out(left, free)):
            found[i] += min(part, room[i] - found[i])
        left = min(total, sum(room)) - sum(found)
    return found


class Cells:
    """The spans and the numbers of one world."""

    def __init__(self, world: World) -> None:
        self.world = world
        quota = world.profile.protection
        self.first_month = days.months(*world.span("year"))[0]
        self.long_first = days.add_months(self.first_month[1], -LONG) - 1
        self.long_year = days.add_months(world.year, -LONG) - 1
        prior_month = days.months(*world.span("prior"))[0]
        self.begins: dict[str, tuple[Day, Day]] = {
            "long_before": (self.long_first - 500, self.long_first),
            "before": (self.long_first + 1, world.before),
            "prior_first": prior_month,
            "prior": (prior_month[1] + 1, self.long_year),
            "prior_last": (self.long_year + 1, world.prior),
            "year_first": self.first_month,
            "year": (self.first_month[1] + 1, world.year),
        }
        self.ends: dict[str, tuple[Day, Day] | None] = {
            "prior": world.span("prior"),
            "first_month": self.first_month,
            "year": (self.first_month[1] + 1, world.year),
            "open": None,
        }
        lately = min(round(LATELY_BEFORE * quota.open_before), quota.open_before)
        later_prior = quota.prior.started - quota.prior.first_month_started
        last = round(LAST_QUARTER * later_prior)
        self.started = {
            "long_before": quota.open_before - lately,
            "before": lately,
            "prior_first": quota.prior.first_month_started,
            "prior": later_prior - last,
            "prior_last": last,
            "year_first": quota.year.first_month_started,
            "year": quota.year.started - quota.year.first_month_started,
        }
        self.counts = {name: dict.fromkeys(ENDS, 0) for name in NAMES}

    def fill(self) -> list[Cell]:
        """The cells that hold anybody."""
        quota = self.world.profile.protection
        left = dict(self.started)
        oldest = min(left["long_before"], quota.long_first_month + round(quota.first_month_ended / 6))
        ended = quota.open_before + quota.prior.started - quota.open_prior
        self._end("prior", left, {"long_before": left["long_before"] - oldest})
        rest = ended - self.counts["long_before"]["prior"]
        self._spread("prior", left, rest, {"before": 0.63, "prior_first": 0.6, "prior": 0.36, "prior_last": 0.02})
        leaving = max(0, left["long_before"] - quota.long_first_month)
        self._end("first_month", left, {"long_before": leaving})
        weights = {"before": 0.14, "prior_first": 0.14, "prior": 0.14, "prior_last": 0.01}
        self._spread("first_month", left, quota.first_month_ended - leaving, weights)
        self._last_year(left)
        return [
            Cell(self.begins[name], self.ends[end], count, name)
            for name in NAMES
            for end, count in self.counts[name].items()
            if count
        ]

    def _last_year(self, left: dict[str, int]) -> None:
        """Who is still on a plan on the last day; everybody else's ended in the year."""
        quota = self.world.profile.protection
        self._spread(
            "open", left, quota.long_year, {"long_before": 0.13, "before": 0.12, "prior_first": 0.12, "prior": 0.1}
        )
        still = min(left["prior_last"], round(0.29 * left["prior_last"]), max(0, quota.open_year - quota.long_year))
        self._end("open", left, {"prior_last": still})
        begun = quota.open_year - quota.long_year - still
        self._spread("open", left, begun, {"year_first": 0.22, "year": 0.64})
        short = quota.open_year - sum(counts["open"] for counts in self.counts.values())
        self._spread("open", left, short, {"prior_last": 1.0})
        for name in NAMES:
            self.counts[name]["year"] += left[name]

    def _end(self, end: str, left: dict[str, int], counts: dict[str, int]) -> None:
        for name, count in counts.items():
            self.counts[name][end] += count
            left[name] -= count

    def _spread(self, end: str, left: dict[str, int], total: int, weights: dict[str, float]) -> None:
        names = list(weights)
        parts = within(max(0, total), [weights[n] * left[n] for n in names], [left[n] for n in names])
        self._end(end, left, dict(zip(names, parts, strict=True)))
