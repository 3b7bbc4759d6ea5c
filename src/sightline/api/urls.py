"""The addresses of the API, each behind its door."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from sightline.api import BY_SCOPE
from sightline.api.build import OPERATIONS, PREFIX, api, schema
from sightline.api.door import guarded
from sightline.api.operations import contacts, shared, tokens, webhooks  # importing them declares their operations
from sightline.api.values import judged_on
from sightline.core.access.standing import standing

DECLARED = (contacts, shared, tokens, webhooks)


def _for_systems(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A view for programs: no session opens it, so no form can be sent to it in somebody's name. Its transactions are the door's."""
    view.door = BY_SCOPE  # type: ignore[attr-defined]
    return login_not_required(csrf_exempt(transaction.non_atomic_requests(view)))


@require_safe
def description(request: HttpRequest) -> HttpResponse:
    """The description of the API (OpenAPI 3.1)."""
    del request
    with judged_on(standing().day):
        return JsonResponse(schema(), json_dumps_params={"indent": 1})


def _operations() -> list[URLPattern]:
    views: dict[str, Any] = {
        str(found.pattern): found.callback for found in api.urls[0] if isinstance(found, URLPattern)
    }
    found = []
    for address, methods in OPERATIONS.items():
        route = address.lstrip("/").replace("{", "<").replace("}", ">")
        view = guarded(views[route], methods)
        name = "api-" + "-".join(part.strip("{}") for part in address.strip("/").split("/"))
        found.append(path(PREFIX + route, _for_systems(view), name=name))
    return found


ADDRESSES: tuple[URLPattern, ...] = (
    *_operations(),
    path(f"{PREFIX}openapi.json", _for_systems(description), name="api-openapi"),
)
