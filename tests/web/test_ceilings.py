"""No page asks the database more than so many questions, session, user and audit included.

The addresses are read from the table of `test_doors`, so a new page has a ceiling without being listed here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from sightline.core.access.models import User
from sightline.core.access.roles import ROLES
from sightline.core.access.standing import standing
from sightline.core.access.visibility import own_children
from sightline.engine.screens.chronology import kinds

from .test_doors import TABLE

pytestmark = pytest.mark.django_db

Visit = Callable[[str], Client]
#: What a page may ask that is not named below.
USUAL = 30
CEILINGS = {
    "administration": 45,
    "chronology": 40,
    "chronology-pdf": 40,
    "home": 35,
    "list": 36,
    "person": 65,
    "record": 45,
    # Every reason is asked about once, for all workers together.
    "who-sees": 60,
    "work": 45,
    "work-board": 90,
    "work-contacts": 40,
    "work-digest": 40,
    "work-drift": 40,
    "work-team": 35,
}
#: Where the county has nothing that these pages could show: their own tests, each with a ceiling of its own.
ELSEWHERE = {
    "return-issue": "tests/return_issues/test_pages.py",
    "sending-prepare": "tests/sending/test_pages.py",
    "sending-pack": "tests/sending/test_pages.py",
    "sending-copy": "tests/sending/test_pages.py",
    "sent-copy": "tests/sending/test_pages.py",
}
#: Roles by how much their pages show: the first two of those that may open a page are asked.
BY_HOW_MUCH_THEY_SEE = ("team_manager", "social_worker", "performance_analyst", "auditor", "administrator")
OPENED = sorted(name for name, (_roles, _path, form) in TABLE.items() if not form and name not in ELSEWHERE)


@pytest.mark.parametrize("name", OPENED)
def test_a_page_asks_few_questions_of_the_database(visit: Visit, name: str) -> None:
    allowed, path, _form = TABLE[name]
    opens = sorted(ROLES if allowed is None else allowed, key=_by_how_much_it_sees)
    for role in opens[:2]:
        client = visit(role)
        address = reverse(name, kwargs=path | _own(role, name))
        client.get(address)
        assert _asked(client, address) <= CEILINGS.get(name, USUAL), role


@pytest.mark.parametrize("role", ["social_worker", "team_manager", "conference_chair"])
def test_a_record_of_any_kind_asks_few_questions(visit: Visit, role: str) -> None:
    client, children = visit(role), _children(role)
    for model in kinds():
        record = model._default_manager.filter(person__in=children).first()
        if record is not None:
            address = reverse("record", args=[model._meta.db_table, record.pk])
            assert _asked(client, address) <= CEILINGS["record"], address


def _by_how_much_it_sees(role: str) -> int:
    order = BY_HOW_MUCH_THEY_SEE
    return order.index(role) if role in order else len(order)


def _own(role: str, name: str) -> dict[str, Any]:
    """A child whom the role sees, in the place of one whom it does not."""
    if name not in ("person", "chronology", "chronology-pdf", "who-sees", "emergency"):
        return {}
    children = _children(role)
    return {"id": children[0]} if children else {}


def _children(role: str) -> list[int]:
    user = User.objects.get(role=role)
    return sorted(own_children(user, standing().day).values_list("pk", flat=True))


def _asked(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code in (200, 302, 404), address
    return len(asked)
