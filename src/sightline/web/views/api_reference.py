"""The description of the partner API as a page: the same as the machine-readable one, in words."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.http import require_GET

from sightline.api.build import schema
from sightline.api.problems import KINDS
from sightline.api.values import judged_on
from sightline.core.access.standing import standing
from sightline.core.partners.clients import SCOPES
from sightline.core.partners.outbox import kinds
from sightline.web.doors import public
from sightline.web.pages import page

_ORDER = ("get", "post", "delete")


@public
@require_GET
def api_reference(request: HttpRequest) -> HttpResponse:
    """Operations, fields, scopes, problems and events. It says nothing of any record, so whoever builds a system may read it without signing in."""
    with judged_on(standing().day):
        told = schema()
    operations = [
        (method.upper(), address, methods[method], _message(methods[method]))
        for address, methods in told["paths"].items()
        for method in _ORDER
        if method in methods
    ]
    parts = {name: found for name, found in told["components"]["schemas"].items() if found.get("properties")}
    return page(
        request,
        "administration/api_reference.html",
        title="Partner API",
        told=told,
        operations=operations,
        parts={name: _fields(found) for name, found in parts.items()},
        scopes=SCOPES,
        problems=KINDS,
        kinds=kinds(),
    )


def _message(described: dict[str, Any]) -> str:
    """The name of what an operation is sent; empty for one that is sent nothing, or a form."""
    content = described.get("requestBody", {}).get("content", {})
    return _named(content.get("application/json", {}).get("schema", {}))


def _named(schema: dict[str, Any]) -> str:
    return str(schema.get("$ref", "")).rpartition("/")[2]


def _fields(part: dict[str, Any]) -> list[tuple[str, bool, str, str]]:
    """The fields of a part: name, whether it must be there, what it is, and what is said of it."""
    needed = set(part.get("required", ()))
    return [(name, name in needed, _kind(found), _said(found)) for name, found in part["properties"].items()]


def _kind(found: dict[str, Any]) -> str:
    if found.get("type") == "array":
        return f"list of {_kind(found.get('items', {}))}"
    several = [_kind(each) for each in found.get("anyOf", ()) if each.get("type") != "null"]
    return _named(found) or " or ".join(several) or str(found.get("format") or found.get("type") or "one of several")


def _said(found: dict[str, Any]) -> str:
    words = [found.get("description", ""), *(each.get("description", "") for each in found.get("anyOf", ()))]
    return " ".join(dict.fromkeys(each for each in words if each))


ADDRESSES = (path("api/reference", api_reference, name="api-reference"),)
