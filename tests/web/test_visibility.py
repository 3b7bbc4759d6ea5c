"""Who sees which records: one rule for each type, and reasons that end."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.apps import apps

from sightline.core.access.models import User
from sightline.core.access.roles import ROLES, Permission
from sightline.core.access.visibility import declared_rules, rule_for, visible, visible_rows, why
from sightline.core.records.history import record_models
from sightline.engine.deadlines.models import Deadline
from sightline.engine.exchange.models import ReceivedFile
from sightline.engine.measures.declare import Measure
from sightline.engine.measures.registry import measures
from sightline.standards.dates import add_months

from .conftest import Partnership
from .county import LAST

pytestmark = pytest.mark.django_db

WITHOUT_CHILDREN = [
    role.id
    for role in ROLES.values()
    if not role.permissions & {Permission.SEE_ALL_CHILDREN, Permission.SEE_OWN_CHILDREN}
]


def user(role: str) -> User:
    return User.objects.get(role=role)


def own(partnership: Partnership, role: str) -> set[int]:
    """The people a role's user should see, worked out from what was written."""
    worker = user(role).worker_id
    rows = partnership.county.rows
    allocations = [row for row in rows["cases.Allocation"] if row["end_date"] is None or row["end_date"] > LAST]
    if role == "social_worker":
        return {row["person_id"] for row in allocations if row["worker_id"] == worker}
    if role == "team_manager":
        memberships = rows["organisations.TeamMembership"]
        teams = {row["team_id"] for row in memberships if row["worker_id"] == worker}
        return {row["person_id"] for row in allocations if row["team_id"] in teams or row["worker_id"] == worker}
    since = add_months(LAST, -12)
    held = {
        row["id"]
        for row in rows["child_protection.Conference"]
        if row["chair_id"] == worker and since < row["conference_date"] <= LAST
    }
    met = {row["person_id"] for row in rows["child_protection.ConferenceChild"] if row["conference_id"] in held}
    reviewed = {
        row["person_id"]
        for row in rows["looked_after.Review"]
        if row["chair_id"] == worker and since < row["review_date"] <= LAST
    }
    return met | reviewed


def test_every_record_type_has_a_rule() -> None:
    for model in [*record_models(), Deadline]:
        assert rule_for(model).words
    for measure in measures().values():
        if isinstance(measure, Measure):
            assert measure.cohort.record in {model._meta.db_table for model in [*record_models(), Deadline]}


def test_a_type_without_a_rule_is_seen_by_nobody() -> None:
    with pytest.raises(LookupError, match="declare who sees it"):
        visible_rows(User(role="performance_analyst"), ReceivedFile)


def test_rules_are_of_models_that_there_are() -> None:
    for label in declared_rules():
        apps.get_model(label)


@pytest.mark.parametrize("role", ["social_worker", "team_manager", "conference_chair"])
def test_each_sees_exactly_their_children(partnership: Partnership, role: str) -> None:
    people = own(partnership, role)
    assert 0 < len(people) < 60
    for model in record_models():
        if any(field.name == "person" for field in model._meta.fields):
            rows = model._default_manager.all()
            expected = {row.pk for row in rows if row.person_id in people}
            assert visible(user(role), model, [row.pk for row in rows]) == expected, model


@pytest.mark.parametrize("role", ["social_worker", "team_manager", "conference_chair"])
def test_a_meeting_an_application_and_its_deadlines_follow_their_children(partnership: Partnership, role: str) -> None:
    people, rows = own(partnership, role), partnership.county.rows
    for ties, link, record in (
        ("child_protection.ConferenceChild", "conference_id", "child_protection.Conference"),
        ("court.ApplicationChild", "application_id", "court.Application"),
        ("people.PersonAddress", "place_id", "places.Place"),
    ):
        expected = {row[link] for row in rows[ties] if row["person_id"] in people}
        assert visible(user(role), apps.get_model(record), partnership.county.ids(record)) == expected
    applications = {row["application_id"] for row in rows["court.ApplicationChild"] if row["person_id"] in people}
    deadlines = list(Deadline.objects.all())
    assert visible(user(role), Deadline, [one.pk for one in deadlines]) == {
        one.pk for one in deadlines if (one.person_id in people if one.person_id else one.record_id in applications)
    }


def test_reasons_end_with_their_spell(partnership: Partnership) -> None:
    worker = user("social_worker")
    rows = partnership.county.rows["cases.Allocation"]
    over = [row for row in rows if row["worker_id"] == worker.worker_id and row["end_date"] is not None]
    assert over
    assert not visible(worker, "people_person", [row["person_id"] for row in over])
    ended = over[0]
    the_day_before = date.fromordinal(ended["end_date"].toordinal() - 1)
    on_that_day = visible_rows(worker, "people_person", the_day_before).values_list("pk", flat=True)
    assert ended["person_id"] in on_that_day


@pytest.mark.parametrize("role", WITHOUT_CHILDREN)
def test_the_others_see_no_child_and_no_feedback(partnership: Partnership, role: str) -> None:
    for label in ("people.Person", "child_protection.Conference", "independent_chairs.Feedback", "deadlines.Deadline"):
        assert not visible_rows(user(role), apps.get_model(label)).exists()
    assert visible_rows(user(role), "organisations_team").exists()


def test_the_analyst_sees_everything(partnership: Partnership) -> None:
    model: Any
    for model in [*record_models(), Deadline]:
        assert visible_rows(user("performance_analyst"), model).count() == model._default_manager.count()


def test_someone_who_left_sees_nothing(partnership: Partnership) -> None:
    gone = user("performance_analyst")
    gone.is_active = False
    assert not visible_rows(gone, "people_person").exists()


def test_someone_who_is_no_worker_has_no_reason(partnership: Partnership) -> None:
    nobody = User(username="x", role="social_worker")
    assert not visible_rows(nobody, "people_person").exists()


def test_why_can_i_see_this(partnership: Partnership) -> None:
    manager = user("team_manager")
    people = own(partnership, "team_manager")
    found = why(manager, people)
    assert set(found) == people
    assert all("The case is allocated to your team." in words for words in found.values())
    assert why(user("performance_analyst"), people) == {}
