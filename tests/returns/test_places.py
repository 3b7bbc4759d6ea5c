"""What is worked out from the postcodes and authorities of an SSDA903 file as it is loaded."""

from __future__ import annotations

import pytest

from sightline.returns.ssda903.places import is_authority, prepare


def test_a_postcode_is_known_in_any_spacing_and_a_blank_one_is_neither_known_nor_unknown() -> None:
    tables = {"Episodes": {"HOME_POST": ["st163aa", "ZZ1 1ZZ", None], "PL_POST": ["B1 1AA", None, "B1"]}}

    prepare(tables, {"authority": "E10000028"})

    assert tables["Episodes"]["HOME_POST_known"] == ["1", "0", None]
    assert tables["Episodes"]["PL_POST_known"] == ["1", None, "0"]
    assert tables["Episodes"]["PL_LA_known"] == ["1", None, None]


@pytest.mark.parametrize("code", ["E10000028", "E08000025", "W06000015", "S12000036", "L99999999"])
def test_an_authority_of_the_united_kingdom_may_stand_as_that_of_a_placement(code: str) -> None:
    assert is_authority(code)


@pytest.mark.parametrize("code", ["E10999999", "E07000197", "Staffordshire", "860", "E12000005"])
def test_a_district_a_region_a_name_or_a_code_nobody_has_may_not(code: str) -> None:
    assert not is_authority(code)


def test_the_list_of_providers_is_compared_by_the_present_code_of_the_authority() -> None:
    tables = {"Provider Info": {"URN": ["SC1", "SC2", "SC3"], "LA_CODE_INFERRED": ["860", "E10000028", None]}}

    prepare(tables, {})

    assert tables["Provider Info"]["LA_CODE_INFERRED"] == ["E10000028", "E10000028", None]
