"""Any profile, scale and seed gives a partnership that hangs together."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sightline.engine.synthetic import generate
from sightline.engine.synthetic.generate import blocks
from sightline.engine.synthetic.makers import profile_from_benchmarks, random_profile
from sightline.engine.synthetic.profile import read as read_profile

from .coherence import Coherence
from .recount import Recount, read


@settings(max_examples=8)
@given(numbers=st.integers(0, 10_000), seed=st.integers(0, 10_000))
def test_random_numbers(numbers: int, seed: int) -> None:
    profile = random_profile(numbers, 0.015)
    rows = read(generate(profile, seed=seed))
    assert Coherence(rows, profile.year_end).problems() == []
    Recount(rows, profile.year_end).all()


@settings(max_examples=4)
@given(scale=st.floats(0.01, 0.06), seed=st.integers(0, 1000))
def test_any_scale(scale: float, seed: int) -> None:
    rows = read(generate("staffordshire-2016-17", scale=scale, seed=seed))
    assert Coherence(rows, date(2017, 3, 31)).problems() == []


@pytest.mark.long
@pytest.mark.parametrize("numbers", range(100))
def test_more_random_numbers(numbers: int) -> None:
    profile = random_profile(numbers, 0.05)
    assert Coherence(read(generate(profile, seed=numbers)), profile.year_end).problems() == []


def test_one_seed_gives_one_partnership() -> None:
    def once(seed: int) -> list[tuple[str, int]]:
        return [
            (t.record, hash(tuple(map(tuple, t.rows))))
            for t in generate("staffordshire-2016-17", scale=0.02, seed=seed)
        ]

    assert once(5) == once(5)
    assert once(5) != once(6)


def test_a_large_scale_is_made_of_blocks() -> None:
    profile = read_profile("staffordshire-2016-17")
    parts = blocks(profile, 2.5)
    assert [part.care.at_year.open for part in parts] == [994, 994, 497]
    people = [t for t in generate(profile.scaled(0.01), scale=2.0) if t.record == "people.Person"]
    assert len(people) == 2
    assert not {row[0] for row in people[0].rows} & {row[0] for row in people[1].rows}


def test_another_authority_and_year_from_published_statistics() -> None:
    """Derbyshire in 2024-25: today's code sets, and the numbers that are published."""
    profile = profile_from_benchmarks("Derbyshire", "2024-25")
    assert (profile.area, profile.year_end) == ("E10000007", date(2025, 3, 31))
    small = profile.scaled(0.06)
    rows = read(generate(small))
    assert Coherence(rows, profile.year_end).problems() == []
    assert Recount(rows, profile.year_end).all()["care.year"] == small.care.at_year.open
    factors = {row["factor"] for row in rows["assessment.AssessmentFactor"]}
    assert {"18B", "18C", "19B", "24A"} <= factors
    assert not {"18A", "19A"} & factors
    codes = {row["end_reason"] for row in rows["looked_after.PeriodOfCare"]}
    assert not {"E43", "E44"} & {
        r["end_reason"] for r in rows["looked_after.PeriodOfCare"] if (r["end_date"] or date.min) > date(2018, 4, 1)
    }
    assert {"E45", "E47"} & codes
    assert "RC9" in {row["closure_reason"] for row in rows["cases.Case"]}
    assert "K3" in {row["placement_type"] for row in rows["looked_after.Placement"]}
