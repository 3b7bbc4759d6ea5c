"""The engine and the recount agree on synthetic partnerships: small ones of random profiles, and the county of the demonstration."""

from __future__ import annotations

import pytest

from sightline.engine.deadlines import ledger
from sightline.engine.snapshot.store import Snapshot
from sightline.engine.snapshot.take import take
from sightline.engine.synthetic.load import DEMONSTRATION, load
from sightline.engine.synthetic.makers import random_profile
from sightline.engine.synthetic.profile import Profile, read
from sightline.standards.periods import Period, month, quarter, span, year

from .comparing import compare, snapshots

PERIODS: list[Period] = [
    *(year(start) for start in (2014, 2015, 2016)),
    *year(2016).quarters(),
    *year(2016).months(),
    month(2016, 3),
    span(year(2014).start, year(2016).end),
    span(year(2015).start, month(2017, 7).end),
]
#: A county has a hundred thousand rows: fewer periods there.
COUNTY_PERIODS = [year(2015), year(2016), quarter(2016, 3), month(2016, 4), month(2017, 3), PERIODS[-2], PERIODS[-1]]


def snapshot_of(profile: Profile, seed: int, factory: pytest.TempPathFactory) -> Snapshot:
    """A snapshot of a synthetic partnership."""
    load(profile, seed=seed)
    ledger.rebuild()
    return take(snapshots(factory), b"key of the tests")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seed", [1, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(2, 12))])
def test_every_figure_of_a_random_profile_agrees(seed: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    profile = random_profile(seed)
    found = compare(snapshot_of(profile, seed, tmp_path_factory), PERIODS, [profile.area])
    assert not found.different, "\n".join(found.different[:60])
    assert len(found.nonzero) > 25, "too little happens in this partnership to prove anything"


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_every_figure_of_the_county_agrees(tmp_path_factory: pytest.TempPathFactory) -> None:
    profile = read(DEMONSTRATION)
    found = compare(snapshot_of(profile, 1617, tmp_path_factory), COUNTY_PERIODS, [profile.area])
    assert not found.different, "\n".join(found.different[:60])
