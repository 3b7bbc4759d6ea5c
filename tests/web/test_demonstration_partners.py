"""The front door of the demonstration: every sign-in that works with children is somebody's, and has work to show."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from sightline.core.access.demo import make_demo_users
from sightline.core.access.models import User
from sightline.core.access.standing import standing
from sightline.core.access.visibility import visible_rows
from sightline.core.cases.models import Allocation
from sightline.core.organisations.models import Organisation, Team, TeamMembership, Worker
from sightline.core.people.models import Household, HouseholdMember, Person
from sightline.core.records.spells import open_on
from sightline.core.records.writing import writing
from sightline.engine.synthetic.partners import AGENCIES, make_partners
from sightline.engine.work.declarations import kinds
from sightline.pathways.early_help.models import Episode
from sightline.pathways.front_door.models import AgencyCheck, Intake

pytestmark = pytest.mark.django_db


@pytest.fixture
def front_door(partnership: Any, db: None) -> None:
    """A team that takes contacts, with a manager, and a family that nobody works with."""
    day = standing().day
    council = Organisation.objects.get(kind="local_authority")
    with writing("test", by="tester", because="test"):
        hub = Team.objects.create(agency=council, name="First Response", service="social_care")
        for role, job in (("contact_officer", "contact_officer"), ("service_manager", "team_manager")):
            worker = Worker.objects.create(agency=council, name=f"Worker {role}", job=job)
            User.objects.filter(role=role).update(worker=worker)
            if role == "contact_officer":
                TeamMembership.objects.create(agency=council, worker=worker, team=hub, start_date=day)
        home = Household.objects.create(agency=council, reference="H1")
        for age in (5, 9):
            child = Person.objects.create(agency=council, birth_date=day.replace(year=day.year - age), sex="1")
            HouseholdMember.objects.create(agency=council, person=child, household=home, start_date=child.birth_date)


def test_a_contact_waits_for_the_officer_the_manager_and_the_police(
    front_door: None, visit: Callable[[str], Client]
) -> None:
    told: list[str] = []
    make_partners(told.append)
    assert told == [f"agencies: {len(AGENCIES)}; contacts to decide: 1"]
    for role in ("contact_officer", "service_manager", "mash_partner"):
        queue = visit(role).get(reverse("work-contacts")).content.decode()
        assert "Red: decide today" in queue, role
        # It stands at the partnership's day, not at today's.
        assert " hours" in queue or "1 hour" in queue, role
    # Each of the police and the council is offered what is theirs to do.
    police = AgencyCheck.objects.get(organisation__kind="police")
    answer = reverse("do", args=["front_door.record_answer", police.pk])
    officers = visit("mash_partner")
    assert f'href="{answer}"' in officers.get(reverse("work-contacts")).content.decode()
    assert "Say what your agency knows" not in visit("contact_officer").get(reverse("work-contacts")).content.decode()
    known = {
        "answered_date-day": "31",
        "answered_date-month": "3",
        "answered_date-year": "2017",
        "information": "Two calls.",
    }
    assert officers.post(answer, known).status_code == 302
    assert f'href="{answer}"' not in officers.get(reverse("work-contacts")).content.decode()
    page = visit("mash_partner").get(reverse("record", args=["front_door_intake", Intake.objects.get().pk]))
    text = page.content.decode()
    # Each child's contact, and each agency's check, can be told from the others.
    names = [f"Person {child}: Contact" for child in HouseholdMember.objects.values_list("person", flat=True)]
    assert all(name in text for name in names)
    assert "Invented Police" in text and "Invented Health Trust" in text
    for role in ("early_help_worker", "lado"):
        assert User.objects.get(role=role).worker is not None


def test_the_early_help_worker_leads_a_family_whose_assessment_is_due(
    front_door: None, visit: Callable[[str], Client]
) -> None:
    council, day = Organisation.objects.get(kind="local_authority"), standing().day
    with writing("test", by="tester", because="test"):
        for number in range(2, 5):
            home = Household.objects.create(agency=council, reference=f"H{number}")
            child = Person.objects.create(agency=council, birth_date=day.replace(year=day.year - 8), sex="F")
            HouseholdMember.objects.create(agency=council, person=child, household=home, start_date=child.birth_date)
    make_partners([].append)
    episode = Episode.objects.get()
    page = visit("early_help_worker").get(reverse("work")).content.decode()
    assert f'href="{reverse("do", args=["early_help.assess"])}?' in page
    assert f"person={episode.person_id}" in page


def test_they_are_made_once(front_door: None) -> None:
    told: list[str] = []
    make_partners(told.append)
    agencies = Organisation.objects.count()
    make_partners(told.append)
    assert told[1] == "already there, kept as they are"
    assert Organisation.objects.count() == agencies


def test_sign_ins_made_anew_stay_the_same_people(front_door: None) -> None:
    make_partners(lambda _told: None)
    before = dict(User.objects.exclude(worker=None).values_list("role", "worker"))
    assert {"mash_partner", "early_help_worker", "lado", "team_manager"} <= set(before)
    make_demo_users()
    after = dict(User.objects.exclude(worker=None).values_list("role", "worker"))
    assert {role: after.get(role) for role in before} == before


def test_the_service_manager_answers_for_every_kind_of_work_that_a_team_does(front_door: None) -> None:
    day = standing().day
    periods = apps.get_model("looked_after.PeriodOfCare")._default_manager.filter(open_on(day))
    with writing("test", by="tester", because="test"):
        apart = Team.objects.create(agency=Organisation.objects.get(), name="Looked After", service="social_care")
        for each in Allocation.objects.filter(open_on(day), person__in=periods.values("person")):
            each.team = apart
            each.save()
    make_partners(lambda _told: None)
    manager = User.objects.get(role="service_manager")
    held = Allocation.objects.filter(open_on(day), team__isnull=False).values("person")
    worked = [apps.get_model(kind.model) for kind in kinds()]
    done = [each for each in worked if each._default_manager.filter(open_on(day), person__in=held).exists()]
    assert {each._meta.label for each in done} >= {"child_protection.Plan", "looked_after.PeriodOfCare"}
    assert [each._meta.label for each in done if not visible_rows(manager, each, day).exists()] == []
