"""The partnership being made: its calendar, its profile, its people, and what the pathways have told each other so far."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sightline.engine.synthetic import days, places
from sightline.engine.synthetic.chance import Chance, stream
from sightline.engine.synthetic.days import Day
from sightline.engine.synthetic.lives import Care, Case, Child, Family, Referral
from sightline.engine.synthetic.profile import Profile
from sightline.engine.synthetic.providers import Provider
from sightline.engine.synthetic.tables import Clerk, Counter, Reserve, Table

if TYPE_CHECKING:
    from sightline.engine.synthetic.staff import Staff

CARE_RUNS_ON_MONTHS = 4  # how far the records of care run past the year, for what becomes of those who leave it

MINORITY = {
    "MWBC": 8,
    "MWBA": 4,
    "MWAS": 12,
    "MOTH": 8,
    "AIND": 8,
    "APKN": 24,
    "ABAN": 4,
    "CHNE": 2,
    "AOTH": 6,
    "BCRB": 4,
    "BAFR": 6,
    "BOTH": 3,
    "OOTH": 4,
    "WOTH": 6,
    "WROM": 1,
}
WHITE = {"WBRI": 97, "WIRI": 0.6, "NOBT": 2, "REFU": 0.4}
UNACCOMPANIED = {"AOTH": 40, "OOTH": 25, "BAFR": 30, "WOTH": 5}


class World:
    """One block of the county.

    `year` is the last day of the year told; `prior`, `before` and `earlier` those of the years before.
    """

    staff: Staff

    def __init__(self, profile: Profile, seed: int, block: int = 0) -> None:
        self.profile = profile
        self.seed, self.block = seed, block
        self.year: Day = days.day(profile.year_end)
        self.prior, self.before, self.earlier = (days.add_years(self.year, -years) for years in (1, 2, 3))
        self.later: Day = days.add_months(self.year, CARE_RUNS_ON_MONTHS)
        self.families: list[Family] = []
        self.cases: list[Case] = []
        self.care: list[Care] = []
        self.referrals: list[Referral] = []
        self.providers: list[Provider] = []
        self.reserve: Reserve = Counter()
        self.clerk = Clerk(self.chance("clerk"))
        self.kept: dict[str, Any] = {}  # what a pathway keeps for itself between living and telling
        self._families_made = 0
        self._family_chance = self.chance("families")

    def chance(self, name: str) -> Chance:
        """The stream of chance of that name."""
        return stream(self.seed, self.block, name)

    @property
    def children(self) -> list[Child]:
        return [child for family in self.families for child in family.children]

    def span(self, which: str) -> tuple[Day, Day]:
        """First and last day of a year: earlier, prior, year, or the months after it (later)."""
        ends = {"earlier": self.earlier, "prior": self.before, "year": self.prior, "later": self.year}
        last = {"earlier": self.before, "prior": self.prior, "year": self.year, "later": self.later}
        return ends[which] + 1, last[which]

    def family(self, *, unaccompanied: bool = False) -> Family:
        """A new family."""
        chance = self._family_chance
        if unaccompanied:
            ethnicity = chance.pick(UNACCOMPANIED)
        else:
            minority = chance.random() * 100 < self.profile.minority_ethnic_pct
            ethnicity = chance.pick(MINORITY if minority else WHITE)
        self._families_made += 1
        made = Family(self._families_made, ethnicity=ethnicity)
        self.families.append(made)
        return made

    def child(self, family: Family, birth: Day, known: Day, *, sex: str = "") -> Child:
        """A new child of a family; not yet born when the birth lies after the last day that anybody records it."""
        birth = days.born_on(birth)
        born = birth <= self.year
        made = Child(
            family,
            birth if born else None,
            sex or ("M" if self._family_chance.random() < 0.52 else "F"),
            expected=birth if not born or birth > known else None,
            first_known=known,
        )
        if not born:
            made.sex = "U"
        family.children.append(made)
        return made

    def siblings(self, chance: Chance, count: int, first: Day, last: Day) -> list[Child]:
        """The children of a new family, all known from the first day and none of them grown up on the last."""
        family = self.family()
        return [self.child(family, birth, first) for birth in sibling_births(chance, count, first, last)]

    def open_case(
        self, child: Child, start: Day, end: Day | None, *, kind: str, need: str, reason: str | None = None
    ) -> Case:
        """A case of children's social care with the accepted referral that opened it."""
        case = Case(child, start, end, reason if end is not None else None, need, kind=kind)
        case.referral = Referral(child, start, case, need=need)
        child.cases.append(case)
        self.cases.append(case)
        self.referrals.append(case.referral)
        return case

    def number(self, record: str, items: Sequence[Any]) -> None:
        """Give each item an id of that kind of record."""
        for item, number in zip(items, self.reserve(record, len(items)), strict=True):
            item.id = number

    def table(self, record: str, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> Table:
        """A table of rows that nothing refers to: they get their ids here."""
        ids = self.reserve(record, len(rows))
        return Table(record, ("id", *columns), [(number, *row) for number, row in zip(ids, rows, strict=True)])

    def home_of(self, family: Family) -> int:
        """Where a family lives: a place of `places.homes` of the area."""
        if family.home < 0:
            family.home = self._family_chance.randrange(len(places.homes(self.profile.area).postcodes))
        return family.home

    def open_social_care(self, child: Child, day: Day) -> Case | None:
        """The child's open case of children's social care on a day."""
        return next((case for case in child.cases if case.service == "social_care" and case.open_on(day)), None)


def sibling_births(chance: Chance, count: int, first: Day, last: Day) -> list[Day]:
    """Dates of birth up to the first day, under 18 on the last, at least ten months apart unless twins."""
    oldest = min(first, days.add_years(last, -18) + 40)
    found = [max(oldest, min(first, first - round(child_ages(chance) * 365.25)))]
    while len(found) < count:
        gap = chance.between(330, 1300)
        older, younger = min(found) - gap, max(found) + gap
        if older >= oldest and (younger > first or chance.random() < 0.5):
            found.append(older)
        elif younger <= first:
            found.append(younger)
        else:
            found.append(found[0])
    return found


def child_ages(chance: Chance) -> float:
    """Ages of children referred: more of the youngest and of the teenage years."""
    if chance.random() < 0.3:
        return chance.random() * 4
    return 4 + chance.random() * 13.3
