"""The engine and the recount agree on random worlds, figure by figure."""

from __future__ import annotations

from datetime import date

import pytest

from sightline.engine.measures.registry import measures
from sightline.standards.periods import Period, month, quarter, span, year

from .chance import Chance
from .comparing import compare, snapshots
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
def test_every_figure_agrees(seed: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    found = compare(Chance(seed).snapshot(snapshots(tmp_path_factory)), PERIODS, (COUNTY, CITY))
    assert not found.different, "\n".join(found.different[:60])
    idle = set(measures()) - set(found.nonzero)
    assert len(idle) <= 5, f"too much never happens in this world, and is not proved: {sorted(idle)}"
