"""Where children live while looked after: the spells with one carer ("islands"), and how many of them each child has.

The two measures of stability look at the moves of a year and at how long the present island has lasted; both come out as in the profile.
"""

from __future__ import annotations

from dataclasses import dataclass

from sightline.engine.synthetic import days
from sightline.engine.synthetic.chance import Chance
from sightline.engine.synthetic.days import Day
from sightline.engine.synthetic.lives import Care
from sightline.engine.synthetic.world import World
from sightline.pathways.looked_after.synthetic.stories import Story

APART = 16  # days between two moves
OTHER_MOVE = 0.3  # of those without three placements, how many moved once in a year


@dataclass(slots=True, eq=False)
class Island:
    """A spell with one carer. `kind` is a placement group; `adopters`: the carers are to adopt."""

    spell: Care
    start: Day
    end: Day | None = None
    kind: str = ""
    adopters: bool = False
    outside: bool | None = None
    far: bool | None = None
    carer: int = 0
    place: int = -1
    before_adoption: Day | None = None  # foster carers who adopt: placed for adoption from this day

    def kind_on(self, day: Day) -> str:
        """The placement group on a day: foster carers who adopt become adopters on the day the child is placed with them so."""
        return "ADOPTION" if self.before_adoption is not None and self.before_adoption <= day else self.kind

    def covers(self, day: Day) -> bool:
        return self.start <= day and (self.end is None or self.end > day)


class Moves:
    """Settles the islands of every period of care."""

    def __init__(self, world: World, stories: list[Story]) -> None:
        self.world, self.stories = world, stories
        self.chance: Chance = world.chance("moves")
        self.islands: dict[int, list[Island]] = {}

    def settle(self) -> dict[int, list[Island]]:
        """Islands in order for each period of care, by its identity."""
        care = self.world.profile.care
        self._settled(care.at_prior.settled, care.at_year.settled)
        often_year = self._often("year", care.at_year.three_placements)
        often_prior = self._often("prior", care.at_prior.three_placements)
        for story in self.stories:
            for spell in story.care:
                self.islands[id(spell)] = self._islands(story, spell, id(story) in often_prior, id(story) in often_year)
        return self.islands

    def _settled(self, at_prior: int, at_year: int) -> None:
        """Of the children in lasting care, which are settled on each day; the same ones where both ask."""
        later = self.chance.some([s for s in self.stories if s.lasting[1]], at_year)
        chosen = set(map(id, later))
        first = sorted(
            (s for s in self.stories if s.lasting[0]), key=lambda s: (id(s) not in chosen, self.chance.random())
        )
        # Some who are settled in the end were not yet so a year before.
        spared = round(0.12 * at_prior)
        first = first[spared : spared + at_prior] if len(first) >= spared + at_prior else first[:at_prior]
        at_first = set(map(id, first))
        for story in self.stories:
            story.settled = (id(story) in at_first, id(story) in chosen)

    def _often(self, name: str, count: int) -> set[int]:
        """Children with three placements or more in a year to its last day: in care then, and free to have moved."""
        first, last = self.world.span(name)
        ready = [
            s
            for s in self.stories
            if s.in_care(name)
            and not s.pattern
            and not s.settled[1]
            and not (name == "prior" and s.settled[0])
            and last - max(first, s.last.start) > 4 * APART
            and (s.last.adoption is None or s.last.adoption.placed is None)
        ]
        return set(map(id, self.chance.some(ready, count)))

    def _islands(self, story: Story, spell: Care, often_prior: bool, often_year: bool) -> list[Island]:
        moves = sorted(self._move_days(story, spell, often_prior, often_year))
        found = [Island(spell, start) for start in [spell.start, *moves]]
        for one, following in zip(found, [*moves, spell.end], strict=True):
            one.end = following
        plan = spell.adoption
        if plan is not None and plan.placed is not None:
            self._with_adopters(found, plan.placed, by_carer=plan.by_carer)
        return found

    def _with_adopters(self, found: list[Island], placed: Day, *, by_carer: bool) -> None:
        last = found[-1]
        last.adopters = True
        if by_carer:
            last.before_adoption = placed
            last.kind = "FOSTER"
        else:
            last.kind = "ADOPTION"

    def _move_days(self, story: Story, spell: Care, often_prior: bool, often_year: bool) -> list[Day]:
        """The days on which a child moved to other carers."""
        plan = spell.adoption
        if plan is not None and plan.placed is not None:
            return self._before_adopters(spell, plan.placed, by_carer=plan.by_carer)
        found: list[Day] = []
        if spell is story.last and not story.pattern:
            found += self._in_year("year", spell, self._wanted_year(story, often_year), found)
            found += self._in_year("prior", spell, self._wanted_prior(story, often_prior, bool(found)), found)
        if not story.lasting[0] or not story.settled[0]:
            found += self._before_years(spell, must=self._must_before(story, found), taken=found)
        else:
            found += self._early(spell)
        return found

    def _wanted_year(self, story: Story, often: bool) -> int:
        if not story.in_care("year"):
            # What those who left had done in the year is in no stock.
            return int(self.chance.random() < OTHER_MOVE) if story.leaves == "year" else 0
        if often:
            return self.chance.pick({2: 75, 3: 20, 4: 5})
        if story.settled[1]:
            return 0
        if story.lasting[1] and (story.settled[0] or self.chance.random() < 0.6):
            return 1
        return int(self.chance.random() < OTHER_MOVE)

    def _wanted_prior(self, story: Story, often: bool, moved_later: bool) -> int:
        if often:
            return self.chance.pick({2: 75, 3: 20, 4: 5})
        if story.settled[0] or story.settled[1]:
            return 0
        if story.lasting[1] and not moved_later:
            return 1
        return int(self.chance.random() < OTHER_MOVE) if story.in_care("prior") or story.leaves == "prior" else 0

    def _must_before(self, story: Story, found: list[Day]) -> bool:
        """Whether an unsettled child in lasting care must have moved in the year before the two told."""
        return story.lasting[0] and not story.settled[0] and not any(day <= self.world.prior for day in found)

    def _in_year(self, name: str, spell: Care, count: int, taken: list[Day]) -> list[Day]:
        # Not on the first day: who moves then was with the former carers in the year before only.
        first, last = self.world.span(name)
        return self._spaced(max(first + 1, spell.start + 7), min(last, (spell.end or last + 30) - 7), count, taken)

    def _before_years(self, spell: Care, *, must: bool, taken: list[Day]) -> list[Day]:
        first, last = self.world.earlier + 1, min(self.world.before, (spell.end or self.world.before + 30) - 7)
        wanted = 1 if must else int(self.chance.random() < OTHER_MOVE / 2)
        found = self._spaced(max(first, spell.start + 7), last, wanted, taken) if spell.start < last - 30 else []
        return found + self._early(spell)

    def _early(self, spell: Care) -> list[Day]:
        """Moves of long ago, which no measure looks at."""
        last = min(self.world.earlier, (spell.end or self.world.earlier + 30) - 7) - APART
        length = last - spell.start
        if length < 60:
            return []
        return self._spaced(spell.start + 7, last, min(3, int(self.chance.expovariate(1 / (length / 900 + 0.1)))), [])

    def _before_adopters(self, spell: Care, placed: Day, *, by_carer: bool) -> list[Day]:
        found = [] if by_carer else [placed]
        if self.chance.random() < 0.25 and placed - spell.start > 90:
            early = self.chance.between(spell.start + 10, placed - 40)
            # One move before and one to adopters must not make three placements in a year to a last day.
            if not by_carer and any(
                first <= early <= placed <= last for first, last in map(self.world.span, ("prior", "year"))
            ):
                return found
            found.append(early)
        return found

    def _spaced(self, first: Day, last: Day, count: int, taken: list[Day]) -> list[Day]:
        """So many days in a span, none close to another; evenly spread when there is little room."""
        found: list[Day] = []
        if last < first:
            return found
        for _ in range(200):
            if len(found) == count:
                return found
            day = self.chance.between(first, last)
            if all(abs(day - other) >= APART for other in [*taken, *found]):
                found.append(day)
        step = max(1, (last - first) // max(1, count))
        return [first + step * i for i in range(count)]


def age_at(island: Island) -> int:
    """The child's age when the island began."""
    return days.age(island.spell.child.born, island.start)
