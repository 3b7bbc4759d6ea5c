"""Every rule that the Department lists for a collection year is declared for it, once."""

from __future__ import annotations

from collections import Counter

import pytest

from sightline.engine.exchange.rules.catalogue import listed
from sightline.engine.exchange.rules.registry import returns

YEARS = range(2023, 2028)


@pytest.mark.parametrize("year", YEARS)
@pytest.mark.parametrize("name", sorted(returns()))
def test_every_listed_rule_is_declared_once(name: str, year: int) -> None:
    declared = Counter(rule.code for rule in returns()[name].rules if rule.since <= year <= rule.until)
    asked = [code for code, one in listed(name).items() if year in one.years]
    missing = [code for code in asked if code not in declared]
    twice = [code for code in asked if declared[code] > 1]
    assert not twice, f"declared more than once for {year}: {', '.join(twice)}"
    assert not missing, f"{len(missing)} not declared for {year}: {', '.join(missing)}"


@pytest.mark.parametrize("name", sorted(returns()))
def test_every_declared_rule_is_listed_for_a_year_that_has_it(name: str) -> None:
    for rule in returns()[name].rules:
        assert any(rule.since <= year <= rule.until for year in listed(name)[rule.code].years), rule.code
