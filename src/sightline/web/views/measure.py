"""One measure: what it says, how it is defined, how it moves, and its parts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, reverse
from django.views.decorators.http import require_GET

from sightline.core.access.roles import Permission
from sightline.engine.measures.declare import Combined, Measure
from sightline.engine.measures.registry import AnyMeasure, measures
from sightline.engine.measures.results import printed
from sightline.standards import benchmarks
from sightline.standards.periods import Period
from sightline.web import svg
from sightline.web.asked import Asked, asked
from sightline.web.chapters import chapters
from sightline.web.doors import needs, user_of
from sightline.web.downloads import as_csv, as_json
from sightline.web.figures import Figures, current
from sightline.web.lists import sees_rows
from sightline.web.pages import page
from sightline.web.present import (
    Shown,
    figure,
    parts_of,
    unit_of,
)
from sightline.web.protection import about_children
from sightline.web.scorecards import row

PARTS = ("month", "quarter", "year")
MOST_PARTS = {"month": 24, "quarter": 12, "year": 8}


@dataclass(frozen=True)
class Part:
    """One category of a breakdown."""

    category: str
    label: str
    shown: Shown
    length: float | None


@dataclass(frozen=True)
class Breakdown:
    """A measure broken down one way."""

    name: str
    title: str
    parts: tuple[Part, ...]


@needs(Permission.SEE_FIGURES)
@require_GET
def measure_page(request: HttpRequest, id: str) -> HttpResponse:
    """The page of a measure."""
    what, figures = found_measure(id), current()
    wanted = asked(request, figures)
    exact = user_of(request).may(Permission.SEE_ALL_CHILDREN)
    by = request.GET.get("by", "quarter")
    if by not in PARTS:
        raise Http404("Figures are by month, quarter or year.")
    moves = over_time(figures, what, wanted, by, exact=exact)
    return page(
        request,
        "measure.html",
        title=what.title,
        section="scorecards",
        crumbs=crumbs_to(what, wanted),
        asked=wanted,
        measure=what,
        over=measures()[what.over] if isinstance(what, Combined) else None,
        row=row(figures, what, wanted.period, wanted.area.code, exact=exact),
        by=by,
        parts=PARTS,
        moves=moves,
        charts=_charts(what, moves),
        breakdowns=list(_breakdowns(figures, what, wanted, exact=exact)),
        neighbours=_neighbours(what, wanted),
        unit=unit_of(what),
        divided_by=figures.results.result(what.id, wanted.period, wanted.area.code).population,
        protected=not exact and about_children(what),
        opens_rows=isinstance(what, Measure) and sees_rows(user_of(request), what),
    )


@needs(Permission.SEE_FIGURES)
@require_GET
def measure_file(request: HttpRequest, id: str, kind: str) -> HttpResponse:
    """The measure as a file: the chosen year's parts, and its breakdowns for the chosen period."""
    what, figures = found_measure(id), current()
    wanted = asked(request, figures)
    exact = user_of(request).may(Permission.SEE_ALL_CHILDREN)
    lines = list(_lines(figures, what, wanted, exact=exact))
    name = f"{what.id}-{wanted.period.label}".replace(" ", "-")
    if kind == "csv":
        return as_csv(name, list(lines[0]), [list(line.values()) for line in lines])
    about = {
        "measure": what.id,
        "title": what.title,
        "definition": what.definition,
        "source": what.source,
        "unit": unit_of(what),
        "area": wanted.area.code,
        "area_name": wanted.area.name,
        "snapshot": figures.snapshot.id,
        "taken_at": figures.snapshot.manifest.taken_at,
        "protected": not exact and about_children(what),
    }
    return as_json(name, about | {"figures": lines})


def found_measure(id: str) -> AnyMeasure:
    """The measure of an address. Raises Http404."""
    what = measures().get(id)
    if what is None:
        raise Http404("There is no such measure.")
    return what


def crumbs_to(what: AnyMeasure, wanted: Asked) -> tuple[tuple[str, str], ...]:
    """The way to a measure's page."""
    chapter = chapters()[what.chapter]
    return (
        ("Scorecard", f"{reverse('scorecards')}?{wanted.query}"),
        (chapter.title, f"{reverse('scorecard', args=[chapter.id])}?{wanted.query}"),
    )


def over_time(figures: Figures, what: AnyMeasure, wanted: Asked, by: str, *, exact: bool) -> list[tuple[Period, Shown]]:
    """The months, quarters or years up to the end of the period, from the first that is covered."""
    years = [year for year in wanted.years if year.start <= wanted.period.end]
    parts = [
        part
        for year in years
        for part in ([year] if by == "year" else year.months() if by == "month" else year.quarters())
    ]
    parts = [part for part in parts if part.start <= wanted.period.end][-MOST_PARTS[by] :]
    moves = [(part, figure(figures, what.id, part, wanted.area.code, exact=exact)) for part in parts]
    while moves and moves[0][1].status == "not covered":
        moves.pop(0)
    return moves


def _charts(what: AnyMeasure, moves: Sequence[tuple[Period, Shown]]) -> list[Any]:
    points = [(_short(part), one.value) for part, one in moves]
    if sum(value is not None for _, value in points) < 2:
        return []
    known = [(part, one) for part, one in moves if one.value is not None]
    low, high = min(known, key=lambda m: m[1].value or 0), max(known, key=lambda m: m[1].value or 0)
    title = (
        f"Line chart of {what.title}, {known[0][0].title} to {known[-1][0].title}: lowest {low[1].text} in {low[0].title}, "
        f"highest {high[1].text} in {high[0].title}, last {known[-1][1].text}. The table that follows gives every value."
    )
    return [svg.line_chart(points, size, title, lambda tick: _tick(tick, what)) for size in (svg.WIDE, svg.NARROW)]


def _tick(tick: float, what: AnyMeasure) -> str:
    text = f"{tick:,.0f}" if tick == round(tick) else f"{tick:,.2f}".rstrip("0")
    return f"{text}%" if printed(0, what).endswith("%") else text


def _short(part: Period) -> str:
    if part.kind == "month":
        return part.start.strftime("%b %y")
    return part.label if part.kind == "year" else f"Q{part.label[-1]} {part.label[2:7]}"


def _breakdowns(figures: Figures, what: AnyMeasure, wanted: Asked, *, exact: bool) -> Iterator[Breakdown]:
    for found in parts_of(figures, what, wanted.period, wanted.area.code, exact=exact):
        lengths = svg.bars([(code, one.value) for code, _, one in found.parts])
        parts = tuple(Part(*part, length) for part, length in zip(found.parts, lengths, strict=True))
        yield Breakdown(found.name, found.title, parts)


def _neighbours(what: AnyMeasure, wanted: Asked) -> list[tuple[str, str]]:
    """Each statistical neighbour with its published value, the highest first, and the area's own as it was published."""
    if not isinstance(what, Measure) or not what.benchmark.indicator or wanted.period.kind != "year":
        return []
    average = benchmarks.neighbour_average(what.benchmark.indicator, wanted.area, wanted.period)
    if average.value is None:
        return []
    own = benchmarks.value(what.benchmark.indicator, wanted.area, wanted.period)
    known = sorted((one for one in (own, *average.values) if one.value is not None), key=lambda one: -(one.value or 0))
    found = [(one, printed(one.value or 0, what)) for one in known] + [
        (one, one.meaning.capitalize()) for one in average.absent
    ]
    return [(f"{one.area.name} (as published)" if one is own else one.area.name, text) for one, text in found]


def _lines(figures: Figures, what: AnyMeasure, wanted: Asked, *, exact: bool) -> Iterator[dict[str, Any]]:
    year = wanted.year
    for part in (*wanted.years, *year.quarters(), *year.months()):
        yield _line(part, "total", "", "", figure(figures, what.id, part, wanted.area.code, exact=exact))
    for one in _breakdowns(figures, what, wanted, exact=exact):
        for part_of in one.parts:
            yield _line(wanted.period, one.name, part_of.category, part_of.label, part_of.shown)


def _line(period: Period, breakdown: str, category: str, label: str, one: Shown) -> dict[str, Any]:
    return {
        "period": period.label,
        "start": period.start.isoformat(),
        "end": period.end.isoformat(),
        "breakdown": breakdown,
        "category": category,
        "category_label": label,
        "status": one.status,
        "value": one.value,
        "printed": one.text,
        "number": one.number.replace(",", ""),
        "of": one.of.replace(",", ""),
    }


ADDRESSES = (
    path("measures/<str:id>", measure_page, name="measure"),
    path("measures/<str:id>/csv", measure_file, {"kind": "csv"}, name="measure-csv"),
    path("measures/<str:id>/json", measure_file, {"kind": "json"}, name="measure-json"),
)
