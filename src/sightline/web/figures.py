"""The figures of the newest snapshot, read once by each process and again when a newer snapshot appears."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from sightline.core.errors import InputProblem
from sightline.engine.derive.source import SnapshotTables
from sightline.engine.measures.declare import Measure
from sightline.engine.measures.lists import Listing, listing
from sightline.engine.measures.registry import measures
from sightline.engine.measures.results import Results, periods_for
from sightline.engine.measures.store import results_for
from sightline.engine.report.settings import settings_for
from sightline.engine.snapshot import place, store
from sightline.engine.snapshot.store import Covered, Snapshot
from sightline.standards import benchmarks
from sightline.standards.areas import Area, area
from sightline.standards.periods import Period, years_between
from sightline.web.giving_way import giving_way

#: Look-back years further away than this are in the record, but not among the periods to choose.
MOST_YEARS = 8
MOST_KEPT_LISTS = 64
PEOPLE = ("people.person", "people.home", "people.agency")


@dataclass
class Figures:
    """One snapshot with its results, and the lists behind them."""

    snapshot: Snapshot
    years: tuple[Period, ...]
    results: Results
    _tables: SnapshotTables | None = None
    _kept: dict[tuple[object, ...], frozenset[Any]] = field(default_factory=dict)
    _lists: dict[tuple[object, ...], Listing] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @cached_property
    def areas(self) -> tuple[Area, ...]:
        """Areas with any result, by name."""
        return tuple(sorted((area(code) for code in self.results.areas()), key=lambda one: one.name))

    @cached_property
    def _answered(self) -> Counter[tuple[str, str]]:
        """How many measures have an answer, by area and year."""
        names = {year.label for year in self.years}
        columns = (self.results.table[name].to_pylist() for name in ("area", "period", "breakdown"))
        return Counter(
            (where, label) for where, label, by in zip(*columns, strict=True) if by == "total" and label in names
        )

    @cached_property
    def default_area(self) -> Area | None:
        """The area with the most answers: a return of another authority does not take its place."""
        answers: Counter[str] = Counter()
        for (where, _), count in self._answered.items():
            answers[where] += count
        return max(self.areas, key=lambda one: answers[one.code], default=None)

    @property
    def latest_year(self) -> Period:
        """The newest year of the default area for which most measures have an answer."""
        return self.latest_year_of(self.default_area.code if self.default_area else "")

    def latest_year_of(self, where: str) -> Period:
        """The newest year of an area for which most measures have an answer."""
        answered = {year.label: self._answered[where, year.label] for year in self.years}
        most = max(answered.values(), default=0)
        full = [year for year in self.years if answered[year.label] and answered[year.label] * 2 >= most]
        return (full or list(self.years))[-1]

    def answers(self, where: str, year: Period) -> int:
        """How many measures have an answer for an area and a year."""
        return self._answered[where, year.label]

    def listing(
        self,
        measure: Measure,
        period: Period,
        where: str,
        *,
        base: bool = False,
        breakdown: str = "",
        category: str = "",
    ) -> Listing:
        """The record ids behind a figure. Kept for the next page of the same list."""
        wanted = (measure.id, period.label, where, base, breakdown, category)
        # One connection to the snapshot serves all threads: its facts are worked out once, and DuckDB uses every core for one question anyway.
        with self._lock:
            if wanted not in self._lists:
                if len(self._lists) >= MOST_KEPT_LISTS:
                    self._lists.pop(next(iter(self._lists)))
                self._lists[wanted] = listing(
                    self._opened(), measure, period, where, base=base, breakdown=breakdown, category=category
                )
            return self._lists[wanted]

    def kept(self, name: tuple[object, ...], work_out: Callable[[], frozenset[Any]]) -> frozenset[Any]:
        """What was worked out once about this snapshot, under a name."""
        if name not in self._kept:
            self._kept[name] = work_out()
        return self._kept[name]

    def prepare(self) -> None:
        """Work out the facts that lists are made of, so that nobody waits for them."""
        cohorts = {what.cohort for what in measures().values() if isinstance(what, Measure)}
        facts = [name for cohort in cohorts for name in (cohort.fact, *(PEOPLE if cohort.person else ()))]
        for name in dict.fromkeys(facts):
            with giving_way(), self._lock:
                self._opened().fact(name)

    def _opened(self) -> SnapshotTables:
        if self._tables is None:
            self._tables = SnapshotTables(self.snapshot)
        return self._tables


_current: Figures | None = None
_loading = threading.Lock()
_renewing = threading.Lock()
#: What else to work out about a newer snapshot before anybody asks; the application server's entry point fills it.
after_reading: list[Callable[[Figures], None]] = []


def current() -> Figures:
    """The figures of the newest snapshot. Raises InputProblem when there is none.

    The first call waits for them. Later a newer snapshot is read aside, and the figures of the one before answer meanwhile.
    """
    newest = store.latest(place.folder())
    if _current is None or not _current.snapshot.path.is_dir():
        return renew(newest)
    if _current.snapshot.path != newest.path and _renewing.acquire(blocking=False):
        threading.Thread(target=_renew_aside, args=(newest,), name="read a newer snapshot", daemon=True).start()
    return _current


def held_snapshot() -> Snapshot | None:
    """The snapshot that the figures now shown are of."""
    return _current.snapshot if _current and _current.snapshot.path.is_dir() else None


def renew(newest: Snapshot) -> Figures:
    """Put the figures of a snapshot in the place of those held."""
    global _current  # noqa: PLW0603 (one for the process)
    with _loading:
        if _current is None or _current.snapshot.path != newest.path:
            _current = load(newest)
        return _current


def _renew_aside(newest: Snapshot) -> None:
    try:
        _prepare_all(renew(newest))
    finally:
        _renewing.release()


def load(snapshot: Snapshot) -> Figures:
    """Read, or work out, the results of a snapshot for every year that it covers."""
    covered = snapshot.manifest.coverage
    if not covered:
        raise InputProblem(
            "the record does not say what it covers", snapshot.id, "import a return or load the demonstration"
        )
    years = newest_years(covered)
    found = Figures(snapshot, tuple(years), results_for(snapshot, periods_for(years)))
    # Rates divide by the population that the area's newest report chose, or the two would not agree.
    rules = {one.code: settings_for(found.latest_year_of(one.code), one.code).population_rule for one in found.areas}
    return Figures(snapshot, found.years, Results(found.results.table, population_rule=rules))


def newest_years(covered: Iterable[Covered]) -> list[Period]:
    """The newest years of each area, in order: a later return of one area must not push another's years out of sight."""
    spans: dict[str, tuple[date, date]] = {}
    for one in covered:
        start, end = spans.get(one.area, (one.start, one.end))
        spans[one.area] = min(start, one.start), max(end, one.end)
    found = {year.start: year for span in spans.values() for year in years_between(*span)[-MOST_YEARS:]}
    return [found[start] for start in sorted(found)]


def warm() -> None:
    """Read everything that the first visitor would otherwise wait for; silent where there is nothing yet."""
    try:
        found = current()
    except InputProblem:
        return
    for what in measures().values():
        name = what.benchmark.indicator if isinstance(what, Measure) else ""
        if name:
            for where in found.areas:
                benchmarks.value(name, where, found.latest_year)
    _prepare_all(found)


def _prepare_all(found: Figures) -> None:
    found.prepare()
    for prepare in after_reading:
        prepare(found)
