"""The engine and the recount agree on synthetic partnerships: small ones of random profiles, and the county of the demonstration."""

from __future__ import annotations

import pytest

from sightline.engine.deadlines import ledger
from sightline.engine.snapshot.store import Snapshot
from sightline.engine.snapshot.take import take
from sightline.engine.synthetic.load import DEMONSTRATION, load
from sightline.engine.synthetic.makers import random_profile
from sightline.engine.synthetic.profile import Profile, read
from sightline.standards.periods import Period, month, span, year

from .comparing import compare, snapshots


def periods_of(profile: Profile) -> list[Period]:
    """The profile's year in all its parts, the years before it, three years together, and months past its end."""
    ends = profile.year_end.year
    last = year(ends - 1)
    return [
        *(year(start) for start in (ends - 3, ends - 2, ends - 1)),
        *last.quarters(),
        *last.months(),
        month(ends - 1, 3),
        span(year(ends - 3).start, last.end),
        span(year(ends - 2).start, month(ends, 7).end),
    ]


def snapshot_of(profile: Profile, seed: int, factory: pytest.TempPathFactory) -> Snapshot:
    """A snapshot of a synthetic partnership."""
    load(profile, seed=seed)
    ledger.rebuild()
    return take(snapshots(factory), b"key of the tests")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seed", [1, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(2, 12))])
def test_every_figure_of_a_random_profile_agrees(seed: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    profile = random_profile(seed)
    found = compare(snapshot_of(profile, seed, tmp_path_factory), periods_of(profile), [profile.area])
    assert not found.different, "\n".join(found.different[:60])
    assert len(found.nonzero) > 60, "too little happens in this partnership to prove anything"


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_every_figure_of_the_county_agrees(tmp_path_factory: pytest.TempPathFactory) -> None:
    profile = read(DEMONSTRATION)
    # A county has a hundred thousand rows: fewer periods there.
    years, parts = periods_of(profile)[1:3], periods_of(profile)[-3:]
    found = compare(
        snapshot_of(profile, 1617, tmp_path_factory), [*years, *parts, *years[-1].months()[-2:]], [profile.area]
    )
    assert not found.different, "\n".join(found.different[:60])
