"""The demonstration county gives the figures that were printed, at the precision at which they were printed."""

from __future__ import annotations

import json

import pytest

from sightline.engine.deadlines import ledger as deadlines
from sightline.engine.report import build, data
from sightline.engine.report.check import check
from sightline.engine.snapshot.take import take
from sightline.engine.synthetic.load import DEMONSTRATION, load
from sightline.standards.periods import year

from .ledger import differs, ledger

AREA, YEAR = "E10000028", year(2016)


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_the_county_gives_what_was_printed(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Through the record: loaded, its clocks run, a snapshot taken, the report composed and written as figures.json."""
    load(DEMONSTRATION)
    deadlines.rebuild()
    county = take(tmp_path_factory.mktemp("snapshots"), b"key of the tests")
    written = json.loads(data.as_json(build.report_of(county, YEAR, AREA).figures))
    ours = {id: figure for figure in written for id in figure["ledger_ids"] + figure["differs_from"]}

    compared = [row for row in ledger() if row.outcome == "figure"]
    wrong = {row.ledger_id: why for row in compared if (why := differs(row, ours[row.ledger_id]))}
    assert not wrong
    from_records = [row for row in compared if row.derivable == "yes" and row.kind in ("published", "prior_year")]
    assert len(from_records) >= 125

    # When a contradicted figure agrees after all, its reason is no longer true and its row should be counted.
    contradicted = [row for row in ledger() if row.outcome == "contradiction"]
    assert not [row.ledger_id for row in contradicted if not differs(row, ours[row.ledger_id])]

    found = check(county, YEAR, AREA)
    assert not found.open, "\n".join(map(str, found.open))
