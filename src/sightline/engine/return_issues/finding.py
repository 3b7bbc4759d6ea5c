"""Running the rules of a return on the record: what they find, and for which record of which child."""

from __future__ import annotations

from collections.abc import Collection as Several
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from sightline.core.access.standing import standing
from sightline.engine.exchange.rules.registry import return_named
from sightline.engine.exchange.rules.result import Outcome, RunResult
from sightline.engine.exchange.rules.run import run_on_a_few, run_rules, tables_read
from sightline.engine.exchange.telling import Telling, tell, untold
from sightline.engine.return_issues.collections import Collection

#: Of so many children at most the rules are run in a database that stays open.
A_FEW = 50


@dataclass(frozen=True, order=True)
class Key:
    """What tells issues of one return and year apart: the rule, the child, the table, and the record that it stems from."""

    rule: str
    person: int
    table: str
    record_table: str
    record_id: int


@dataclass(frozen=True)
class Findings:
    """What the rules found: the fields to look at by key, whom the return tells of, and every rule's outcome."""

    found: dict[Key, tuple[str, ...]]
    people: frozenset[int]
    result: RunResult


def find(
    asked: Collection,
    area: str,
    people: Several[int] | None = None,
    rules: Several[str] | None = None,
    supplied: Mapping[str, Any] | None = None,
) -> Findings:
    """Run the rules for all children of an authority, or for certain ones: then only those that judge each child alone, and of them the `rules`.

    `supplied` are tables that the record does not hold.
    """
    # A year that is not over is judged as if it ended today: else all that is under way would count as left undone at its end.
    as_at = min(asked.period.end, standing().day)
    cut = untold(asked.name, area, replace(asked.period, end=as_at), people)
    codes = asked.codes if people is None else child_by_child(asked, rules)
    told = tell(asked.declared, cut, asked.period, None if rules is None else tables_of(asked.name, frozenset(codes)))
    context = {"authority": area, "as_at": as_at}
    run = run_on_a_few if people is not None and len(people) <= A_FEW else run_rules
    result = run(asked.name, asked.label, {**told.tables, **(supplied or {})}, rules=codes, context=context)
    return Findings(_keys(asked, told, result), told.people, result)


@lru_cache(maxsize=256)
def tables_of(name: str, codes: frozenset[str]) -> frozenset[str]:
    """The tables that these rules read."""
    declared = return_named(name)
    return frozenset(
        table.name for rule in declared.rules if rule.code in codes for table in tables_read(declared, rule)
    )


def child_by_child(asked: Collection, rules: Several[str] | None = None) -> list[str]:
    """The rules of a return, or those of them that are named, which judge each child alone."""
    whole = {rule.code for rule in asked.declared.rules if rule.whole}
    return [code for code in asked.codes if code not in whole and (rules is None or code in rules)]


def of_no_child(asked: Collection, result: RunResult) -> dict[str, list[str]]:
    """The rules that fail for no child in particular, as those of the header: each with the tables and fields to look at."""
    return {
        one.code: sorted({f"{at.table}: {' '.join(at.fields)}" for at in found})
        for one in result.with_outcome(Outcome.FAILED)
        if (found := [at for at in one.locations if not at.child or one.code in asked.declared.of_figures])
    }


def _keys(asked: Collection, told: Telling, result: RunResult) -> dict[Key, tuple[str, ...]]:
    found: dict[Key, tuple[str, ...]] = {}
    for rule in result:
        if rule.code in asked.declared.of_figures:
            continue
        for at in rule.locations:
            # A row that was supplied is of no child.
            subject = told.origins[at.table][at.row] if at.table in told.origins else None
            if subject is not None:
                key = Key(rule.code, subject[1], at.table, *subject.record)
                found[key] = tuple(dict.fromkeys((*found.get(key, ()), *at.fields)))
    return found
