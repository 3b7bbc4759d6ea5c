"""A service to try sending on, in place of the Department's: it gives tokens, holds what comes against the published schema, keeps in memory what
is held after each batch, and answers with receipts.

It is a WSGI application of one process and writes nothing down. What the Department has not published it does as `deltas` reads it.
"""

from __future__ import annotations

import json
import re
import secrets
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hmac import compare_digest
from http import HTTPStatus
from socketserver import ThreadingMixIn
from threading import Lock
from typing import Any
from urllib.parse import parse_qs
from uuid import uuid4
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from sightline.engine.social_care_api.deltas import applied
from sightline.engine.social_care_api.schema import Payload, Schema

TOKEN = "/token"  # noqa: S105 (an address)
LARGEST = 50_000_000
_CHILDREN = re.compile(r"/children_social_care_data/(\d{3})/children")
Start = Callable[..., Any]


class _Refused(Exception):
    """The request is answered with a status and words."""

    def __init__(self, status: int, words: str = "", headers: dict[str, str] | None = None) -> None:
        super().__init__(words)
        self.status, self.words, self.headers = status, words, headers or {}


@dataclass
class Receiver:
    """What was received, by the authority's code and the child's id, and who is let in.

    `failures` are statuses (with headers) that the next calls are answered with instead; `refused` are ids of children that are taken for
    malformed, which the answer says by their places, unless `names_places` is off. They are for trying what a sender does then.
    """

    schema: Schema
    client_id: str
    client_secret: str
    supplier_key: str
    token_seconds: int = 3600
    children: dict[str, dict[str, Payload]] = field(default_factory=dict)
    failures: deque[tuple[int, dict[str, str]]] = field(default_factory=deque)
    refused: set[str] = field(default_factory=set)
    names_places: bool = True
    tell: Callable[[str], None] = lambda _text: None
    calls: int = 0
    tokens_given: int = 0
    _tokens: dict[str, float] = field(default_factory=dict)
    _lock: Any = field(default_factory=Lock)

    def __call__(self, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        try:
            with self._lock:
                content, kind = json.dumps(self._answer(environ)), "application/json"
            status, headers = 200, {}
        except _Refused as refused:
            status, content, kind, headers = refused.status, refused.words, "text/plain", refused.headers
        self.tell(f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}: {status}")
        body = content.encode()
        named = {"Content-Type": kind, "Content-Length": str(len(body)), **headers}
        start(f"{status} {HTTPStatus(status).phrase}", list(named.items()))
        return [body]

    def _answer(self, environ: dict[str, Any]) -> Any:
        # Read whatever the answer is: a connection on which something is left unread cannot be used again.
        body = _body(environ)
        if environ["REQUEST_METHOD"] != "POST":
            raise _Refused(405)
        if environ["PATH_INFO"] == TOKEN:
            return self._token(body)
        found = _CHILDREN.fullmatch(environ["PATH_INFO"])
        if found is None:
            raise _Refused(404)
        self.calls += 1
        if self.failures:
            status, headers = self.failures.popleft()
            raise _Refused(status, headers=headers)
        self._let_in(environ)
        return self._receive(found.group(1), body)

    def _token(self, body: bytes) -> dict[str, Any]:
        given = {name: values[0] for name, values in parse_qs(body.decode("utf-8", "replace")).items()}
        right = compare_digest(given.get("client_id", "").encode(), self.client_id.encode())
        right &= compare_digest(given.get("client_secret", "").encode(), self.client_secret.encode())
        if not right or given.get("grant_type") != "client_credentials":
            raise _Refused(401)
        token = secrets.token_urlsafe(32)
        self._tokens[token] = time.monotonic() + self.token_seconds
        self.tokens_given += 1
        return {"access_token": token, "token_type": "Bearer", "expires_in": self.token_seconds}

    def _let_in(self, environ: dict[str, Any]) -> None:
        token = environ.get("HTTP_AUTHORIZATION", "").removeprefix("Bearer ")
        if self._tokens.get(token, 0.0) < time.monotonic():
            raise _Refused(401)
        if not compare_digest(environ.get("HTTP_SUPPLIERKEY", "").encode(), self.supplier_key.encode()):
            raise _Refused(403)

    def forget_tokens(self) -> None:
        """Every token ends now, before its time."""
        self._tokens.clear()

    def _receive(self, la_code: str, body: bytes) -> list[str]:
        try:
            records = json.loads(body)
        except (ValueError, RecursionError):
            raise _Refused(400, "The body is no JSON.") from None
        if not isinstance(records, list):
            raise _Refused(400, "The body is no array.")
        if len(records) > self.schema.most:
            raise _Refused(413)
        wrong = [place for place, record in enumerate(records) if not self._takes(record)]
        if wrong:
            places = ", ".join(f"[{place}]" for place in wrong)
            raise _Refused(400, f"Malformed: {places if self.names_places else 'some records'}")
        held = self.children.setdefault(la_code, {})
        for record in records:
            id = record[self.schema.child.id]
            after = applied(self.schema.child, held.get(id), record)
            held.pop(id, None)
            held |= {id: after} if after is not None else {}
        at = datetime.now(UTC).strftime("%Y%m%dT%H%M%S")
        self.tell(f"{len(records)} records received; {len(held):,} children held for {la_code}")
        return [f"{at}_{uuid4()}" for _record in records]

    def _takes(self, record: Any) -> bool:
        return (
            isinstance(record, dict)
            and not self.schema.faults(record)
            and record[self.schema.child.id] not in self.refused
        )


def _body(environ: dict[str, Any]) -> bytes:
    length = str(environ.get("CONTENT_LENGTH") or "0")
    if not length.isdecimal() or int(length) > LARGEST:
        raise _Refused(413, headers={"Connection": "close"})
    content: bytes = environ["wsgi.input"].read(int(length))
    return content


class _Quiet(WSGIRequestHandler):
    """Says nothing of its own: what is to be said, the receiver says."""

    def log_message(self, format: str, *args: Any) -> None:
        pass


class _Threads(ThreadingMixIn, WSGIServer):
    daemon_threads = True


def server(receiver: Receiver, port: int = 0) -> WSGIServer:
    """A server for the receiver, for this machine only; port 0 takes any that is free."""
    return make_server("127.0.0.1", port, receiver, server_class=_Threads, handler_class=_Quiet)
