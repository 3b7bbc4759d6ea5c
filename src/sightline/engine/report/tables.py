"""Tables and cards of a chapter, made from what its fenced blocks say."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sightline.core.errors import InputProblem
from sightline.engine.measures.declare import Measure
from sightline.engine.measures.registry import measure
from sightline.engine.report import rows
from sightline.engine.report.declared import Of, Spec
from sightline.engine.report.directives import DIRECTIVE
from sightline.engine.report.figuring import Figures
from sightline.engine.report.model import Block, Card, Cards, Row, Runs, Shown, Table
from sightline.standards.areas import area
from sightline.standards.codes import codeset

Given = Mapping[str, Any]
Maker = Callable[[Figures, Mapping[str, str], str, Any], Block | None]

STANDARD_CODES = {"sex": "sex", "age": "age_band_dfe", "ethnicity": "ethnicity_group"}


def table(figures: Figures, variables: Mapping[str, str], chapter: str, given: Given) -> Block | None:
    """Measures by row; this year, the year before, the change and other areas by column. Columns that hold nothing are left out."""
    wanted = tuple(given.get("columns", rows.COLUMNS))
    if unknown := set(wanted) - set(rows.ALL_COLUMNS):
        raise InputProblem(
            f"a table has no column {', '.join(unknown)}", chapter, f"columns: {', '.join(rows.ALL_COLUMNS)}"
        )
    total = given.get("total", "")
    made = []
    for line in rows.lines(given["rows"], variables):
        cells = {column: rows.cell(column, line, figures, chapter) for column in wanted}
        if any(_tells(cells.get(column, ())) for column in ("year", "prior")):
            made.append((rows.label_of(line), cells, line.spec.measure == total))
    if not made:
        return None
    columns = [column for column in wanted if any(_tells(cells[column]) for _, cells, _ in made) or column == "prior"]
    shown = tuple(Row(label, tuple(cells[column] for column in columns), total) for label, cells, total in made)
    title = filled(given.get("title", ""), variables)
    return Table(
        title,
        tuple(rows.heading(column, figures) for column in columns),
        shown,
        anchor_of("table", chapter, title),
        _notes(figures, shown),
    )


def _tells(cell: Runs) -> bool:
    return any(not isinstance(run, Shown) or run.figure.has_value for run in cell)


def _notes(figures: Figures, shown: tuple[Row, ...]) -> tuple[str, ...]:
    """For which year the other areas' figures are, and that withheld ones are withheld."""
    compared = [
        run.figure
        for row in shown
        for cell in row.cells
        for run in cell
        if isinstance(run, Shown) and run.figure.of is not Of.OWN
    ]
    usual = figures.of.prior().label
    notes = []
    if compared:
        others = sorted(
            {(f.title.split(": ")[0], f.period or "year not stated") for f in compared if f.period != usual}
        )
        exceptions = "".join(f"; {title}: {period}" for title, period in others)
        notes.append(f"Other areas: {usual}{exceptions}.")
    return tuple(notes)


def facts(figures: Figures, variables: Mapping[str, str], chapter: str, given: Given) -> Block | None:
    """Cited facts of the area beside England's."""
    made = []
    for fact in given["rows"]:
        own = figures.get(Spec(fact=fact), chapter)
        other = figures.get(Spec(fact=fact, of=Of.ENGLAND), chapter)
        if own.has_value:
            made.append(Row(own.title, tuple((Shown(f, f.printed),) if f.has_value else () for f in (own, other))))
    title = filled(given.get("title", ""), variables)
    columns = (area(figures.area).name, "England")
    return Table(title, columns, tuple(made), anchor_of("table", chapter, title), corner="Children") if made else None


def cards(figures: Figures, variables: Mapping[str, str], chapter: str, given: list[Any]) -> Block | None:
    """Headline figures."""
    made = []
    for line in rows.lines(given, variables):
        value = rows.cell("year", line, figures, chapter)
        if _tells(value):
            made.append(Card(line.label, value, rows.cell("change", line, figures, chapter)))
    return Cards(tuple(made)) if made else None


def breakdown(figures: Figures, variables: Mapping[str, str], chapter: str, given: Given) -> Block | None:
    """One measure by category, with its total."""
    specs = category_specs(figures, given["measure"], given["by"])
    total = (Spec(measure=given["measure"]), "Total")
    made = []
    for spec, label in [*specs, total]:
        line = rows.Line(spec, label)
        cells = tuple(rows.cell(column, line, figures, chapter) for column in ("year", "prior", "change"))
        made.append(Row(label, cells, spec is total[0]))
    if not any(_tells(row.cells[0]) for row in made):
        return None
    title = filled(given.get("title", ""), variables)
    columns = tuple(rows.heading(column, figures) for column in ("year", "prior", "change"))
    return Table(title, columns, tuple(made), anchor_of("table", chapter, title), corner="Category")


def category_specs(figures: Figures, id: str, by: str) -> list[tuple[Spec, str]]:
    """A spec and a label for each category that either year has, in the order of the code set."""
    found = {
        result.category
        for period in (figures.of, figures.of.prior())
        for result in figures.results.breakdown(id, period, figures.area, by)
    }
    labels = category_labels(id, by)
    order = [*(code for code in labels if code in found), *sorted(found - set(labels))]
    return [(Spec(measure=id, breakdown=by, category=code), labels.get(code) or _name(by, code)) for code in order]


def category_labels(id: str, by: str) -> dict[str, str]:
    """Labels of the categories of a breakdown, in order."""
    what = measure(id)
    codes = STANDARD_CODES.get(by, "")
    if isinstance(what, Measure) and by in what.categories:
        codes = what.categories[by].codes
    return dict(codeset(codes).choices()) if codes else {}


def _name(by: str, code: str) -> str:
    if by == "district" and code != "unknown":
        return area(code).name
    return {"unknown": "Not recorded", "yes": "Yes", "no": "No"}.get(code, code)


def filled(text: str, variables: Mapping[str, str]) -> str:
    return DIRECTIVE.sub(lambda match: variables.get(match[1], match[0]), text)


def anchor_of(kind: str, chapter: str, title: str) -> str:
    """Where a table or chart stands on the page."""
    words = "".join(c if c.isalnum() else "-" for c in title.lower())
    return f"{kind}-{chapter}-{'-'.join(filter(None, words.split('-')))}"


MAKERS: dict[str, Maker] = {"table": table, "facts": facts, "cards": cards, "breakdown": breakdown}
