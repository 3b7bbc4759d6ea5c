"""The legal course of each period of care, and the proceedings behind it: exactly as many orders in each year as the profile says.

Proceedings are first come, first served: of those with an interim order the longest waiting get their final order. Brothers and sisters who
came into care together share one application.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from sightline.engine.synthetic import days
from sightline.engine.synthetic.chance import Chance
from sightline.engine.synthetic.days import Day
from sightline.engine.synthetic.lives import Adoption, Care
from sightline.engine.synthetic.world import World
from sightline.pathways.looked_after.synthetic.stories import Story

SHORTEST = 84  # days from interim to final order
WAITING_BEFORE = 0.58  # proceedings under way at the start, as a share of a year's final orders
LATE_SHARE = 0.07  # interim orders for children already in care by agreement
PLACED_WITHIN = 420  # days from placement order to the last that are placed
LONGEST_TO_INTERIM = 42  # days from issue to interim order


@dataclass(slots=True, eq=False)
class Proceedings:
    """One application: the periods of care of its children."""

    number: int
    spells: list[Care] = field(default_factory=list)
    issued: Day = 0

    @property
    def size(self) -> int:
        return len(self.spells)

    @property
    def interim(self) -> Day:
        return self.spells[0].interim or 0

    @property
    def ends_first(self) -> Day:
        """The first day on which one of the children leaves care."""
        return min((spell.end for spell in self.spells if spell.end is not None), default=10**9)


class Law:
    """Settles the legal course of every period of care of a world."""

    def __init__(self, world: World, stories: list[Story]) -> None:
        self.world, self.stories = world, stories
        self.chance: Chance = world.chance("law")
        self.court = world.profile.court
        self.story_of = {id(spell): story for story in stories for spell in story.care}
        self.spells = [spell for story in stories for spell in story.care]
        self.open: list[Proceedings] = []

    def settle(self) -> None:
        """The whole course, year by year."""
        self._long_settled()
        self._adoptions_before()
        self._waiting_before()
        for name, quotas in (("prior", self.court.prior), ("year", self.court.year)):
            self._interim_orders(name, quotas.get("ICO", 0))
            self._final_orders(name, quotas.get("CO", 0), quotas.get("PO", 0))
        self._exits()
        for spell in self.spells:
            self._needs(spell)
        self._waits_for_adoption()

    # Before the years told

    def _long_settled(self) -> None:
        """Children whose proceedings were over before, or who never had any."""
        before = self.world.before
        for spell in self.spells:
            story = self.story_of[id(spell)]
            if spell.start > before or story.how == "adopted" or story.unaccompanied:
                continue
            age = days.age(spell.child.born, spell.start)
            ordered = self.chance.random() < (0.8 if age < 11 else 0.4)
            final = spell.start + self.chance.about(215, 60, SHORTEST, 400)
            if ordered and final <= before and (spell.end is None or spell.end > final + 30):
                spell.track, spell.interim = "care_order", self._interim_day(spell)
                spell.final, spell.final_order = final, "CO"
            elif ordered and spell.end is not None and spell.end <= before:
                spell.track, spell.interim = "interim", self._interim_day(spell)

    def _adoptions_before(self) -> None:
        """Children adopted in the end: entered care under an interim order; the placement order came on the way."""
        for story in self.stories:
            if story.how != "adopted":
                continue
            spell = story.last
            order = spell.end or 0
            waited = order - spell.start
            placement_order = spell.start + round(waited * 0.36) + self.chance.between(-25, 25)
            spell.track = "adoption"
            spell.interim = spell.start
            spell.final, spell.final_order = placement_order, "PO"
            placed = spell.start + round(waited * 0.62) + self.chance.between(-20, 20)
            spell.adoption = Adoption(
                decision=placement_order - self.chance.between(25, 70),
                placement_order=placement_order,
                matched=placement_order + max(1, (placed - placement_order) * 3 // 5),
                placed=placed,
                order=order,
                by_carer=self.chance.random() < 0.09,
            )
            self._file([spell])

    def _waiting_before(self) -> None:
        """Proceedings under way when the first year told begins."""
        wanted = round(WAITING_BEFORE * (self.court.prior.get("CO", 0) + self.court.prior.get("PO", 0)))
        before = self.world.before
        ready = [
            spell
            for spell in self.spells
            if spell.start <= before
            and spell.open_on(before)
            and spell.interim is None
            and not self.story_of[id(spell)].unaccompanied
            and days.age(spell.child.born, before) < 16
            and (spell.end is None or spell.end > before + 240)
        ]
        ready.sort(key=lambda spell: -spell.start)
        for spell in self.chance.mixed(ready[: round(wanted * 1.2)])[:wanted]:
            spell.interim = max(spell.start, before - self.chance.between(1, 215))
            spell.track = "interim"
            self._file([spell])

    # The years told

    def _interim_day(self, spell: Care) -> Day:
        if self.chance.random() < 0.62:
            return spell.start
        return spell.start + self.chance.pick({2: 3, 3: 2, 6: 3, 8: 2, 13: 1, 20: 1})

    def _interim_orders(self, name: str, wanted: int) -> None:
        """Interim orders of one year: those already settled, most of the younger starters, a few who were in care by agreement."""
        first, last = self.world.span(name)
        have = sum(first <= (s.interim or 0) <= last for s in self.spells)
        late = min(round(LATE_SHARE * wanted), max(0, wanted - have))
        starters = [
            s
            for s in self.spells
            if first <= s.start <= last
            and s.interim is None
            and not self.story_of[id(s)].unaccompanied
            and days.age(s.child.born, s.start) < 17
        ]
        # Those who pass through go home before there is anything to decide.
        starters.sort(
            key=lambda s: (
                days.age(s.child.born, s.start) / 17
                + self.chance.random() * 0.8
                + 2 * (s.end is not None and s.end <= last)
            )
        )
        chosen = starters[: max(0, wanted - have - late)]
        late += max(0, wanted - have - late) - len(chosen)
        units = self._pair(chosen)
        for unit in units:
            day = self._interim_day(unit[0])
            bound = min([last, *(s.end - 1 for s in unit if s.end is not None)])
            for spell in unit:
                spell.interim = max(spell.start, min(day, bound))
                spell.track = "interim"
            self._file(unit)
        for spell in self._by_agreement(first, last, late):
            end = min(last, (spell.end or last + 40) - 30)
            spell.interim = self.chance.between(max(first, spell.start + 20), end)
            spell.track = "interim"
            self._file([spell])

    def _by_agreement(self, first: Day, last: Day, count: int) -> list[Care]:
        """Children in care by agreement through most of a year, and not near coming of age."""
        ready = [
            s
            for s in self.spells
            if s.start < last - 60
            and s.interim is None
            and (s.end is None or s.end > max(first, s.start) + 90)
            and (s.end is None or s.end > first + 90)
            and not self.story_of[id(s)].unaccompanied
            and days.age(s.child.born, last) < 17
        ]
        return self.chance.some(ready, count)

    def _pair(self, spells: list[Care]) -> list[list[Care]]:
        """Brothers and sisters: starters of near days who can have had one mother become one family and start on one day."""
        units: list[list[Care]] = []
        waiting: list[Care] = []
        for spell in sorted(spells, key=lambda s: s.start):
            partner = next((other for other in waiting if self._could_be_siblings(other, spell)), None)
            if partner is not None:
                self._join(partner, spell)
                waiting.remove(partner)
                units.append([partner, spell])
            elif self.chance.random() < 0.5:
                waiting.append(spell)
            else:
                units.append([spell])
        return units + [[spell] for spell in waiting]

    def _could_be_siblings(self, one: Care, other: Care) -> bool:
        a, b = self.story_of[id(one)], self.story_of[id(other)]
        births = sorted((one.child.born, other.child.born))
        same_month = days.as_date(one.start).replace(day=1) == days.as_date(other.start).replace(day=1)
        day = max(one.start, other.start)
        return (
            same_month
            and 300 < births[1] - births[0] < 3600
            and not a.pattern
            and not b.pattern
            and a.leaves == b.leaves == ""
            and (days.age(one.child.born, day) < 5) == (days.age(one.child.born, one.start) < 5)
            and (days.age(other.child.born, day) < 5) == (days.age(other.child.born, other.start) < 5)
        )

    def _join(self, one: Care, other: Care) -> None:
        one.start = other.start = max(one.start, other.start)
        family, left = one.child.family, other.child.family
        left.children.remove(other.child)
        other.child.family = family
        other.child.first_known = one.child.first_known = one.start
        family.children.append(other.child)

    def _file(self, spells: list[Care]) -> None:
        made = Proceedings(len(self.open) + 1, spells, (spells[0].interim or 0) - self.chance.between(0, 12))
        for spell in spells:
            spell.proceedings = made.number
        self.open.append(made)

    def _final_orders(self, name: str, care_orders: int, placement_orders: int) -> None:
        """Final orders of one year: the longest waiting first; the youngest who stay in care get placement orders."""
        first, last = self.world.span(name)
        settled = sum(
            s.final_order == "PO" and first <= (s.final or 0) <= last for case in self.open for s in case.spells
        )
        waiting = [
            case
            for case in self.open
            if case.spells[0].final is None and self._soonest(case, first) <= self._latest(case, last)
        ]
        waiting.sort(key=lambda case: case.interim)
        adoptable = [case for case in waiting if self._may_be_adopted(case, last)]
        adopting = set(map(id, _first_that_fill(adoptable, max(0, placement_orders - settled))))
        others = _first_that_fill([case for case in waiting if id(case) not in adopting], care_orders)
        chosen = sorted([*others, *(c for c in adoptable if id(c) in adopting)], key=lambda case: case.interim)
        finals: dict[int, Day] = {}
        for place, case in enumerate(chosen):
            target = first + round((place + 0.5) * (last - first) / len(chosen)) + self.chance.between(-12, 12)
            soonest, latest = self._soonest(case, first), self._latest(case, last)
            final = days.last_working_day(max(soonest, min(latest, target)))
            finals[case.number] = final if final >= soonest else soonest
        self._tune(name, chosen, finals)
        for case in chosen:
            for spell in case.spells:
                self._order(spell, finals[case.number], "PO" if id(case) in adopting else "CO")

    def _soonest(self, case: Proceedings, first: Day) -> Day:
        return max(first, case.interim + SHORTEST)

    def _latest(self, case: Proceedings, last: Day) -> Day:
        return min(last, case.ends_first - 14)

    def _tune(self, name: str, chosen: list[Proceedings], finals: dict[int, Day]) -> None:
        """Move final orders by whole weeks, and days of issue by days, until the mean duration of the year is the profile's."""
        first, last = self.world.span(name)
        weeks = self.court.weeks_prior if name == "prior" else self.court.weeks_year
        ended = dict(finals)
        for case in self.open:
            final = case.spells[0].final or (case.ends_first if case.ends_first < 10**9 else None)
            if case.number not in ended and final is not None and first <= final <= last:
                ended[case.number] = final
        cases = [case for case in self.open if case.number in ended]
        target = round(weeks * 7 * len(cases))
        for _ in range(60):
            off = target - sum(finals.get(case.number, ended[case.number]) - case.issued for case in cases)
            step = 7 if off > 0 else -7
            for case in self.chance.mixed(chosen):
                moved = finals[case.number] + step
                if abs(off) >= 7 and self._soonest(case, first) <= moved <= self._latest(case, last):
                    finals[case.number] = moved
                    off -= step
            for case in self.chance.mixed(cases):
                lag = case.interim - case.issued + (1 if off > 0 else -1)
                if off and 0 <= lag <= LONGEST_TO_INTERIM:
                    case.issued = case.interim - lag
                    off -= 1 if off > 0 else -1
            if not off:
                break

    def _may_be_adopted(self, case: Proceedings, last: Day) -> bool:
        return all(
            s.end is None
            and days.age(s.child.born, last) < 7
            and not any(self.story_of[id(s)].lasting)
            and not self.story_of[id(s)].pattern
            for s in case.spells
        )

    def _order(self, spell: Care, final: Day, order: str) -> None:
        spell.final, spell.final_order = final, order
        if order == "CO":
            spell.track = "care_order"
            return
        spell.track = "adoption"
        plan = Adoption(decision=final - self.chance.between(20, 60), placement_order=final)
        placed = final + self.chance.between(70, PLACED_WITHIN)
        if placed <= self.world.year - 20:
            plan.placed = days.next_working_day(placed)
            plan.matched = plan.placed - self.chance.between(14, 60)
        spell.adoption = plan

    def _exits(self) -> None:
        """Proceedings of children who left care without an order ended when they left."""
        for case in self.open:
            for spell in case.spells:
                if spell.final is None and spell.end is not None:
                    spell.final, spell.final_order = spell.end, None
                spell.issued = case.issued

    def _waits_for_adoption(self) -> None:
        """Move the days on which adopted children moved in until their mean wait is the profile's."""
        first, last = days.add_months(self.world.year, -36) + 1, self.world.year
        adopted = [s for s in self.spells if s.adoption and s.adoption.order and first <= s.adoption.order <= last]
        target = round(self.world.profile.adoption_wait_days * len(adopted))
        for _ in range(400):
            off = target - sum((s.adoption.placed or 0) - s.start for s in adopted if s.adoption)
            step = 1 if off > 0 else -1
            for spell in self.chance.mixed(adopted):
                plan = spell.adoption
                assert plan and plan.placed and plan.order
                moved = plan.placed + step
                if off and plan.placement_order + 20 <= moved <= plan.order - 75:
                    plan.placed = moved
                    off -= step
            if not off:
                break
        for spell in adopted:
            plan = spell.adoption
            assert plan and plan.placed
            plan.matched = plan.placement_order + max(1, (plan.placed - plan.placement_order) * 3 // 5)

    def _needs(self, spell: Care) -> None:
        """Category of need, the same through the whole period."""
        story = self.story_of[id(spell)]
        age = days.age(spell.child.born, spell.start)
        if story.unaccompanied:
            spell.need = "N8"
        elif spell.interim is not None or age < 9:
            spell.need = self.chance.pick({"N1": 80, "N5": 10, "N4": 6, "N3": 4})
        else:
            spell.need = self.chance.pick({"N1": 45, "N5": 22, "N4": 14, "N6": 9, "N3": 4, "N8": 3, "N2": 3})


def _first_that_fill(cases: list[Proceedings], children: int) -> list[Proceedings]:
    """Cases in order, passing over one that would be too many."""
    chosen: list[Proceedings] = []
    left = children
    for case in cases:
        if case.size <= left:
            chosen.append(case)
            left -= case.size
    return chosen
