"""Reading about a child leaves an entry in the audit: one call in every view that shows, prints or hands out records."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from sightline.core.access.sessions import where_from
from sightline.core.audit.context import context
from sightline.core.audit.record import What, note
from sightline.web.doors import user_of


def audited_read(
    request: HttpRequest,
    what: What,
    about: str,
    *,
    people: Iterable[int] = (),
    records: Iterable[int] = (),
    purpose: str = "",
    **details: Any,
) -> None:
    """Say in the audit that the signed-in user was shown something: one INSERT, in the request's own transaction.

    `about` names what was shown without naming anybody: an address, a table, the id of an action. `people` and `records` are ids. The purpose
    is the one given, else what the reader chose (`purpose` of the form or the address).
    """
    asked = request.POST if request.method == "POST" else request.GET
    note(
        user_of(request).get_username(),
        what,
        about,
        people=people,
        records=records,
        purpose=purpose or asked.get("purpose", "").strip(),
        **details,
    )


class Trail:
    """Gives every entry of a request its origin: the address it came from, a hash of the session's key, and a number of its own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with context(where_from(request), _session(request), uuid.uuid4().hex):
            return self._get_response(request)


def _session(request: HttpRequest) -> str:
    key = request.session.session_key
    return hashlib.sha256(f"{settings.SECRET_KEY}:{key}".encode()).hexdigest()[:16] if key else ""
