"""What the tests of rules share: the worked examples of every rule, and how to run one."""

from __future__ import annotations

from collections.abc import Iterator

from sightline.engine.exchange import run_rules
from sightline.engine.exchange.rules.catalogue import Listed, listed
from sightline.engine.exchange.rules.declarations import Example, Rule
from sightline.engine.exchange.rules.registry import returns
from sightline.engine.exchange.rules.result import RunResult

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
