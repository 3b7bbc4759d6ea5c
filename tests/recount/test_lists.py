"""A figure is as long as its list, and nothing is counted where nothing is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from sightline.engine.derive.source import SnapshotTables
from sightline.engine.measures.compute import TOTAL, compute
from sightline.engine.measures.declare import Measure, Statistic
from sightline.engine.measures.lists import listing
from sightline.engine.measures.registry import measures
from sightline.engine.measures.results import Results, Status
from sightline.engine.measures.store import opened
from sightline.standards.periods import month, year

from .chance import Chance
from .comparing import snapshots
from .counting import lines
from .reader import Tables
from .world import COUNTY, World

YEAR = year(2016)
SINGLE = [what for what in measures().values() if isinstance(what, Measure)]
COUNTS = [what for what in SINGLE if what.is_count]

pytestmark = pytest.mark.django_db(transaction=True)
Opened = tuple[SnapshotTables, Results, Tables]


@pytest.fixture
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opened]:
    """A random world, its results and its plain tables."""
    snapshot = Chance(7).snapshot(snapshots(tmp_path_factory))
    tables, plans = opened(snapshot)
    yield tables, Results(compute(tables, plans, [YEAR])), Tables(snapshot.path)
    tables.backend.disconnect()


def counted(tables: Tables, what: Measure) -> list[int]:
    """The ids of the records that the recount counts: for a measure of children one for each child."""
    hits = [line for line in lines(tables, what.id, YEAR, COUNTY) or () if line.hit]
    if not what.children:
        return sorted(line.record["id"] for line in hits)
    first: dict[Any, int] = {}
    for line in hits:
        first[line.person] = min(line.record["id"], first.get(line.person, line.record["id"]))
    return sorted(first.values())


def test_the_list_of_every_count_is_the_recount(world: Opened) -> None:
    tables, results, plain = world
    for what in COUNTS:
        ids = list(listing(tables, what, YEAR, COUNTY).ids)
        assert len(ids) == results.result(what.id, YEAR, COUNTY).value, what.id
        assert ids == counted(plain, what), what.id


@pytest.mark.long
def test_every_base_numerator_and_a_category_of_each_breakdown_is_as_long_as_its_list(world: Opened) -> None:
    tables, results, _ = world
    seen: set[tuple[str, str]] = set()
    for line in results.table.to_pylist():
        what, breakdown = measures()[line["measure"]], line["breakdown"]
        if line["area"] != COUNTY or (what.id, breakdown) in seen or not line["base"]:
            continue
        seen.add((what.id, breakdown))
        assert isinstance(what, Measure)
        narrowed = {} if breakdown == TOTAL else {"breakdown": breakdown, "category": line["category"]}
        assert len(listing(tables, what, YEAR, COUNTY, **narrowed).ids) == line["number"], line
        if breakdown == TOTAL:
            assert len(listing(tables, what, YEAR, COUNTY, base=True).ids) == line["base"], line


def test_every_measure_of_empty_tables_is_empty(tmp_path_factory: pytest.TempPathFactory) -> None:
    nobody = World()
    nobody.covers("2010-04-01", "2018-03-31")
    tables, plans = opened(nobody.snapshot(snapshots(tmp_path_factory)))
    table = compute(tables, plans, [YEAR, month(2016, 4)])
    found = table.to_pylist()
    assert {line["measure"] for line in found} == {what.id for what in SINGLE}
    assert {(line["breakdown"], line["base"], line["number"], line["amount"]) for line in found} == {
        (TOTAL, 0, 0, None)
    }
    results = Results(table)
    for what in SINGLE:
        nothing = Status.VALUE if what.statistic in (Statistic.COUNT, Statistic.RATE) else Status.NO_BASE
        result = results.result(what.id, YEAR, COUNTY)
        assert (result.status, result.value or 0) == (nothing, 0), what.id
    tables.backend.disconnect()


def test_records_without_coverage_say_nothing(tmp_path_factory: pytest.TempPathFactory) -> None:
    uncovered = Chance(7)
    uncovered.records = [record for record in uncovered.records if record.label != "records.Coverage"]
    tables, plans = opened(uncovered.snapshot(snapshots(tmp_path_factory)))
    assert compute(tables, plans, [YEAR, month(2016, 4)]).num_rows == 0
    tables.backend.disconnect()
