"""The parts of the simulation: numbers that add up, names that are nobody's, profiles that are told what is wrong with them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from sightline.core.errors import InputProblem
from sightline.engine.synthetic.chance import Chance
from sightline.engine.synthetic.counts import LARGEST_GROUP, group_sizes, part_of, printed, share_out, with_sum
from sightline.engine.synthetic.makers import profile_from_benchmarks
from sightline.engine.synthetic.naming import ENDINGS, Names, nhs_number, pupil_number
from sightline.engine.synthetic.profile import folder, names, read
from sightline.standards.identifiers import is_upn


@dataclass(eq=False)
class Thing:
    size: int


@given(st.integers(0, 5000), st.lists(st.floats(0.01, 100), min_size=1, max_size=20))
def test_shares_add_up_and_are_near(total: int, weights: list[float]) -> None:
    found = share_out(total, weights)
    assert sum(found) == total
    assert all(abs(part - total * weight / sum(weights)) < 1 for part, weight in zip(found, weights, strict=True))


@given(st.integers(0, 900), st.integers(1, 500), st.integers(0, 99))
def test_groups_hold_every_child(children: int, groups: int, seed: int) -> None:
    exact = group_sizes(Chance(str(seed)), children, groups)
    assert sum(exact) == children
    assert all(0 < size <= LARGEST_GROUP for size in exact)
    if groups <= children <= groups * LARGEST_GROUP:
        assert len(exact) == groups
    assert sum(group_sizes(Chance(str(seed)), children)) == children


@given(st.lists(st.integers(1, 5), min_size=40, max_size=80), st.integers(0, 99), st.data())
def test_groups_with_an_exact_number_of_children(sizes: list[int], seed: int, data: st.DataObject) -> None:
    things = [Thing(1) for _ in range(8)] + [Thing(size) for size in sizes]
    count = data.draw(st.integers(10, 30))
    chosen = data.draw(st.lists(st.sampled_from(things), min_size=count, max_size=count, unique_by=id))
    total = sum(thing.size for thing in chosen)
    found = with_sum(Chance(str(seed)), things, total, count)
    assert len({id(thing) for thing in found}) == len(found) == count
    assert sum(thing.size for thing in found) == total
    assert sum(thing.size for thing in with_sum(Chance(str(seed)), things, total)) == total


@given(st.integers(1, 5000), st.floats(0, 100))
def test_a_part_prints_as_its_share(whole: int, share: float) -> None:
    percent = round(share, 1)
    part = part_of(whole, percent, 1)
    assert 0 <= part <= whole
    assert abs(printed(part, whole, 1) - percent) <= 100 / whole


@given(st.integers(0, 3_000_000))
def test_nhs_numbers_are_valid_and_of_the_test_range(place: int) -> None:
    number = nhs_number(place)
    assert number.startswith("999")
    assert len(number) == 10
    check = 11 - sum(int(digit) * (10 - i) for i, digit in enumerate(number[:9])) % 11
    assert int(number[9]) == check % 11


def test_names_are_plainly_invented() -> None:
    given_names = Names(Chance("names"))
    assert all(given_names.surname().endswith(ENDINGS) for _ in range(200))
    number = pupil_number(42, "830")
    assert number[1:] == "830000000042", "of no school: their numbers begin at 1000"
    assert is_upn(number)


def test_the_profiles_that_come_with_sightline_can_be_read() -> None:
    assert "staffordshire-2016-17" in names()
    for name in names():
        assert read(name).name == name


def test_scaling_keeps_shares_and_dates() -> None:
    county = read("staffordshire-2016-17")
    tenth = county.scaled(0.1)
    assert tenth.referrals.year.received == 914
    assert tenth.court.weeks_year == county.court.weeks_year
    assert tenth.year_end == county.year_end


def test_a_profile_is_told_what_is_wrong_with_it(tmp_path: Path) -> None:
    with pytest.raises(InputProblem, match="no profile"):
        read("atlantis-1999-00")
    data = yaml.safe_load((folder() / "staffordshire-2016-17.yaml").read_text())
    data["care"]["year"]["started"] = "many"
    path = tmp_path / "mine.yaml"
    path.write_text(yaml.safe_dump(data))
    with pytest.raises(InputProblem) as told:
        read(path)
    assert told.value.where == "mine.yaml: care: year: started"
    del data["care"]
    path.write_text(yaml.safe_dump(data))
    with pytest.raises(InputProblem, match="care"):
        read(path)


def test_only_authorities_with_statistics_have_a_profile_of_their_own() -> None:
    with pytest.raises(InputProblem, match="not an authority"):
        profile_from_benchmarks("West Midlands", 2024)
    with pytest.raises(InputProblem, match="No statistics"):
        profile_from_benchmarks("Derbyshire", 1990)
