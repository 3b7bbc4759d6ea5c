"""Without its database the application says so, and what to do, instead of failing without a word."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from django.db import OperationalError, connection
from django.test import Client

pytestmark = pytest.mark.django_db


def _failing(cause: Exception) -> Callable[..., Any]:
    def fail(*_args: object, **_kwargs: object) -> None:
        raise OperationalError(str(cause)) from cause

    return fail


@pytest.fixture
def client_of_a_broken_application(monkeypatch: pytest.MonkeyPatch) -> Callable[[Exception], Client]:
    def broken_by(cause: Exception) -> Client:
        monkeypatch.setattr(connection, "cursor", _failing(cause))
        monkeypatch.setattr(connection, "set_autocommit", _failing(cause))
        return Client(raise_request_exception=False)

    return broken_by


@pytest.mark.parametrize(
    ("address", "words"), [("", "./sightline doctor"), ("postgresql://db/sightline", "which DATABASE_URL names")]
)
def test_a_page_says_that_the_database_cannot_be_reached_and_who_does_what(
    client_of_a_broken_application: Callable[[Exception], Client],
    settings: Any,
    address: str,
    words: str,
) -> None:
    settings.DATABASE_IS_EMBEDDED = not address
    client = client_of_a_broken_application(psycopg.OperationalError("connection refused"))
    client.cookies["sessionid"] = "somebody"
    answer = client.get("/")
    assert answer.status_code == 503
    assert answer["Retry-After"]
    assert "The database cannot be reached" in answer.content.decode()
    assert words in answer.content.decode()


def test_a_statement_that_was_given_up_is_another_matter(
    client_of_a_broken_application: Callable[[Exception], Client],
) -> None:
    client = client_of_a_broken_application(
        psycopg.errors.QueryCanceled("canceling statement due to statement timeout")
    )
    client.cookies["sessionid"] = "somebody"
    answer = client.get("/")
    assert answer.status_code == 500
    assert "something went wrong" in answer.content.decode()
