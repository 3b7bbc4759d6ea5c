"""Whose work a list shows: one's own, or that of one's teams."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from django.db.models import Exists, OuterRef, Q, QuerySet

from sightline.core.access.models import User
from sightline.core.access.roles import Permission
from sightline.core.access.visibility import seen_by_each, visible_rows
from sightline.core.cases.models import Allocation
from sightline.core.notes.models import Task
from sightline.core.organisations.models import TeamMembership
from sightline.core.people.models import WarningMarker
from sightline.core.records.spells import open_on
from sightline.engine.deadlines.models import Deadline
from sightline.engine.work.declarations import stopped_by

HOLDS = "Every clock that runs on a child whose case is allocated to you, your tasks, and the warnings that you review."
STOPS = "Clocks that your role can stop, of the children you have a reason to see, your tasks, and the warnings that you review."
TEAM = (
    "Every clock that runs on a child whose case is allocated to your teams, and the tasks of the teams and their workers and the warnings that"
    " they review, or that nobody else who sees the child does. At the front door also the warnings to review soon on people whom no team holds."
)


@dataclass(frozen=True)
class Holder:
    """Who holds a child's case."""

    id: int
    name: str


@dataclass(frozen=True)
class Scope:
    """Whose work: of which people the clocks, of which workers and teams the tasks and the warnings to review.

    `people` is None for those who hold no cases: chairs, contact officers and partners. They see the clocks that they can stop.
    """

    user: User
    day: date
    boundary: str
    people: frozenset[int] | None
    workers: frozenset[int]
    teams: frozenset[int]
    #: Who holds each child's cases; None stands for a case of the team that nobody holds.
    holders: dict[int, tuple[Holder | None, ...]] = field(default_factory=dict, compare=False)

    def of_worker(self, worker: int) -> Scope:
        """The part of it that one worker holds."""
        people = frozenset(
            id for id, held in self.holders.items() if any(one is not None and one.id == worker for one in held)
        )
        return Scope(self.user, self.day, self.boundary, people, frozenset((worker,)), frozenset(), self.holders)

    @cached_property
    def clocks(self) -> QuerySet[Deadline]:
        """The open deadlines: those that run on, whatever day the partnership stands at."""
        rows: QuerySet[Deadline] = visible_rows(self.user, Deadline, self.day, about=self.people)
        running = rows.filter(outcome="open")
        return running if self.people is not None else running.filter(clock__in=stopped_by(self.user))

    @cached_property
    def tasks(self) -> QuerySet[Task]:
        """The tasks still to do."""
        rows: QuerySet[Task] = visible_rows(self.user, Task, self.day)
        return rows.filter(self._whose, done_date=None, cancelled_date=None)

    @cached_property
    def warnings(self) -> QuerySet[WarningMarker]:
        """The warnings that somebody of the scope reviews."""
        rows: QuerySet[WarningMarker] = visible_rows(self.user, WarningMarker, self.day).filter(end_date=None)
        return rows.filter(self._whose | Q(pk__in=self._left_alone(rows)))

    def _left_alone(self, rows: QuerySet[WarningMarker]) -> list[int]:
        """Warnings on the team's children, and on people of no team, whose owners left or no longer see them: else they were on nobody's list."""
        if not self.teams or self.people is None:
            return []
        held = Allocation.objects.filter(open_on(self.day), person=OuterRef("person"))
        whom = Q(person__in=self.people) | ~Exists(held)
        others = list(rows.filter(~self._whose, whom).values_list("pk", "person_id", "worker_id", "team_id"))
        users = owners(others, self.day)
        pairs = [(user, person) for pk, person, _worker, _team in others for user in users[pk]]
        seen = seen_by_each(pairs, self.day)
        return [pk for pk, person, _worker, _team in others if not any((user.pk, person) in seen for user in users[pk])]

    @property
    def _whose(self) -> Q:
        return Q(worker__in=self.workers) | Q(team__in=self.teams)


def own(user: User, day: date) -> Scope:
    """What is due from the user themselves."""
    me = frozenset((user.worker_id,)) if user.worker_id else frozenset()
    if not user.may(Permission.RECORD):
        return Scope(user, day, STOPS, None, me, frozenset())
    holders = _holders(open_allocations(day).filter(worker__in=me))
    return Scope(user, day, HOLDS, frozenset(holders), me, frozenset(), holders)


def team(user: User, day: date) -> Scope:
    """What is due from the user's teams."""
    teams = frozenset(teams_of(user, day))
    members = TeamMembership.objects.filter(open_on(day), team__in=teams).values_list("worker_id", flat=True)
    holders = _holders(open_allocations(day).filter(team__in=teams))
    return Scope(user, day, TEAM, frozenset(holders), frozenset(members), teams, holders)


def teams_of(user: User, day: date) -> list[int]:
    """The teams that the user belongs to on a day."""
    if user.worker_id is None:
        return []
    return list(TeamMembership.objects.filter(open_on(day), worker=user.worker_id).values_list("team_id", flat=True))


def owners(rows: Iterable[tuple[int, int, int | None, int | None]], day: date) -> dict[int, list[User]]:
    """For each of these rows (its id, its person, worker and team): the users whose list would have it."""
    rows = list(rows)
    teams = {team for _id, _person, _worker, team in rows if team}
    members: dict[int, set[int]] = {}
    if teams:
        held = TeamMembership.objects.filter(open_on(day), team__in=teams).values_list("team_id", "worker_id")
        for team, worker in held:
            members.setdefault(team, set()).add(worker)
    asked = {id: {worker} - {None} | members.get(team or 0, set()) for id, _person, worker, team in rows}
    wanted = {worker for workers in asked.values() for worker in workers}
    users = User.objects.filter(worker__in=wanted, is_active=True).select_related("worker") if wanted else ()
    found: dict[int | None, list[User]] = {}
    for user in users:
        found.setdefault(user.worker_id, []).append(user)
    return {id: [user for worker in workers for user in found.get(worker, ())] for id, workers in asked.items()}


def open_allocations(day: date) -> QuerySet[Allocation]:
    """Allocations that hold on a day, by the rule that makes them a reason to see the child."""
    return Allocation.objects.filter(open_on(day))


def holder_names(people: Iterable[int], day: date) -> dict[int, tuple[str, ...]]:
    """The workers to whom the cases of each person are allocated, by name."""
    held = open_allocations(day).filter(person__in=people, worker__isnull=False)
    found: dict[int, list[str]] = {}
    for person, name in held.values_list("person_id", "worker__name").order_by("person_id", "id"):
        found.setdefault(person, []).append(name)
    return {person: tuple(dict.fromkeys(names)) for person, names in found.items()}


def _holders(held: QuerySet[Allocation]) -> dict[int, tuple[Holder | None, ...]]:
    found: dict[int, dict[int | None, Holder | None]] = {}
    for person, worker, name in held.values_list("person_id", "worker_id", "worker__name").order_by("person_id", "id"):
        found.setdefault(person, {})[worker] = Holder(worker, name or f"Worker {worker}") if worker else None
    return {person: tuple(each.values()) for person, each in found.items()}
