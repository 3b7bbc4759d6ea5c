"""The words that rules share, as macros of one DuckDB connection: the collection's days, ages, working days, check letters.

Ages follow `standards.dates.birthday` (29 February: 1 March in a common year); working days come from the one table of
`standards.working_days`.
"""
# ruff: noqa: S608 (the SQL is put together here, never from input)

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb
import pyarrow as pa

from sightline.engine.exchange.rules.workspace import Workspace
from sightline.standards import working_days
from sightline.standards.identifiers import UPN_LETTERS
from sightline.standards.periods import year

_AGE = (
    "CREATE MACRO age_on(birth, d) AS year(d) - year(birth)"
    " - CASE WHEN month(d) * 100 + day(d) < month(birth) * 100 + day(birth) THEN 1 ELSE 0 END"
)
_BIRTHDAY = (
    "CREATE MACRO birthday(birth, n) AS CAST(CASE WHEN month(birth) = 2 AND day(birth) = 29"
    " AND day(CAST(birth + to_years(CAST(n AS INTEGER)) AS DATE)) = 28"
    " THEN CAST(birth + to_years(CAST(n AS INTEGER)) AS DATE) + 1 ELSE birth + to_years(CAST(n AS INTEGER)) END AS DATE)"
)
#: What each character after the first counts, times its place (2 to 13): a digit its value, a temporary number's letter its place among the
#: letters. Null where the characters are not of that kind. See `standards.identifiers.is_upn`.
_UPN_SUM = " + ".join(
    [f"{place} * CAST(substr(upn, {place}, 1) AS INTEGER)" for place in range(2, 13)]
    + [
        f"13 * (strpos(CASE WHEN substr(upn, 13, 1) <= '9' THEN '0123456789' ELSE '{UPN_LETTERS}' END, substr(upn, 13, 1)) - 1)"
    ]
)
_UPN_LETTER = (
    f"CREATE MACRO upn_letter(upn) AS CASE WHEN regexp_full_match(upn, '.[0-9]{{11}}[0-9{UPN_LETTERS}]')"
    f" THEN substr('{UPN_LETTERS}', 1 + ({_UPN_SUM}) % 23, 1) END"
)


@dataclass(frozen=True)
class Said:
    """What is said beside the tables: the authority, the day as of which the return speaks (without it, the last of the year), and the day on
    which a year that is not over is taken to end.
    """

    authority: str
    day: date | None = None
    as_at: date | None = None


def install(connection: duckdb.DuckDBPyConnection, ends: int, said: Said) -> None:
    """Make the macros of a collection year; `ends` is the year in which it ends."""
    period = year(ends - 1)
    days = {
        "return_day": said.day or period.end,
        "year_start": period.start,
        "year_end": said.as_at or period.end,
        "last_year_start": date(ends - 2, 4, 1),
        "last_year_end": date(ends - 1, 3, 31),
    }
    for name, held in days.items():
        connection.execute(f"CREATE MACRO {name}() AS DATE '{held.isoformat()}'")
    connection.execute(f"CREATE MACRO authority() AS {_literal(said.authority)}")
    connection.execute(_AGE)
    connection.execute(_BIRTHDAY)
    connection.execute(_UPN_LETTER)


def install_calendar(workspace: Workspace) -> None:
    """Make the working-day macros. Days that the calendar does not reach give null."""
    held = working_days.table()
    first = held.first.toordinal()
    days: list[Any] = [date.fromordinal(first + n) for n in range(len(held.numbers))]
    connection = workspace.connection
    with workspace.reading(pa.table({"d": days, "n": held.numbers, "works": held.working})) as source:
        connection.execute(f"CREATE TABLE calendar AS SELECT * FROM {source}")
    connection.execute("CREATE MACRO is_open(x) AS (SELECT c.works FROM calendar c WHERE c.d = x)")
    connection.execute(
        "CREATE MACRO working_days(a, b) AS (SELECT c.n FROM calendar c WHERE c.d = b) - (SELECT c.n FROM calendar c WHERE c.d = a)"
    )
    connection.execute(
        # The nth working day after a day; before it when negative.
        "CREATE MACRO working_day(x, nth) AS (SELECT max(w.d) FROM calendar w WHERE w.works AND w.n ="
        " (SELECT c.n + CASE WHEN nth > 0 THEN nth ELSE nth + 1 END FROM calendar c WHERE c.d = CASE WHEN nth > 0 THEN x ELSE x - 1 END))"
    )


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
