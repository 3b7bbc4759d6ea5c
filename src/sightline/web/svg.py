"""Small drawings, as SVG text: a trend line of a table cell. Each comes with words that say the same."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

Point = float | None


def sparkline(values: Sequence[Point], width: int = 112, height: int = 28) -> Markup:
    """A line through the values that are known, a dot on the last. It is decoration: the words stand beside it."""
    known = [(i, value) for i, value in enumerate(values) if value is not None]
    if len(known) < 2:
        return Markup("")
    low, high = min(v for _, v in known), max(v for _, v in known)
    pad = 4
    across = (width - 2 * pad) / max(len(values) - 1, 1)
    up = (height - 2 * pad) / ((high - low) or 1)
    points = [
        (pad + i * across, height - pad - ((v - low) * up if high > low else (height - 2 * pad) / 2)) for i, v in known
    ]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    last_x, last_y = points[-1]
    return Markup(
        '<svg class="sl-spark" viewBox="0 0 {w} {h}" width="{w}" height="{h}" aria-hidden="true" focusable="false">'
        '<polyline points="{path}"/><circle cx="{x:.1f}" cy="{y:.1f}" r="3"/></svg>'
    ).format(w=width, h=height, path=path, x=last_x, y=last_y)


def bars(parts: Sequence[tuple[str, Point]]) -> list[float | None]:
    """Lengths of bars from 0 to 100, the longest 100."""
    most = max((value for _, value in parts if value is not None), default=0)
    return [None if value is None else 100 * value / most if most else 0.0 for _, value in parts]


@dataclass(frozen=True)
class Size:
    """How large a chart is drawn, and how many of its points are named below."""

    width: int
    height: int
    labels: int
    name: str


WIDE = Size(640, 340, 6, "wide")
NARROW = Size(340, 240, 4, "narrow")
_LEFT, _RIGHT, _TOP, _BOTTOM = 56, 16, 14, 34


def line_chart(
    points: Sequence[tuple[str, Point]], size: Size, title: str, print_value: Callable[[float], str]
) -> Markup:
    """A line chart whose scale begins at nought, broken where a value is not known. `title` is its text alternative; the values stand in a table."""
    known = [value for _, value in points if value is not None]
    ticks = _ticks(max(known, default=0))
    across = (size.width - _LEFT - _RIGHT) / max(len(points) - 1, 1)
    up = (size.height - _TOP - _BOTTOM) / (ticks[-1] or 1)
    at = [
        (_LEFT + i * across, None if v is None else size.height - _BOTTOM - v * up) for i, (_, v) in enumerate(points)
    ]
    grid = Markup("").join(_grid_line(size.height - _BOTTOM - tick * up, size, print_value(tick)) for tick in ticks)
    every = math.ceil(len(points) / size.labels)
    # The last point is always named; the others so that names keep apart from it.
    named = [i for i in range(len(points)) if (len(points) - 1 - i) % every == 0]
    below = Markup("").join(_label(at[i][0], size, points[i][0], last=i == len(points) - 1) for i in named)
    lines = Markup("").join(
        Markup('<polyline class="sl-chart__line" points="{}"/>').format(" ".join(f"{x:.1f},{y:.1f}" for x, y in run))
        for run in _runs(at)
    )
    dots = Markup("").join(
        Markup('<circle class="sl-chart__dot" cx="{:.1f}" cy="{:.1f}" r="3"/>').format(x, y)
        for x, y in at
        if y is not None
    )
    return Markup(
        '<svg class="sl-chart sl-chart--{name}" viewBox="0 0 {w} {h}" role="img" aria-label="{title}" focusable="false">{parts}</svg>'
    ).format(name=size.name, w=size.width, h=size.height, title=title, parts=grid + below + lines + dots)


def _grid_line(y: float, size: Size, label: str) -> Markup:
    return Markup(
        '<line class="sl-chart__grid" x1="{x1}" x2="{x2}" y1="{y:.1f}" y2="{y:.1f}"/>'
        '<text class="sl-chart__text" x="{x}" y="{ty:.1f}" text-anchor="end">{label}</text>'
    ).format(x1=_LEFT, x2=size.width - _RIGHT, y=y, x=_LEFT - 8, ty=y + 4, label=label)


def _label(x: float, size: Size, text: str, *, last: bool) -> Markup:
    return Markup('<text class="sl-chart__text" x="{x:.1f}" y="{y}" text-anchor="{anchor}">{text}</text>').format(
        x=x + (_RIGHT if last else 0), y=size.height - 10, anchor="end" if last else "middle", text=text
    )


def _runs(at: Sequence[tuple[float, Point]]) -> list[list[tuple[float, float]]]:
    runs: list[list[tuple[float, float]]] = [[]]
    for x, y in at:
        if y is None:
            runs.append([])
        else:
            runs[-1].append((x, y))
    return [run for run in runs if len(run) > 1]


def _ticks(most: float) -> list[float]:
    """Round numbers from nought to just above the largest value."""
    if most <= 0:
        return [0, 1]
    step = 10 ** math.floor(math.log10(most / 4))
    step = next(step * times for times in (1, 2, 2.5, 5, 10) if step * times * 4 >= most)
    return [step * i for i in range(math.ceil(most / step - 1e-9) + 1)]
