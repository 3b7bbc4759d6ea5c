"""What is worked out from the postcodes and authorities of an SSDA903 file as it is loaded."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from sightline.returns.ssda903.places import is_authority, prepare
from sightline.standards.distance import distance


def _cells(*texts: str | None) -> Any:
    return pa.array(texts, pa.string())


def test_a_postcode_is_known_in_any_spacing_and_a_blank_one_is_neither_known_nor_unknown() -> None:
    episodes = {"HOME_POST": _cells("st163aa", "ZZ1 1ZZ", None), "PL_POST": _cells("B1 1AA", None, "B1")}

    prepare({"Episodes": episodes}, {"authority": "E10000028"})

    assert episodes["HOME_POST_known"].to_pylist() == ["1", "0", None]
    assert episodes["PL_POST_known"].to_pylist() == ["1", None, "0"]
    assert episodes["PL_LA_known"].to_pylist() == ["1", None, None]


def test_the_distance_and_location_of_a_placement_follow_from_its_postcodes_and_the_authority() -> None:
    homes, places = _cells("ST16 3AA", "ST16 3AA", None, "ST16 3AA"), _cells("ST16 3AA", "B1 1AA", "B1 1AA", "ZZ1 1ZZ")
    episodes = {"HOME_POST": homes, "PL_POST": places}

    prepare({"Episodes": episodes}, {"authority": "E10000028"})

    far = f"{distance('ST16 3AA', 'B1 1AA'):.1f}"
    assert episodes["PL_DISTANCE"].to_pylist() == ["0.0", far, None, None]
    assert episodes["PL_LA"].to_pylist() == ["E10000028", "E08000025", "E08000025", None]
    assert episodes["PL_LOCATION"].to_pylist() == ["IN", "OUT", "OUT", None]


def test_a_file_without_any_postcode_has_no_distance() -> None:
    episodes = {"HOME_POST": _cells(None, None), "PL_POST": _cells("ST16 3AA", None)}

    prepare({"Episodes": episodes}, {})

    assert episodes["HOME_POST_known"].to_pylist() == [None, None]
    assert episodes["PL_DISTANCE"].to_pylist() == [None, None]


def test_a_file_is_not_believed_that_says_which_postcodes_are_known() -> None:
    episodes = {"CHILD": _cells("A"), "HOME_POST_known": _cells("1")}

    prepare({"Episodes": episodes}, {})

    assert list(episodes) == ["CHILD"]


def test_who_is_on_the_list_of_asylum_seekers_is_one_where_the_header_does_not_say() -> None:
    tables = {"Header": {"CHILD": _cells("A", "B", None)}, "UASC": {"CHILD": _cells("B")}}

    prepare(tables, {})

    assert tables["Header"]["UASC"].to_pylist() == ["0", "1", "0"]


@pytest.mark.parametrize("code", ["E10000028", "E08000025", "W06000015", "S12000036", "L99999999"])
def test_an_authority_of_the_united_kingdom_may_stand_as_that_of_a_placement(code: str) -> None:
    assert is_authority(code)


@pytest.mark.parametrize("code", ["E10999999", "E07000197", "Staffordshire", "860", "E12000005"])
def test_a_district_a_region_a_name_or_a_code_nobody_has_may_not(code: str) -> None:
    assert not is_authority(code)


def test_the_list_of_providers_is_compared_by_the_present_code_of_the_authority() -> None:
    providers = {"URN": _cells("SC1", "SC2", "SC3"), "LA_CODE_INFERRED": _cells("860", "E10000028", None)}

    prepare({"Provider Info": providers}, {})

    assert providers["LA_CODE_INFERRED"].to_pylist() == ["E10000028", "E10000028", None]
