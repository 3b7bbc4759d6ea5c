"""Charts as Vega-Lite, drawn to SVG and PNG without a browser.

Two kinds: lines over the months of two years, and horizontal bars of categories in one or two years. The darker line or bar is always the later year;
line style and darkness tell the series apart, so that neither colour nor its absence hides anything.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

DARK, LIGHT, INK, RULE = "#12436d", "#8fb0cf", "#1d1d1d", "#b8bcc0"
FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
WIDTH = 600


@dataclass(frozen=True)
class Point:
    """One value of a series; None leaves a gap. `printed` is how the report prints it."""

    label: str
    value: float | None
    printed: str


@dataclass(frozen=True)
class Series:
    """Points under one name."""

    name: str
    points: tuple[Point, ...]


@dataclass(frozen=True)
class Chart:
    """A chart before it is drawn. The last series is the latest."""

    kind: Literal["lines", "bars"]
    title: str
    series: tuple[Series, ...]

    @property
    def has_values(self) -> bool:
        """Whether there is anything to draw."""
        return any(point.value is not None for one in self.series for point in one.points)

    @property
    def values(self) -> list[float]:
        """Every value drawn."""
        return [point.value for one in self.series for point in one.points if point.value is not None]

    @property
    def from_nought(self) -> bool:
        """Bars start at nought always; lines where the values leave room."""
        return self.kind == "bars" or not self.values or min(self.values) < 0.5 * max(self.values)


def svg(chart: Chart) -> str:
    """The picture as SVG, drawn once for the same content."""
    return _drawn(json.dumps(spec(chart)))


def png(chart: Chart) -> bytes:
    """The picture as PNG, for Word."""
    return _pixels(svg(chart))


@cache
def _drawn(text: str) -> str:
    import vl_convert

    return str(vl_convert.vegalite_to_svg(text, vl_version="5.20"))


@cache
def _pixels(drawing: str) -> bytes:
    import vl_convert

    return bytes(vl_convert.svg_to_png(drawing, scale=2))


def spec(chart: Chart) -> dict[str, Any]:
    """The Vega-Lite specification."""
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "background": "white",
        "width": WIDTH,
        "autosize": {"type": "fit-x", "contains": "padding"},
        "data": {"values": _rows(chart)},
        "config": _CONFIG,
        **(_lines(chart) if chart.kind == "lines" else _bars(chart)),
    }


def _rows(chart: Chart) -> list[dict[str, Any]]:
    names = [one.name for one in chart.series]
    return [
        {
            "label": p.label,
            "value": p.value,
            "printed": p.printed,
            "series": one.name,
            "order": names.index(one.name),
            "at": i,
        }
        for one in chart.series
        for i, p in enumerate(one.points)
    ]


_CONFIG: dict[str, Any] = {
    "font": FONT,
    "axis": {
        "labelFontSize": 13,
        "labelColor": INK,
        "domainColor": INK,
        "tickColor": INK,
        "gridColor": "#e3e5e7",
        "labelLimit": 230,
    },
    "legend": {
        "labelFontSize": 13,
        "labelColor": INK,
        "orient": "top",
        "title": None,
        "symbolStrokeWidth": 3,
        "symbolSize": 170,
    },
    "view": {"stroke": None},
}


def _scales(chart: Chart) -> dict[str, Any]:
    names = [one.name for one in chart.series]
    colours = [DARK] if len(names) == 1 else [LIGHT, DARK]
    return {"field": "series", "type": "nominal", "sort": names, "scale": {"domain": names, "range": colours}}


def _lines(chart: Chart) -> dict[str, Any]:
    names = [one.name for one in chart.series]
    labels = [point.label for point in chart.series[-1].points]
    dashes = [[1, 0]] if len(names) == 1 else [[6, 4], [1, 0]]
    x = {"field": "label", "type": "ordinal", "sort": labels, "axis": {"title": None, "labelAngle": 0, "grid": False}}
    y = {
        "field": "value",
        "type": "quantitative",
        "scale": {"zero": chart.from_nought, "nice": True},
        "axis": {"title": None, "tickCount": 5, "domain": False, "ticks": False},
    }
    dash = {"field": "series", "type": "nominal", "sort": names, "scale": {"domain": names, "range": dashes}}
    legend = {"symbolType": "stroke", "symbolSize": 900}
    line = {
        "mark": {"type": "line", "strokeWidth": 2.5},
        "encoding": {
            "x": x,
            "y": y,
            "color": {**_scales(chart), "legend": legend},
            "strokeDash": {**dash, "legend": legend},
        },
    }
    return {
        "height": 220,
        "layer": [line, *(_dots(one.name, i == len(names) - 1, x, y) for i, one in enumerate(chart.series))],
    }


def _dots(name: str, latest: bool, x: dict[str, Any], y: dict[str, Any]) -> dict[str, Any]:
    """The points of one series. They carry no legend: the lines have it."""
    mark = {"type": "point", "filled": True, "size": 45, "opacity": 1, "shape": "square" if latest else "circle"}
    return {
        "transform": [{"filter": {"field": "series", "equal": name}}],
        "mark": {**mark, "color": DARK if latest else LIGHT},
        "encoding": {"x": x, "y": y},
    }


def _bars(chart: Chart) -> dict[str, Any]:
    labels = [point.label for point in chart.series[-1].points]
    two = len(chart.series) > 1
    y: dict[str, Any] = {
        "field": "label",
        "type": "nominal",
        "sort": labels,
        "scale": {"paddingInner": 0.25, "paddingOuter": 0.1},
        "axis": {"title": None, "ticks": False, "domain": False, "labelPadding": 8},
    }
    top = max(chart.values, default=1) or 1
    x = {
        "field": "value",
        "type": "quantitative",
        "scale": {"domain": [0, top * 1.12], "nice": False},
        "axis": None,
    }
    names = [one.name for one in chart.series]
    offset = {"yOffset": {"field": "series", "type": "nominal", "sort": list(reversed(names))}} if two else {}
    colour = _scales(chart) if two else {"value": DARK}
    bar = {"mark": {"type": "bar"}, "encoding": {"y": y, "x": x, "color": colour, **offset}}
    text = {
        "mark": {"type": "text", "align": "left", "dx": 5, "fontSize": 12, "color": INK},
        "encoding": {"y": y, "x": x, "text": {"field": "printed"}, **offset},
    }
    step = {"step": 17 if two else 26, **({"for": "offset"} if two else {})}
    return {"height": step, "layer": [bar, text]}
