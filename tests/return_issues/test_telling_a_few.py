"""Of a few children, tables are not asked for that are told from records which none of them has; what is told is the same."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sightline.engine.exchange import telling
from sightline.engine.exchange.telling import HEADER, tell, untold
from sightline.engine.return_issues.collections import collection

from .conftest import AREA, Make

YEAR = "2023-24"


@pytest.mark.parametrize("name", ["cin", "ssda903"])
def test_what_is_told_is_the_same_for_fewer_queries(
    name: str, child: Make, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = child(), child()
    make("child_protection.Section47", **one.of, start_date="2023-06-02", conference_not_required=True)
    asked = collection(name, YEAR)

    def told(*people: int) -> tuple[Any, int]:
        with CaptureQueriesContext(connection) as queries:
            found = tell(asked.declared, untold(name, AREA, asked.period, people), asked.period)
        # The census's header says when it was told.
        return {table: rows for table, rows in found.tables.items() if table != HEADER}, len(queries)

    for people in ((one.person.pk,), (other.person.pk,), (one.person.pk, other.person.pk)):
        tables, queries = told(*people)
        with monkeypatch.context() as patched:
            patched.setattr(telling, "_empty", lambda _cut, _asked: set())
            every, more = told(*people)
        assert tables == every
        assert queries < more
    assert name == "ssda903" or told(one.person.pk)[0]["Section47"]
