"""Turns stories into periods of care with days, births and reasons."""

from __future__ import annotations

from sightline.engine.synthetic import days
from sightline.engine.synthetic.days import Day
from sightline.engine.synthetic.lives import Care, Child
from sightline.engine.synthetic.world import World
from sightline.pathways.looked_after.synthetic.dates import Calendar, birth_span
from sightline.pathways.looked_after.synthetic.stories import OTHER_ENDS, Story

ADOPTION_LAG = (420, 900)  # entering care to adoption order, days
SGO_CHANGED = days.of(2018, 4, 1)


def choose_unaccompanied(world: World, stories: list[Story]) -> None:
    """Which children came alone to seek asylum: so many on each of the two last days, nearly all of them 16 or 17."""
    care = world.profile.care
    chance = world.chance("unaccompanied")

    def old_enough(story: Story, band: str) -> bool:
        return band in ("12-16", "17") and not story.pattern and story.how in ("", "other", "grown_up")

    def nearest(chosen: list[Story], count: int) -> list[Story]:
        by_arrival = sorted(chosen, key=lambda s: (s.cohort == "old", chance.random()))
        return by_arrival[: max(0, count)]

    at_prior, at_year = care.at_prior.unaccompanied, care.at_year.unaccompanied
    gone = nearest(
        [s for s in stories if s.leaves == "year" and s.in_care("prior") and old_enough(s, s.band_prior)],
        round(at_prior * 0.48),
    )
    staying = [s for s in stories if s.in_care("prior") and s.in_care("year") and old_enough(s, s.band_prior)]
    kept = nearest(staying, min(at_prior - len(gone), at_year))
    joining = [s for s in stories if s.cohort == "year" and s.in_care("year") and old_enough(s, s.band_year)]
    joining.sort(key=lambda s: s.band_year != "17")
    new = nearest(joining, at_year - len(kept))
    early = [s for s in stories if s.leaves == "prior" and s.how == "grown_up" and not s.pattern][
        : round(at_prior * 0.25)
    ]
    for story in [*gone, *kept, *new, *early]:
        story.unaccompanied = True


def set_births(calendar: Calendar, stories: list[Story]) -> None:
    """Births for all but those whose start comes first (adopted children and those who never met a last day)."""
    world, chance = calendar.world, calendar.chance
    for story in stories:
        first, last = birth_span(world, story)
        if story.how == "grown_up":
            end = _coming_of_age(calendar, story)
            story.birth = days.add_years(end, -18)
        elif story.how == "adopted":
            story.birth = 0
        elif story.band_prior or story.band_year:
            comes = story.starts_month[1] if story.starts_month else world.prior - 8
            if story.pattern == "twice" and story.cohort == "prior":
                comes = world.before + 200  # so that there is time to go and come back
            last = min(last, world.before - 3 if story.cohort == "old" else comes)
            if story.unaccompanied:
                last = min(last, days.add_years(world.prior if story.band_prior else world.year, -15) - 60)
            if story.leaves in ("year", "later") and story.band_prior == "12-16" and not story.band_year:
                first = max(first, days.add_years(world.year, -18) + 1)
            story.birth = days.born_on(chance.between(first, max(first, last)))
            if story.under_5 is False and story.cohort == "year":
                story.birth = min(story.birth, days.add_years(world.prior, -5))


def _coming_of_age(calendar: Calendar, story: Story) -> Day:
    """The eighteenth birthday of a child who grows up in care, in the year and month that the story says."""
    world = calendar.world
    if story.leaves == "year":
        assert story.ends_month is not None
        span = story.ends_month
    else:
        span = leaving_span(world, story)
    day = calendar.chance.between(*span)
    return day - 1 if days.as_date(day).strftime("%m%d") == "0229" else day


def leaving_span(world: World, story: Story) -> tuple[Day, Day]:
    """The year in which a story's care ends."""
    if story.leaves.startswith("past"):
        back = int(story.leaves[4:])
        return days.add_years(world.before, -back) + 1, days.add_years(world.before, 1 - back)
    return world.span(story.leaves)


def set_lasting(calendar: Calendar, stories: list[Story]) -> None:
    """Which children have lasting care on the two last days, exactly as many as the profile says."""
    world, care, chance = calendar.world, calendar.world.profile.care, calendar.chance
    at_prior, at_year = calendar.lasting

    def can(story: Story, when: str, on: Day, since: Day) -> bool:
        return (
            story.cohort == "old"
            and story.in_care(when)
            and not story.pattern
            and not story.unaccompanied
            and story.how != "adopted"
            and story.birth <= since - 20
            and days.age(story.birth, on) < 16
        )

    both = [s for s in stories if can(s, "year", world.year, at_year)]
    first = [s for s in stories if can(s, "prior", world.prior, at_prior)]
    for story in chance.some(first, care.at_prior.lasting):
        story.lasting = (True, False)
    since_long = [s for s in both if s.lasting[0]]
    for story in chance.mixed(since_long)[care.at_year.lasting :]:
        story.lasting = (False, False)
    since_long = [s for s in both if s.lasting[0]]
    for story in since_long:
        story.lasting = (True, True)
    for story in chance.some([s for s in both if not s.lasting[0]], care.at_year.lasting - len(since_long)):
        story.lasting = (False, True)
    # Where taking some back left too few on the first day, others who are not counted on the second make them up.
    short = care.at_prior.lasting - sum(s.lasting[0] for s in stories)
    spare = [s for s in first if not s.lasting[0] and not can(s, "year", world.year, at_year)]
    for story in chance.some(spare, short):
        story.lasting = (True, False)


def make_care(calendar: Calendar, stories: list[Story]) -> None:
    """The children and their periods of care."""
    for story in stories:
        start = _start(calendar, story)
        if not story.birth:
            story.birth = _young_birth(calendar, story, start)
        start = max(start, story.birth)
        end = _end(calendar, story, start)
        family = calendar.world.family(unaccompanied=story.unaccompanied)
        child = calendar.world.child(family, story.birth, start, sex=_sex(calendar, story))
        child.unaccompanied = story.unaccompanied
        story.care = _periods(calendar, story, child, start, end)


def _sex(calendar: Calendar, story: Story) -> str:
    return "M" if story.unaccompanied and calendar.chance.random() < 0.93 else ""


def _start(calendar: Calendar, story: Story) -> Day:
    """The day care began."""
    if story.how == "adopted":
        return _adopted_start(calendar, story)
    how = {"past": _past_start, "old": _old_start, "prior": _prior_start, "year": _year_start, "later": _later_start}
    return how[story.cohort](calendar, story)


def _year_start(calendar: Calendar, story: Story) -> Day:
    assert story.starts_month is not None
    first, last = story.starts_month
    if story.ends_month == story.starts_month:
        last -= 5  # in and out in one month
    if story.birth and not story.under_5:
        first = max(first, days.add_years(story.birth, 5))
    return calendar.within(max(first, story.birth), last)


def _prior_start(calendar: Calendar, story: Story) -> Day:
    first, last = calendar.world.span("prior")
    last = min(last, first + 240) if story.pattern else last
    return calendar.within(max(first, story.birth), max(story.birth, last - 5))


def _later_start(calendar: Calendar, story: Story) -> Day:
    first, last = calendar.world.span("later")
    return calendar.within(max(first, story.birth), last)


def _adopted_start(calendar: Calendar, story: Story) -> Day:
    """Counted back from the order, which `story.ends_month` or the year of leaving gives."""
    world, chance = calendar.world, calendar.chance
    span = story.ends_month or leaving_span(world, story)
    order = chance.between(*span)
    story.ends_month = (order, order)
    shortest, longest = ADOPTION_LAG
    if story.cohort == "prior":
        shortest, longest = max(330, order - world.prior), order - world.before - 1
    elif story.cohort == "old":
        shortest = max(shortest, order - world.before)
        longest = max(longest, shortest + 120)
    return order - chance.about((shortest + min(longest, shortest + 400)) / 2, 110, shortest, max(shortest, longest))


def _past_start(calendar: Calendar, story: Story) -> Day:
    first, _ = leaving_span(calendar.world, story)
    lag = round(calendar.chance.expovariate(1 / (1300 if story.how == "grown_up" else 520)))
    earliest = story.birth + 300 if story.birth else 0
    return max(earliest, first - 5 - min(lag, 5400))


def _old_start(calendar: Calendar, story: Story) -> Day:
    """Lasting care begins long ago, other care so lately that it does not last on either day."""
    world, chance = calendar.world, calendar.chance
    at_prior, at_year = calendar.lasting
    if story.unaccompanied:
        return chance.between(max(world.before - 500, days.add_years(story.birth, 14)), world.before)
    counted = [
        when
        for when, on in (("prior", world.prior), ("year", world.year))
        if story.in_care(when) and days.age(story.birth, on) < 16
    ]
    earliest, latest = 0, world.before
    if story.lasting[0]:
        latest = at_prior
    elif "prior" in counted:
        earliest = at_prior + 1
    if story.lasting[1]:
        latest = min(latest, at_year)
    elif "year" in counted:
        earliest = at_year + 1
    latest = max(latest, earliest)
    lag = round(chance.expovariate(1 / 900))
    earliest = max(earliest, story.birth if story.birth else latest - 5000, latest - 5600)
    start = latest - lag
    return start if start >= earliest else chance.between(earliest, max(earliest, latest))


def _young_birth(calendar: Calendar, story: Story, start: Day) -> Day:
    """A birth for a child whose start was settled first: of an age that goes with how care ends, and with the stories' bands."""
    first, last = birth_span(calendar.world, story)
    chance = calendar.chance
    oldest = {"adopted": 1250, "sgo": 3000}.get(story.how, 5400)
    if story.under_5:
        oldest = 1700
    ends = (
        story.ends_month[1]
        if story.ends_month
        else (leaving_span(calendar.world, story)[1] if story.leaves else calendar.world.later)
    )
    first = max(first, start - oldest, days.add_years(ends, -18) + 30)
    last = min(last, start, calendar.world.year - 70)
    if story.cohort == "year" and not story.under_5:
        last = min(last, days.add_years(start, -5))
    return days.born_on(chance.between(min(first, last), last))


def _end(calendar: Calendar, story: Story, start: Day) -> Day | None:
    """The day care ended; for a story of two periods, the end of the second."""
    if not story.leaves:
        return None
    if story.how == "grown_up":
        return days.add_years(story.birth, 18)
    told = story.ends_month if story.leaves == "year" or story.how == "adopted" else None
    first, last = told or leaving_span(calendar.world, story)
    return calendar.within(max(first, start + 2), max(last, start + 2))


def _periods(calendar: Calendar, story: Story, child: Child, start: Day, end: Day | None) -> list[Care]:
    """One period, or two for those who went and came back."""
    if story.pattern in ("back", "twice"):
        gone, again = _gap(calendar, story, start)
        if end is None or end > again:
            return [Care(child, start, gone, "E4B"), Care(child, again, end)]
    return [Care(child, start, end)]


def _gap(calendar: Calendar, story: Story, start: Day) -> tuple[Day, Day]:
    """When a child who came back had left and returned."""
    if story.ends_month and story.returns_month and story.pattern_year == "year":
        gone = calendar.within(max(story.ends_month[0], start + 2), max(story.ends_month[1], start + 2))
        return gone, calendar.within(max(story.returns_month[0], gone + 1), max(story.returns_month[1], gone + 1))
    first, last = calendar.world.span(story.pattern_year)
    gone = calendar.within(max(first, start + 3), max(start + 3, last - 90))
    return gone, calendar.within(gone + 7, max(gone + 7, last - 10))


def set_reasons(calendar: Calendar, stories: list[Story]) -> None:
    """Codes for why care ended. Of those who went home in a year, the planned are as many as the profile says."""
    care = calendar.world.profile.care
    for name, printed in (("prior", care.prior), ("year", care.year)):
        returned = [
            s.care[0] for s in stories if s.pattern in ("back", "twice") and s.pattern_year == name and len(s.care) > 1
        ]
        home = [s.last for s in stories if s.leaves == name and s.how == "home"]
        planned = len(returned) + len(home) - (printed.home - printed.home_planned)
        for place, spell in enumerate([*home, *returned]):
            spell.reason = "E4A" if place < planned else "E4B"
    for story in stories:
        if story.last.end is None or story.how == "grown_up" or story.last.reason in ("E4A", "E4B"):
            continue
        story.last.reason = _reason(calendar, story)
        if story.last.reason == "E2":
            story.last.child.death = story.last.end
    _grown_up_homes(calendar, [s for s in stories if s.how == "grown_up"])


def _reason(calendar: Calendar, story: Story) -> str:
    chance, end = calendar.chance, story.last.end or 0
    if story.how == "adopted":
        return chance.pick({"E11": 25, "E12": 75})
    if story.how == "sgo":
        return chance.pick(
            {"E45": 30, "E46": 15, "E47": 50, "E48": 5} if end >= SGO_CHANGED else {"E43": 45, "E44": 55}
        )
    if story.how == "home":
        return chance.pick({"E4A": 90, "E4B": 10})
    age = days.age(story.birth, end)
    weights = dict(OTHER_ENDS)
    for code in ("E5", "E6"):
        weights[code] = weights[code] * 2 if age >= 16 else 0
    weights["E9"] = weights["E9"] if age >= 12 else 0
    weights["E14"] = 0
    weights["E15"] = 0
    if story.unaccompanied:
        weights = {"E8": 5, "E15": 2, "E16": 1, "E6": 2 if age >= 16 else 0}
    return chance.pick(weights)


def _grown_up_homes(calendar: Calendar, grown_up: list[Story]) -> None:
    """Where those who came of age in care lived at the last; of the fostered, so many stay put."""
    quota, chance, world = calendar.world.profile.leaving_care, calendar.chance, calendar.world
    counted = [s for s in grown_up if s.last.end is not None and world.before < s.last.end <= world.later]
    fostered = chance.some(counted, quota.fostered_at_18)
    staying = set(map(id, fostered[: quota.staying_put]))
    chosen = set(map(id, fostered))
    for story in grown_up:
        recent = world.before < (story.last.end or 0) <= world.later
        foster = id(story) in chosen if recent else chance.random() < 0.45
        story.last.last_home = "FOSTER" if foster else chance.pick({"INDEPENDENT": 75, "RESIDENTIAL": 25})
        stays_put = id(story) in staying if recent else foster and chance.random() < 0.5
        story.last.reason = "E17" if stays_put else chance.pick({"E5": 40, "E6": 25, "E8": 30, "E7": 5})
