"""Charts of a chapter: the points are figures, and the table beside each chart holds the same figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sightline.core.errors import InputProblem
from sightline.engine.charts.draw import Chart, Point, Series
from sightline.engine.charts.words import alternative
from sightline.engine.report import rows
from sightline.engine.report.declared import Spec
from sightline.engine.report.figures import Figure
from sightline.engine.report.figuring import Figures
from sightline.engine.report.model import Block, Picture, Row, Runs, Shown, Table
from sightline.engine.report.tables import Given, anchor_of, category_specs, filled

#: The figures of one series, under the name of its year.
Column = tuple[str, Sequence[Figure]]


def chart(figures: Figures, variables: Mapping[str, str], chapter: str, given: Given) -> Block | None:
    """A chart of `kind` months (a measure through two years), measures (several in two years) or breakdown (one by category)."""
    title, kind = filled(given["title"], variables), given["kind"]
    if kind == "months":
        labels, columns = _months(figures, chapter, given)
    elif kind == "measures":
        wanted = rows.lines(given["rows"], variables)
        labels = [line.label for line in wanted]
        columns = _two_years(figures, chapter, [line.spec for line in wanted])
    elif kind == "breakdown":
        specs = category_specs(figures, given["measure"], given["by"])
        labels = [label for _, label in specs]
        columns = _two_years(figures, chapter, [spec for spec, _ in specs])
    else:
        raise InputProblem(f"'{kind}' is not a kind of chart", chapter, "kinds: months, measures, breakdown")
    columns = _with_values(columns)
    series = tuple(_series(name, labels, column) for name, column in columns)
    drawn = Chart("lines" if kind == "months" else "bars", title, series)
    if not drawn.has_values:
        return None
    anchor = anchor_of("chart", chapter, title)
    notes = () if drawn.from_nought else ("The vertical axis does not start at nought.",)
    return Picture(drawn, alternative(drawn), _data(drawn, columns, labels, anchor), anchor, notes)


def _months(figures: Figures, chapter: str, given: Given) -> tuple[list[str], list[Column]]:
    years = (figures.of.prior(), figures.of)
    columns: list[Column] = [
        (one.label, [figures.get(Spec(measure=given["measure"], period=m.label), chapter) for m in one.months()])
        for one in years
    ]
    return [m.start.strftime("%b") for m in figures.of.months()], columns


def _two_years(figures: Figures, chapter: str, specs: Sequence[Spec]) -> list[Column]:
    prior = [figures.get(rows.prior_of(spec, figures), chapter) for spec in specs]
    return [(figures.of.prior().label, prior), (figures.of.label, [figures.get(spec, chapter) for spec in specs])]


def _with_values(columns: list[Column]) -> list[Column]:
    """Without an earlier year that has no value at all."""
    return [column for i, column in enumerate(columns) if i == len(columns) - 1 or any(f.has_value for f in column[1])]


def _series(name: str, labels: Sequence[str], column: Sequence[Figure]) -> Series:
    return Series(name, tuple(Point(label, f.value, f.printed) for label, f in zip(labels, column, strict=True)))


def _data(drawn: Chart, columns: Sequence[Column], labels: Sequence[str], anchor: str) -> Table:
    """The same figures as a table: months run across, categories run down."""
    title = f"Data: {drawn.title[:1].lower()}{drawn.title[1:]}"
    if drawn.kind == "lines":
        across = tuple(Row(name, tuple(_cell(f) for f in column)) for name, column in columns)
        return Table(title, tuple(labels), across, f"{anchor}-data", corner="Year")
    down = tuple(Row(label, tuple(_cell(column[i]) for _, column in columns)) for i, label in enumerate(labels))
    return Table(title, tuple(name for name, _ in columns), down, f"{anchor}-data", corner="Group")


def _cell(figure: Figure) -> Runs:
    return (Shown(figure, figure.printed),)
