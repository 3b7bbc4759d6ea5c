"""The manager's board: cases that nobody holds, what each worker holds, and what waits for a decision."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from sightline.core.access.models import User
from sightline.core.access.visibility import visible, visible_rows
from sightline.core.cases.models import Allocation, Case
from sightline.core.organisations.models import TeamMembership
from sightline.core.people.models import Person
from sightline.core.records.spells import open_on
from sightline.engine.actions.engine import may, people_of
from sightline.engine.screens import words as said
from sightline.engine.work.declarations import Awaiting, awaiting, kinds
from sightline.engine.work.scope import open_allocations, teams_of
from sightline.standards.codes import codeset

UNALLOCATED = (
    "Open cases that no worker holds, the longest open first: those given to a team of yours only, and those of your teams' services that no"
    " team holds at all, which every manager of the service sees until somebody allocates them."
)
NO_TEAM = "No team yet"
CASELOADS = (
    "Open cases by the worker who holds them, for the workers of your teams. A case counts once, under the first kind that fits:"
    " the child's open plan or period of care, else the service."
)
INBOX = "Records that wait for something your role may do, of the children you have a reason to see; not what you asked for yourself."


@dataclass(frozen=True)
class Unallocated:
    """A case that no worker holds."""

    case: int
    person: int
    name: str
    since: date
    service: str
    team: str


@dataclass(frozen=True)
class Caseload:
    """What one worker holds, by kind of work."""

    worker: int
    name: str
    kinds: dict[str, int]

    @property
    def total(self) -> int:
        """All their cases."""
        return sum(self.kinds.values())


@dataclass(frozen=True)
class Waiting:
    """What waits for one kind of decision: how many, and the longest waiting."""

    what: Awaiting
    count: int
    rows: list[WaitingRow]


@dataclass(frozen=True)
class WaitingRow:
    """One record that waits."""

    id: int
    line: str
    name: str
    since: date | None
    people: tuple[int, ...]


def unallocated(user: User, day: date, most: int | None = None) -> list[Unallocated]:
    """Open cases that no worker holds, the longest open first; only so many, where said."""
    found = list(_no_worker(user, day).order_by("start_date", "pk")[:most])
    called = said.names(one.person_id for one in found)
    teams = dict(open_allocations(day).filter(case__in=[one.pk for one in found]).values_list("case_id", "team__name"))
    return [
        Unallocated(
            one.pk,
            one.person_id,
            called.get(one.person_id) or f"Person {one.person_id}",
            one.start_date,
            codeset("service").display(one.service),
            teams.get(one.pk, NO_TEAM),
        )
        for one in found
    ]


def unallocated_count(user: User, day: date) -> int:
    """How many open cases no worker holds."""
    return _no_worker(user, day).count()


def _no_worker(user: User, day: date) -> QuerySet[Any]:
    held = open_allocations(day).filter(case=OuterRef("pk"), worker__isnull=False)
    rows: QuerySet[Any] = visible_rows(user, Case, day).filter(open_on(day), ~Exists(held))
    return rows


def caseloads(user: User, day: date) -> tuple[list[str], list[Caseload]]:
    """The kinds that there are, and what each worker of the user's teams holds."""
    teams = teams_of(user, day)
    members = TeamMembership.objects.filter(open_on(day), team__in=teams)
    workers = dict(members.values_list("worker_id", "worker__name"))
    held = visible_rows(user, Allocation, day).filter(open_on(day), worker__in=list(workers))
    cases = list(held.values_list("worker_id", "person_id", "case__service"))
    by_kind = _kinds_of({person for _worker, person, _service in cases}, user, day)
    counted: dict[int, Counter[str]] = {worker: Counter() for worker in workers}
    for worker, person, service in cases:
        counted[worker][by_kind.get(person) or codeset("service").display(service)] += 1
    order = {kind.title: place for place, kind in enumerate(kinds())}
    found = sorted({kind for each in counted.values() for kind in each}, key=lambda k: (order.get(k, 99), k))
    loads = [Caseload(id, workers[id] or f"Worker {id}", dict(counted[id])) for id in workers if counted[id]]
    return found, sorted(loads, key=lambda load: (-load.total, load.name))


def inbox(user: User, day: date, most: int = 10) -> list[Waiting]:
    """What waits for something the user may do, where anything does. The longest waiting are shown."""
    found = []
    for what in awaiting():
        if not may(what.action, by=user):
            continue
        rows = _waiting(user, what, day)
        held = list(rows.order_by(what.since, "pk")[: most + 1])
        if held:
            count = len(held) if len(held) <= most else rows.count()
            found.append(Waiting(what, count, _lines(user, held[:most], what)))
    return found


def waiting_count(user: User, day: date) -> int:
    """How many records wait for the user."""
    return sum(_waiting(user, what, day).count() for what in awaiting() if may(what.action, by=user))


def _waiting(user: User, what: Awaiting, day: date) -> QuerySet[Any]:
    rows = visible_rows(user, what.model, day).filter(what.condition)
    if what.only:
        rows = rows.filter(**{what.only: user.worker_id}) if user.worker_id else rows.none()
    if not what.asker:
        return rows
    is_name = not what.model._meta.get_field(what.asker).is_relation
    return rows.exclude(**{what.asker: user.get_username() if is_name else user.worker_id})


def _lines(user: User, held: list[Any], what: Awaiting) -> list[WaitingRow]:
    """The records in a line each, naming those of their people whom the user may see."""
    concerned = {row.pk: people_of(row) for row in held}
    seen = visible(user, Person, set().union(*concerned.values()))
    people = {row: sorted(each & seen) for row, each in concerned.items()}
    called = said.names(id for each in people.values() for id in each)
    return [
        WaitingRow(
            row.pk,
            said.line(row),
            ", ".join(called.get(id) or f"Person {id}" for id in people[row.pk]),
            _day(getattr(row, what.since)),
            tuple(people[row.pk]),
        )
        for row in held
    ]


def _day(value: date | datetime | None) -> date | None:
    return timezone.localtime(value).date() if isinstance(value, datetime) else value


def _kinds_of(people: set[int], user: User, day: date) -> dict[int, str]:
    found: dict[int, str] = {}
    for kind in reversed(kinds()):
        spells = visible_rows(user, apps.get_model(kind.model), day, about=people).filter(open_on(day))
        found |= dict.fromkeys(spells.filter(person__in=people).values_list("person_id", flat=True), kind.title)
    return found
