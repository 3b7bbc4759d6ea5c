"""The engine and the recount agree on random worlds, figure by figure."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from sightline.engine.measures.registry import measures
from sightline.standards.periods import Period, month, quarter, span, year

from .chance import Chance
from .comparing import compare
from .world import CITY, COUNTY

#: Years, quarters, months, and twelve months that are no financial year.
PERIODS: list[Period] = [
    *(year(start) for start in (2014, 2015, 2016, 2017)),
    *(quarter(2016, number) for number in (1, 2, 3, 4)),
    *year(2016).months(),
    month(2018, 2),
    span(date(2016, 5, 1), date(2017, 4, 30)),
]

SEEDS = (1, 2)
MORE_SEEDS = range(3, 43)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seed", [*SEEDS, *(pytest.param(seed, marks=pytest.mark.long) for seed in MORE_SEEDS)])
def test_every_figure_agrees(seed: int, tmp_path: Path) -> None:
    found = compare(Chance(seed).snapshot(tmp_path), PERIODS, (COUNTY, CITY))
    assert not found.different, "\n".join(found.different[:60])
    assert not set(measures()) - set(found.nonzero), "what never happens in this world is not proved"
