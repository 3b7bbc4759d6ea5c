"""Works every number of a report out again, and compares: before release nothing may disagree without a signed explanation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from sightline.engine.disclosure.bounds import Interval
from sightline.engine.disclosure.counts import Count, Counted, relations, with_totals
from sightline.engine.disclosure.suppress import bounds, is_small, relations_of
from sightline.engine.measures.declare import Measure, Statistic
from sightline.engine.measures.registry import measure
from sightline.engine.measures.results import Results, rounded
from sightline.engine.report.build import report_of, results_of
from sightline.engine.report.chapters import chapters
from sightline.engine.report.declared import Aspect, Chapter
from sightline.engine.report.directives import DIRECTIVE, parse
from sightline.engine.report.figures import SUPPRESSED, Figure
from sightline.engine.report.model import Document
from sightline.engine.report.passages import Passage, passages
from sightline.engine.report.settings import Difference, Settings, settings_for
from sightline.engine.report.typed import number_of, numbers_in_words, typed_numbers
from sightline.engine.snapshot.store import Snapshot
from sightline.standards.periods import Period
from sightline.standards.periods import parse as parse_period


@dataclass(frozen=True)
class Finding:
    """Something that disagrees. `explained` is the signed explanation, empty while there is none."""

    id: str
    where: str
    what: str
    explained: str = ""

    def __str__(self) -> str:
        signed = f"\n    explained: {self.explained}" if self.explained else ""
        return f"{'known' if self.explained else 'WRONG'}  {self.id}  {self.where}: {self.what}{signed}"


@dataclass(frozen=True)
class Checked:
    """The outcome of a check."""

    findings: tuple[Finding, ...]
    figures: int

    @property
    def open(self) -> tuple[Finding, ...]:
        """Findings that nobody has explained."""
        return tuple(finding for finding in self.findings if not finding.explained)

    @property
    def summary(self) -> str:
        """One line."""
        known = len(self.findings) - len(self.open)
        return f"{self.figures:,} figures checked: {len(self.open)} disagree, {known} known differences."


def check(snapshot: Snapshot, of: Period, area: str) -> Checked:
    """Both editions of a report checked."""
    settings = settings_for(of, area)
    results = results_of(snapshot, of, settings)
    told = passages(of.label, area)
    internal = report_of(snapshot, of, area)
    published = report_of(snapshot, of, area, "published")
    return checked(internal, published, results, settings, told)


def checked(
    internal: Document, published: Document, results: Results, settings: Settings, told: Sequence[Passage] = ()
) -> Checked:
    """The check of two editions of one report, from what they show and the results they were made from."""
    by_id = {figure.id: figure for figure in internal.figures}
    found = [
        *recomputed(internal.figures, results),
        *changes(by_id),
        *sums(chapters(), by_id),
        *breakdowns(internal.figures, results),
        *prose(chapters(), told, by_id),
        *unsigned(told),
        *exposed(published.figures, internal.figures, results, settings.smallest_shown),
    ]
    return Checked(tuple(_explained(found, settings.differences)), len(internal.figures))


def _explained(found: Iterable[Finding], differences: Sequence[Difference]) -> Iterator[Finding]:
    signed = {one.finding: f"{one.explanation} ({one.signed_by}, {one.signed_on})" for one in differences}
    for finding in found:
        yield replace(finding, explained=signed.get(finding.id, ""))


def recomputed(figures: Sequence[Figure], results: Results) -> Iterator[Finding]:
    """Each figure of a measure against the results, and against its own numerator and denominator."""
    for figure in figures:
        if figure.sort != "measure" or figure.aspect.is_change or figure.value is None:
            continue
        what = measure(figure.measure)
        fresh = results.result(
            figure.measure, parse_period(figure.period), figure.area, figure.breakdown or "total", figure.category
        )
        if what.id == figure.id and fresh.value != figure.value:
            yield Finding(
                f"value:{figure.id}", _where(figure), f"printed {figure.printed}, the results say {fresh.value}"
            )
        if not isinstance(what, Measure) or figure.numerator is None:
            continue
        factor = {Statistic.COUNT: 1.0, Statistic.SHARE: 100.0, Statistic.RATE: 10_000.0}.get(what.statistic)
        base = 1.0 if what.statistic is Statistic.COUNT else figure.denominator
        if factor is not None and base:
            value = factor * figure.numerator / base
            if rounded(value, figure.places) != rounded(figure.value, figure.places):
                yield Finding(
                    f"value:{figure.id}",
                    _where(figure),
                    f"printed {figure.printed}, worked out {value:.{figure.places}f}",
                )


def changes(by_id: dict[str, Figure]) -> Iterator[Finding]:
    """A change equals the difference of its two values, where the report gives both."""
    values = {
        (f.measure, f.breakdown, f.category, f.period): f
        for f in by_id.values()
        if f.sort == "measure" and not f.aspect.is_change and f.value is not None and not f.id.endswith(".dfe")
    }
    for figure in by_id.values():
        if not figure.aspect.is_change or figure.sort != "measure" or figure.value is None:
            continue
        now, then = (
            values.get((figure.measure, figure.breakdown, figure.category, period))
            for period in figure.period.split(" vs ")
        )
        if now is None or then is None or now.value is None or then.value is None:
            continue
        difference = now.value - then.value
        expected = 100 * difference / then.value if figure.aspect is Aspect.CHANGE_PCT and then.value else difference
        if rounded(expected, figure.places) != rounded(figure.value, figure.places):
            yield Finding(
                f"change:{figure.id}",
                _where(figure),
                f"printed {figure.printed}, but {now.printed} and {then.printed} give {expected:+.{figure.places}f}",
            )


def sums(all_chapters: Sequence[Chapter], by_id: dict[str, Figure]) -> Iterator[Finding]:
    """Parts that a chapter declares to add up do."""
    for chapter in all_chapters:
        for total, parts in chapter.sums:
            whole, pieces = by_id.get(total), [by_id.get(part) for part in parts]
            if whole is None or whole.value is None or any(piece is None or piece.value is None for piece in pieces):
                continue
            added = sum(piece.value or 0 for piece in pieces if piece is not None)
            if added != whole.value:
                yield Finding(
                    f"sum:{total}", chapter.id, f"the parts add up to {added:,.0f}, the total is {whole.printed}"
                )


def breakdowns(figures: Sequence[Figure], results: Results) -> Iterator[Finding]:
    """The categories of a breakdown that counts rows add up to the total."""
    seen = dict.fromkeys(
        (f.measure, f.period, f.area, f.breakdown)
        for f in figures
        if f.breakdown and f.sort == "measure" and not f.aspect.is_change
    )
    for id, period, area, breakdown in seen:
        what = measure(id)
        if not isinstance(what, Measure) or what.statistic is not Statistic.COUNT or what.children:
            continue
        when = parse_period(period)
        total = results.result(id, when, area)
        added = sum(one.value or 0 for one in results.breakdown(id, when, area, breakdown))
        if total.value is not None and added != total.value:
            yield Finding(
                f"breakdown:{id}:{breakdown}:{period}",
                id,
                f"the categories add up to {added:,.0f}, the total is {total.value:,.0f}",
            )


def prose(all_chapters: Sequence[Chapter], told: Sequence[Passage], by_id: dict[str, Figure]) -> Iterator[Finding]:
    """No number is typed into running text; one typed beside a directive equals it."""
    for passage in told:
        for number in numbers_in_words(passage.text):
            where = f"{passage.chapter}, {passage.kind} {passage.position}"
            yield Finding(f"typed:{where}:{number}", where, f"{number} is written out: name the figure instead")
    texts = [(chapter.id, chapter.body) for chapter in all_chapters]
    texts += [(f"{passage.chapter}, {passage.kind} {passage.position}", passage.text) for passage in told]
    for where, text in texts:
        for number in typed_numbers(text):
            yield Finding(
                f"typed:{where}:{number}",
                where,
                f"{number} is typed into the text: name the figure instead, as in {{figure id}}",
            )
        for inside in DIRECTIVE.findall(text):
            directive = parse(inside)
            figure = by_id.get(directive.name)
            if directive.typed and figure is not None and number_of(directive.typed) != figure.shown:
                yield Finding(
                    f"typed:{where}:{directive.name}",
                    where,
                    f"{directive.typed} is typed, {directive.name} is {figure.printed}",
                )


def unsigned(told: Sequence[Passage]) -> Iterator[Finding]:
    """Every statement has been signed off."""
    for passage in told:
        if not passage.signed_off_by:
            where = f"{passage.chapter}, {passage.kind} {passage.position}"
            yield Finding(f"unsigned:{where}", where, "nobody has signed this statement off")


def exposed(
    published: Sequence[Figure], internal: Sequence[Figure], results: Results, smallest_shown: int
) -> Iterator[Finding]:
    """No small number can be read in the published edition, or worked out from what it shows."""
    exact = {figure.id: figure for figure in internal}
    counts: Counted = {}
    for figure in internal:
        counts |= dict(figure.behind)
    shown = {count for figure in published if not figure.suppressed for count, _ in figure.behind}
    for figure in published:
        small = [count for count, number in figure.behind if is_small(number, smallest_shown)]
        if small and not figure.suppressed:
            yield Finding(
                f"small:{figure.id}", _where(figure), f"{figure.printed} stands on a count below {smallest_shown}"
            )
        if figure.suppressed and figure.printed != SUPPRESSED:
            yield Finding(f"small:{figure.id}", _where(exact[figure.id]), "withheld, yet printed")
    yield from _worked_out(counts, shown, results, smallest_shown)


def _worked_out(counts: Counted, shown: set[Count], results: Results, smallest_shown: int) -> Iterator[Finding]:
    """The attack: every count that is not shown, is bounded from all that is."""
    hidden = {count for count in counts if count not in shown}
    everything = with_totals(counts, results)
    near = relations_of([r for r in relations(everything) if sum(k * everything[name] for name, k in r.items()) == 0])
    for count in sorted(hidden):
        if not is_small(counts[count], smallest_shown):
            continue
        found: Interval = bounds(count, hidden, everything, near)
        if not found.wider_than(1):
            yield Finding(
                f"recovered:{'/'.join(count)}", count.measure, "a withheld count can be worked out from what is shown"
            )


def _where(figure: Figure) -> str:
    return ", ".join(figure.chapters) or "report"
