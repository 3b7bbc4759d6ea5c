"""Lives the groups of a world and tells them as records."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sightline.engine.synthetic import days
from sightline.engine.synthetic.chance import Chance
from sightline.engine.synthetic.days import Day
from sightline.engine.synthetic.lives import Case, Child, Protection
from sightline.engine.synthetic.tables import Table, on
from sightline.engine.synthetic.world import World, sibling_births
from sightline.pathways.child_protection.synthetic import into_care, meetings
from sightline.pathways.child_protection.synthetic.groups import Group, Maker

NAME = "child_protection"
DISABILITIES = {"LD": 30, "AUT": 25, "BEH": 20, "COMM": 10, "MOB": 6, "HEAR": 4, "VIS": 3, "DDA": 2}
PARTICIPATION = {"PN1": 20, "PN4": 6, "PN6": 34, "PN7": 40}
OTHER_ENQUIRIES = 0.09  # of cases that are not for protection, those with an enquiry that ended there
CORE_GROUP_WEEKS = 6
VISIT_WORKING_DAYS = 10


def live(world: World) -> None:
    """Decide who is presented at conferences, on a plan and reviewed."""
    groups = Maker(world).make()
    chance = world.chance("protection lives")
    into_care.link(world, groups)
    meetings.settle(world, groups)
    # Later groups first: an earlier plan's children are those who come back.
    for group in reversed(groups):
        if not group.children:
            _children(world, chance, group)
    for group in groups:
        _case(world, chance, group)
        _enquire(group)
    for group in groups:
        if group.plan:
            group.spells = [Protection(child, group.conference, group.ends) for child in group.children]
            for spell in group.spells:
                spell.child.plans.append(spell)
    _disabled(world, chance, groups)
    world.kept[NAME] = groups


def _children(world: World, chance: Chance, group: Group) -> None:
    """One family for a group and for the earlier group that it was."""
    first = group.earlier.referred if group.earlier is not None else group.referred
    group.children = _family(world, chance, group.size, first, group.closes or world.year)
    if group.earlier is not None:
        group.earlier.children = group.children


def _family(world: World, chance: Chance, size: int, first: Day, last: Day) -> list[Child]:
    family = world.family()
    births = sibling_births(chance, size, first, last)
    if size == 1 and chance.random() < 0.05:
        births = [first + chance.between(20, 150)]  # a conference about an unborn child
    return [world.child(family, birth, first) for birth in births]


def _case(world: World, chance: Chance, group: Group) -> None:
    if group.into_care:
        return
    reason = chance.pick({"RC7": 92, "RC5": 4, "RC3": 2, "RC4": 2}) if group.closes is not None else None
    need = chance.pick({"N1": 86, "N5": 10, "N4": 4})
    for child in group.children:
        case = world.open_case(child, group.referred, group.closes, kind="protection", need=need, reason=reason)
        assert case.referral is not None
        case.referral.outcome = (
            "CP_IN" if group.transfer else "STRAT" if group.strategy - group.referred < 2 else "ASSESS"
        )


def _enquire(group: Group) -> None:
    """Their cases say from when an enquiry ran and to which conference it led, since an assessment goes with it."""
    if group.strategy:
        for child in group.children:
            _case_of(child, group).enquiry = (group.strategy, group.conference)


def _case_of(child: Child, group: Group) -> Case:
    return next(case for case in child.cases if case.start == group.referred)


def _disabled(world: World, chance: Chance, groups: list[Group]) -> None:
    """So many disabled children on a plan at some time of each year, some of them in both."""
    quota = world.profile.protection

    def on_plan(child: Child, name: str) -> bool:
        first, last = world.span(name)
        return any(plan.start <= last and (plan.end is None or plan.end > first) for plan in child.plans)

    children = list({id(child): child for group in groups for child in group.children}.values())
    both = [c for c in children if on_plan(c, "prior") and on_plan(c, "year")]
    prior = [c for c in children if on_plan(c, "prior") and not on_plan(c, "year")]
    year = [c for c in children if on_plan(c, "year") and not on_plan(c, "prior")]
    shared = min(quota.disabled_both, quota.prior.disabled, quota.year.disabled)
    for child in [
        *chance.some(both, shared),
        *chance.some(prior, quota.prior.disabled - shared),
        *chance.some(year, quota.year.disabled - shared),
    ]:
        child.disabilities.append(chance.pick(DISABILITIES))


# Records


@dataclass(slots=True, eq=False)
class _Enquiry:
    """A strategy discussion and the enquiry it began, for one child."""

    child: Child
    case: Case
    start: Day
    end: Day | None
    outcome: str | None
    meeting: str
    no_conference: bool
    id: int = 0
    discussion: int = 0


@dataclass(slots=True, eq=False)
class _Conference:
    """One conference of one group."""

    kind: str
    held: Day
    group: Group
    last: bool = False
    id: int = 0


def tables(world: World) -> Iterator[Table]:
    """Discussions, enquiries, plans, conferences, core groups and visits."""
    chance = world.chance("protection records")
    groups: list[Group] = world.kept[NAME]
    enquiries = {id(group): _enquiries(world, group) for group in groups if group.strategy}
    others = _other_enquiries(world, chance)
    every = [one for found in enquiries.values() for one in found] + others
    world.number("child_protection.Section47", every)
    for one, number in zip(every, world.reserve("child_protection.StrategyDiscussion", len(every)), strict=True):
        one.discussion = number
    yield _discussions(world, chance, every)
    yield _section47(world, every)
    for group in groups:
        for spell in group.spells:
            spell.case = _case_of(spell.child, group)
    spells = [(group, spell) for group in groups for spell in group.spells]
    world.number("child_protection.Plan", [spell for _, spell in spells])
    yield _plans(world, chance, spells)
    conferences = _conferences(groups)
    world.number("child_protection.Conference", conferences)
    yield _conference_rows(world, chance, conferences)
    yield _presented(world, chance, conferences, enquiries)
    yield from _visits(world, chance, spells)


def _enquiries(world: World, group: Group) -> list[_Enquiry]:
    found = []
    for child in group.children:
        case = _case_of(child, group)
        end = max(group.strategy, days.add_working_days(group.conference, -1))
        meeting = f"SD{world.block:02d}-{child.family.number:06d}-{group.strategy}"
        found.append(_Enquiry(child, case, group.strategy, end, "SUBST_RISK", meeting, no_conference=False))
    return found


def _other_enquiries(world: World, chance: Chance) -> list[_Enquiry]:
    """Enquiries that ended without a conference, on cases of other kinds: each while the case was assessed, and the case went on."""
    found = []
    since, until = world.earlier, world.year
    for case in world.cases:
        if case.kind != "need" or case.start < since or case.assessed_only or chance.random() > OTHER_ENQUIRIES:
            continue
        last = min(case.end or until, until)
        start = days.next_working_day(case.start + chance.between(0, 8))
        end = start + chance.between(4, 14)
        if end >= last or not any(
            since == case.start and (until is None or until >= end) for since, until in case.assessed
        ):
            continue
        outcome = chance.pick({"NOT_SUBST": 45, "SUBST_NO_RISK": 55})
        meeting = f"SD{world.block:02d}-{case.child.family.number:06d}-{start}"
        found.append(_Enquiry(case.child, case, start, end, outcome, meeting, no_conference=True))
    return found


def _discussions(world: World, chance: Chance, enquiries: list[_Enquiry]) -> Table:
    columns = (
        "id", "person_id", "case_id", "meeting_reference", "discussion_date", "police_attended", "health_attended", "enquiry_agreed",
        "recorded_at",
    )  # fmt: skip
    rows = [
        (
            one.discussion,
            one.child.id,
            one.case.id,
            one.meeting,
            on(one.start),
            chance.random() < 0.97,
            chance.random() < 0.86,
            True,
            world.clerk(one.start),
        )
        for one in enquiries
    ]
    return Table("child_protection.StrategyDiscussion", columns, rows)


def _section47(world: World, enquiries: list[_Enquiry]) -> Table:
    columns = (
        "id", "person_id", "case_id", "strategy_discussion_id", "start_date", "end_date", "outcome", "conference_not_required",
        "recorded_at",
    )  # fmt: skip
    rows = [
        (
            one.id,
            one.child.id,
            one.case.id,
            one.discussion,
            on(one.start),
            on(one.end),
            one.outcome,
            one.no_conference,
            world.clerk(one.start),
        )
        for one in enquiries
    ]
    return Table("child_protection.Section47", columns, rows)


def _plans(world: World, chance: Chance, spells: list[tuple[Group, Protection]]) -> Table:
    columns = (
        "id", "person_id", "case_id", "start_date", "end_date", "initial_category", "latest_category", "end_reason", "recorded_at",
    )  # fmt: skip
    rows = []
    for group, spell in spells:
        latest = group.category
        if len(group.reviews) > 1 and chance.random() < 0.06:
            latest = chance.pick({"NEG": 5, "EMO": 4, "PHY": 1})
        ended = spell.end is not None and spell.end <= world.year
        at_review = bool(group.reviews) and group.reviews[-1].final
        reason = "NO_RISK" if at_review or chance.random() < 0.9 else "TRANSFER"
        if group.into_care:
            reason = "CLA"
        assert spell.case is not None
        rows.append(
            (
                spell.id,
                spell.child.id,
                spell.case.id,
                on(spell.start),
                on(spell.end),
                group.category,
                latest,
                reason if ended else None,
                world.clerk(spell.start),
            )
        )
    return Table("child_protection.Plan", columns, rows)


def _conferences(groups: list[Group]) -> list[_Conference]:
    found = []
    for group in groups:
        found.append(_Conference("TRANSFER_IN" if group.transfer else "ICPC", group.conference, group))
        found += [_Conference("RCPC", one.held, group, last=one.final) for one in group.reviews]
    return found


def _conference_rows(world: World, chance: Chance, conferences: list[_Conference]) -> Table:
    columns = ("id", "kind", "conference_date", "chair_id", "quorate", "recorded_at")
    rows = [
        (
            one.id,
            one.kind,
            on(one.held),
            world.staff.chair_for(one.group.children[0].family.number, one.held),
            chance.random() < 0.97,
            world.clerk(one.held),
        )
        for one in conferences
    ]
    return Table("child_protection.Conference", columns, rows)


def _presented(
    world: World, chance: Chance, conferences: list[_Conference], enquiries: dict[int, list[_Enquiry]]
) -> Table:
    columns = (
        "id", "person_id", "conference_id", "section47_id", "plan_id", "participation", "advocate", "outcome", "recorded_at",
    )  # fmt: skip
    places = [(one, place) for one in conferences for place in range(one.group.size)]
    advocated = _advocated(world, chance, places)
    ids = world.reserve("child_protection.ConferenceChild", len(places))
    rows: list[tuple[Any, ...]] = []
    for number, (one, place) in zip(ids, places, strict=True):
        group, child = one.group, one.group.children[place]
        advocate = (one.id, place) in advocated
        enquiry = enquiries[id(group)][place].id if one.kind == "ICPC" and group.strategy else None
        rows.append(
            (
                number,
                child.id,
                one.id,
                enquiry,
                group.spells[place].id if group.plan else None,
                _part(chance, child, one.held, advocate=advocate),
                advocate,
                _decision(chance, one),
                world.clerk(one.held),
            )
        )
    return Table("child_protection.ConferenceChild", columns, rows)


def _advocated(world: World, chance: Chance, places: list[tuple[_Conference, int]]) -> set[tuple[int, int]]:
    """Which children took part through an advocate: as many of those presented in the year as the profile says, older ones first."""
    first, last = world.span("year")
    counted = [(one, place) for one, place in places if one.kind != "TRANSFER_IN" and first <= one.held <= last]
    ranked = sorted(
        counted, key=lambda item: (days.age(item[0].group.children[item[1]].born, item[0].held) < 4, chance.random())
    )
    chosen = {(one.id, place) for one, place in ranked[: world.profile.protection.advocates]}
    share = len(chosen) / len(counted) if counted else 0
    others = [(one, place) for one, place in places if not first <= one.held <= last]
    for one, place in others:
        if days.age(one.group.children[place].born, one.held) >= 4 and chance.random() < share * 0.9:
            chosen.add((one.id, place))
    return chosen


def _part(chance: Chance, child: Child, held: Day, *, advocate: bool) -> str:
    if advocate:
        return chance.pick({"PN5": 80, "PN2": 20})
    return "PN0" if days.age(child.born, held) < 4 else chance.pick(PARTICIPATION)


def _decision(chance: Chance, one: _Conference) -> str:
    if one.kind == "RCPC":
        return ("OTHER" if one.group.into_care else "CIN") if one.last else "CP"
    return "CP" if one.group.plan else chance.pick({"CIN": 80, "NFA": 12, "OTHER_AGENCY": 8})


def _visits(world: World, chance: Chance, spells: list[tuple[Group, Protection]]) -> Iterator[Table]:
    """Core groups every six weeks and visits every two, from the day the records of protection are told in full."""
    cores: list[tuple[Any, ...]] = []
    visits: list[tuple[Any, ...]] = []
    for _, spell in spells:
        end = min(spell.end or world.year + 1, world.year + 1)
        day = days.add_working_days(spell.start, chance.between(5, 10))
        while day < end:
            if day > world.before:
                cores.append((spell.child.id, spell.id, on(day), world.clerk(day)))
            day = days.next_working_day(day + chance.between(5 * 7, CORE_GROUP_WEEKS * 7))
        day = days.add_working_days(spell.start, chance.between(1, VISIT_WORKING_DAYS))
        while day < end:
            if day > world.before:
                seen = chance.random() < 0.95
                visits.append(
                    (
                        spell.child.id,
                        spell.id,
                        on(day),
                        seen,
                        seen and chance.random() < 0.6,
                        seen and chance.random() < 0.7,
                        world.clerk(day),
                    )
                )
            day = days.add_working_days(day, chance.pick({8: 2, 9: 3, 10: 4, 12: 1}))
    yield world.table("child_protection.CoreGroup", ("person_id", "plan_id", "meeting_date", "recorded_at"), cores)
    yield world.table(
        "child_protection.Visit",
        ("person_id", "plan_id", "visit_date", "seen", "seen_alone", "bedroom_seen", "recorded_at"),
        visits,
    )
