"""Charts are drawn from their points, and say in words what they show."""

from __future__ import annotations

import pytest

from sightline.engine.charts.draw import DARK, LIGHT, Chart, Point, Series, png, spec, svg
from sightline.engine.charts.words import alternative


def series(name: str, *values: float | None) -> Series:
    labels = ("Apr", "May", "Jun", "Jul")
    points = (
        Point(label, value, "c" if value is None else f"{value:g}")
        for label, value in zip(labels, values, strict=False)
    )
    return Series(name, tuple(points))


LINES = Chart("lines", "Contacts by month", (series("2015-16", 9, 12, 10, 11), series("2016-17", 10, 14, 13, 12)))
BARS = Chart("bars", "Plans by category", (series("2015-16", 30, 20, 10), series("2016-17", 28, 31, 10)))


def test_a_chart_of_months_tells_where_it_begins_ends_rises_and_falls() -> None:
    assert alternative(LINES) == (
        "Line chart: contacts by month. 2016-17: from 10 in Apr to 12 in Jul; lowest 10 in Apr, highest 14 in May. "
        "2015-16: from 9 in Apr to 11 in Jul; lowest 9 in Apr, highest 12 in May. The vertical axis does not start at nought. "
        "The values are in the table below."
    )


def test_a_chart_of_bars_tells_the_order_and_the_largest_change() -> None:
    assert alternative(BARS) == (
        "Bar chart: plans by category. 2016-17: May 31, Apr 28, Jun 10. The largest change since 2015-16 is in May, from 20 to 31. "
        "The values are in the table below."
    )


def test_a_withheld_point_is_neither_drawn_nor_told() -> None:
    chart = Chart("bars", "Plans", (series("2016-17", 28, None, 10),))
    assert "May" not in alternative(chart)
    assert {row["label"]: row["value"] for row in spec(chart)["data"]["values"]}["May"] is None
    assert ">c<" not in svg(chart)


def test_a_chart_without_values_says_so() -> None:
    empty = Chart("lines", "Contacts", (series("2016-17", None, None),))
    assert not empty.has_values
    assert alternative(empty) == "Contacts: no values to show."


def test_a_level_line_is_level() -> None:
    assert "5 throughout" in alternative(Chart("lines", "Contacts", (series("2016-17", 5, 5, 5),)))


def test_bars_begin_at_nought_and_lines_where_there_is_room() -> None:
    assert BARS.from_nought
    assert not LINES.from_nought
    assert Chart("lines", "Few", (series("2016-17", 0, 9),)).from_nought


@pytest.mark.parametrize("chart", [LINES, BARS])
def test_the_years_differ_in_darkness_and_a_picture_is_drawn_once(chart: Chart) -> None:
    drawing = svg(chart)
    assert drawing.startswith("<svg") and DARK in drawing and LIGHT in drawing
    assert svg(chart) is drawing
    assert png(chart).startswith(b"\x89PNG")


def test_two_lines_differ_in_their_stroke_too() -> None:
    assert "stroke-dasharray" in svg(LINES)
