"""The words that rules share say the same in SQL as in the rest of Sightline."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sightline.engine.exchange.rules import macros
from sightline.engine.exchange.rules.workspace import workspace
from sightline.standards.identifiers import UPN_LETTERS, is_upn


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with workspace() as held:
        macros.install(held.connection, 2027, macros.Said("E10000028"))
        macros.install_calendar(held)
        yield held.connection


@given(digits=st.from_regex(rf"\A[0-9]{{11}}[0-9{UPN_LETTERS}]\Z"))
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_check_letter_of_a_pupil_number_is_the_one_that_makes_it_valid(
    connection: duckdb.DuckDBPyConnection, digits: str
) -> None:
    ((letter,),) = connection.execute("SELECT upn_letter(?)", [f"A{digits}"]).fetchall()

    assert is_upn(f"{letter}{digits}")


@pytest.mark.parametrize("upn", ["A12", "A12345678912I", "A1234567891234", None])
def test_what_has_not_the_shape_of_a_pupil_number_has_no_check_letter(
    connection: duckdb.DuckDBPyConnection, upn: str | None
) -> None:
    assert connection.execute("SELECT upn_letter(?)", [upn]).fetchall() == [(None,)]


@pytest.mark.parametrize(
    ("day", "nth", "found"),
    [
        ("2026-04-01", -1, date(2026, 3, 31)),
        ("2026-04-07", -1, date(2026, 4, 2)),  # Easter Monday was the day before.
        ("2026-04-02", 1, date(2026, 4, 7)),
        ("2026-04-02", 2, date(2026, 4, 8)),
    ],
)
def test_the_nth_working_day_from_a_day(connection: duckdb.DuckDBPyConnection, day: str, nth: int, found: date) -> None:
    assert connection.execute(f"SELECT working_day(DATE '{day}', {nth})").fetchall() == [(found,)]
