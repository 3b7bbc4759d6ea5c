"""Review conferences: the first within three months of the plan, then every six; as many held in a year, and as many of them late, as the
profile says.

A plan ends at a review, or between two: the number of reviews in the year says how many do which.
"""

from __future__ import annotations

from sightline.engine.synthetic import days
from sightline.engine.synthetic.chance import Chance
from sightline.engine.synthetic.counts import part_of, printed, with_sum
from sightline.engine.synthetic.days import Day
from sightline.engine.synthetic.profile import Reviewed
from sightline.engine.synthetic.world import World
from sightline.pathways.child_protection.synthetic.groups import Group, Meeting

FIRST_MONTHS, LATER_MONTHS = 3, 6
USUAL_SIZE = 1.9
SINCE_LAST = 30  # days between a review and the one that ends the plan


def settle(world: World, groups: list[Group]) -> None:
    """Give every group with a plan its review conferences."""
    chance = world.chance("protection reviews")
    on_plans = [group for group in groups if group.plan]
    for group in on_plans:
        group.reviews = _needed(world, chance, group)
    for name, asked in (
        ("prior", world.profile.protection.prior.reviews),
        ("year", world.profile.protection.year.reviews),
    ):
        first, last = world.span(name)
        _end_at_reviews(chance, on_plans, (first, last), asked)
        _make_late(chance, on_plans, (first, last), asked)
    for group in on_plans:
        # In the years before, half of the plans ended at a review.
        if group.ends is not None and group.ends <= world.before and chance.random() < 0.5:
            _end_at_review(group)


def _months(place: int) -> int:
    return FIRST_MONTHS if place == 0 else LATER_MONTHS


def _needed(world: World, chance: Chance, group: Group) -> list[Meeting]:
    """The reviews that cannot be left out, all on time. None falls due on the day the plan ends or after it."""
    found: list[Meeting] = []
    last = group.conference
    while True:
        due = days.add_months(last, _months(len(found)))
        if due > world.year or (group.ends is not None and due >= group.ends):
            return found
        last = _before(chance, due)
        found.append(Meeting(due, last))


def _before(chance: Chance, due: Day) -> Day:
    """A working day shortly before a review is due; no weekday more often than another."""
    day = due - chance.between(0, 4)
    while not days.is_working_day(day):
        day -= chance.between(1, 3)
    return day


def _held(groups: list[Group], span: tuple[Day, Day]) -> int:
    return sum(group.size for group in groups for one in group.reviews if span[0] <= one.held <= span[1])


def _end_at_reviews(chance: Chance, groups: list[Group], span: tuple[Day, Day], asked: Reviewed) -> None:
    """Of the plans that ended in the year, let so many end at a review that the children presented are those of the profile."""
    ready = [
        group
        for group in groups
        if group.ends is not None
        and span[0] <= group.ends <= span[1]
        and days.is_working_day(group.ends)
        and group.ends - (group.reviews[-1].held if group.reviews else group.conference) >= SINCE_LAST
    ]
    children = max(0, asked.children - _held(groups, span))
    meetings = sum(span[0] <= one.held <= span[1] for group in groups for one in group.reviews)
    for group in with_sum(chance, ready, children, _number(children, meetings, len(ready), asked.meetings_in_time_pct)):
        _end_at_review(group)


def _number(children: int, meetings: int, most: int, percent: float) -> int | None:
    """How many meetings those children should have, so that the share of all meetings in time can print as asked."""
    usual = min(most, round(children / USUAL_SIZE))
    for off in range(40):
        for count in (usual + off, usual - off):
            total = meetings + count
            if 0 < count <= min(children, most) and printed(part_of(total, percent, 1), total, 1) == percent:
                return count
    return None


def _end_at_review(group: Group) -> None:
    assert group.ends is not None
    last = group.reviews[-1].held if group.reviews else group.conference
    if (
        (group.reviews and group.reviews[-1].final)
        or not days.is_working_day(group.ends)
        or group.ends - last < SINCE_LAST
    ):
        return
    group.reviews.append(Meeting(days.add_months(last, _months(len(group.reviews))), group.ends, final=True))


class _Late:
    """A review that could be held late without changing anything else."""

    def __init__(self, group: Group, place: int) -> None:
        self.group, self.place = group, place

    @property
    def size(self) -> int:
        return self.group.size


def _make_late(chance: Chance, groups: list[Group], span: tuple[Day, Day], asked: Reviewed) -> None:
    """Hold so many reviews late that children and meetings in time are those of the profile."""
    meetings = sum(span[0] <= one.held <= span[1] for group in groups for one in group.reviews)
    in_time = part_of(meetings, asked.meetings_in_time_pct, 1)
    late = asked.children - asked.in_time
    count = min(meetings - in_time, late)
    if printed(meetings - count, meetings, 1) != asked.meetings_in_time_pct:
        count = min(late, max(1, count)) if late else 0
    ready = [
        _Late(group, place) for group in groups for place in range(len(group.reviews)) if _can_wait(group, place, span)
    ]
    one_each: dict[int, _Late] = {}
    for one in chance.mixed(ready):
        one_each.setdefault(id(one.group), one)
    for one in with_sum(chance, list(one_each.values()), late, count):
        _hold_late(chance, one.group, one.place, span)


def _latest(group: Group, place: int, span: tuple[Day, Day]) -> Day:
    """The last day to which a review can be put off."""
    following = group.reviews[place + 1].held if place + 1 < len(group.reviews) else 10**9
    return min(span[1], group.reviews[place].due + 25, following - 35, (group.ends or 10**9) - 20)


def _can_wait(group: Group, place: int, span: tuple[Day, Day]) -> bool:
    one = group.reviews[place]
    return (
        span[0] <= one.held <= span[1]
        and not one.final
        and not one.moved
        and _latest(group, place, span) >= days.next_working_day(one.due + 1)
    )


def _hold_late(chance: Chance, group: Group, place: int, span: tuple[Day, Day]) -> None:
    one = group.reviews[place]
    latest = _latest(group, place, span)
    day = days.next_working_day(chance.between(one.due + 1, latest))
    one.held = day if day <= latest else days.next_working_day(one.due + 1)
    one.moved = True
    if place + 1 < len(group.reviews):
        group.reviews[place + 1].due = days.add_months(one.held, _months(place + 1))
