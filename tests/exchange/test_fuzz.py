"""Whatever bytes come, the answer is a report or a plain refusal, and after a refusal nothing is there."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.spoiling import LIKELY, edits, spoilt

from sightline.core.errors import InputProblem
from sightline.core.people.models import Person
from sightline.engine.exchange import receiving
from sightline.engine.exchange.child import Child, Row
from sightline.engine.exchange.csv_set import CsvSet
from sightline.engine.exchange.formats import format_named
from sightline.engine.exchange.interpret import Interpreter
from sightline.engine.exchange.models import QuarantinedRow, ReceivedFile
from sightline.engine.exchange.xml_file import XmlFile

from .conftest import Importing
from .files import assessment, census, child, enquiry, episode, protection, write_set
from .test_looked_after import HEADER
from .test_looked_after import episode as care

FULL = episode(
    "2021-05-04",
    assessment("2021-05-04", "2021-06-10", "3B", "4B")
    + enquiry("2021-05-04", "2021-05-20")
    + protection("2021-05-20", "", "2021-08-10"),
)
CENSUS = census([child(f"C{number}", FULL, disabilities=("LD",)) for number in range(3)]).encode()
SET = {
    "header": [HEADER, "8,2,15/06/2011,WBRI,A123456789012,,"],
    "episodes": [
        care("01/06/2017", "01/09/2017", "X1"),
        care("01/09/2017", RNE="P", PLACE="T1"),
        "8,01/06/2017,S,C2,N1,U4,PR1,,,,,,123",
    ],
    "reviews": ["7,15/06/2010,20/06/2017,PN1"],
    "uasc": ["8,2,15/06/2011,14/06/2029"],
    "oc3": ["9,20/01/1999,YES,F1,B1"],
}
#: 400 variants of each in the ordinary suite, 10,000 in the long one.
VARIANTS = max(400, settings().max_examples * 5)
PERIOD = (date(2021, 4, 1), date(2022, 3, 31))


def read_census(content: bytes, folder: Path) -> int:
    """Reads and judges a census without a database. Returns how many children it holds."""
    source = folder / "census.xml"
    source.write_bytes(content)
    kind = format_named("cin")
    with receiving.received(source, folder / "received") as taken:
        file = XmlFile(taken.files[receiving.SINGLE], "census", kind.tables)
        judge = Interpreter(list(kind.tables), list(kind.builders), PERIOD, british=False, received=date(2026, 1, 1))
        count = 0
        for one in file.open():
            judge.interpret(one)
            count += 1
    return count


def read_set(tables: dict[str, bytes], folder: Path) -> int:
    source = folder / "set"
    source.mkdir(exist_ok=True)
    for name, content in tables.items():
        (source / f"{name}.csv").write_bytes(content)
    kind = format_named("ssda903")
    with receiving.received(source, folder / "received") as taken:
        file = CsvSet(taken.files, kind.tables, 2018, "set")
        judge = Interpreter(list(kind.tables), list(kind.builders), PERIOD, british=True, received=date(2026, 1, 1))
        rows: dict[str, list[Row]] = {}
        for row in file.rows():
            rows.setdefault(row.child, []).append(Row(row.table, row.line, row.cells))
        for reference, found in rows.items():
            judge.interpret(Child(reference, found[0].line, found))
    return len(rows)


@settings(max_examples=VARIANTS, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cut=st.one_of(st.just(0), st.integers(0, len(CENSUS))), changes=edits)
def test_a_spoilt_census_is_read_or_refused(tmp_path: Path, cut: int, changes: list[tuple[int, int, bytes]]) -> None:
    try:
        assert read_census(spoilt(CENSUS, cut, changes), tmp_path) > 0
    except InputProblem as refused:
        assert refused.what and refused.where and refused.next
    assert not list((tmp_path / "received").iterdir())


@settings(max_examples=VARIANTS, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(table=st.sampled_from(list(SET)), cut=st.one_of(st.just(0), st.integers(0, 300)), changes=edits)
def test_a_spoilt_set_is_read_or_refused(
    tmp_path: Path, table: str, cut: int, changes: list[tuple[int, int, bytes]]
) -> None:
    write_set(tmp_path / "whole", **SET)
    tables = {name: (tmp_path / "whole" / f"{name}.csv").read_bytes() for name in SET}
    tables[table] = spoilt(tables[table], cut, changes)
    try:
        assert read_set(tables, tmp_path) >= 0
    except InputProblem as refused:
        assert refused.what and refused.where and refused.next


def test_a_census_cut_anywhere_is_refused(tmp_path: Path) -> None:
    for length in range(0, len(CENSUS) - 2, 23):
        with pytest.raises(InputProblem):
            read_census(CENSUS[:length], tmp_path)


@pytest.mark.django_db
def test_all_the_way_to_the_database_a_spoilt_census_is_whole_or_not_there(importing: Importing) -> None:
    within = [
        place
        for place in range(len(CENSUS))
        if CENSUS.rfind(b">", 0, place) > CENSUS.rfind(b"<", 0, place) and CENSUS[place] > 32
    ]
    chance = random.Random(7)
    refused = imported = 0
    for _ in range(40):
        likely = chance.choice([b"0", b"9", b"x", b"-", chance.choice(LIKELY)])
        changes = [(chance.choice(within), 1, likely) for _ in range(chance.randrange(1, 4))]
        before = (ReceivedFile.objects.count(), set(Person.objects.values_list("pk", flat=True)))
        try:
            report = importing(spoilt(CENSUS, 0, changes))
        except InputProblem:
            refused += 1
            assert (ReceivedFile.objects.count(), set(Person.objects.values_list("pk", flat=True))) == before
        else:
            imported += 1
            aside = QuarantinedRow.objects.filter(file=report.file).values("child_reference", "line").distinct().count()
            assert Person.objects.count() == report.children - report.children_quarantined
            assert bool(aside) == bool(report.children_quarantined)
    assert refused and imported
