"""Every rule fails where its failing examples say, and nowhere in its passing ones."""

from __future__ import annotations

import pytest
from tests.returns.examples import declared, run

from sightline.engine.exchange.rules.declarations import Rule
from sightline.engine.exchange.rules.result import Outcome

RULES = [pytest.param(name, rule, id=f"{name}-{rule.code}-{rule.until}") for name, rule in declared()]


@pytest.mark.parametrize(("name", "rule"), RULES)
def test_a_rule_finds_exactly_the_rows_that_its_examples_name(name: str, rule: Rule) -> None:
    assert rule.fails, "no failing example"
    assert rule.passes, "no passing example"
    for example in rule.fails:
        result = run(name, rule, example)[rule.code]
        assert result.outcome is Outcome.FAILED, (result.cause, example)
        assert sorted((one.table, one.row) for one in result.locations) == sorted(set(example.rows)), example
    for example in rule.passes:
        result = run(name, rule, example)[rule.code]
        assert result.outcome is not Outcome.FAILED, (result.locations, example)
        assert result.outcome is not Outcome.COULD_NOT_RUN, (result.cause, example)
