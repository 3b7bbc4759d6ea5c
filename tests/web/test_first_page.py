"""Which area and year the pages open on."""

from pathlib import Path

import pyarrow as pa

from sightline.engine.measures.compute import RESULTS
from sightline.engine.measures.results import Results
from sightline.engine.snapshot.store import Snapshot
from sightline.standards.periods import year
from sightline.web.figures import Figures


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
