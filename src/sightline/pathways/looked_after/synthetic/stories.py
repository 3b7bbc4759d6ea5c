"""Who is looked after and when: starts and ends of care, ages and reasons, so that every stock and flow of the profile comes out.

Care is told in years. In each year some children join, leave, pass through, leave and come back, or come twice; from the printed starts
and ends and the two stocks the numbers of each follow. Ages follow from the stocks by age: of those who stay, so many grow into the next band.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from sightline.engine.synthetic.chance import Chance
from sightline.engine.synthetic.counts import share_out
from sightline.engine.synthetic.days import Day
from sightline.engine.synthetic.lives import Care
from sightline.engine.synthetic.profile import CareYear
from sightline.engine.synthetic.world import World

BANDS = ("0-4", "5-8", "9-11", "12-16", "17")
AGES = {"0-4": (0, 4), "5-8": (5, 8), "9-11": (9, 11), "12-16": (12, 16), "17": (17, 17)}

# By which band children leave care, for each way of leaving, and join it. Shares, from the shape of the national tables.
LEAVING_AGES = {
    "adopted": (86, 14, 0, 0, 0),
    "sgo": (55, 25, 12, 8, 0),
    "home": (30, 15, 12, 43, 0),
    "other": (9, 10, 11, 70, 0),
}
JOINING_AGES = (0, 17, 15, 55, 13)  # of those who are five or over
OTHER_ENDS = {"E41": 24, "E13": 20, "E8": 30, "E5": 8, "E6": 4, "E9": 5, "E3": 4, "E16": 2, "E14": 2, "E2": 1}


@dataclass(slots=True, eq=False)
class Story:
    """One child in care. `cohort`: when care began; `leaves`: in which year it ended; bands on the last day of `prior` and `year`."""

    cohort: str
    leaves: str = ""
    how: str = ""  # adopted, sgo, home, other, grown_up
    band_prior: str = ""
    band_year: str = ""
    pattern: str = ""  # back: out and in again; twice: in, out and in again; through: in and out in one year
    pattern_year: str = ""
    under_5: bool = False
    unaccompanied: bool = False
    starts_month: tuple[Day, Day] | None = None
    ends_month: tuple[Day, Day] | None = None
    returns_month: tuple[Day, Day] | None = None
    care: list[Care] = field(default_factory=list)
    lasting: tuple[bool, bool] = (False, False)
    settled: tuple[bool, bool] = (False, False)
    birth: Day = 0

    @property
    def last(self) -> Care:
        return self.care[-1]

    def in_care(self, when: str) -> bool:
        """Looked after on the last day of `before`, `prior` or `year`."""
        if self.cohort == "past" or self.pattern == "through":
            return False
        order = ("old", "prior", "year", "later")
        day_after = {"before": "prior", "prior": "year", "year": "later"}[when]
        came = order.index(self.cohort) < order.index(day_after)
        return came and (not self.leaves or order.index(self.leaves) >= order.index(day_after))


@dataclass(frozen=True)
class Year:
    """How many children of each kind one year has."""

    join: int
    leave: int
    through: int
    back: int
    twice: int

    @classmethod
    def of(cls, started: int, ended: int, was: int, becomes: int) -> Year:
        """From printed starts and ends and the stocks around them. Ends give way where the four cannot all be so."""
        change = becomes - was
        twice = change - (started - ended)
        if not 0 <= twice <= min(started, ended) // 8:
            started = max(started, change)
            ended, twice = started - change, 0
        back = min(5, started // 60, ended // 60, becomes)
        through = max(0, min(round(0.15 * started), started - back - twice, ended - back - twice))
        join, leave = started - through - back, ended - through - back - twice
        surplus = max(0, join - becomes + back)
        return cls(join - surplus, leave - surplus, through + surplus, back, twice)


def tell(world: World) -> list[Story]:
    """The stories of all children in care in the profile's years and of those who left in the years before."""
    care = world.profile.care
    chance = world.chance("care stories")
    first = Year.of(care.prior.started, care.prior.ended, care.open_before, care.at_prior.open)
    second = Year.of(care.year.started, care.year.ended, care.at_prior.open, care.at_year.open)
    old = [Story("old") for _ in range(care.open_before)]
    joined = _live_a_year(chance, old, "prior", first, care.prior)
    later_joined = _live_a_year(chance, [*old, *joined], "year", second, care.year)
    stories = [*old, *joined, *later_joined]
    stories += [Story("later") for _ in range(care.later_started)]
    for back, year in enumerate(care.earlier):
        stories += _past(chance, len(care.earlier) - back, year.ended, year.adopted)
    return stories


def _past(chance: Chance, years_before: int, ended: int, adopted: int) -> list[Story]:
    """Children who left in a year before the two that are told in full."""
    kinds = share_out(max(0, ended - adopted), (0.2, 0.22, 0.16, 0.42))
    hows = ["adopted"] * min(adopted, ended)
    for how, count in zip(("sgo", "home", "other", "grown_up"), kinds, strict=True):
        hows += [how] * count
    return [Story("past", leaves=f"past{years_before}", how=how) for how in chance.mixed(hows)]


def _live_a_year(chance: Chance, stock: list[Story], name: str, year: Year, printed: CareYear) -> list[Story]:
    """Let children leave, return, pass through and join in one year; returns those who came."""
    present = [story for story in stock if not story.leaves and story.pattern != "through"]
    leaving = chance.some(present, year.leave)
    for story in leaving:
        story.leaves = name
    staying = [story for story in present if not story.leaves]
    for story in chance.some([s for s in staying if not s.pattern], year.back):
        story.pattern, story.pattern_year = "back", name
    joined = [Story(name) for _ in range(year.join)]
    for story in joined[: year.twice]:
        story.pattern, story.pattern_year = "twice", name
    passing = [Story(name, leaves=name, pattern="through", pattern_year=name) for _ in range(year.through)]
    _reasons(leaving, passing, year.back + year.twice, printed)
    return [*joined, *passing]


def _reasons(leaving: list[Story], passing: list[Story], returned: int, printed: CareYear) -> None:
    """How each child left. Those who came back had gone home; of those passing through some did."""
    home = max(0, printed.home - returned)
    short = min(len(passing), round(0.45 * home))
    for place, story in enumerate(passing):
        story.how = "home" if place < short else "other"
    hows = ["adopted"] * printed.adopted + ["sgo"] * printed.special_guardianship + ["home"] * (home - short)
    hows = hows[: len(leaving)]
    # Children who had come back are not among the adopted, whose moves are all told.
    leaving = sorted(leaving, key=lambda story: story.pattern != "")
    for story, how in zip(leaving, hows + ["other"] * (len(leaving) - len(hows)), strict=True):
        story.how = how


def settle_ages(world: World, stories: list[Story]) -> None:
    """Give every child an age band on the last days of `prior` and `year`, so that the stocks by age come out."""
    care = world.profile.care
    chance = world.chance("care ages")
    was, becomes = ([stock.ages.get(band, 0) for band in BANDS] for stock in (care.at_prior, care.at_year))
    leaving = [s for s in stories if s.leaves == "year" and s.in_care("prior")]
    staying = [s for s in stories if s.in_care("prior") and s.in_care("year")]
    joining = [s for s in stories if s.cohort == "year" and s.in_care("year")]
    passing = [s for s in stories if s.cohort == "year" and s.pattern == "through"]
    left = _leave_by_age(chance, leaving, was)
    joined = _join_by_age(chance, joining, passing, care.started_under_5)
    _grow(chance, staying, [w - gone for w, gone in zip(was, left, strict=True)], joined, becomes)
    _later_by_age(chance, stories, care.later_ended)
    for story in stories:
        if story.leaves == "prior" and story.how == "other" and story.pattern != "through" and chance.random() < 0.75:
            story.how = "grown_up"


def _leave_by_age(chance: Chance, leaving: list[Story], was: list[int]) -> list[int]:
    """Bands of those who left in the year. Everyone who was 17 has grown up by its end."""
    others = [s for s in leaving if s.how == "other"]
    grown_up = min(was[4], len(others))
    for story in others[:grown_up]:
        story.how, story.band_prior = "grown_up", "17"
    counts = [0, 0, 0, 0, grown_up]
    for how, weights in LEAVING_AGES.items():
        kind = [s for s in leaving if s.how == how]
        bands = [i for i, n in enumerate(share_out(len(kind), weights)) for _ in range(n)]
        for story, usual in zip(kind, chance.mixed(bands), strict=True):
            band = next((b for b in (usual, 3, 2, 1, 0) if counts[b] < was[b]), usual)
            story.band_prior = BANDS[band]
            counts[band] += 1
    return counts


def _join_by_age(chance: Chance, joining: list[Story], passing: list[Story], under_5: int) -> list[int]:
    """Bands of those who joined and stayed; `under_5` of all who started in the year were under five then.

    Those who go out and come back in the year are older (see `_grow`).
    """
    short = min(len(passing), round(under_5 * 0.14))
    for story in passing[:short]:
        story.under_5 = True
    young = min(len(joining), under_5 - short)
    counts = [young, *share_out(len(joining) - young, JOINING_AGES[1:])]
    bands = [BANDS[i] for i, n in enumerate(counts) for _ in range(n)]
    for story, band in zip(joining, chance.mixed(bands), strict=True):
        story.band_year, story.under_5 = band, band == "0-4"
    return counts


def _grow(chance: Chance, staying: list[Story], left: list[int], joined: list[int], becomes: list[int]) -> None:
    """Of those who stayed, so many grew into the next band as the second stock asks for; as near as can be when it cannot be had."""
    grown = [0] * len(BANDS)
    came = 0
    for band in range(4):
        wanted = left[band] + came + joined[band] - becomes[band]
        grown[band] = max(0, min(left[band], wanted))
        came = grown[band]
    slots: list[tuple[str, str]] = []
    for band in range(4):
        slots += [(BANDS[band], BANDS[band + 1])] * grown[band] + [(BANDS[band], BANDS[band])] * (
            left[band] - grown[band]
        )
    # A 17-year-old cannot stay: where there are too many, they are younger.
    slots += [("12-16", "12-16")] * (len(staying) - len(slots))
    # Those who go out and come back in the year get the bands of older children, so that none starts again under five.
    ordered = sorted(staying, key=lambda s: (s.pattern == "back", chance.random()))
    slots = sorted(slots[: len(staying)], key=lambda slot: (BANDS.index(slot[1]) > 1, chance.random()))
    for story, (before, after) in zip(ordered, slots, strict=True):
        story.band_prior, story.band_year = before, after


def _later_by_age(chance: Chance, stories: list[Story], ended: int) -> None:
    """In the months after the year about a third of those aged 17 come of age; other ends as they fall."""
    stock = [s for s in stories if s.in_care("year")]
    seventeen = [s for s in stock if s.band_year == "17"]
    grown_up = chance.some(seventeen, min(ended, round(len(seventeen) / 3)))
    for story in grown_up:
        story.leaves, story.how = "later", "grown_up"
    others = [s for s in stock if s.band_year != "17"]
    for story in chance.some(others, ended - len(grown_up)):
        young = BANDS.index(story.band_year) < 2
        story.leaves = "later"
        story.how = chance.pick({"sgo": 25, "home": 45, "other": 30} if young else {"home": 50, "other": 40, "sgo": 10})
