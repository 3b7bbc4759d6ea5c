"""Household and family on a child's page: who works with a child knows who lives with them, and no record opens by it."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from sightline.core.access.models import User
from sightline.core.audit.models import Entry
from sightline.core.people.models import Relationship
from sightline.engine.actions.engine import perform, version
from sightline.engine.actions.refusals import NotPermitted
from sightline.standards.codes import codeset

from .conftest import Make

pytestmark = pytest.mark.django_db


@pytest.fixture
def home(person: Make, make: Make) -> SimpleNamespace:
    """A child with a brother at home and a mother who is related by a record of her own."""
    found = SimpleNamespace(
        child=person("Amelia", "Acornmock", "2010-02-01"),
        brother=person("Theo", "Acornmock", "2012-02-01"),
        mother=person("Grace", "Pebblemock", "1985-02-01"),
        household=make("people.Household", reference="H1"),
    )
    for each in (found.child, found.brother):
        make("people.HouseholdMember", person=each, household=found.household, start_date="2017-01-01")
    found.related = make("people.Relationship", person=found.mother, other=found.child, kind="parent")
    return found


@pytest.fixture
def page_of() -> Callable[[User, Any], str]:
    def page(user: User, child: Any) -> str:
        client = Client()
        client.force_login(user)
        answer = client.get(reverse("person", args=[child.pk]))
        assert answer.status_code == 200
        return answer.content.decode()

    return page


def test_the_childs_worker_reads_who_the_family_is_and_opens_no_record_of_theirs(
    home: SimpleNamespace, worker_of: Callable[..., User], page_of: Any
) -> None:
    worker = worker_of("social_worker", home.child)
    page = page_of(worker, home.child)
    assert "Grace Pebblemock" in page and "Theo Acornmock" in page
    client = Client()
    client.force_login(worker)
    for each in (home.mother, home.brother):
        assert f'href="{reverse("person", args=[each.pk])}"' not in page
        assert client.get(reverse("person", args=[each.pk])).status_code == 404
    named = Entry.objects.get(what="read", about="family")
    assert set(named.details["people"]) == {home.mother.pk, home.brother.pk}


@pytest.mark.parametrize("policy", ["hidden", "masked"])
def test_nobody_who_is_sealed_is_named(
    home: SimpleNamespace, worker_of: Callable[..., User], page_of: Any, seal: Any, policy: str
) -> None:
    seal(home.brother, policy, worker_of("team_manager"))
    page = page_of(worker_of("social_worker", home.child), home.child)
    assert "Grace Pebblemock" in page
    assert "Theo" not in page


def test_nobody_is_named_about_whom_the_reader_has_a_conflict(
    home: SimpleNamespace, worker_of: Callable[..., User], page_of: Any, make: Make
) -> None:
    worker = worker_of("social_worker", home.child)
    reason = {"reason": "My sister.", "start_date": "2017-01-01"}
    make("restrictions.ConflictOfInterest", worker=worker.worker, person=home.mother, **reason)
    assert "Grace" not in page_of(worker, home.child)


def test_a_sealed_record_of_a_relationship_tells_nothing(
    home: SimpleNamespace, worker_of: Callable[..., User], page_of: Any, make: Make
) -> None:
    make(
        "restrictions.Seal",
        policy="hidden",
        record_table="people_relationship",
        record_id=home.related.pk,
        ask=worker_of("team_manager").worker,
        reason="The father must not be told of.",
        start_date="2017-01-01",
    )
    page = page_of(worker_of("social_worker", home.child), home.child)
    assert "Grace" not in page and "Theo Acornmock" in page


class TestInAForm:
    """Who is drawn on the child's page can be chosen in a form about the child that asks for a relative; and nobody else."""

    @pytest.fixture
    def options(self) -> Callable[..., str]:
        def form(user: User, action: str, child: Any, record: Any = None) -> str:
            client = Client()
            client.force_login(user)
            address = reverse("do", args=[action, *([record.pk] if record is not None else [])])
            answer = client.get(address if record is not None else f"{address}?person={child.pk}")
            assert answer.status_code == 200
            return answer.content.decode()

        return form

    @pytest.fixture
    def kind(self) -> str:
        return next(iter(dict(codeset("relationship").choices())))

    @pytest.mark.parametrize("action", ["people.relate", "child_protection.call_conference"])
    def test_the_childs_worker_chooses_them_by_name_and_the_audit_says_who_was_named(
        self, home: SimpleNamespace, worker_of: Callable[..., User], options: Any, action: str
    ) -> None:
        page = options(worker_of("social_worker", home.child), action, home.child)
        assert f'<option value="{home.mother.pk}">Grace Pebblemock</option>' in page
        named = Entry.objects.get(what="read", about=action)
        assert {home.mother.pk, home.brother.pk} <= set(named.details["people"])

    def test_no_act_is_about_them(
        self, home: SimpleNamespace, worker_of: Callable[..., User], options: Any, page_of: Any
    ) -> None:
        worker = worker_of("social_worker", home.child)
        # The children of an assessment are those whom one sees.
        assert "Theo" not in options(worker, "assessment.start_together", home.child)
        with pytest.raises(NotPermitted):
            perform(
                "people.add_name",
                by=worker,
                because="a test",
                values={"person": home.mother, "forename": "Mary", "surname": "Pebblemock", "kind": "alias"},
            )

    def test_an_act_that_names_them_is_done_and_can_be_corrected(
        self, home: SimpleNamespace, worker_of: Callable[..., User], options: Any, kind: str
    ) -> None:
        worker = worker_of("social_worker", home.child)
        values = {"person": home.child, "other": home.brother, "kind": kind, "start_date": "2017-01-01"}
        made = perform("people.relate", by=worker, because="a test", values=values).record
        client = Client()
        client.force_login(worker)
        text = client.get(reverse("record", args=["people_relationship", made.pk])).content.decode()
        assert "Theo Acornmock" in text and f'href="{reverse("person", args=[home.brother.pk])}"' not in text
        assert home.brother.pk in Entry.objects.get(what="read", about="people_relationship").details["people"]
        page = options(worker, "people.correct_relationship", home.child, made)
        assert f'<option value="{home.brother.pk}" selected>Theo Acornmock</option>' in page
        ended = {"other": home.brother, "kind": kind, "start_date": "2017-01-01", "end_date": "2017-02-01"}
        perform(
            "people.correct_relationship",
            by=worker,
            because="a test",
            values=ended,
            record=made,
            seen=version(made),
        )
        assert str(Relationship.objects.get(pk=made.pk).end_date) == "2017-02-01"

    def test_nobody_sealed_in_conflict_or_unrelated_is_offered_or_taken(
        self,
        home: SimpleNamespace,
        worker_of: Callable[..., User],
        options: Any,
        seal: Any,
        make: Make,
        person: Make,
        kind: str,
    ) -> None:
        worker = worker_of("social_worker", home.child)
        seal(home.brother, "hidden", worker_of("team_manager"))
        reason = {"reason": "My sister.", "start_date": "2017-01-01"}
        make("restrictions.ConflictOfInterest", worker=worker.worker, person=home.mother, **reason)
        stranger = person("Otto", "Elsewhere", "1980-01-01")
        page = options(worker, "people.relate", home.child)
        assert not [name for name in ("Theo", "Grace", "Otto") if name in page]
        for other in (home.brother, home.mother, stranger):
            values = {"person": home.child, "other": other, "kind": kind, "start_date": "2017-01-01"}
            with pytest.raises(NotPermitted):
                perform("people.relate", by=worker, because="a test", values=values)
