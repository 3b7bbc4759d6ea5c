"""Every road to a record, as every role: one's own is shown, somebody else's is not there, and a sealed one leaves no trace anywhere.

Addresses, record types and actions are read from the application, so a new one is visited without being listed here. What each role may open is
written down a second time in `tables`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.apps import apps
from django.core import mail
from django.test import Client
from django.urls import reverse

from sightline.core.access.models import User
from sightline.core.access.roles import ROLES, Permission
from sightline.core.access.standing import standing
from sightline.core.access.visibility import own_children
from sightline.core.audit.models import Entry
from sightline.core.people.models import Identifier, Person, PersonName
from sightline.core.records.writing import writing
from sightline.core.restrictions.models import Seal
from sightline.engine.actions.declarations import actions
from sightline.engine.screens.chronology import kinds
from sightline.web.urls import urlpatterns

from .tables.casework import OPENS_CHILDREN
from .test_doors import TABLE

pytestmark = pytest.mark.django_db

Visit = Callable[[str], Client]
SECRET = "Zyxwvutsealed"
NUMBER = "SEALED-887766"
#: Roles with children of their own in the county of these tests.
WORK_WITH = ("social_worker", "team_manager", "conference_chair")


#: The other roles take minutes, and are visited by `make test-long`.
_LATER = [
    pytest.param(role, marks=pytest.mark.long)
    for role in sorted(ROLES)
    if role not in ("social_worker", "team_manager")
]


@dataclass(frozen=True)
class Record:
    table: str
    id: int


def own(role: str) -> list[int]:
    user = User.objects.get(role=role)
    return sorted(own_children(user, standing().day).values_list("pk", flat=True))


def records_of(person: int) -> Iterator[Record]:
    for model in kinds():
        for id in model._default_manager.filter(person=person).values_list("pk", flat=True):
            yield Record(model._meta.db_table, id)


@pytest.fixture
def sealed(partnership: Any, db: None) -> Callable[[int], int]:
    """Seals a child so that nobody may know of it, and gives it a name and a number that are found nowhere else."""

    def seal(person: int) -> int:
        child = Person.objects.get(pk=person)
        agency = child.agency
        chair = User.objects.get(role="service_manager").worker or User.objects.get(role="team_manager").worker
        with writing("test", by="tester", because="a test of seals"):
            PersonName.objects.create(
                agency=agency, person=child, forename=SECRET, surname=SECRET, start_date=child.birth_date
            )
            Identifier.objects.create(agency=agency, person=child, scheme="local", value=NUMBER)
            Seal.objects.create(
                agency=agency,
                person=child,
                policy="hidden",
                ask=chair,
                reason="A parent works in the service.",
                start_date=standing().day,
            )
        return person

    return seal


class TestOnesOwn:
    @pytest.mark.parametrize("role", WORK_WITH)
    def test_every_record_of_an_own_child_is_shown(self, visit: Visit, role: str) -> None:
        client, person = visit(role), own(role)[0]
        assert client.get(reverse("person", args=[person])).status_code == 200
        for record in records_of(person):
            answer = client.get(reverse("record", args=[record.table, record.id]))
            assert answer.status_code == 200, record


class TestSomebodyElses:
    @pytest.mark.parametrize("role", sorted(ROLES))
    def test_no_record_of_a_strange_child_is_there(self, visit: Visit, role: str) -> None:
        client, seen = visit(role), set(own(role))
        stranger = _with_much_on_record(seen)
        expected = 404 if role in OPENS_CHILDREN else 403
        assert client.get(reverse("person", args=[stranger])).status_code == expected
        for record in records_of(stranger):
            assert client.get(reverse("record", args=[record.table, record.id])).status_code == expected, record

    @pytest.mark.parametrize("role", ["social_worker", *_LATER])
    def test_no_action_is_done_to_a_strange_record(self, visit: Visit, role: str) -> None:
        client, seen = visit(role), set(own(role))
        user = User.objects.get(role=role)
        for action in actions().values():
            if not action.amends:
                continue
            model = apps.get_model(action.model)
            if not any(field.name == "person" for field in model._meta.fields):
                continue
            strange = model._default_manager.exclude(person__in=seen).order_by("pk").first()
            if strange is None:
                continue
            answer = client.get(reverse("do", args=[action.id, strange.pk]))
            expected = 404 if user.may(action.permission) else 403
            assert answer.status_code == expected, f"{role}: {action.id}"


class TestASealedRecord:
    @pytest.mark.parametrize("role", WORK_WITH)
    def test_answers_as_if_it_had_never_been(self, visit: Visit, sealed: Callable[[int], int], role: str) -> None:
        person = sealed(own(role)[0])
        client = visit(role)
        addresses = [reverse("person", args=[person]), reverse("chronology", args=[person])]
        addresses += [reverse("record", args=[record.table, record.id]) for record in records_of(person)]
        nobody = client.get(reverse("person", args=[999_999_999]))
        for address in addresses:
            answer = client.get(address)
            assert answer.status_code == 404, address
        gone = client.get(addresses[0])
        assert _without_address(gone.content.decode()) == _without_address(nobody.content.decode())

    @pytest.mark.long
    @pytest.mark.parametrize("role", sorted(ROLES))
    def test_is_on_no_page_in_no_list_export_log_or_mail(
        self, visit: Visit, sealed: Callable[[int], int], role: str, caplog: pytest.LogCaptureFixture
    ) -> None:
        person = sealed(own(role)[0] if own(role) else own("team_manager")[0])
        client = visit(role)
        with caplog.at_level(logging.DEBUG):
            for address, form in _addresses(person):
                answer = (client.post if form else client.get)(address)
                text = b"".join(answer.streaming_content) if answer.streaming else answer.content
                assert SECRET.encode() not in text and NUMBER.encode() not in text, f"{role}: {address}"
        assert SECRET not in caplog.text and NUMBER not in caplog.text
        assert not any(SECRET in f"{sent.subject} {sent.body}" for sent in mail.outbox)

    @pytest.mark.parametrize("role", [role for role in sorted(ROLES) if Permission.SEARCH in ROLES[role].permissions])
    @pytest.mark.parametrize("asked", [SECRET, NUMBER])
    def test_is_found_by_no_search(self, visit: Visit, sealed: Callable[[int], int], role: str, asked: str) -> None:
        sealed(own("team_manager")[0])
        client = visit(role)
        with_seal = client.get(reverse("search"), {"q": asked}).content.decode()
        without = client.get(reverse("search"), {"q": asked[::-1]}).content.decode()
        assert _without(with_seal, asked) == _without(without, asked[::-1])


class TestTheTrail:
    @pytest.mark.parametrize("role", WORK_WITH)
    def test_every_reading_and_refusal_left_its_entry(self, visit: Visit, role: str) -> None:
        client, person = visit(role), own(role)[0]
        for name in ("person", "chronology", "chronology-pdf"):
            before = Entry.objects.count()
            client.get(reverse(name, args=[person]))
            entry = Entry.objects.latest("id")
            assert Entry.objects.count() == before + 1, name
            assert entry.details["people"] == [person], name
        before = Entry.objects.filter(what="refused").count()
        client.get(reverse("user-list"))
        assert Entry.objects.filter(what="refused").count() == before + 1


def _with_much_on_record(seen: set[int]) -> int:
    """Somebody else's child with a plan, so that many kinds of record have their turn."""
    plans = apps.get_model("child_protection.Plan")._default_manager.exclude(person__in=seen)
    return int(plans.order_by("start_date").values_list("person_id", flat=True)[0])


def _addresses(person: int) -> Iterator[tuple[str, bool]]:
    """Every address that a page can have, with the sealed child's own number wherever a number is asked for."""
    for pattern in urlpatterns:
        name = pattern.name or ""
        if name not in TABLE:
            continue  # An address of the partner API: `tests/api` visits those by their scopes.
        _who, path, form = TABLE[name]
        if name in ("sign-out", "account-sessions-end", "second-factor-remove", "recovery-link"):
            continue  # They end the visit, or concern the account.
        for numbers in ({}, {"id": str(person)} if "id" in path and path["id"].isdecimal() else {}):
            yield reverse(name, kwargs={**path, **numbers}), form
    for measure in ("cp.open", "contacts.total", "lac.total", "referrals.total"):
        yield reverse("list", args=[measure]), False
        yield reverse("list-csv", args=[measure]), True


def _without_address(text: str) -> str:
    """A page without the one-time parts."""
    return "\n".join(line for line in text.splitlines() if "csrfmiddlewaretoken" not in line)


def _without(text: str, asked: str) -> str:
    return _without_address(text).replace(asked, "what was asked")
