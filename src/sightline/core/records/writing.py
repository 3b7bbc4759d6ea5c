"""Writing happens inside an action, and the database is told who writes, why and on which request.

`writing(...)` opens the only door through which a `Record` may be saved. It hands the actor, the reason and the
request to the history triggers, for single saves and for bulk loads alike.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.db import connection, transaction

from sightline.core.audit import context
from sightline.core.errors import Problem


@dataclass(frozen=True)
class Writing:
    """The writing under way: which action, by whom, why, and the request it belongs to."""

    action: str
    by: str
    because: str
    request: str


class _Writings:
    """How many writings this process has begun or ended."""

    begun_or_ended = 0


_current: ContextVar[Writing | None] = ContextVar("writing", default=None)
_writings = _Writings()


class WrittenOutsideAction(Problem):
    """A record was about to be written without an action."""


def current() -> Writing | None:
    """The writing under way, or None."""
    return _current.get()


def require(model: str) -> Writing:
    """The writing under way; raises `WrittenOutsideAction` when there is none."""
    now = _current.get()
    if now is None:
        raise WrittenOutsideAction(
            "a record was written outside an action", where=model, next="write it through the pathway's actions"
        )
    return now


def generation() -> int:
    """A number that changes with every writing of this process, so that what was found out before it is not taken to hold after it."""
    return _writings.begun_or_ended


def _count() -> None:
    _writings.begun_or_ended += 1


@contextmanager
def writing(action: str, *, by: str, because: str, request: str = "") -> Iterator[Writing]:
    """One transaction in which records may be written; rolls back whole on any error."""
    now = Writing(action, by, because, request or context.current().request or uuid.uuid4().hex)
    with transaction.atomic():
        _sign(now)
        token = _current.set(now)
        _count()
        try:
            yield now
        finally:
            _count()
            _current.reset(token)


def _sign(now: Writing) -> None:
    """Name the writer to the history triggers, for the length of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('sightline.action', %s, true), set_config('sightline.by', %s, true),"
            " set_config('sightline.because', %s, true), set_config('sightline.request', %s, true)",
            [now.action, now.by, now.because, now.request],
        )
