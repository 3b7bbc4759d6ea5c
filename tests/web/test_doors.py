"""Who may open which address: every address with every role, and none that was forgotten."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from pkgutil import iter_modules

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, reverse

from sightline.api import BY_SCOPE
from sightline.api.urls import ADDRESSES as API
from sightline.core.access.roles import ROLES, Permission
from sightline.core.audit.models import Entry
from sightline.web.doors import PUBLIC, SIGNED_IN
from sightline.web.urls import urlpatterns

from . import tables
from .conftest import Partnership
from .tables.rights import Table

TABLE: Table = {
    name: rights
    for found in iter_modules(tables.__path__)
    for name, rights in getattr(import_module(f"{tables.__name__}.{found.name}"), "TABLE", {}).items()
}


def _patterns() -> Iterator[URLPattern]:
    for pattern in urlpatterns:
        assert isinstance(pattern, URLPattern), "an included address list would escape this test: extend it"
        # No session opens the API: tests/api/test_rights.py visits each of its operations with every scope.
        if getattr(pattern.callback, "door", None) != BY_SCOPE:
            yield pattern


def test_only_the_api_is_behind_the_door_of_scopes() -> None:
    behind = [pattern for pattern in urlpatterns if getattr(pattern.callback, "door", None) == BY_SCOPE]
    assert behind == list(API)


def _open(client: Client, name: str) -> int:
    _, path, form = TABLE[name]
    address = reverse(name, kwargs=path)
    return (client.post if form else client.get)(address).status_code


def test_every_address_is_in_the_table() -> None:
    assert {pattern.name for pattern in _patterns()} == set(TABLE)


def test_every_view_says_who_may_open_it() -> None:
    for pattern in _patterns():
        door = getattr(pattern.callback, "door", None)
        assert door in (PUBLIC, SIGNED_IN, *Permission), pattern.name


@pytest.mark.parametrize("name", sorted(TABLE))
def test_each_role_at_each_address(come_back: Callable[[str], Client], name: str) -> None:
    given = {role: _visited(come_back, role, name) for role in sorted(ROLES)}
    wrong = {role: status for role, status in given.items() if status not in _expected(role, name)}
    assert wrong == {}, name


def _visited(come_back: Callable[[str], Client], role: str, name: str) -> int:
    """The answer to a role; what the visit wrote is undone before the next role comes."""
    with transaction.atomic():
        status = _open(come_back(role), name)
        transaction.set_rollback(True)
    return status


def _expected(role: str, name: str) -> tuple[int, ...]:
    allowed, path, _form = TABLE[name]
    if allowed is not None and role not in allowed:
        return (403,)
    return (200, 302, 404) if _may_be_missing(name, path) else (200, 302)


def _may_be_missing(name: str, path: dict[str, str]) -> bool:
    """A record that the role has no reason to see, or a file that was not made, is not there; that is not a refusal by role."""
    return name == "report-file" or any(value.isdecimal() or value == "none.such" for value in path.values())


@pytest.mark.parametrize("name", sorted(TABLE))
def test_without_signing_in(partnership: Partnership, db: None, name: str) -> None:
    allowed, path, form = TABLE[name]
    address = reverse(name, kwargs=path)
    client = Client()
    answer = client.post(address) if form else client.get(address)
    if allowed is None:
        assert answer.status_code == 200
    else:
        assert answer.status_code == 302
        assert answer["Location"].startswith(reverse("sign-in"))


def test_a_refusal_is_a_page_and_is_audited(visit: Callable[[str], Client]) -> None:
    answer = visit("social_worker").get(reverse("audit"))
    assert answer.status_code == 403
    assert "You cannot open this page" in answer.content.decode()
    entry = Entry.objects.latest("id")
    assert (entry.who, entry.what, entry.about) == ("social-worker", "refused", "/audit")
    assert "see the audit" in entry.details["why"]


def test_a_page_that_is_not_there(visit: Callable[[str], Client]) -> None:
    for address in (
        "/nowhere",
        "/measures/no.such",
        "/scorecard/no-such",
        "/measures/cp.open?period=1999-00",
        "/?area=E99",
    ):
        answer = visit("auditor").get(address)
        assert answer.status_code == 404
        assert "Page not found" in answer.content.decode()


def test_the_health_page_says_nothing(db: None) -> None:
    assert Client().get("/health").content == b"ok"
