"""Work in the background rests while people ask for pages, and goes on at once where nobody does."""

from __future__ import annotations

import pytest
from django.http import HttpRequest, HttpResponse

from sightline.web import giving_way
from sightline.web.giving_way import LONGEST, RESTS, Counted


@pytest.fixture
def rests(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The rests that were taken, in seconds; each piece of work takes one second by the clock."""
    taken: list[float] = []
    clock = iter(range(1000))
    monkeypatch.setattr(giving_way, "sleep", taken.append)
    monkeypatch.setattr(giving_way, "monotonic", lambda: float(next(clock)))
    return taken


def ask() -> None:
    Counted(lambda _request: HttpResponse())(HttpRequest())


def test_work_goes_on_at_once_while_nobody_asks(rests: list[float]) -> None:
    ask()
    with giving_way.giving_way():
        pass
    assert rests == []


def test_work_rests_where_a_page_was_asked_for_meanwhile(rests: list[float]) -> None:
    with giving_way.giving_way():
        ask()
    assert rests == [RESTS * 1.0]


def test_work_rests_while_a_page_is_under_way_but_not_for_ever(
    rests: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(giving_way, "RESTS", 1000.0)

    def page(_request: HttpRequest) -> HttpResponse:
        with giving_way.giving_way():
            pass
        return HttpResponse()

    Counted(page)(HttpRequest())
    assert rests == [LONGEST]
