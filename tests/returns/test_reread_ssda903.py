"""The rules of SSDA903 read a second time, from the Department's wording and without their SQL: see `rereading`."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest
from tests.returns.examples import CONTEXT, label
from tests.returns.rereading import SHORT, Case, Found, cases, together

from sightline.engine.exchange import run_rules
from sightline.engine.exchange.rules.catalogue import listed
from sightline.engine.exchange.rules.result import Outcome

HELD = [
    case
    for path in sorted(Path(__file__).with_name("reread").joinpath("ssda903").glob("*.txt"))
    for case in cases(path)
]
_SHORT = {name: short for short, (name, _) in SHORT.items()}


def _told(rows: set[Found] | frozenset[Found]) -> str:
    """Rows as the cases write them."""
    names = (("<" if name.endswith("_last") else "") + _SHORT[name.removesuffix("_last")] + str(n) for name, n in rows)
    return " ".join(sorted(names)) or "-"


@pytest.mark.parametrize("year", sorted({case.year for case in HELD}))
def test_rules_find_what_their_wording_says(year: int) -> None:
    """All cases of a year are one set: what is found in one child's rows does not depend on another's."""
    held = [case for case in HELD if case.year == year]
    tables, origin = together(held)
    codes = sorted({code for case in held for code in case.codes})
    result = run_rules("ssda903", label(year), tables, rules=codes, context=CONTEXT)
    assert {one.outcome for one in result.rules.values()} <= {Outcome.PASSED, Outcome.FAILED}
    found: dict[tuple[str, str], set[Found]] = defaultdict(set)
    for code, one in result.rules.items():
        for location in one.locations:
            line, where = origin[location.table, location.row]
            found[line, code].add(where)
    assert _wrong(held, found) == []


def _wrong(held: list[Case], found: dict[tuple[str, str], set[Found]]) -> list[str]:
    return [
        f"{code}: {_told(found[case.line, code])} was found, by {case.line}"
        for case in held
        for code in case.codes
        if found[case.line, code] != case.expected
    ]


def test_every_rule_was_read_again() -> None:
    read = {code for case in HELD for code in case.codes}
    assert read == set(listed("ssda903"))


def test_no_case_stands_twice() -> None:
    lines = [case.line for case in HELD]
    assert len(lines) == len(set(lines))
