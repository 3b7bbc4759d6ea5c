"""What kind of placement each island is and where: on the two last days so many of each kind, out of the area and far from home.

A child who did not move in the year is in the same placement on both days, so each number is made up of islands that span both days and of
those that meet one only.
"""

from __future__ import annotations

from collections.abc import Callable

from sightline.engine.synthetic import places
from sightline.engine.synthetic.chance import Chance
from sightline.engine.synthetic.days import Day
from sightline.engine.synthetic.world import World
from sightline.pathways.looked_after.synthetic.moves import Island, age_at
from sightline.pathways.looked_after.synthetic.stories import Story

USUAL = {"FOSTER": 77, "RESIDENTIAL": 12, "PARENTS": 9, "OTHER": 2}
BOTH_SHARE = 0.62
FAR_OUTSIDE = 0.72  # of those over 20 miles away, how many are out of the area too

Ready = Callable[[Island], bool]


class Homes:
    """Settles kind and place of every island."""

    def __init__(self, world: World, stories: list[Story], islands: dict[int, list[Island]]) -> None:
        self.world, self.stories, self.islands = world, stories, islands
        self.chance: Chance = world.chance("homes")
        self.all = [island for found in islands.values() for island in found]
        self.at_prior = self._at(world.prior)
        self.at_year = self._at(world.year)
        self.area = world.profile.area

    def settle(self) -> None:
        self._last_homes()
        self._kinds()
        self._flags()
        for island in self.all:
            self._usual(island)
        self._places()

    def _at(self, day: Day) -> list[Island]:
        return [island for island in self.all if island.covers(day)]

    def _last_homes(self) -> None:
        """Those who came of age, or stayed with foster carers under guardianship, had their last home settled with the end."""
        for story in self.stories:
            island = self.islands[id(story.last)][-1]
            if story.last.last_home:
                island.kind = story.last.last_home
            elif story.last.reason in ("E43", "E45", "E46"):
                island.kind = "FOSTER"

    # Kinds

    def _kinds(self) -> None:
        care = self.world.profile.care
        for kind, at_prior, at_year, ready in (
            ("RESIDENTIAL", care.at_prior.residential, care.at_year.residential, self._may_be_residential),
            ("INDEPENDENT", care.at_prior.independent, care.at_year.independent, self._may_be_independent),
            ("PARENTS", care.at_prior.parents, care.at_year.parents, self._may_be_with_parents),
            ("FOSTER", care.at_prior.foster, care.at_year.foster, lambda _: True),
        ):
            self._two_days(kind, at_prior, at_year, ready)

    def _two_days(self, kind: str, at_prior: int, at_year: int, ready: Ready) -> None:
        """Give a kind to islands until so many have it on each day."""
        have_prior = sum(island.kind_on(self.world.prior) == kind for island in self.at_prior)
        have_year = sum(island.kind_on(self.world.year) == kind for island in self.at_year)

        def give(island: Island) -> None:
            island.kind = kind

        self._share(
            [i for i in self.at_prior if not i.kind and ready(i)],
            [i for i in self.at_year if not i.kind and ready(i)],
            (at_prior - have_prior, at_year - have_year),
            give,
        )

    def _share(
        self, first: list[Island], second: list[Island], wanted: tuple[int, int], give: Callable[[Island], None]
    ) -> None:
        """Choose islands so that `wanted` of the first list and of the second are chosen; some stand in both."""
        in_second = set(map(id, second))
        in_first = set(map(id, first))
        both = [i for i in first if id(i) in in_second]
        only_first = [i for i in first if id(i) not in in_second]
        only_second = [i for i in second if id(i) not in in_first]
        at_first, at_second = max(0, wanted[0]), max(0, wanted[1])
        least = max(at_first - len(only_first), at_second - len(only_second), 0)
        most = min(at_first, at_second, len(both))
        shared = max(min(round(BOTH_SHARE * min(at_first, at_second)), most), min(least, most))
        chosen = [
            *self.chance.some(both, shared),
            *self.chance.some(only_first, at_first - shared),
            *self.chance.some(only_second, at_second - shared),
        ]
        for island in chosen:
            give(island)

    def _may_be_residential(self, island: Island) -> bool:
        return age_at(island) >= 7 and island.spell.track != "adoption"

    def _may_be_independent(self, island: Island) -> bool:
        return age_at(island) >= 16

    def _may_be_with_parents(self, island: Island) -> bool:
        spell = island.spell
        return (
            not spell.child.unaccompanied
            and spell.track in ("interim", "care_order")
            and spell.interim is not None
            and spell.interim <= island.start
        )

    def _usual(self, island: Island) -> None:
        """Kind and distance where neither day settled them."""
        chance = self.chance
        if not island.kind:
            weights = dict(USUAL)
            if not self._may_be_residential(island):
                weights["RESIDENTIAL"] = 0
            if not self._may_be_with_parents(island):
                weights["PARENTS"] = 0
            if self._may_be_independent(island):
                weights["INDEPENDENT"] = 40
            on_a_day = island.covers(self.world.prior) or island.covers(self.world.year)
            island.kind = "OTHER" if on_a_day else chance.pick(weights)
        if island.outside is None:
            island.outside = island.kind != "PARENTS" and chance.random() < 0.28
        if island.far is None:
            free = island.kind != "PARENTS" and not island.spell.child.unaccompanied
            island.far = free and chance.random() < (0.5 if island.outside else 0.08)

    # Where

    def _flags(self) -> None:
        care = self.world.profile.care
        both: list[tuple[int, int]] = []
        for stock in (care.at_prior, care.at_year):
            far_out = min(round(FAR_OUTSIDE * stock.over_20_miles), round(0.9 * stock.outside))
            both.append((far_out, stock.outside - far_out))
        far = (care.at_prior.over_20_miles, care.at_year.over_20_miles)
        self._mark(True, True, (both[0][0], both[1][0]), self._may_be_far)
        self._mark(False, True, (far[0] - both[0][0], far[1] - both[1][0]), self._may_be_far_inside)
        self._mark(True, False, (both[0][1], both[1][1]), self._may_be_outside)
        for island in {id(i): i for i in [*self.at_prior, *self.at_year]}.values():
            if island.outside is None:
                island.outside = island.far = False

    def _mark(self, outside: bool, far: bool, wanted: tuple[int, int], ready: Ready) -> None:
        def give(island: Island) -> None:
            island.outside, island.far = outside, far

        unmarked: Ready = lambda island: island.outside is None and ready(island)  # noqa: E731 (a named filter)
        self._share([i for i in self.at_prior if unmarked(i)], [i for i in self.at_year if unmarked(i)], wanted, give)

    def _may_be_outside(self, island: Island) -> bool:
        return island.kind != "PARENTS"

    def _may_be_far(self, island: Island) -> bool:
        return island.kind != "PARENTS" and not island.spell.child.unaccompanied

    def _may_be_far_inside(self, island: Island) -> bool:
        return self._may_be_far(island) and places.can_be_far(self.area, self.world.home_of(island.spell.child.family))

    def _places(self) -> None:
        """A carer and a postcode for every island."""
        for number, island in enumerate(self.all, 1):
            island.carer = number
            home = self.world.home_of(island.spell.child.family)
            island.place = places.find(self.chance, self.area, home, outside=bool(island.outside), far=bool(island.far))
