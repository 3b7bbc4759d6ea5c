"""Every operation with every scope and with none: an operation that is not classified fails."""

from __future__ import annotations

from django.test import Client as Browser

from sightline.api import BY_SCOPE
from sightline.api.build import OPERATIONS, schema
from sightline.api.urls import ADDRESSES
from sightline.core.access.models import User
from sightline.core.partners.clients import SCOPES

from .world import World

#: Written down a second time: which scope each operation needs; none for the token and the description.
TABLE = {
    ("POST", "/token"): "",
    ("POST", "/contacts"): "contacts:write",
    ("POST", "/notifications"): "contacts:write",
    ("GET", "/contacts/{reference}"): "contacts:read",
    ("GET", "/shared"): "shared:read",
    ("GET", "/shared/{share}/records"): "shared:read",
    ("GET", "/decisions"): "decisions:read",
    ("POST", "/webhooks"): "webhooks:write",
    ("GET", "/webhooks"): "webhooks:write",
    ("DELETE", "/webhooks/{webhook}"): "webhooks:write",
}
_PATH = {"reference": "0" * 32, "share": "1", "webhook": "00000000-0000-4000-8000-000000000000"}


def test_every_operation_is_in_the_table_and_every_address_is_behind_the_door() -> None:
    assert {(method, path) for path, methods in OPERATIONS.items() for method in methods} == set(TABLE)
    assert len(ADDRESSES) == len(OPERATIONS) + 1
    assert {getattr(address.callback, "door", None) for address in ADDRESSES} == {BY_SCOPE}


def test_each_operation_with_each_scope(world: World) -> None:
    for (method, path), needed in TABLE.items():
        for scope in SCOPES if needed else ():
            status = world.police.call(method, path.format(**_PATH), {}, scopes=(scope,)).status_code
            assert (status != 403) == (scope == needed), (method, path, scope, status)
            assert status in (200, 403, 404, 422)


def test_without_a_token_and_with_a_persons_session(world: World) -> None:
    for (method, path), needed in TABLE.items():
        if needed:
            browser = Browser()
            assert browser.generic(method, f"/api/v1{path.format(**_PATH)}").status_code == 401
            browser.force_login(User.objects.get(username="officer"))
            assert browser.generic(method, f"/api/v1{path.format(**_PATH)}").status_code == 401


def test_the_description_names_every_operation_and_its_scope(world: World) -> None:
    told = schema()
    held = {
        (method.upper(), path.removeprefix("/api/v1")): described.get("x-scope", "")
        for path, methods in told["paths"].items()
        for method, described in methods.items()
    }
    assert held == TABLE
    assert Browser().get("/api/v1/openapi.json").json() == told
