"""From where the present request comes: filled in once for each request, so that every entry it leads to says so."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True)
class Context:
    """Where someone sits, the session they are in (a hash of its key, never the key) and the request under way."""

    where_from: str = ""
    session: str = ""
    request: str = ""


_NOWHERE = Context()
_current: ContextVar[Context] = ContextVar("audit_context", default=_NOWHERE)


def current() -> Context:
    """The context of the request under way; an empty one outside a request."""
    return _current.get()


@contextmanager
def context(where_from: str = "", session: str = "", request: str = "") -> Iterator[None]:
    """Entries written inside carry this context."""
    token = _current.set(Context(where_from, session, request))
    try:
        yield
    finally:
        _current.reset(token)
