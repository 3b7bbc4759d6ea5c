"""What the tests of the audit share: writers on connections of their own, and a superuser's hand in the tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from django.db import connection

from sightline.core.audit.record import What

INSERT = (
    "INSERT INTO audit_entry (at, who, what, about, purpose, where_from, session, request, details)"
    " VALUES (now(), %s, %s, '', '', '', '', '', %s::jsonb) RETURNING id"
)


def params() -> dict[str, Any]:
    """How to connect to the tests' database as its owner."""
    wanted = connection.get_connection_params()
    wanted["user"] = connection.settings_dict.get("OWNER") or wanted["user"]
    return {name: wanted[name] for name in ("dbname", "user", "password", "host", "port") if wanted.get(name)}


class Writer:
    """Someone whose transaction stays open until it is ended."""

    def __init__(self) -> None:
        self._connection = psycopg.connect(**params())

    def write(self, who: str = "writer", details: str = "{}") -> int:
        row = self._connection.execute(INSERT, [who, What.READ, details]).fetchone()
        assert row
        return int(row[0])

    def commit(self) -> None:
        self._connection.commit()

    def rollback(self) -> None:
        self._connection.rollback()

    def close(self) -> None:
        self._connection.close()


@pytest.fixture
def empty(transactional_db: None) -> None:
    """An empty audit, in which what is written is committed."""
    tamper("TRUNCATE audit_entry, audit_seal")


@pytest.fixture
def writer(empty: None) -> Iterator[Callable[[], Writer]]:
    made: list[Writer] = []

    def make() -> Writer:
        made.append(Writer())
        return made[-1]

    yield make
    for one in made:
        one.close()


def tamper(statement: str, values: list[Any] | None = None) -> None:
    """What someone with the superuser's rights can do, past every trigger."""
    with psycopg.connect(**params(), autocommit=True) as own:
        own.execute("SET session_replication_role = replica")
        own.execute(statement, values)
