"""Which area and year the pages open on."""

from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest

from sightline.engine.measures.compute import RESULTS
from sightline.engine.measures.results import Results
from sightline.engine.report.settings import settings_for
from sightline.engine.snapshot.store import Covered, Manifest, Snapshot
from sightline.standards import populations
from sightline.standards.periods import year
from sightline.web.attention import compared, concerns
from sightline.web.figures import Figures, load, newest_years
from sightline.web.views.reports import _years


def _line(area: str, period: str, measure: str) -> dict[str, object]:
    about = {"measure": measure, "area": area, "period": period, "breakdown": "total", "category": ""}
    return {**about, "base": 1, "number": 1, "amount": None}


def test_another_authoritys_return_does_not_take_the_place_of_the_one_with_most_answers() -> None:
    lines = [_line("E10000028", "2016-17", f"measure.{n}") for n in range(9)]
    lines += [_line("LA975", "2021-22", "referrals.total"), _line("E10000028", "2017-18", "lac.total")]
    results = Results(pa.Table.from_pylist(lines, schema=RESULTS))
    figures = Figures(Snapshot(Path("none")), (year(2016), year(2017), year(2021)), results)
    assert figures.default_area is not None
    assert figures.default_area.code == "E10000028"
    assert figures.latest_year == year(2016)
    assert figures.latest_year_of("LA975") == year(2021)


def test_each_area_has_the_reports_of_its_own_years() -> None:
    lines = [_line("E10000028", one, "lac.total") for one in ("2015-16", "2016-17")]
    lines += [_line("LA975", "2021-22", "referrals.total")]
    figures = Figures(
        Snapshot(Path("none")),
        (year(2015), year(2016), year(2017), year(2021)),
        Results(pa.Table.from_pylist(lines, schema=RESULTS)),
    )
    assert _years(figures, "E10000028") == [year(2016)]
    assert _years(figures, "LA975") == [year(2021)]


def test_nothing_is_said_to_be_well_where_nothing_can_be_compared() -> None:
    lines = [_line("LA975", "2021-22", "cp.repeat.pct"), _line("LA975", "2020-21", "cp.repeat.pct")]
    figures = Figures(
        Snapshot(Path("none")), (year(2020), year(2021)), Results(pa.Table.from_pylist(lines, schema=RESULTS))
    )
    assert compared(figures, year(2021), "LA975") == 1
    assert compared(figures, year(2019), "LA975") == 0
    assert concerns(figures, year(2019), "LA975", exact=True) == []


def test_a_rate_divides_by_the_population_of_the_areas_own_newest_report(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Coverage that runs into the next year, or another authority's return, does not change what a rate divides by."""
    lines = [_line("E10000028", "2016-17", f"measure.{n}") for n in range(9)] + [
        _line("E10000028", "2016-17", "cp.rate"),
        _line("E10000028", "2017-18", "lac.total"),
        _line("E06000021", "2017-18", "cp.rate"),
    ]
    table = pa.Table.from_pylist(lines, schema=RESULTS)
    covered = (
        Covered("E06000021", "cin", "child_protection", date(2017, 4, 1), date(2018, 3, 31)),
        Covered("E10000028", "system", "child_protection", date(2016, 4, 1), date(2017, 7, 31)),
    )
    monkeypatch.setattr("sightline.web.figures.results_for", lambda *_: Results(table))
    snapshot = Snapshot(Path("none"))
    snapshot.__dict__["manifest"] = Manifest("none", "", "", {}, covered)
    results = load(snapshot).results
    of_the_report = settings_for(year(2016), "E10000028").population_rule
    assert of_the_report != populations.DEFAULT_RULE
    assert results.result("cp.rate", year(2016), "E10000028").population == (
        populations.population("E10000028", date(2017, 3, 31), rule=of_the_report).provenance
    )
    assert results.result("cp.rate", year(2017), "E06000021").population == (
        populations.population("E06000021", date(2018, 3, 31)).provenance
    )


def test_a_later_return_of_one_area_pushes_no_year_of_another_out_of_sight() -> None:
    county = Covered("E10000028", "synthetic", "looked_after", date(2014, 4, 1), date(2017, 3, 31))
    later = Covered("LA975", "cin", "front_door", date(2025, 4, 1), date(2026, 3, 31))
    assert [one.label for one in newest_years([later, county])] == ["2014-15", "2015-16", "2016-17", "2025-26"]
    long = Covered("LA975", "cin", "front_door", date(2010, 4, 1), date(2026, 3, 31))
    assert [one.label for one in newest_years([long])] == [f"{n}-{n + 1 - 2000}" for n in range(2018, 2026)]
