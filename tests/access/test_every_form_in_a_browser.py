"""Every form and every record's page, as they are seen: accessible, and whole on a narrow screen.

Actions and record types are read from the application, so a new one is looked at without being listed here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest
from django.apps import apps
from django.db import transaction
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser

from sightline.core.access.models import User
from sightline.core.access.roles import ROLES
from sightline.core.access.rules import ByAnyChild, ByParent, ByPerson, SeenByPermission, rule_for
from sightline.engine.actions.declarations import Action, actions
from sightline.engine.screens.chronology import kinds
from sightline.engine.screens.offers import about_a_child
from sightline.web.views.casework import ELSEWHERE

from . import build
from .conftest import World
from .test_three_people import row_about

#: Record types with pages; what only a permission opens is shown on pages of its own.
RECORDS = [model for model in kinds() if not isinstance(rule_for(model), SeenByPermission)]

pytestmark = [pytest.mark.django_db, pytest.mark.browser, pytest.mark.long]


@pytest.fixture(scope="module")
def look(chromium: Callable[[], AbstractContextManager[Browser]], onlooker: Any) -> Iterator[Any]:
    with chromium() as browser:
        yield onlooker(browser)


@pytest.fixture
def everybody(world: World) -> dict[str, Client]:
    """A user of each role, all of them allocated to the child; its worker and its manager first."""
    own = {"social_worker": world.worker, "team_manager": world.manager}
    return {role: _signed_in(own.get(role) or build.user(role, world.worker.worker)) for role in (*own, *ROLES)}


def _signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def _opened(everybody: dict[str, Client], address: str) -> Any:
    """The page, as the first who may open it; none where nobody may."""
    answers = (client.get(address) for client in everybody.values())
    return next((answer for answer in answers if answer.status_code == 200), None)


@pytest.mark.parametrize("area", sorted({id.partition(".")[0] for id in actions()}))
def test_every_form(world: World, everybody: dict[str, Client], look: Any, area: str) -> None:
    wrong: list[str] = []
    for action in actions().values():
        if action.id.partition(".")[0] == area and action.id not in ELSEWHERE:
            with nothing_left():
                answer = _opened(everybody, _form(world, action))
                wrong += [f"{action.id}: {fault}" for fault in (look.faults(answer) if answer else ["nobody opens it"])]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("model", RECORDS, ids=lambda model: model._meta.label)
def test_every_record(world: World, everybody: dict[str, Client], look: Any, model: Any) -> None:
    record = row(world, model._meta.label)
    answer = _opened(everybody, reverse("record", args=[model._meta.db_table, record.pk]))
    assert answer is not None, "nobody opens it"
    assert not look.faults(answer)


@contextmanager
def nothing_left() -> Iterator[None]:
    """What is made within is gone afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _form(world: World, action: Action) -> str:
    if not action.amends:
        return reverse("do", args=[action.id]) + (f"?person={world.child.pk}" if about_a_child(action) else "")
    return reverse("do", args=[action.id, row(world, action.model).pk])


def row(world: World, label: str) -> Any:
    """A row of any type that somebody in this world sees."""
    model = apps.get_model(label)
    rule = rule_for(model)
    if label in _OF_SOMEBODY:
        return _OF_SOMEBODY[label](world)
    if isinstance(rule, ByParent):
        return build.make(label, **{rule.link: row(world, rule.parent)})
    if isinstance(rule, ByPerson | ByAnyChild):
        return row_about(label, world.child)
    return build.make(label)


def _seal(world: World) -> Any:
    seal = build.make("restrictions.Seal", person=world.child, policy="hidden", ask=world.worker.worker)
    return build.make("restrictions.SealMember", seal=seal, worker=world.worker.worker)


def _conflict(world: World) -> Any:
    told = {"person": world.other, "worker": world.stranger.worker, "declared_by": world.worker.worker}
    return build.make("restrictions.ConflictOfInterest", **told)


def _pack(world: World) -> Any:
    asked = build.make("rights.AccessRequest", person=world.child)
    return build.make("rights.Pack", person=world.child, access_request=asked, content="{}")


def _sending(world: World) -> Any:
    pack = build.make("sending.Pack")
    build.make("sending.PackChild", pack=pack, person=world.child)
    return pack


def _copy(world: World) -> Any:
    return build.make("sending.Copy", pack=_sending(world))


def _left_out(world: World) -> Any:
    copy = _copy(world)
    return build.make("sending.CopyRedaction", copy=copy, withheld=False, passage="Words", note="They are known.")


def _issue(world: World) -> Any:
    what = {"return_name": "cin", "year": "2023-24", "rule": "8610", "table": "CINdetails"}
    of = {"person": world.child, "record_table": "people_person", "record_id": world.child.pk}
    return build.make("return_issues.Issue", **what, **of)


def _note(world: World) -> Any:
    return build.make("return_issues.IssueNote", person=world.child, issue=_issue(world))


#: Of types that say in their own way whom they concern, or who sees them.
_OF_SOMEBODY: dict[str, Callable[[World], Any]] = {
    "restrictions.Seal": lambda world: _seal(world).seal,
    "restrictions.SealMember": _seal,
    "restrictions.ConflictOfInterest": _conflict,
    "rights.Pack": _pack,
    "rights.Redaction": lambda world: build.make("rights.Redaction", pack=_pack(world), withheld=False),
    "sending.Pack": _sending,
    "sending.Copy": _copy,
    "sending.CopyRedaction": _left_out,
    "return_issues.Issue": _issue,
    "return_issues.IssueNote": _note,
    "deadlines.LateReason": lambda world: build.make("deadlines.LateReason", person=world.child),
}
