"""What the rules of a return find does not depend on which other rules run, on the order of rows or on other children."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.returns.examples import CONTEXT, Rows, declared, every_table, label, together, under

from sightline.engine.exchange import run_rules
from sightline.engine.exchange.rules.catalogue import listed
from sightline.engine.exchange.rules.declarations import Given, Return
from sightline.engine.exchange.rules.registry import returns
from sightline.engine.exchange.rules.result import Location, Outcome

NAMES = sorted(returns())
LATEST = 2027
#: Every example runs all rules several times, so a twentieth of the profile's number: 3 in the ordinary suite, 100 in the long one.
FEW = settings(max_examples=max(3, settings().max_examples // 20))


@dataclass(frozen=True)
class Found:
    """A faulty row by what it says: rows that say the same may stand for each other."""

    table: str
    fields: tuple[str, ...]
    row: tuple[tuple[str, str], ...]


def _examples(name: str) -> list[tuple[str, Given]]:
    return [
        (rule.code, example.tables) for of, rule in declared() if of == name for example in (*rule.fails, *rule.passes)
    ]


def _found(name: str, rows: Rows, codes: list[str] | None = None) -> dict[str, tuple[Outcome, Counter[Found]]]:
    result = run_rules(name, label(LATEST), rows, rules=codes, context=CONTEXT)
    return {one.code: (one.outcome, Counter(_said(rows, location) for location in one.locations)) for one in result}


def _said(rows: Mapping[str, list[dict[str, Any]]], location: Location) -> Found:
    row = rows[location.table][location.row]
    return Found(location.table, location.fields, tuple(sorted((key, str(value)) for key, value in row.items())))


def _of(child: str, found: Counter[Found], declared_: Return) -> Counter[Found]:
    """What was found in the rows of one part."""
    kept = {
        one: times
        for one, times in found.items()
        if (table := declared_.table(one.table)) and dict(one.row).get(table.child, "").startswith(f"{child}-")
    }
    return Counter(kept)


@st.composite
def mixed(draw: st.DrawFn, name: str) -> list[Rows]:
    """The rows of a few worked examples, each under children of its own."""
    pool = _examples(name)
    chosen = draw(st.lists(st.sampled_from(pool), min_size=2, max_size=6))
    parts = [under(f"part{n}", returns()[name], tables) for n, (_code, tables) in enumerate(chosen)]
    for part in parts:
        _add_near_copy(draw, returns()[name], part)
    return parts


def _add_near_copy(draw: st.DrawFn, declared_: Return, part: Rows) -> None:
    """Add a row that says the same as another but for one cell, or for none: rows that no day puts in order."""
    copied = draw(st.sampled_from([None, *(table for table, rows in part.items() if rows)]))
    if copied is None:
        return
    table = declared_.table(copied)
    assert table is not None
    row = dict(draw(st.sampled_from(part[copied])))
    cell = draw(st.sampled_from([None, *(column for column in table.columns if column != table.child)]))
    if cell is not None:
        others = [one[cell] for rows in part.values() for one in rows if one.get(cell)]
        row[cell] = draw(st.sampled_from(["", *others]))
    part[copied].append(row)


@pytest.mark.parametrize("name", NAMES)
@FEW
@given(data=st.data())
def test_the_order_of_rows_decides_nothing(name: str, data: st.DataObject) -> None:
    rows = every_table(returns()[name], together(data.draw(mixed(name))))
    shuffled = {table: data.draw(st.permutations(given_)) for table, given_ in rows.items()}
    assert _found(name, shuffled) == _found(name, rows)


@pytest.mark.parametrize("name", NAMES)
@FEW
@given(data=st.data())
def test_a_rule_finds_the_same_alone_as_with_the_others(name: str, data: st.DataObject) -> None:
    rows = every_table(returns()[name], together(data.draw(mixed(name))))
    all_of_it = _found(name, rows)
    every = [code for code, one in listed(name).items() if LATEST in one.years]
    for code in data.draw(st.lists(st.sampled_from(every), min_size=1, max_size=8, unique=True)):
        assert _found(name, rows, [code]) == {code: all_of_it[code]}


@pytest.mark.parametrize("name", NAMES)
@FEW
@given(data=st.data())
def test_other_children_decide_nothing(name: str, data: st.DataObject) -> None:
    here = returns()[name]
    parts = data.draw(mixed(name))
    whole = {rule.code for rule in here.rules if rule.whole}
    supplied = {table.name for table in here.all_tables() if table.supplied}
    lists = together([{table: part[table] for table in supplied & part.keys()} for part in parts])
    all_of_it = _found(name, every_table(here, together(parts)))
    for n, part in enumerate(parts):
        alone = _found(name, every_table(here, part | lists))
        for code, (_outcome, found) in alone.items():
            if code not in whole:
                assert _of(f"part{n}", found, here) == _of(f"part{n}", all_of_it[code][1], here), code
