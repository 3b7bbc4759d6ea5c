"""Rows of tables as chapters declare them, and the figures of their cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sightline.core.errors import InputProblem
from sightline.engine.measures.declare import Kind, Measure, Polarity, Statistic
from sightline.engine.measures.registry import AnyMeasure, measure
from sightline.engine.report.comparators import name_of
from sightline.engine.report.declared import Aspect, Of, Spec
from sightline.engine.report.directives import DIRECTIVE
from sightline.engine.report.figures import Figure
from sightline.engine.report.figuring import Figures
from sightline.engine.report.model import Run, Runs, Shown, Text
from sightline.engine.report.periods import relative

COMPARED = {"neighbours": Of.NEIGHBOURS, "region": Of.REGION, "england": Of.ENGLAND}
COLUMNS = ("year", "prior", "change", "neighbours", "region", "england")
ALL_COLUMNS = (*COLUMNS, "better")


@dataclass(frozen=True)
class Line:
    """A row of a table: what it measures and how it is headed."""

    spec: Spec
    label: str

    @property
    def what(self) -> AnyMeasure:
        """Its measure."""
        return measure(self.spec.measure)


def lines(given: Sequence[Any], variables: Mapping[str, str]) -> list[Line]:
    """Rows from a list of measure ids, `id: label` pairs, or mappings of a spec. Raises InputProblem."""
    return [_line(one, variables) for one in given]


def _line(given: Any, variables: Mapping[str, str]) -> Line:
    if isinstance(given, str):
        spec, title = Spec(measure=given), ""
    elif isinstance(given, dict) and "measure" in given:
        title = str(given.get("title", ""))
        spec = Spec(**{key: value for key, value in given.items() if key != "title"})
    elif isinstance(given, dict) and len(given) == 1:
        ((id, title),) = given.items()
        spec = Spec(measure=id)
    else:
        raise InputProblem(
            f"'{given}' is not a row of a table", next="write a measure's id, `id: label`, or a mapping with `measure`"
        )
    label = title or measure(spec.measure).title
    return Line(spec, DIRECTIVE.sub(lambda match: variables.get(match[1], match[0]), label))


def heading(column: str, figures: Figures) -> str:
    """How a column is headed."""
    if column in COMPARED:
        return name_of(COMPARED[column], figures.area)
    prior = figures.of.prior().label
    return {"year": figures.of.label, "prior": prior, "change": "Change", "better": "Better or worse"}[column]


def cell(column: str, line: Line, figures: Figures, chapter: str) -> Runs:
    """The content of a cell; empty where the column says nothing about the measure."""
    if column == "better":
        return _better(line, figures, chapter)
    if column == "change":
        return _change(line, figures, chapter)
    if column in COMPARED:
        if not comparable(line, COMPARED[column]):
            return ()
        found = figures.get(Spec(measure=line.spec.measure, of=COMPARED[column]), chapter)
        return _shown(found) if found.has_value else ()
    return _shown(figures.get(line.spec if column == "year" else prior_of(line.spec, figures), chapter))


def prior_of(spec: Spec, figures: Figures) -> Spec:
    """The same a year earlier."""
    if spec.period == "year":
        return replace(spec, period="prior")
    return replace(spec, period=relative(spec.period, figures.of).prior().label)


def comparable(line: Line, of: Of) -> bool:
    """A count of children in a region or country says nothing beside one authority's; an average over neighbours does."""
    counted = line.what.statistic in (Statistic.COUNT, Statistic.SUM)
    return not line.spec.breakdown and (not counted or of is Of.NEIGHBOURS)


def _shown(figure: Figure) -> Runs:
    return (Shown(figure, figure.printed),)


def _change(line: Line, figures: Figures, chapter: str) -> Runs:
    share = line.what.statistic is Statistic.SHARE
    difference = figures.get(replace(line.spec, aspect=Aspect.CHANGE_PP if share else Aspect.CHANGE), chapter)
    if not difference.has_value:
        return ()
    runs: list[Run] = [Shown(difference, difference.printed)]
    if line.what.statistic in (Statistic.COUNT, Statistic.RATE):
        percent = figures.get(replace(line.spec, aspect=Aspect.CHANGE_PCT), chapter)
        if percent.has_value:
            runs += [Text(" ("), Shown(percent, percent.printed), Text(")")]
    return tuple(runs)


def _better(line: Line, figures: Figures, chapter: str) -> Runs:
    share = line.what.statistic is Statistic.SHARE
    difference = figures.get(replace(line.spec, aspect=Aspect.CHANGE_PP if share else Aspect.CHANGE), chapter)
    if difference.value is None or line.what.polarity is Polarity.NEITHER:
        return ()
    if difference.shown == 0:
        return (Text("No change"),)
    return (Text("Better" if (difference.shown > 0) == (line.what.polarity is Polarity.HIGH) else "Worse"),)


def label_of(line: Line) -> str:
    """The row's heading; a stock says so."""
    stock = isinstance(line.what, Measure) and line.what.kind is Kind.OPEN_AT and line.what.statistic is Statistic.COUNT
    return f"{line.label}, on the day" if stock and not line.spec.breakdown else line.label
