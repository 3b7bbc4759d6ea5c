"""The text alternative of a chart: what a reader would take from looking at it, worked out from its points."""

from __future__ import annotations

from sightline.engine.charts.draw import Chart, Point, Series


def alternative(chart: Chart) -> str:
    """One paragraph. It says what sort of chart it is, then the extremes and how the years compare."""
    if not chart.has_values:
        return f"{chart.title}: no values to show."
    described = _lines(chart) if chart.kind == "lines" else _bars(chart)
    axis = "" if chart.from_nought else " The vertical axis does not start at nought."
    return f"{described}{axis} The values are in the table below."


def _lines(chart: Chart) -> str:
    parts = [f"Line chart: {chart.title.lower() if not chart.title.isupper() else chart.title}."]
    for series in reversed(chart.series):
        known = [point for point in series.points if point.value is not None]
        if not known:
            parts.append(f"{series.name}: no values to show.")
            continue
        low, high = min(known, key=_value), max(known, key=_value)
        if low.value == high.value:
            parts.append(f"{series.name}: {low.printed} throughout.")
        else:
            parts.append(
                f"{series.name}: from {known[0].printed} in {known[0].label} to {known[-1].printed} in {known[-1].label}; "
                f"lowest {low.printed} in {low.label}, highest {high.printed} in {high.label}."
            )
    return " ".join(parts)


def _bars(chart: Chart) -> str:
    latest = chart.series[-1]
    known = sorted((point for point in latest.points if point.value is not None), key=_value, reverse=True)
    parts = [f"Bar chart: {chart.title[:1].lower()}{chart.title[1:]}."]
    if known:
        parts.append(f"{latest.name}: " + ", ".join(f"{point.label} {point.printed}" for point in known) + ".")
    if len(chart.series) > 1 and (moved := _largest_move(chart.series[0], latest)):
        parts.append(moved)
    return " ".join(parts)


def _largest_move(before: Series, latest: Series) -> str:
    earlier = {point.label: point for point in before.points if point.value is not None}
    pairs = [
        (point, earlier[point.label]) for point in latest.points if point.value is not None and point.label in earlier
    ]
    if not pairs:
        return ""
    now, then = max(pairs, key=lambda pair: abs(_value(pair[0]) - _value(pair[1])))
    if now.printed == then.printed:
        return f"None differs from {before.name} as printed."
    return f"The largest change since {before.name} is in {now.label}, from {then.printed} to {now.printed}."


def _value(point: Point) -> float:
    return point.value if point.value is not None else 0.0
