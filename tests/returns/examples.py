"""What the tests of rules share: the worked examples of every rule, and how to run one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sightline.engine.exchange import run_rules
from sightline.engine.exchange.rules.catalogue import Listed, listed
from sightline.engine.exchange.rules.declarations import Example, Given, Return, Rule
from sightline.engine.exchange.rules.registry import returns
from sightline.engine.exchange.rules.result import RunResult

Rows = dict[str, list[dict[str, Any]]]

#: The authority that worked examples are of: Staffordshire.
CONTEXT = {"authority": "E10000028"}


def label(year: int) -> str:
    """A collection year as it is written: 2026-27 for 2027."""
    return f"{year - 1}-{year % 100:02d}"


def year_of(rule: Rule, one: Listed) -> int:
    """The latest collection year in which a rule is in force under this wording."""
    return max(year for year in one.years if rule.since <= year <= rule.until)


def declared() -> Iterator[tuple[str, Rule]]:
    """Every rule with the name of its return."""
    for name, held in returns().items():
        for rule in held.rules:
            yield name, rule


def run(name: str, rule: Rule, example: Example) -> RunResult:
    """Run one rule over one of its examples, as of the latest year that has the rule."""
    year = year_of(rule, listed(name)[rule.code])
    return run_rules(name, label(year), example.tables, rules=[rule.code], context=CONTEXT)


def under(child: str, declared_: Return, tables: Given) -> Rows:
    """The rows of an example as those of children of their own, with every column: what a file leaves out, it leaves out for all its children."""
    rows: Rows = {}
    for name, given_ in tables.items():
        table = declared_.table(name)
        assert table is not None
        blank = dict.fromkeys(table.columns, "")
        rows[table.name] = [
            {**blank, **row, table.child: f"{child}-{row[table.child]}"}
            if row.get(table.child) and not table.supplied
            else {**blank, **row}
            for row in given_
        ]
    return rows


def together(parts: list[Rows]) -> Rows:
    """One return of all parts, whose every table is given."""
    joined: Rows = {}
    for part in parts:
        for table, rows in part.items():
            joined.setdefault(table, []).extend(rows)
    return joined


def every_table(declared_: Return, rows: Rows) -> Rows:
    return {table.name: rows.get(table.name, []) for table in declared_.all_tables()}
