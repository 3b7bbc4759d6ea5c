"""A database that is kept from run to run finds what one opened anew finds, and nothing of the runs before."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import duckdb
import pytest
from tests.returns.examples import CONTEXT, declared, every_table, label, together, under, year_of

from sightline.engine.exchange.rules import kept
from sightline.engine.exchange.rules.catalogue import listed
from sightline.engine.exchange.rules.declarations import Example, Rule
from sightline.engine.exchange.rules.registry import returns
from sightline.engine.exchange.rules.result import Outcome, RunResult
from sightline.engine.exchange.rules.run import run_on_a_few, run_rules

LATEST, A_FEW = "2026-27", 50
Turn = tuple[Rule, Example, bool]


def turns(name: str) -> list[Turn]:
    """Every worked example of a return, and whether its rule fails: failing and passing ones take turns."""
    return [
        (rule, example, fails)
        for of, rule in declared()
        if of == name
        for example, fails in (*((one, True) for one in rule.fails), *((one, False) for one in rule.passes))
    ]


def run(name: str, rule: Rule, example: Example) -> RunResult:
    year = year_of(rule, listed(name)[rule.code])
    return run_on_a_few(name, label(year), example.tables, rules=[rule.code], context=CONTEXT)


@pytest.mark.parametrize("name", sorted(returns()))
def test_every_rule_finds_what_its_examples_say_one_after_another(name: str) -> None:
    for rule, example, fails in turns(name):
        found = run(name, rule, example)[rule.code]
        expected = sorted(set(example.rows)) if fails else []
        assert sorted((one.table, one.row) for one in found.locations) == expected, (rule.code, example)
        assert (found.outcome is Outcome.FAILED) is fails, (rule.code, example)


@pytest.mark.parametrize("name", ["cin", "ssda903"])
def test_all_rules_together_find_what_a_database_opened_anew_finds(name: str) -> None:
    of, every = returns()[name], turns(name)
    failed: set[str] = set()
    for start in range(0, len(every), A_FEW):
        some = enumerate(every[start : start + A_FEW])
        parts = [under(f"part{n}", of, example.tables) for n, (_rule, example, _fails) in some]
        given = every_table(of, together(parts))
        anew, found = (one(name, LATEST, given, context=CONTEXT) for one in (run_rules, run_on_a_few))
        assert found == anew
        failed |= {one.code for one in anew.with_outcome(Outcome.FAILED)}
    assert len(failed) > len(of.rules) * 3 / 4


def test_runs_at_the_same_moment_have_each_their_own() -> None:
    fails = [one for one in turns("cin") if one[2]][:40]

    def asked(turn: Turn) -> bool:
        rule, example, _fails = turn
        return {(one.table, one.row) for one in run("cin", rule, example)[rule.code].locations} == set(example.rows)

    with ThreadPoolExecutor(4) as threads:
        assert all(threads.map(asked, fails))


def test_one_in_which_a_run_broke_is_not_used_again() -> None:
    (rule, example, _fails), *_ = turns("cin")
    run("cin", rule, example)
    key = next(key for key, _held in kept._waiting if key.return_ == "cin")
    held = []
    with pytest.raises(duckdb.Error), kept.borrowed(key, lambda space: pytest.fail("one waits")) as space:
        held.append(space)
        space.ask("SELECT * FROM nowhere")
    assert all(one is not held[0] for _key, one in kept._waiting)
    found = run("cin", rule, example)[rule.code].locations
    assert {(one.table, one.row) for one in found} == set(example.rows)


def test_one_is_closed_after_its_last_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "MOST_RUNS", 1)
    monkeypatch.setattr(kept, "_waiting", [])
    (rule, example, _fails), *_ = turns("ssd")
    run("ssd", rule, example)
    (_key, held), *_ = kept._waiting
    run("ssd", rule, example)
    assert kept._waiting == []
    with pytest.raises(duckdb.ConnectionException):
        held.ask("SELECT 1")


def test_no_more_of_them_wait_than_may(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "_waiting", [])
    monkeypatch.setattr(kept, "MOST_WAITING", 1)
    for name in ("ssd", "annexa"):
        (rule, example, _fails), *_ = turns(name)
        run(name, rule, example)
    assert [key.return_ for key, _held in kept._waiting] == ["annexa"]
