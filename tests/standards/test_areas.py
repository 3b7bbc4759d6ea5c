"""Areas by any code or name, populations by version, profile facts."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightline.standards import areas, populations, profile
from sightline.standards.data import DataError, data_path, read_csv

YEAR_END = date(2017, 3, 31)
PRINTED = "printed-sscb-2016-17"


@pytest.mark.parametrize(
    "asked", ["E10000028", "860", 860, "Staffordshire", "staffordshire county council", " e10000028 "]
)
def test_an_authority_is_found_by_code_old_code_or_name(asked: str | int) -> None:
    assert areas.area(asked).code == "E10000028"


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ("E10000023", "E06000065"),
        ("Bristol", "E06000023"),
        ("Dorset", "E06000059"),
        ("London", "E12000007"),
        ("City of London", "E09000001"),
        ("St Helens", "E08000013"),
        ("Cheshire West & Chester", "E06000050"),
    ],
)
def test_former_codes_and_loose_names(asked: str, code: str) -> None:
    assert areas.area(asked).code == code


def test_every_area_is_found_by_its_code_and_its_name_leads_to_an_area_of_that_name() -> None:
    for one in areas.areas(current_only=False):
        assert areas.area(one.code) == one
        assert areas.area(one.name).name == one.name


@given(st.text(max_size=30))
def test_any_text_is_accepted_and_the_unknown_stays_named(text: str) -> None:
    found = areas.area(text)
    assert found.name and (found.known or found.level == "unknown")


def test_an_unknown_authority_is_named_as_unknown() -> None:
    powys = areas.area("Powys")
    assert (powys.name, powys.known, powys.level) == ("Powys", False, "unknown")
    assert areas.districts("Powys") == () and areas.region_of("Powys") is None and areas.neighbours("Powys") == ()
    assert areas.area("W06000023").code == "W06000023"
    assert areas.area("").name == "Not stated"


def test_parents_districts_and_regions() -> None:
    assert [d.name for d in areas.districts("860")] == [
        "Cannock Chase",
        "East Staffordshire",
        "Lichfield",
        "Newcastle-under-Lyme",
        "South Staffordshire",
        "Stafford",
        "Staffordshire Moorlands",
        "Tamworth",
    ]
    assert areas.districts("Stoke-on-Trent") == (areas.area("861"),)
    assert areas.authority_of("Tamworth").code == "E10000028"
    region = areas.region_of("Tamworth")
    assert region is not None and region.name == "West Midlands"
    assert [a.name for a in areas.predecessors("West Northamptonshire")] == ["Northamptonshire"]


def test_neighbours_by_edition_of_the_model() -> None:
    assert [n.area.name for n in areas.neighbours("860", 2021)][:3] == [
        "Nottinghamshire",
        "Derbyshire",
        "Worcestershire",
    ]
    assert areas.neighbours("860")[0].area.name == "East Riding of Yorkshire"
    for model in areas.MODELS:
        for row in {
            r["area_code"]
            for r in read_csv(data_path("benchmarks", "statistical_neighbours.csv"))
            if r["model"] == model
        }:
            found = areas.neighbours(row, model)
            assert [n.rank for n in found] == list(range(1, 11))
    with pytest.raises(ValueError, match="Held: 2021, 2025"):
        areas.neighbours("860", 1999)


def test_the_default_rule_takes_the_mid_year_before_the_year_end() -> None:
    for day in (date(2016, 4, 1), date(2016, 12, 31), YEAR_END):
        found = populations.population("860", day)
        assert (found.mid_year, found.number, found.version.id) == (2016, 166990, "ons-dfe-series")


@pytest.mark.parametrize(
    ("year", "mid_year", "number"), [(2015, 2014, 168565), (2016, 2015, 168824), (2017, 2015, 168824)]
)
def test_a_report_may_keep_the_base_it_was_published_with(year: int, mid_year: int, number: int) -> None:
    found = populations.population("860", date(year, 3, 31), rule=PRINTED)
    assert (found.mid_year, found.number, found.version.id) == (mid_year, number, PRINTED)
    assert f"{number:,}" in found.provenance and "2016-17" in found.provenance


def test_areas_a_report_did_not_print_fall_back_to_the_default() -> None:
    assert populations.population("861", YEAR_END, rule=PRINTED).version.id == "ons-dfe-series"


def test_a_later_year_than_any_held_is_marked_and_an_earlier_one_refused() -> None:
    found = populations.population("860", date(2031, 3, 31))
    assert found.stands_in and found.mid_year == max(populations.mid_years("860")) and "latest held" in found.provenance
    with pytest.raises(populations.PopulationNotHeld, match="mid-2016"):
        populations.population("Tamworth", YEAR_END)
    with pytest.raises(populations.PopulationNotHeld):
        populations.population("Powys", YEAR_END)
    with pytest.raises(DataError, match="no population rule"):
        populations.population("860", YEAR_END, rule="guess")


def test_bands_and_sexes_add_up_to_all_children() -> None:
    bands = ("under 1", "1 to 4", "5 to 9", "10 to 15", "16 to 17")
    for place in ("860", "E12000005", "Tamworth"):
        on = date(2024, 3, 31)
        for sex in ("Males", "Females"):
            parts = [populations.population(place, on, age_band=band, sex=sex).number for band in bands]
            assert abs(sum(parts) - populations.population(place, on, sex=sex).number) <= 1
    districts = [populations.population(d, date(2024, 3, 31)).number for d in areas.districts("860")]
    county = populations.population("860", date(2024, 3, 31), version="ons-mye-2023", sex="Males").number
    county += populations.population("860", date(2024, 3, 31), version="ons-mye-2023", sex="Females").number
    assert sum(districts) == county


def test_profile_facts_are_cited() -> None:
    fact = profile.fact("860", "fsm.primary")
    assert fact is not None and fact.value == 9.4 and "2016-17" in fact.source
    england = profile.fact("England", "fsm.primary")
    assert england is not None and england.value == 14.1
    assert profile.profile("Powys") == () and profile.fact("860", "nothing") is None
