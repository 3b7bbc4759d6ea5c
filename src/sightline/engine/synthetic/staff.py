"""The workforce: agencies' teams, workers and who belongs where. Case holders, chairs and advisers are named from here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sightline.engine.synthetic.chance import Chance
from sightline.engine.synthetic.days import Day
from sightline.engine.synthetic.naming import Names
from sightline.engine.synthetic.tables import Table, on
from sightline.standards.areas import area, districts

if TYPE_CHECKING:
    from sightline.engine.synthetic.world import World

CASELOAD = 16
LONG_AGO = 3650


@dataclass(slots=True, eq=False)
class Worker:
    """Someone who works in a team."""

    job: str
    team: int  # place in the list of teams
    start: Day
    end: Day | None = None
    specialism: str = ""
    id: int = 0


class Staff:
    """The teams and workers of one world."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.chance: Chance = world.chance("staff")
        self.names = Names(world.chance("names of staff"))
        here = [one.name for one in districts(world.profile.area)]
        places = (
            here
            if len(here) > 1
            else [f"{area(world.profile.area).name} {part}" for part in ("North", "South", "East", "West")]
        )
        self.teams: list[tuple[str, str, str]] = [("First Response Team", "social_care", "front")]
        self.teams += [(f"Assessment Team, {place}", "social_care", "assessment") for place in places]
        self.teams += [(f"Safeguarding Team, {place}", "social_care", "long") for place in places]
        self.teams += [(f"Looked After Children Team {number}", "social_care", "care") for number in range(1, 5)]
        self.teams += [(f"Leaving Care Team {number}", "leaving_care", "leaving_care") for number in (1, 2)]
        self.teams += [("Children with Disabilities Team", "social_care", "disability")]
        self.teams += [("Independent Chairs' Service", "social_care", "chairs")]
        self.team_ids = list(world.reserve("organisations.Team", len(self.teams)))
        self.workers: list[Worker] = []
        self._hire()
        world.number("organisations.Worker", self.workers)
        self._by_purpose: dict[str, list[Worker]] = {}
        for worker in self.workers:
            if worker.end is None and worker.job in ("social_worker", "personal_adviser", "contact_officer"):
                self._by_purpose.setdefault(self.teams[worker.team][2], []).append(worker)
        self._chairs = [w for w in self.workers if w.job == "independent_chair" and w.end is None]
        self._managers = [w for w in self.workers if w.job == "team_manager"]

    def _hire(self) -> None:
        quota = self.world.profile
        holders = max(len(self.teams), round(quota.cases.year.open / CASELOAD * 1.25))
        shares = {
            "front": 0.06,
            "assessment": 0.36,
            "long": 0.34,
            "care": 0.14,
            "leaving_care": 0.06,
            "disability": 0.06,
        }
        for place, (_, _, purpose) in enumerate(self.teams):
            same = sum(team[2] == purpose for team in self.teams)
            count = max(1, round(holders * shares.get(purpose, 0) / same))
            if purpose == "chairs":
                self._add("independent_chair", place, quota.chairs.chairs, disability=quota.chairs.disability_chairs)
                self._add("business_manager", place, quota.chairs.managers)
                self._add("independent_chair", place, round(quota.chairs.chairs * 0.15), left=True)
                continue
            job = {"leaving_care": "personal_adviser", "front": "contact_officer"}.get(purpose, "social_worker")
            self._add(job, place, count)
            self._add("team_manager", place, 1)
            self._add(job, place, round(count * 0.2), left=True)

    def _add(self, job: str, team: int, count: int, *, disability: int = 0, left: bool = False) -> None:
        world = self.world
        for number in range(count):
            start = world.before - self.chance.between(30, LONG_AGO)
            end = self.chance.between(world.before + 1, world.year) if left else None
            self.workers.append(Worker(job, team, start, end, "disability" if number < disability else ""))

    # Who

    @property
    def disability_team(self) -> int:
        """The id of the disabled children's team."""
        return self.team_ids[self._place_of("disability")]

    def _place_of(self, purpose: str) -> int:
        return next(place for place, team in enumerate(self.teams) if team[2] == purpose)

    def holder(self, chance: Chance, purpose: str, family: int) -> tuple[int, int]:
        """Ids of a team and one of its workers for a case; a family's cases of one kind go to the same team."""
        workers = self._by_purpose[purpose]
        worker = workers[(family * 7 + chance.randrange(2)) % len(workers)]
        return self.team_ids[worker.team], worker.id

    def chair_for(self, family: int, day: Day) -> int | None:
        """The chair of a family's meetings: the same one for about a year."""
        return self._chairs[(family + day // 400) % len(self._chairs)].id if self._chairs else None

    def adviser(self, chance: Chance) -> int:
        """A personal adviser."""
        return chance.choice(self._by_purpose["leaving_care"]).id

    def contact_officer(self, chance: Chance) -> int:
        """Someone who decides on contacts."""
        return chance.choice(self._by_purpose["front"]).id

    def manager(self, chance: Chance) -> int:
        """A team manager, who authorises."""
        return chance.choice(self._managers).id

    # Records

    def tables(self) -> Iterator[Table]:
        """Teams, workers and memberships."""
        world = self.world
        opened = world.before - LONG_AGO
        yield Table(
            "organisations.Team",
            ("id", "name", "service", "recorded_at"),
            [
                (i, name, service, world.clerk(opened))
                for i, (name, service, _) in zip(self.team_ids, self.teams, strict=True)
            ],
        )
        yield Table(
            "organisations.Worker",
            ("id", "name", "job", "specialism", "recorded_at"),
            [(w.id, self.names.full(), w.job, w.specialism, world.clerk(w.start)) for w in self.workers],
        )
        ids = world.reserve("organisations.TeamMembership", len(self.workers))
        rows: list[tuple[Any, ...]] = [
            (i, w.id, self.team_ids[w.team], on(w.start), on(w.end), world.clerk(w.start))
            for i, w in zip(ids, self.workers, strict=True)
        ]
        yield Table(
            "organisations.TeamMembership",
            ("id", "worker_id", "team_id", "start_date", "end_date", "recorded_at"),
            rows,
        )
