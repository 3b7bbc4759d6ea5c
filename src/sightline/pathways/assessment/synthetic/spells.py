"""Which assessments there are, when they were authorised and how many of them in time.

The first assessment of a case starts with the referral that opened it, for brothers and sisters together. What the profile's numbers leave over are
later assessments of cases that stay open; so many of all are late, and so many are still in progress on the last day.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from sightline.engine.synthetic import days
from sightline.engine.synthetic.chance import Chance
from sightline.engine.synthetic.days import Day
from sightline.engine.synthetic.lives import Case
from sightline.engine.synthetic.profile import AssessmentYear
from sightline.engine.synthetic.world import World

LIMIT = 45  # working days
LATE = 0.14  # of the first assessments that could be
LOOKS_BACK = 130  # days before the first year told from which an assessment may still have been in progress
APART = 60  # days between two assessments of one case
LONGEST = 105  # days that any assessment takes, late ones too
AT_CLOSURE = 70  # a case that closed within so many days closed with its assessment


@dataclass(slots=True, eq=False)
class Spell:
    """One assessment of one child."""

    case: Case
    start: Day
    authorised: Day | None = None
    cancelled: Day | None = None
    first: bool = True
    id: int = 0

    @property
    def in_time(self) -> bool:
        return self.authorised is not None and self.authorised <= days.add_working_days(self.start, LIMIT)


class Assessments:
    """Settles the assessments of one world."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.chance: Chance = world.chance("assessments")
        self.cases = [case for case in world.cases if case.service == "social_care"]
        self.spells: list[Spell] = []

    def settle(self) -> list[Spell]:
        quota = self.world.profile.assessments
        self._first()
        self._with_enquiries()
        for name, asked in (("prior", quota.prior), ("year", quota.year)):
            self._in_progress(name, asked.in_progress)
            self._number(name, asked)
            self._punctuality(name, asked)
        for spell in self.spells:
            if spell.cancelled is None:
                spell.case.assessed.append((spell.start, spell.authorised))
        return self.spells

    # First assessments

    def _first(self) -> None:
        units: dict[tuple[int, Day], list[Case]] = defaultdict(list)
        for case in self.cases:
            if case.start > self.world.before - LOOKS_BACK and case.kind != "leaving_care":
                units[(case.child.family.number, case.start)].append(case)
        for cases in units.values():
            shortest = min((case.end for case in cases if case.end is not None), default=None)
            done = self._until_conference(self._authorised(cases[0].start, shortest), cases[0])
            authorised = done if done <= self.world.year else None
            if authorised is not None and authorised <= self.world.before:
                continue
            self.spells += [Spell(case, case.start, authorised) for case in cases]

    def _authorised(self, start: Day, closes: Day | None) -> Day:
        if closes is not None and closes - start <= AT_CLOSURE:
            return closes
        late = self.chance.random() < LATE
        length = self.chance.between(LIMIT + 1, 70) if late else self._usual_length()
        done = days.add_working_days(start, length)
        return done if closes is None else min(done, closes)

    def _until_conference(self, done: Day, case: Case) -> Day:
        """An assessment that was under way when an enquiry began is not over in a year before the conference that goes by it."""
        if case.enquiry is None or case.enquiry[0] > done or not self._year_turns(done, case.enquiry[1]):
            return done
        return case.enquiry[1]

    def _year_turns(self, done: Day, held: Day) -> bool:
        """Whether a year ends between two days."""
        return any(done <= turn < held for turn in (self.world.before, self.world.prior, self.world.year))

    def _with_enquiries(self) -> None:
        """An enquiry that began when the first assessment had been over since another year goes with an assessment of its own."""
        last: dict[int, Day] = {}
        for spell in self.spells:
            last[id(spell.case)] = spell.authorised or self.world.year + 1
        for case in self.cases:
            if case.enquiry is None or case.enquiry[1] <= self.world.before:
                continue
            began, held = case.enquiry
            if self._year_turns(last.get(id(case), self.world.before), held):
                self.spells.append(Spell(case, began, held if held <= self.world.year else None, first=False))

    def _usual_length(self) -> int:
        return self.chance.about(33, 10, 5, LIMIT)

    # The numbers

    def _of(self, name: str) -> list[Spell]:
        first, last = self.world.span(name)
        return [spell for spell in self.spells if spell.authorised is not None and first <= spell.authorised <= last]

    def _open_at(self, day: Day) -> list[Spell]:
        return [
            s
            for s in self.spells
            if s.start <= day
            and (s.authorised is None or s.authorised > day)
            and (s.cancelled is None or s.cancelled > day)
        ]

    def _in_progress(self, name: str, wanted: int) -> None:
        """As many in progress on the last day as asked: others were authorised before it, or begun on cases already open."""
        first, last = self.world.span(name)
        now = self._open_at(last)
        surplus = len(now) - wanted
        free = self.chance.mixed([s for s in now if s.start < last - 12 and not self._waits(s, last)])
        # Whatever is overdue by then was authorised, also where others have to be in progress in its place.
        free.sort(key=lambda s: not self._overdue(s, last))
        closed = free[: max(surplus, sum(self._overdue(s, last) for s in free))]
        surplus -= len(closed)
        for spell in closed:
            spell.authorised = self.chance.between(spell.start + 10, last)
        for case, start in self._room(max(first, last - 55), last - 3, max(0, -surplus)):
            if last == self.world.year:
                self.spells.append(Spell(case, start, None, first=False))
                continue
            done = max(last + 1, days.add_working_days(start, self._usual_length()))
            if case.end is not None and done >= case.end:
                done = min(done, case.end)
            self.spells.append(Spell(case, start, done, first=False))

    def _waits(self, spell: Spell, last: Day) -> bool:
        """Whether it goes on to a conference, or to the closure of its case, after a day."""
        case = spell.case
        return (case.enquiry is not None and case.enquiry[1] > last) or (case.assessed_only and (case.end or 0) > last)

    def _overdue(self, spell: Spell, last: Day) -> bool:
        # The day of the start and the last are counted.
        return days.add_working_days(spell.start, LIMIT) <= last

    def _number(self, name: str, asked: AssessmentYear) -> None:
        """As many authorised in the year as asked: more of them on open cases, or some cancelled instead."""
        first, last = self.world.span(name)
        mine = self._of(name)
        for spell in self.chance.some(
            [s for s in mine if s.first and s.case.enquiry is None and not s.case.assessed_only],
            len(mine) - asked.authorised,
        ):
            spell.cancelled, spell.authorised = spell.authorised, None
        for case, start in self._room(first, last - 75, max(0, asked.authorised - len(mine))):
            done = days.add_working_days(start, self._usual_length())
            self.spells.append(Spell(case, start, min(done, last, case.end or last), first=False))

    def _room(self, first: Day, last: Day, count: int) -> list[tuple[Case, Day]]:
        """Open cases with room for another assessment between two days, and the day it starts."""
        found: list[tuple[Case, Day]] = []
        if count <= 0:
            return found
        taken: dict[int, list[tuple[Day, Day]]] = defaultdict(list)
        for spell in self.spells:
            until = spell.authorised or spell.cancelled or self.world.year + 1
            # Some that are in time now will be made late.
            taken[id(spell.case)].append((spell.start, max(until, spell.start + LONGEST)))
        cases = [
            case
            for case in self.cases
            if case.kind != "leaving_care"
            and case.start < last - APART
            and (case.end is None or case.end > first + APART + 20)
        ]
        for _ in range(12):
            for case in self.chance.mixed(cases):
                if len(found) >= count:
                    return found
                latest = min(last, (case.end or self.world.year + 200) - 75)
                earliest = max(first, case.start + APART)
                if latest < earliest:
                    continue
                start = self.chance.between(earliest, latest)
                if all(start > until or start + LONGEST < since for since, until in taken[id(case)]):
                    found.append((case, start))
                    taken[id(case)].append((start, start + LONGEST))
        return found

    # In time

    def _punctuality(self, name: str, asked: AssessmentYear) -> None:
        """As many of the year's assessments in time as asked."""
        first, last = self.world.span(name)
        mine = self._of(name)
        off = sum(spell.in_time for spell in mine) - asked.in_time
        for spell in self.chance.mixed(mine):
            if off > 0 and spell.in_time:
                off -= self._make_late(spell, last)
            elif off < 0 and not spell.in_time:
                off += self._make_punctual(spell, first)

    def _ends_with_case(self, spell: Spell) -> bool:
        return spell.case.end is not None and spell.first and spell.authorised == spell.case.end

    def _make_late(self, spell: Spell, last: Day) -> int:
        bound = min(last, (spell.case.end or last + 1) - 1)
        if spell.case.enquiry is not None and spell.authorised is not None and spell.authorised < spell.case.enquiry[0]:
            # The enquiry may have an assessment of its own.
            bound = min(bound, spell.case.enquiry[0] - 1)
        soonest = days.add_working_days(spell.start, LIMIT + 1)
        if self._ends_with_case(spell) or soonest > bound or (not spell.first and soonest > spell.start + 100):
            return 0
        spell.authorised = min(bound, soonest + self.chance.between(0, 20)) if spell.first else soonest
        return 1

    def _make_punctual(self, spell: Spell, first: Day) -> int:
        latest = days.add_working_days(spell.start, LIMIT)
        if self._ends_with_case(spell) or latest < first:
            return 0
        spell.authorised = max(first, latest - self.chance.between(0, 9))
        return 1
