"""What every call passes: size, token, rate, scope, idempotency key; then the operation and its audit entry, in one transaction."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from sightline.api.problems import Refusal, answer
from sightline.api.values import judged_on
from sightline.core.access.standing import standing
from sightline.core.audit.record import What, note
from sightline.core.partners import clients, limits
from sightline.core.partners.clients import Caller
from sightline.core.partners.deliver import KEYS_KEPT
from sightline.core.partners.models import IdempotencyKey

View = Callable[..., HttpResponse]
MOST_BYTES = 256 * 1024
KEY = "Idempotency-Key"
REPLAYED = "Idempotent-Replay"
_NOT_SIGNED_IN = {"WWW-Authenticate": "Bearer"}


@dataclass(frozen=True)
class Operation:
    """What one method of an address needs: a scope (empty: none, only the token operation), and which questions it takes."""

    scope: str
    asked: frozenset[str] = frozenset()
    keyed: bool = False
    #: What it asks before anything is done, and what stays counted when the operation refuses.
    before: Callable[[HttpRequest], None] | None = None


@dataclass
class Call:
    """A call under way. The operation says in `shown` what the audit is to know of its answer."""

    who: str
    caller: Caller | None = None
    shown: dict[str, Any] = field(default_factory=dict)


def call_of(request: HttpRequest) -> Call:
    """The call that a request is."""
    found: Call = request.partner_call  # type: ignore[attr-defined]
    return found


def caller_of(request: HttpRequest) -> Caller:
    """Who calls. Every operation but that of the token has a caller by the time it runs."""
    found = call_of(request).caller
    if found is None:
        raise Refusal(401, "Get a token first, and send it as `Authorization: Bearer ...`.", headers=_NOT_SIGNED_IN)
    return found


def guarded(view: View, operations: Mapping[str, Operation]) -> View:
    """The view of an address behind everything that a call passes."""

    def opened(request: HttpRequest, **path: Any) -> HttpResponse:
        call = Call("not signed in")
        request.partner_call = call  # type: ignore[attr-defined]
        with transaction.atomic():
            try:
                operation = _operation(request, operations)
                _enter(request, call, operation)
            except Refusal as refusal:
                return _audited(request, call, answer(refusal))
        with transaction.atomic(), judged_on(standing().day):
            return _audited(request, call, _answered(request, call, operation, lambda: view(request, **path)))

    return opened


def _operation(request: HttpRequest, operations: Mapping[str, Operation]) -> Operation:
    found = operations.get(request.method or "")
    if found is None:
        allowed = {"Allow": ", ".join(sorted(operations))}
        raise Refusal(405, f"This address takes {allowed['Allow']}.", headers=allowed)
    length = request.headers.get("Content-Length") or "0"
    if not length.isdecimal() or int(length) > MOST_BYTES:
        raise Refusal(413, f"Send at most {MOST_BYTES // 1024} KB.")
    return found


def _enter(request: HttpRequest, call: Call, operation: Operation) -> None:
    """Raises Refusal for whoever may not call, or not now, or not in this way."""
    if operation.before is not None:
        operation.before(request)
    if not operation.scope:
        return
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    found = clients.caller(token.strip()) if kind.lower() == "bearer" and token else None
    if found is None:
        detail = "Get a token first, and send it as `Authorization: Bearer ...`. A token ends after an hour."
        raise Refusal(401, detail, headers=_NOT_SIGNED_IN)
    call.caller, call.who = found, found.client.user.get_username()
    if seconds := limits.wait(found.client, "call", found.client.per_minute):
        raise Refusal(429, f"Wait {seconds} seconds.", headers={"Retry-After": str(seconds)})
    if operation.scope not in found.scopes:
        raise Refusal(403, f"The token has not the scope {operation.scope}.")
    if unknown := sorted(set(request.GET) - operation.asked):
        raise Refusal(400, f"There is nothing to ask for by the name {unknown[0][:40]!r}.")
    media = (request.content_type or "").lower()
    if request.method == "POST" and media != "application/json":
        raise Refusal(415, "Send the message as application/json.")


def _answered(request: HttpRequest, call: Call, operation: Operation, run: Callable[[], HttpResponse]) -> HttpResponse:
    """What the operation answers. Whatever it wrote before it refused is undone, and the refusal is audited all the same."""
    with transaction.atomic():
        key = request.headers.get(KEY, "") if operation.keyed else ""
        try:
            held = _held(request, call, key) if key else None
        except Refusal as refusal:
            return answer(refusal)
        if held is not None and held.status:
            call.shown["replayed"] = True
            return _json(held.answer, held.status, {REPLAYED: "true"})
        given = run()
        if given.status_code >= 400:
            transaction.set_rollback(True)
        elif held is not None:
            held.status, held.answer = given.status_code, json.loads(given.content)
            held.save(update_fields=["status", "answer"])
        return given


def _held(request: HttpRequest, call: Call, key: str) -> IdempotencyKey:
    """The row of a key: an old one with its answer, or a new one. Of two calls at once the second waits here for the first."""
    caller = call.caller
    assert caller is not None
    if not key.isprintable() or len(key) > 100 or not key.isascii():
        raise Refusal(400, "An idempotency key is 1 to 100 plain characters.")
    IdempotencyKey.objects.filter(client=caller.client, key=key, made_at__lt=timezone.now() - KEYS_KEPT).delete()
    body = hashlib.sha256(f"{request.method} {request.path}\n".encode() + _canonical(request.body)).hexdigest()
    new = IdempotencyKey(client=caller.client, key=key, body_hash=body)
    IdempotencyKey.objects.bulk_create([new], ignore_conflicts=True)
    held = IdempotencyKey.objects.select_for_update().get(client=caller.client, key=key)
    if held.body_hash != body:
        raise Refusal(409, "Send another message under a key of its own.")
    return held


def _canonical(body: bytes) -> bytes:
    """The same message is the same however it is laid out."""
    try:
        return json.dumps(json.loads(body), sort_keys=True).encode()
    except (ValueError, RecursionError):
        return body


def _json(data: Any, status: int, headers: dict[str, str]) -> HttpResponse:
    return HttpResponse(json.dumps(data), status=status, content_type="application/json", headers=headers)


def _audited(request: HttpRequest, call: Call, given: HttpResponse) -> HttpResponse:
    """Every call leaves an entry: who, which operation, how it was answered. A refusal is one of its own kind."""
    refused = given.status_code in (401, 403, 404, 405, 429)
    note(
        call.who,
        What.REFUSED if refused else What.PARTNER_CALL,
        # The address as declared: what is written in its place may hold anything.
        f"{(request.method or '')[:10]} /{request.resolver_match.route if request.resolver_match else ''}",
        purpose="partner API",
        status=given.status_code,
        client=call.caller.client.client_id if call.caller else "",
        **call.shown,
    )
    given.headers.setdefault("Cache-Control", "no-store")
    return given
