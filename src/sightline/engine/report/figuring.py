"""Works figures out. Each quantity is worked out once; chapters, tables and charts share it."""

from __future__ import annotations

from dataclasses import replace

from sightline.core.errors import InputProblem
from sightline.engine.disclosure.counts import behind
from sightline.engine.measures.results import Results
from sightline.engine.report import comparators
from sightline.engine.report.declared import Of, Spec
from sightline.engine.report.figures import NOT_COVERED, Figure, from_results, print_value
from sightline.engine.report.periods import relative
from sightline.engine.report.settings import Settings
from sightline.standards import populations, profile
from sightline.standards.areas import area
from sightline.standards.clocks import Clock, clock
from sightline.standards.periods import Period

_CLOCK_UNITS: dict[str, tuple[str, dict[str, float]]] = {
    "working_days": ("working days", {"days": 1}),
    "months": ("months", {"years": 1 / 12, "per_year": 12}),
    "weeks": ("weeks", {}),
    "years": ("years", {}),
    "calendar_days": ("days", {}),
    "hours": ("hours", {}),
}


class Figures:
    """Every figure of one report by id, in the order in which it was first asked for."""

    def __init__(
        self,
        results: Results,
        of: Period,
        area_code: str,
        settings: Settings,
        declared: dict[str, Spec],
        snapshot: str = "",
    ) -> None:
        self.results = results
        self.of = of
        self.area = area_code
        self.settings = settings
        self.declared = declared
        self.snapshot = snapshot
        self._by_meaning = {self._meaning(spec): spec for spec in reversed(declared.values())}
        self._found: dict[str, Figure] = {}
        self._rules: dict[str, Results] = {settings.population_rule: results}

    def all(self) -> list[Figure]:
        """The figures asked for so far."""
        return list(self._found.values())

    def named(self, id: str, chapter: str = "") -> Figure:
        """A declared figure, or one already worked out. Raises InputProblem when there is none of that id."""
        if id in self.declared:
            return self.get(self.declared[id], chapter)
        if id in self._found:
            return self._used(self._found[id], chapter)
        raise InputProblem(
            f"no chapter declares the figure '{id}'", chapter, "declare it in a front matter, or mend the name"
        )

    def get(self, spec: Spec, chapter: str = "") -> Figure:
        """The figure of a spec: under the id that a chapter has given the same quantity, or an automatic one."""
        known = self.declared.get(spec.id) or self._by_meaning.get(self._meaning(spec)) or spec
        period = relative(known.period, self.of)
        id = known.id or self._free_id(known, period)
        if id not in self._found:
            self._found[id] = self._worked_out(known, id, period)
        return self._used(self._found[id], chapter)

    def _free_id(self, spec: Spec, period: Period) -> str:
        """An automatic id. Where a chapter has given it to something else (a prior month, say), the period is written out."""
        usual = spec.automatic_id(period.label)
        if usual not in self.declared:
            return usual
        return replace(spec, period="").automatic_id(period.label)

    def _meaning(self, spec: Spec) -> tuple[str, ...]:
        """What makes two specs the same figure, whatever they are called and however their period is written."""
        period = relative(spec.period, self.of)
        against = (
            relative(spec.against, self.of) if spec.against else (period.prior() if spec.aspect.is_change else period)
        )
        sort = (spec.measure, spec.fact, spec.people, spec.clock, spec.unit)
        return (
            *sort,
            period.label,
            against.label,
            spec.aspect,
            spec.of,
            spec.breakdown,
            spec.category,
            spec.population,
            str(spec.places),
        )

    def _used(self, figure: Figure, chapter: str) -> Figure:
        if chapter and chapter not in figure.chapters:
            figure = replace(figure, chapters=(*figure.chapters, chapter))
            self._found[figure.id] = figure
        return figure

    def add(self, figure: Figure) -> Figure:
        """A figure that was worked out elsewhere."""
        return self._found.setdefault(figure.id, figure)

    def replace_all(self, changed: dict[str, Figure]) -> None:
        """Put other figures in the place of those of the same id: what disclosure control withholds."""
        self._found |= changed

    def _worked_out(self, spec: Spec, id: str, period: Period) -> Figure:
        if spec.fact:
            return self._fact(spec, id)
        if spec.people:
            return self._people(spec, id, period)
        if spec.clock:
            return self._limit(spec, id)
        if spec.of is not Of.OWN:
            return comparators.comparator(spec, id, self.area, self.of, self.settings.comparators)
        results = self._by_rule(spec.population)
        before = (
            (relative(spec.against, self.of) if spec.against else period.prior()) if spec.aspect.is_change else None
        )
        part = (spec.breakdown or "total", spec.category)
        now = results.result(spec.measure, period, self.area, *part)
        then = results.result(spec.measure, before, self.area, *part) if before else None
        given_away = behind(now, results) | (behind(then, results) if then else {})
        return from_results(spec, id, now, then, period, before, self.snapshot, given_away)

    def _by_rule(self, rule: str) -> Results:
        rule = rule or self.settings.population_rule
        if rule not in self._rules:
            self._rules[rule] = Results(self.results.table, population_rule=rule)
        return self._rules[rule]

    def _fact(self, spec: Spec, id: str) -> Figure:
        if profile.fact(self.area, spec.fact) is None:
            return _nothing(spec, id, spec.fact, self.area, self.of)  # another area's fact alone says nothing
        if spec.of is not Of.OWN and self.settings.comparators == "printed":
            found = comparators.comparator(spec, id, self.area, self.of, self.settings.comparators)
            if found.value is not None:
                return found
        where = self.area if spec.of is Of.OWN else comparators.code_of(spec.of, self.area)
        held = profile.fact(where, spec.fact)
        if held is None:
            return _nothing(spec, id, spec.fact, where, self.of)
        places = spec.places if spec.places is not None else (0 if held.value == int(held.value) else 1)
        return Figure(
            id, spec.title or held.title, "fact", held.value, "value", print_value(held.value, places, held.unit), places, held.unit,
            held.period, held.as_at, where, held.title, held.source, spec.ledger, of=spec.of,
        )  # fmt: skip

    def _people(self, spec: Spec, id: str, period: Period) -> Figure:
        rule = spec.population or self.settings.population_rule
        try:
            held = populations.population(self.area, period.end, rule=rule)
        except LookupError:
            return _nothing(spec, id, "Children resident in the area", self.area, period)
        return Figure(
            id, spec.title or "Children resident in the area", "fact", float(held.number), "value", f"{held.number:,}", 0, "children",
            f"mid-{held.mid_year}", f"{held.mid_year}-06-30", self.area, f"Resident population aged {held.age_band}, by the rule '{rule}'.",
            f"{held.version.title}; {held.version.source}", spec.ledger, population=held.provenance,
        )  # fmt: skip

    def _limit(self, spec: Spec, id: str) -> Figure:
        limit = clock(spec.clock, self.of.end)
        value, unit = _in_unit(limit, spec.unit)
        span = f"{self.of.start}/{self.of.end}"
        return Figure(
            id, spec.title or f"Limit: {limit.process}", "limit", value, "value", print_value(value, 0, ""), 0, unit, self.of.label, span,
            self.area, f"From: {limit.starts}. Until: {limit.stops}.", f"{limit.source} (clock {limit.id})", spec.ledger,
        )  # fmt: skip


def _in_unit(limit: Clock, wanted: str) -> tuple[float, str]:
    own, factors = _CLOCK_UNITS[limit.unit]
    if wanted in ("", own):
        return float(limit.limit), own
    if wanted not in factors:
        raise InputProblem(
            f"the limit of {limit.id} cannot be given in {wanted}", "unit", f"write one of: {own}, {', '.join(factors)}"
        )
    value = factors[wanted] / limit.limit if wanted == "per_year" else limit.limit * factors[wanted]
    return value, {"per_year": "times a year"}.get(wanted, wanted)


def _nothing(spec: Spec, id: str, title: str, where: str, of: Period) -> Figure:
    return Figure(
        id, spec.title or title, "fact", None, NOT_COVERED, NOT_COVERED, 0, "", of.label, "", area(where).code, title, "", spec.ledger,
        of=spec.of,
    )  # fmt: skip
