"""A family in which domestic abuse was found: mother and child live at a secret address, the father elsewhere; a conference is called."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from sightline.core.access.models import User
from sightline.core.organisations.models import Organisation
from sightline.core.sending.models import Copy
from sightline.engine.actions.engine import Done, perform, version

Act = Callable[..., Any]
DAY = date(2024, 3, 4)
#: What the father must never read, however it is written.
SECRETS = ("14 Elm Road", "ST16 3AA", "Oak Primary", "01632 960123")
#: The same as people write it into free text.
WRITTEN = (
    "Mother moved to 14, elm rd\n(st163aa) in May. Ada goes to OAK PRIMARY and walks down Elm-Road alone. "
    "Ring mother on +44 1632 960 123, or the refuge on 01632 960999. Father threatened to find them."
)


@dataclass
class Scene:
    """Who and what there is."""

    child: Any
    mother: Any
    father: Any
    home: Any
    plan: Any
    planned: Any
    preparer: User
    checker: User
    chair: User
    recipient: User
    stranger: User


@pytest.fixture
def act() -> Act:
    """`act(user, "sending.check", copy)` performs an action as a user who has just read the record."""

    def do(user: User, action: str, record: Any = None, **values: Any) -> Done:
        seen = version(record) if record is not None else None
        return perform(action, by=user, because="a test", values=values, record=record, seen=seen)

    return do


@pytest.fixture
def scene(make: Act) -> Scene:
    """Mother and child in one household, father in another; a school and a health visitor are asked to the conference."""
    child = make("people.Person", birth_date="2017-05-05", sex="F")
    mother, father = (make("people.Person", birth_date=born) for born in ("1990-01-01", "1988-01-01"))
    for person, name in ((child, "Ada"), (mother, "Mara"), (father, "Finn")):
        make("people.PersonName", person=person, forename=name, surname="Invented")
    secret = make("places.Place", line_1="14 Elm Road", postcode="ST16 3AA")
    known = make("places.Place", line_1="2 Birch Lane", postcode="ST17 4BB")
    for person, place in ((child, secret), (mother, secret), (father, known)):
        make("people.PersonAddress", person=person, place=place, start_date=DAY)
    make("people.ContactPoint", person=mother, kind="telephone", value="01632 960123", safe_to_use="with_care")
    home, other = make("people.Household", reference="A"), make("people.Household", reference="B")
    for person, household in ((child, home), (mother, home), (father, other)):
        make("people.HouseholdMember", person=person, household=household, start_date=DAY)
    for parent in (mother, father):
        make("people.Relationship", person=parent, other=child, kind="parent")
    team = make("organisations.Team", name="Team", service="social_care")
    users = {}
    for name, role in (
        *(("preparer", "social_worker"), ("checker", "team_manager"), ("chair", "conference_chair")),
        *(("recipient", "mash_partner"), ("stranger", "social_worker")),
    ):
        worker = make("organisations.Worker", name=f"Worker {name}", job="social_worker")
        users[name] = User.objects.create(username=name, role=role, worker=worker)
    make("organisations.TeamMembership", worker=users["checker"].worker, team=team, start_date=DAY)
    case = make("cases.Case", person=child, service="social_care", start_date=DAY)
    make(*("cases.Allocation",), person=child, case=case, team=team, worker=users["preparer"].worker, start_date=DAY)
    assessment = make("assessment.Assessment", person=child, case=case, start_date=DAY, authorised_date=DAY)
    make("assessment.AssessmentFactor", person=child, assessment=assessment, factor="3B")
    plan = make(
        *("child_protection.Plan",),
        person=child,
        case=case,
        start_date=DAY,
        initial_category="EMO",
        latest_category="EMO",
    )
    make(
        *("child_protection.PlanAction",),
        person=child,
        plan=plan,
        aim="Ada is safe",
        action=WRITTEN,
        responsible="Mother",
        agreed_date=DAY,
    )
    school = Organisation.objects.create(name="Oak Primary School", kind="school")
    planned = make(
        *("child_protection.PlannedConference",),
        kind="RCPC",
        planned_date=timezone.localdate(),
        called_date=DAY,
        venue="Room 3",
        chair=users["chair"].worker,
    )
    make("child_protection.PlannedChild", person=child, planned=planned, plan=plan)
    make(
        *("child_protection.ConferenceInvitation",),
        planned=planned,
        role="SCHOOL",
        organisation=school,
        name="Head teacher",
        invited_date=DAY,
        views=WRITTEN,
    )
    make("child_protection.ConferenceInvitation", planned=planned, role="PARENT", relative=father, invited_date=DAY)
    return Scene(child, mother, father, home, plan, planned, **users)


@pytest.fixture
def prepare(act: Act, scene: Scene) -> Act:
    """`prepare(relative=scene.father, role="PARENT")` prepares a pack with one copy, and gives the copy."""

    def do(parts: str = "invitation,who,reports,previous_plan,where", **recipient: Any) -> Copy:
        table = scene.planned._meta.db_table
        pack = act(
            scene.preparer,
            "sending.prepare",
            kind="conference",
            record_table=table,
            record_id=scene.planned.pk,
            parts=parts,
            recipients=[{"role": "PARENT", **recipient}],
        ).record
        return Copy.objects.get(pack=pack)

    return do


@pytest.fixture
def checked(act: Act, scene: Scene) -> Act:
    """`checked(copy)` has the copy checked by the second person."""

    def do(copy: Copy) -> Copy:
        act(scene.preparer, "sending.submit", copy)
        act(scene.checker, "sending.check", fresh(copy), places_read=True)
        return fresh(copy)

    return do


def fresh(copy: Copy) -> Copy:
    """The copy as it is now."""
    return Copy.objects.get(pk=copy.pk)


@pytest.fixture
def signed_in() -> Callable[[User], Client]:
    """A browser in which a user has signed in."""

    def do(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return do
