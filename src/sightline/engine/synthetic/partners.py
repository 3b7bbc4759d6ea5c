"""The front door of the demonstration: partner agencies, somebody for each sign-in that would have no work, and contacts that wait for a decision."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.apps import apps
from django.db import transaction
from django.db.models import Count, QuerySet

from sightline.core.access.models import User
from sightline.core.access.standing import SYNTHETIC, standing
from sightline.core.cases.models import Allocation, Case
from sightline.core.organisations.models import Organisation, Team, TeamMembership
from sightline.core.people.models import HouseholdMember, Person
from sightline.core.records.spells import open_on
from sightline.engine.actions.engine import System, perform
from sightline.engine.work.declarations import kinds

_BECAUSE = "demonstration"
#: Name, kind: agencies that the invented county has besides the authority.
AGENCIES = (
    ("Invented Police", "police"),
    ("Invented Health Trust", "health"),
    ("Invented Academy", "school"),
    ("Invented Probation Service", "probation"),
)
#: Role of the sign-in, the worker's name and job, the kind of their agency.
_WORKERS = (
    ("mash_partner", "Paz Constablemock", "police_officer", "police"),
    ("early_help_worker", "Ezra Helpermock", "early_help_worker", "local_authority"),
    ("lado", "Lena Officermock", "designated_officer", "local_authority"),
)
#: Priority, source, issue, what was said: a contact each, about a family that nobody works with.
_CONTACTS: tuple[tuple[str, str, str, str], ...] = (
    ("RED", "2A", "ABUSE_PHYSICAL", "The school saw bruises on both arms this morning. The child says they fell."),
    ("AMBER", "6", "DOMESTIC_ABUSE", "Police were called to the home last night. The children were upstairs."),
    ("GREEN", "3B", "FAMILY_STRESS", "The health visitor asks for support after a move and a bereavement."),
)


#: Days since the family of the early help worker asked for help.
HELPED_FOR = 20


def make_partners(tell: Callable[[str], None]) -> None:
    """Agencies, workers and contacts. What is there is kept."""
    authority = Organisation.objects.filter(kind="local_authority").order_by("pk").first()
    if authority is None or Organisation.objects.exclude(kind="local_authority").exists():
        tell("already there, kept as they are" if authority else "none: there is no authority")
        return
    system = System(SYNTHETIC, authority.pk)
    with transaction.atomic():
        agencies = {"local_authority": authority} | {
            kind: Organisation.objects.create(name=name, kind=kind) for name, kind in AGENCIES
        }
        workers = {}
        for role, name, job, kind in _WORKERS:
            workers[role] = worker = _did(system, "organisations.add_worker", agency=agencies[kind], name=name, job=job)
            User.objects.filter(role=role, worker=None).update(worker=worker)
        team = _team_of("contact_officer")
        _answers_for(system, [team, _team_of("team_manager"), *_teams_of_every_kind()])
        families = _families(standing().day)
        taken = _take_contacts(system, team, agencies, families) if team else 0
        _start_early_help(system, workers["early_help_worker"], families[len(_CONTACTS) :][:1])
    tell(f"agencies: {len(AGENCIES)}; contacts to decide: {taken}")


def _did(system: System, action: str, **values: Any) -> Any:
    return perform(action, by=system, because=_BECAUSE, values=values).record


def _team_of(role: str) -> Team | None:
    """The team of the role's sign-in."""
    workers = User.objects.filter(role=role, worker__isnull=False).values("worker")
    mine = TeamMembership.objects.filter(open_on(standing().day), worker__in=workers).order_by("pk").first()
    return mine.team if mine else None


def _teams_of_every_kind() -> list[Team]:
    """For each kind of work the team that holds most of it: a team keeps children of few kinds, and the lists of the others would be empty."""
    day = standing().day
    held = Allocation.objects.filter(open_on(day), team__isnull=False)
    found = []
    for kind in kinds():
        spells = apps.get_model(kind.model)._default_manager.filter(open_on(day))
        fullest = held.filter(person__in=spells.values("person")).values("team").annotate(children=Count("id"))
        if top := fullest.order_by("-children", "team").first():
            found.append(Team.objects.get(pk=top["team"]))
    return found


def _answers_for(system: System, teams: list[Team | None]) -> None:
    """The service manager belongs to several teams."""
    manager = User.objects.filter(role="service_manager", worker__isnull=False).first()
    day = standing().day
    for team in teams:
        if manager is None or team is None:
            continue
        if not TeamMembership.objects.filter(open_on(day), worker=manager.worker_id, team=team).exists():
            _did(system, "organisations.join_team", worker=manager.worker_id, team=team, start_date=day)


def _take_contacts(system: System, team: Team, agencies: dict[str, Organisation], families: list[list[int]]) -> int:
    day = standing().day
    for (priority, source, issue, said), children in zip(_CONTACTS, families, strict=False):
        _did(
            system,
            "front_door.take_contact",
            received_date=day,
            source=source,
            method="PHONE",
            narrative=said,
            priority=priority,
            consent="GIVEN",
            lawful_basis="PUBLIC_TASK",
            team=team,
            children=[{"person": child, "presenting_issue": issue} for child in children],
            checks=[{"organisation": agencies["police"]}, {"organisation": agencies["health"]}],
        )
    return min(len(families), len(_CONTACTS))


def _start_early_help(system: System, worker: Any, families: list[list[int]]) -> None:
    """A family that the early help worker leads, whose assessment is due."""
    start = standing().day - timedelta(days=HELPED_FOR)
    for child in [child for family in families for child in family]:
        _did(system, "early_help.start", person=child, start_date=start, reason="SCHOOL", worker=worker)


def _families(day: date) -> list[list[int]]:
    """Children of school age who live together, none of whom ever had a case: the first few households."""
    children = (
        _of_school_age(day)
        .exclude(pk__in=Case.objects.values("person"))
        .exclude(pk__in=Allocation.objects.values("person"))
    )
    homes: dict[int, list[int]] = {}
    lived = HouseholdMember.objects.filter(open_on(day), person__in=children).order_by("household", "person")
    for home, child in lived.values_list("household", "person")[:60]:
        homes.setdefault(home, []).append(child)
    return sorted(homes.values(), key=lambda each: (-len(each), each))


def _of_school_age(day: date) -> QuerySet[Person]:
    born = (date(day.year - 14, 1, 1), date(day.year - 4, 1, 1))
    return Person.objects.filter(birth_date__range=born, death_date=None)
