"""Appendices that the report writes itself: editions, other areas' figures, sources, known differences, definitions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date

from sightline.engine.measures.declare import Measure, Polarity, Statistic
from sightline.engine.measures.registry import measure, measures
from sightline.engine.report import comparators
from sightline.engine.report.declared import Chapter, Of, Spec
from sightline.engine.report.figures import Figure
from sightline.engine.report.figuring import Figures
from sightline.engine.report.model import Block, Bullets, Entries, Entry, Paragraph, Row, Runs, Shown, Table, Text
from sightline.engine.report.settings import DFE, PRINTED
from sightline.engine.report.words import day_in_words
from sightline.standards import populations

Maker = Callable[[Figures, Mapping[str, str], Chapter], Iterator[Block]]

TODAY = ".today"
NEIGHBOURS_MEAN = "; mean of "


def edition(figures: Figures, variables: Mapping[str, str], chapter: Chapter) -> Iterator[Block]:
    """What the edition shows and withholds."""
    del chapter
    if variables["edition"] == "published":
        shown = figures.settings.smallest_shown
        words = (
            f'This is the published edition. Counts from 1 to {shown - 1} are withheld and printed "c", and so is every other figure '
            "from which one of them could be worked out. A nought is shown."
        )
    else:
        words = "This is the internal edition. Every figure is exact, small counts included: do not pass it on outside the partnership."
    yield Paragraph((Text(words),))


def comparator_table(figures: Figures, variables: Mapping[str, str], chapter: Chapter) -> Iterator[Block]:
    """Comparators as used beside those held today."""
    del variables
    used = [f for f in figures.all() if f.sort == "comparator" and f.value is not None and not f.aspect.is_change]
    used = [f for f in used if not f.id.endswith(TODAY)]
    rows = []
    for figure in used:
        today = _today(figure, figures, chapter.id)
        name = figure.title.rsplit(": ", 1)
        rows.append(
            Row(
                figure.title.rsplit(": ", 1)[0],
                ((Text(name[-1]),), (Shown(figure, figure.printed),), (Text(figure.period or "not stated"),), today),
            )
        )
    rows.sort(key=lambda row: row.label)
    if not rows:
        yield Paragraph((Text("No figures of other areas are held for this report."),))
        return
    columns = ("Area", "As used here", "Period", f"DfE, {figures.of.prior().label}")
    yield Table("Other areas' figures, as used and as held today", columns, tuple(rows), "comparators-table")


def _today(figure: Figure, figures: Figures, chapter: str) -> Runs:
    if not figure.measure:
        return ()
    spec = Spec(id=f"{figure.id}{TODAY}", measure=figure.measure, of=figure.of)
    found = comparators.comparator(spec, spec.id, figures.area, figures.of, DFE)
    if found.value is None:
        return ()
    return (Shown(figures.add(replace(found, chapters=(chapter,))), found.printed),)


def sources(figures: Figures, variables: Mapping[str, str], chapter: Chapter) -> Iterator[Block]:
    """The snapshot, the populations, and the sources of facts and comparators."""
    del chapter
    whence = f"snapshot {figures.snapshot}" if figures.snapshot else "snapshot of this run"
    yield Paragraph(
        (
            Text(
                f"Figures about {variables['area']} come from the partnership's own records, as they stood in the {whence}. "
            ),
            Text("A snapshot never changes, so the same report can be made again from it."),
        )
    )
    based = dict.fromkeys(f.population for f in figures.all() if f.population)
    if based:
        yield Paragraph((Text("Rates and numbers of children rest on these populations:"),))
        yield Bullets(tuple((Text(line),) for line in based))
    outside = [f.source for f in figures.all() if f.sort in ("comparator", "fact") and f.source and f.value is not None]
    if outside:
        yield Paragraph((Text("Figures from outside the records:"),))
        yield Bullets(tuple((Text(line),) for line in sorted({source.split(NEIGHBOURS_MEAN)[0] for source in outside})))
    means = dict.fromkeys(source.split(NEIGHBOURS_MEAN)[1] for source in outside if NEIGHBOURS_MEAN in source)
    if means:
        yield Paragraph((Text(f"An average of statistical neighbours is a plain mean: of {', or of '.join(means)}."),))
    limits = dict.fromkeys(f.source for f in figures.all() if f.sort == "limit")
    if limits:
        yield Paragraph((Text("Time limits:"),))
        yield Bullets(tuple((Text(line),) for line in limits))


def differences(figures: Figures, variables: Mapping[str, str], chapter: Chapter) -> Iterator[Block]:
    """What a reader who compares could stumble over, and who has explained it."""
    signed = figures.settings.differences
    if figures.settings.comparators == PRINTED:
        words = (
            "Other areas' figures are those printed in the report for this year. DfE has revised some since; the appendix on other areas "
            "shows both."
        )
        yield Paragraph((Text(words),))
    if figures.settings.population_rule != populations.DEFAULT_RULE:
        yield Paragraph((Text("Rates use the populations that were printed at the time. By DfE's rule they are:"),))
        yield from _rates_both_ways(figures, chapter)
    for one in signed:
        yield Paragraph(
            (
                Text(f"{one.title or one.finding}. ", strong=True),
                Text(
                    f"{one.explanation} Signed by {one.signed_by}, {day_in_words(date.fromisoformat(str(one.signed_on)))}."
                ),
            )
        )
    if not signed:
        yield Paragraph((Text(f"No other difference is known in the report on {variables['year']}."),))


def _rates_both_ways(figures: Figures, chapter: Chapter) -> Iterator[Block]:
    rows = []
    for what in measures().values():
        if not isinstance(what, Measure) or what.statistic is not Statistic.RATE:
            continue
        own = figures.get(Spec(measure=what.id), chapter.id)
        other = figures.get(Spec(measure=what.id, population=populations.DEFAULT_RULE), chapter.id)
        if own.has_value and other.has_value:
            rows.append(Row(what.title, ((Shown(own, own.printed),), (Shown(other, other.printed),))))
    if rows:
        yield Table(
            f"Rates by two populations, {figures.of.label}",
            ("In this report", "By DfE's rule"),
            tuple(rows),
            "differences-rates",
        )


def definitions(figures: Figures, variables: Mapping[str, str], chapter: Chapter) -> Iterator[Block]:
    """Every measure used, once."""
    del variables, chapter
    entries = []
    for id in dict.fromkeys(f.measure for f in figures.all() if f.measure and f.of is Of.OWN):
        what = measure(id)
        which = (
            "" if what.polarity is Polarity.NEITHER else f" {what.polarity.value[:1].upper()}{what.polarity.value[1:]}."
        )
        details = f"Counted in {what.unit}.{which} Source: {what.source}. Measure {id}."
        entries.append(Entry(definition_anchor(id), what.title, what.definition, (details,)))
    yield Entries(tuple(sorted(entries, key=lambda entry: entry.title)))


def definition_anchor(measure_id: str) -> str:
    """Where a measure is defined in the report."""
    return f"definition-{measure_id.replace('.', '-')}"


GENERATED: dict[str, Maker] = {
    "edition": edition,
    "comparators": comparator_table,
    "sources": sources,
    "differences": differences,
    "definitions": definitions,
}
