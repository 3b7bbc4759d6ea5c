"""Runs the rules of a return over its tables.

Conditions on the rows of one table are asked together, in one pass over it; everything else is a query of its own. Nothing depends on the order
of rows: facts order by what rows say, and results are sorted.
"""
# ruff: noqa: S608 (the SQL is put together from declarations in the code, never from input)

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any

from sightline.core.errors import InputProblem
from sightline.engine.exchange.rules import kept, macros
from sightline.engine.exchange.rules.catalogue import Listed, listed
from sightline.engine.exchange.rules.declarations import Columns, Fact, Find, Return, Rule, RuleTable
from sightline.engine.exchange.rules.macros import Said
from sightline.engine.exchange.rules.registry import return_named
from sightline.engine.exchange.rules.result import Location, Outcome, RuleResult, RunResult
from sightline.engine.exchange.rules.tables import Typed, as_columns
from sightline.engine.exchange.rules.workspace import CALENDAR, Workspace, workspace
from sightline.standards import periods
from sightline.standards.codes import codeset

_WORD = re.compile(r'"[^"]+"|\w+')
_SET = re.compile(r"\{([a-z][a-z0-9_]*)\}")
#: Conditions asked in one pass. More make the planner slow, fewer read the table more often.
_TOGETHER = 40
_CALENDAR = ("working_day", "working_days", "is_open")


def run_rules(
    return_: str,
    year: str,
    tables: Mapping[str, Any],
    *,
    rules: Sequence[str] | None = None,
    context: Mapping[str, Any] | None = None,
) -> RunResult:
    """Run the rules of a return: `cin`, `ssda903`, `annexa` or `ssd`, for a collection year such as `2026-27` or `2026/27`.

    `tables` are the return's own tables by name, each a list of rows, a pyarrow table or a pandas frame, with texts as in the file;
    `<table>_last` is the table of the year before. `rules` limits the run to those codes. `context` may give the `authority` (any code or name
    of it), the `day` as of which the return speaks (without it, the last day of the year), and `as_at`, the day on which a year that is not over
    is taken to end. Raises InputProblem for what is given wrongly: a return, a year, a rule or a table that is not known, a column twice, a day
    that is none.
    """
    declared = return_named(return_)
    ends = collection_year(year)
    wanted = _wanted(declared, ends, [rules] if isinstance(rules, str) else rules if rules is None else list(rules))
    for given, called in ((tables, "tables"), (context or {}, "context")):
        if not isinstance(given, Mapping):
            raise InputProblem(f"The {called} are a {type(given).__name__}", called, "Give a dictionary by name.")
    columns, said = _load(declared, tables, dict(context or {}), ends)
    with workspace() as space:
        macros.install(space.connection, ends, said)
        return Run(space, declared, Typed(space, declared, columns), ends, authority=said.authority).result(
            wanted, year
        )


def run_on_a_few(
    return_: str,
    year: str,
    tables: Mapping[str, Any],
    *,
    rules: Sequence[str] | None = None,
    context: Mapping[str, Any] | None = None,
) -> RunResult:
    """The same for tables of a few children, in a database that stays open, with its queries planned, for the next time."""
    declared = return_named(return_)
    ends = collection_year(year)
    wanted = _wanted(declared, ends, rules)
    columns, said = _load(declared, tables, dict(context or {}), ends)
    with kept.borrowed(kept.Key(return_, ends, said), lambda space: _lay(space, declared, ends, said)) as space:
        return Run(space, declared, Typed(space, declared, columns), ends, authority=said.authority).result(
            wanted, year
        )


def _lay(space: Workspace, declared: Return, ends: int, said: Said) -> None:
    """Make everything that the rules of a return may read, without a row."""
    macros.install(space.connection, ends, said)
    Run(space, declared, Typed(space, declared, {}), ends, authority=said.authority).lay()


def collection_year(text: str) -> int:
    """The year in which a collection year ends: 2027 for '2026-27' or '2026/27'. Raises InputProblem."""
    try:
        found = periods.parse(str(text).strip().replace("/", "-"))
    except ValueError as error:
        raise InputProblem(f"'{text}' is not a collection year", "year", "Give it as 2026-27.") from error
    if found.kind != "year":
        raise InputProblem(f"'{text}' is not a collection year", "year", "Give it as 2026-27.")
    return found.year_end.year


def _wanted(declared: Return, ends: int, codes: Sequence[str] | None) -> list[Listed]:
    every = listed(declared.name)
    years = {year for one in every.values() for year in one.years}
    if ends not in years:
        raise InputProblem(
            f"No rules are known for the collection year {ends - 1}-{ends % 100:02d}",
            "year",
            f"Rules are known for {min(years) - 1}-{min(years) % 100:02d} to {max(years) - 1}-{max(years) % 100:02d}.",
        )
    if codes is None:
        return [one for one in every.values() if ends in one.years]
    unknown = [code for code in codes if code not in every]
    if unknown:
        raise InputProblem(
            f"No rule of the {declared.title} has the code {', '.join(map(str, unknown[:5]))}",
            "rules",
            "Check the codes.",
        )
    return [every[code] for code in codes]


def _load(
    declared: Return, tables: Mapping[str, Any], context: dict[str, Any], ends: int
) -> tuple[dict[str, Columns], Said]:
    """The texts of the tables, and what was said beside them."""
    columns: dict[str, Columns] = {}
    for name, given in tables.items():
        table = declared.table(str(name))
        if table is None:
            raise InputProblem(
                f"The {declared.title} has no table '{name}'",
                "the tables given",
                f"Its tables are {', '.join(one.name for one in declared.tables)}.",
            )
        if table.name in columns:
            raise InputProblem(f"The table {table.name} comes twice", "the tables given", "Give each table once.")
        columns[table.name] = as_columns(table, given, declared.day_format)
    context.setdefault("year", ends)
    declared.prepare(columns, context)
    return columns, Said(
        str(context.get("authority") or ""),
        _day_in(context, "day", "the day of the return"),
        _day_in(context, "as_at", "the day on which the year is taken to end"),
    )


def _day_in(context: Mapping[str, Any], name: str, called: str) -> date | None:
    """A day of the context, where it was given. Raises InputProblem."""
    given = context.get(name) or None
    if given is None or isinstance(given, date):
        return given.date() if isinstance(given, datetime) else given
    try:
        return date.fromisoformat(str(given))
    except ValueError:
        raise InputProblem(f"'{str(given)[:20]}' is not a day", called, "Give it as 2024-03-31.") from None


class Run:
    """The rules of one return over tables that are typed already."""

    def __init__(self, space: Workspace, declared: Return, typed: Typed, ends: int, *, authority: str) -> None:
        self._space = space
        self._declared = declared
        self._typed = typed
        self._ends = ends
        self._authority = authority
        self._made = set(space.holds)
        self._facts = declared.facts_in_sql
        self._tables = declared.tables_in_sql

    def lay(self) -> None:
        """Make every table and every fact."""
        for table in self._declared.all_tables():
            self._typed.ensure(table)
        macros.install_calendar(self._space)
        self._made.add(CALENDAR)
        for fact in self._declared.facts:
            self._make(fact)

    def result(self, wanted: Iterable[Listed], year: str) -> RunResult:
        """Every rule's outcome."""
        declared = {rule.code: rule for rule in self._declared.rules if rule.since <= self._ends <= rule.until}
        found: dict[str, RuleResult] = {}
        asked: list[Rule] = []
        for one in wanted:
            outcome, cause = self._before(one, declared.get(one.code))
            found[one.code] = RuleResult(one.code, one.message, one.severity, outcome, cause=cause)
            if outcome is Outcome.PASSED:
                asked.append(declared[one.code])
        for code, locations in self._locations(asked).items():
            held = found[code]
            found[code] = RuleResult(code, held.message, held.severity, Outcome.FAILED, tuple(sorted(set(locations))))
        return RunResult(self._declared.name, year, found)

    def _before(self, one: Listed, rule: Rule | None) -> tuple[Outcome, str]:
        """What is known of a rule before it runs; PASSED means that it can run."""
        if self._ends not in one.years:
            return Outcome.NOT_APPLICABLE, "not a rule of this collection year"
        if rule is None:
            return Outcome.COULD_NOT_RUN, "Sightline does not know how to run this rule in this collection year yet"
        for table in tables_read(self._declared, rule):
            if table.name in self._typed.given or table.name in rule.helped_by:
                continue
            if cause := self._missing(table):
                return Outcome.COULD_NOT_RUN, cause
        if not any(self._typed.length(find.table) for find in rule.finds):
            return Outcome.NOT_APPLICABLE, f"no rows in {', '.join(dict.fromkeys(f.table for f in rule.finds))}"
        if rule.of_authority and not self._authority:
            return Outcome.COULD_NOT_RUN, "needs the authority, which was not given"
        return Outcome.PASSED, ""

    def _missing(self, table: RuleTable) -> str:
        """Why a rule cannot run without a table; empty where its absence says that the return has no such rows."""
        if table.supplied:
            return f"needs the list '{table.name}', which was not given"
        if not table.name.endswith("_last"):
            return f"needs the table {table.name}, which was not given" if table.needed else ""
        # Of a year before that was given, a table that is not there has no rows, as of this year: it may not have been asked for yet.
        was_given = any(one.needed and f"{one.name}_last" in self._typed.given for one in self._declared.tables)
        return (
            ""
            if was_given and not table.needed
            else f"needs the return of the year before ({table.name}), which was not given"
        )

    def _locations(self, rules: Sequence[Rule]) -> dict[str, list[Location]]:
        together: dict[str, list[tuple[Rule, Find]]] = defaultdict(list)
        alone: dict[str, list[tuple[Rule, Find]]] = defaultdict(list)
        for rule in rules:
            for find in rule.finds:
                if not self._typed.length(find.table):
                    # Nothing is wrong in no rows; a rule over all tables of a dataset asks of those that came.
                    continue
                text = find.select or find.where
                self._typed.ensure(self._tables[find.table.lower()])
                self._prepare(text)
                # A condition that asks other tables is a query of its own: the planner may join there.
                if find.where and not re.search(r"\bSELECT\b", text, re.IGNORECASE) and not _uses_calendar(text):
                    together[find.table].append((rule, find))
                else:
                    alone[find.table].append((rule, find))
        found: dict[str, list[Location]] = defaultdict(list)
        for table, finds in together.items():
            for start in range(0, len(finds), _TOGETHER):
                self._ask_together(table, finds[start : start + _TOGETHER], found)
        for finds in alone.values():
            self._ask_each(finds, found)
        return found

    def _prepare(self, text: str) -> None:
        """Make the tables, the facts and the calendar that a query uses, and those that these use, the first time they are used."""
        if CALENDAR not in self._made and _uses_calendar(text):
            self._made.add(CALENDAR)
            macros.install_calendar(self._space)
        for word in sorted(_words(text)):
            if word in self._tables:
                self._typed.ensure(self._tables[word])
            fact = self._facts.get(word)
            if fact is not None:
                self._make(fact)

    def _make(self, fact: Fact) -> None:
        if fact.name.lower() not in self._made:
            self._prepare(fact.select)
            self._made.add(fact.name.lower())
            self._space.make(fact.name, self._filled(fact.select))

    def _filled(self, text: str) -> str:
        """The query with the codes of its code sets and lists."""
        return _SET.sub(lambda match: self._codes(match[1]), text)

    def _codes(self, name: str) -> str:
        """What a name in braces stands for, as a list in SQL."""
        own = self._declared.lists.get(name)
        return _in_sql(_codes(name, self._ends) if own is None else sorted(own()))

    def _ask_together(self, table: str, finds: Sequence[tuple[Rule, Find]], found: dict[str, list[Location]]) -> None:
        cases = ", ".join(
            f"CASE WHEN {self._filled(find.where)} THEN {number} END" for number, (_rule, find) in enumerate(finds)
        )
        child = self._tables[table.lower()].child
        query = (
            f'SELECT row, "{child}", f FROM (SELECT row, "{child}", unnest(list_filter([{cases}], lambda x: x IS NOT NULL)) AS f'
            f' FROM "{table}")'
        )
        for row, reference, number in self._space.ask(query):
            rule, find = finds[number]
            found[rule.code].append(Location(find.table, row, find.fields, reference or ""))

    def _ask_each(self, finds: Sequence[tuple[Rule, Find]], found: dict[str, list[Location]]) -> None:
        answers = self._space.ask_each([self._rows_of(find) for _rule, find in finds])
        for (rule, find), answer in zip(finds, answers, strict=True):
            for row, child in answer:
                found[rule.code].append(Location(find.table, row, find.fields, child or ""))

    def _rows_of(self, find: Find) -> str:
        child = self._tables[find.table.lower()].child
        rows = (
            self._filled(find.select)
            if find.select
            else f'SELECT row FROM "{find.table}" WHERE {self._filled(find.where)}'
        )
        return f'SELECT DISTINCT t.row, t."{child}" FROM "{find.table}" t WHERE t.row IN ({rows})'


def tables_read(declared: Return, rule: Rule) -> list[RuleTable]:
    """The tables that a rule reads, itself or through facts, in the return's own order: a cause names the first that is missing."""
    tables, facts = declared.tables_in_sql, declared.facts_in_sql
    found: set[str] = set()

    def read(text: str) -> None:
        words = _words(text)
        found.update(words & tables.keys())
        for name in words & facts.keys():
            read(facts[name].select)

    for find in rule.finds:
        found.add(find.table.lower())
        read(find.select or find.where)
    return [table for name, table in tables.items() if name in found]


@cache
def _words(text: str) -> frozenset[str]:
    """What a query may name, in small letters: a table whose name has a space stands in quotation marks."""
    return frozenset(word.strip('"').lower() for word in _WORD.findall(text))


def _uses_calendar(text: str) -> bool:
    return any(f"{word}(" in text for word in _CALENDAR)


def _codes(name: str, ends: int) -> list[str]:
    """The codes of a set in force on any day of a collection year."""
    period = periods.year(ends - 1)
    return [
        code.code
        for code in codeset(name)
        if (code.valid_from is None or code.valid_from <= period.end)
        and (code.valid_to is None or code.valid_to >= period.start)
    ]


def _in_sql(codes: Iterable[str]) -> str:
    return "(" + ", ".join("'" + one.replace("'", "''") + "'" for one in dict.fromkeys(codes)) + ")"
