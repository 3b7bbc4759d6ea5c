"""Published values, markers, neighbour averages and printed comparators."""

from __future__ import annotations

import pytest

from sightline.standards import benchmarks
from sightline.standards.calendar import parse
from sightline.standards.data import data_path, read_csv

AREA = {"England": "E92000001", "West Midlands": "E12000005"}
COMPARED = read_csv(data_path("benchmarks", "annual_report_2016_17_comparators.csv"))
HELD = [row for row in COMPARED if row["indicator_id"] and row["data_value"]]


@pytest.mark.parametrize(
    "row", [r for r in HELD if r["area"] in AREA], ids=lambda r: f"{r['indicator_id']}-{r['area']}"
)
def test_published_values_are_those_found_by_hand(row: dict[str, str]) -> None:
    found = benchmarks.value(row["indicator_id"], AREA[row["area"]], int(row["year"]))
    assert found.value == pytest.approx(float(row["data_value"]), abs=0.051)


@pytest.mark.parametrize(
    "row", [r for r in HELD if r["area"] == "statistical neighbours"], ids=lambda r: r["indicator_id"]
)
def test_neighbour_means_are_those_found_by_hand(row: dict[str, str]) -> None:
    found = benchmarks.neighbour_average(row["indicator_id"], "860", int(row["year"]), model=2021)
    places = len(row["data_value"].partition(".")[2])
    assert found.value == pytest.approx(float(row["data_value"]), abs=0.51 * 10**-places)
    assert f"Mean of {found.n} of the 2021-model" in row["note"] or not row["note"].startswith("Mean")


def test_an_indicator_has_an_id_and_may_have_a_headline_key() -> None:
    assert benchmarks.indicator("rereferral_pct") == benchmarks.indicator("lait.ReReferral")
    assert benchmarks.indicator("cp_rate").name
    with pytest.raises(benchmarks.UnknownIndicator, match="rereferral_pct"):
        benchmarks.indicator("rereferal_pct")
    assert len(benchmarks.indicators()) > 300


@pytest.mark.parametrize("period", [2017, "2017", "2016-17", "2016/17", parse("2016-17")])
def test_a_year_may_be_named_in_any_of_its_ways(period: object) -> None:
    assert benchmarks.value("lait.LACnum", "860", period).value == 994  # type: ignore[arg-type]


def test_part_of_a_year_has_no_published_value() -> None:
    with pytest.raises(ValueError, match="yearly"):
        benchmarks.value("lait.LACnum", "860", "2016-17 Q1")


def test_what_was_not_published_is_not_held() -> None:
    found = benchmarks.value("lait.LACnum", "860", 1999)
    assert found.value is None and found.meaning == "not held"
    assert benchmarks.value("lait.LACnum", "Powys", 2017).value is None


def test_a_marker_is_never_a_nought() -> None:
    import duckdb

    path = str(data_path("benchmarks", "dfe_benchmarks.parquet"))
    query = """
        select status, first(indicator_id order by indicator_id, area_code, period_end, breakdown),
               first(area_code order by indicator_id, area_code, period_end, breakdown),
               first(period_end order by indicator_id, area_code, period_end, breakdown),
               first(breakdown order by indicator_id, area_code, period_end, breakdown)
        from read_parquet(?) where status <> '' group by status
    """
    rows = duckdb.sql(query, params=[path]).fetchall()
    assert len(rows) >= 6
    for status, indicator, code, end, breakdown in rows:
        found = benchmarks.value(indicator, code, int(end), breakdown)
        assert found.value is None and found.status == status
        assert found.meaning and found.meaning == benchmarks.MARKERS[status]


def test_averages_leave_out_the_absent_and_say_so() -> None:
    found = benchmarks.neighbour_average("uasc_n", "860", 2016, model=2021)
    assert found.n < found.of == len(found.values) + len(found.absent)
    assert all(one.value is None and one.meaning for one in found.absent)
    numbers = sorted(one.value for one in found.values if one.value is not None)
    middle = benchmarks.neighbour_average("uasc_n", "860", 2016, model=2021, how="median").value
    assert found.value == pytest.approx(sum(numbers) / len(numbers))
    assert middle == pytest.approx((numbers[(len(numbers) - 1) // 2] + numbers[len(numbers) // 2]) / 2)


def test_a_predecessor_stands_in_for_years_before_an_authority_existed() -> None:
    found = benchmarks.neighbour_average("rereferral_pct", "860", 2016, model=2021)
    assert "Northamptonshire" in [one.area.name for one in found.values]
    now = benchmarks.neighbour_average("rereferral_pct", "860", 2025, model=2021)
    assert "North Northamptonshire" in [one.area.name for one in now.values]


def test_no_neighbours_no_average() -> None:
    found = benchmarks.neighbour_average("rereferral_pct", "Powys", 2016)
    assert found.value is None and found.of == 0


def test_region_and_england() -> None:
    assert benchmarks.england("icpc_15d_pct", "2015-16").value == 76.7
    region = benchmarks.region("icpc_15d_pct", "860", "2015-16")
    assert region is not None and region.value == 76.5
    assert benchmarks.region("icpc_15d_pct", "England", 2016) is None


def test_a_series_runs_in_order() -> None:
    found = benchmarks.series("cp_rate", "860")
    assert [one.period_end for one in found] == sorted({one.period_end for one in found}) and len(found) > 8
    assert "" in benchmarks.breakdowns("cp_rate")


def test_printed_comparators_are_a_source_of_their_own() -> None:
    (neighbours,) = benchmarks.printed("cp.rate", benchmarks.NEIGHBOURS)
    assert neighbours.value == 45.7 and neighbours.period == "2015-16" and "2016-17" in neighbours.source
    assert {row.area for row in benchmarks.printed("cp.icpc.timeliness.pct")} == {*AREA.values(), benchmarks.NEIGHBOURS}
    assert benchmarks.printed("cp.rate", "E10000028") == ()


def test_no_printed_figure_of_the_authority_itself_is_held() -> None:
    assert all(
        row["area"] != "E10000028" for row in read_csv(data_path("benchmarks", "printed_comparators_2016_17.csv"))
    )
    assert all(row["area"] != "Staffordshire" for row in COMPARED)
