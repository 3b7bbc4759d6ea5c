"""The demonstration county gives the figures that were printed, at the precision at which they were printed."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sightline.engine.deadlines import ledger as deadlines
from sightline.engine.report import build, data
from sightline.engine.report.check import check
from sightline.engine.snapshot.store import Snapshot
from sightline.engine.snapshot.take import take
from sightline.engine.synthetic.load import DEMONSTRATION, load
from sightline.standards.periods import year

from .ledger import differs, ledger

AREA, YEAR = "E10000028", year(2016)


@pytest.fixture(scope="module")
def county(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """A snapshot of the demonstration county, loaded through the record."""
    with django_db_blocker.unblock():
        load(DEMONSTRATION)
        deadlines.rebuild()
        return take(tmp_path_factory.mktemp("snapshots"), b"key of the tests")


@pytest.fixture(scope="module")
def figures(county: Snapshot, django_db_blocker: Any) -> dict[str, dict[str, Any]]:
    """The objects of figures.json by the printed figures they answer."""
    with django_db_blocker.unblock():
        written = json.loads(data.as_json(build.report_of(county, YEAR, AREA).figures))
    return {id: figure for figure in written for id in figure["ledger_ids"] + figure["differs_from"]}


@pytest.mark.long
def test_every_consistent_figure_equals_what_was_printed(figures: dict[str, dict[str, Any]]) -> None:
    compared = [row for row in ledger() if row.outcome == "figure"]
    wrong = {row.ledger_id: why for row in compared if (why := differs(row, figures[row.ledger_id]))}
    assert not wrong
    assert len([row for row in compared if row.derivable == "yes"]) >= 125


@pytest.mark.long
def test_a_figure_that_the_report_contradicts_still_differs(figures: dict[str, dict[str, Any]]) -> None:
    """When one of them agrees, its reason is no longer true and the row should be counted."""
    contradicted = [row for row in ledger() if row.outcome == "contradiction"]
    assert not [row.ledger_id for row in contradicted if not differs(row, figures[row.ledger_id])]


@pytest.mark.long
def test_the_report_of_the_county_agrees_with_itself(county: Snapshot, django_db_blocker: Any) -> None:
    with django_db_blocker.unblock():
        found = check(county, YEAR, AREA)
    assert not found.open, "\n".join(map(str, found.open))
