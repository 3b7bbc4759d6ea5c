"""Work in the background gives way to pages: while people ask for some, it rests for several times as long as it worked."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic, sleep

from django.http import HttpRequest
from django.http.response import HttpResponseBase

#: After a piece of work of one second during which a page was asked for, rest for so many.
RESTS = 4.0
#: The longest rest, in seconds: background work goes on, however busy the day.
LONGEST = 5.0


class _Pages:
    """How many pages this process was asked for, and how many it is answering."""

    asked_for = 0
    under_way = 0
    counting = threading.Lock()


class Counted:
    """Middleware that counts pages."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with _Pages.counting:
            _Pages.asked_for += 1
            _Pages.under_way += 1
        try:
            return self._get_response(request)
        finally:
            with _Pages.counting:
                _Pages.under_way -= 1


@contextmanager
def giving_way() -> Iterator[None]:
    """One piece of work in the background, the smaller the better; then the rest, where anybody asked for a page meanwhile."""
    before, began = _Pages.asked_for, monotonic()
    yield
    if _Pages.under_way or _Pages.asked_for != before:
        sleep(min(LONGEST, RESTS * (monotonic() - began)))
