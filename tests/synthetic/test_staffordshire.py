"""The county of the annual report 2016-17: its records yield what is printed, and hang together."""

from __future__ import annotations

from datetime import date

import pytest

from sightline.engine.synthetic import generate

from .coherence import Coherence
from .printed import differences
from .recount import Recount, Rows, read

PROFILE = "staffordshire-2016-17"
YEAR_END = date(2017, 3, 31)


@pytest.fixture(scope="module")
def county() -> Rows:
    return read(generate(PROFILE))


def test_the_records_yield_the_printed_figures(county: Rows) -> None:
    assert differences(Recount(county, YEAR_END).all()) == []


def test_the_records_hang_together(county: Rows) -> None:
    assert Coherence(county, YEAR_END).problems() == []


def test_every_stream_says_what_it_covers(county: Rows) -> None:
    covered = {row["stream"]: (row["start_date"], row["end_date"]) for row in county["records.Coverage"]}
    assert covered["referrals"] == (date(2014, 4, 1), YEAR_END)
    assert covered["looked_after"] == (date(2012, 4, 1), date(2017, 7, 31))
    assert covered["leaving_care"] == (date(2015, 4, 1), date(2017, 7, 31))
    assert {end for stream, (_, end) in covered.items() if stream not in ("looked_after", "leaving_care")} == {YEAR_END}


def test_the_children_are_as_those_of_the_county(county: Rows) -> None:
    """About 8.5% from minority ethnic groups, in all eight districts, a little more boys than girls."""
    children = {row["person_id"] for row in county["people.Role"] if row["role"] == "child"}
    people = [row for row in county["people.Person"] if row["id"] in children]
    known = [row["ethnicity"] for row in people if row["ethnicity"] not in ("REFU", "NOBT")]
    minority = sum(code not in ("WBRI", "WIRI") for code in known) / len(known)
    assert 0.075 < minority < 0.1
    assert 0.48 < sum(row["sex"] == "M" for row in people) / len(people) < 0.56
    homes = [row["district"] for row in county["places.Place"] if row["kind"] == "home"]
    assert len(set(homes)) == 8
    assert {row["authority"] for row in county["places.Place"] if row["kind"] == "home"} == {"E10000028"}


@pytest.mark.long
@pytest.mark.parametrize("seed", range(1, 9))
def test_any_seed_yields_the_printed_figures(seed: int) -> None:
    rows = read(generate(PROFILE, seed=seed))
    assert differences(Recount(rows, YEAR_END).all()) == []
    assert Coherence(rows, YEAR_END).problems() == []
