"""Advice for somebody who asks for a measure by a name that is not quite its id."""

from __future__ import annotations

import pytest

from sightline.core.errors import InputProblem
from sightline.engine.measures.registry import measure, nearest


@pytest.mark.parametrize(
    ("asked", "first"),
    [
        ("cp.opne", "cp.open"),
        ("CP.OPEN", "cp.open"),
        ("lac_total", "lac.total"),
        ("contact.total", "contacts.total"),
        ("referral", "referrals.total"),
        ("careleavers", "careleavers.open"),
        ("cp.icpc.timely", "cp.icpc.timeliness.pct"),
        ("lac.adopted", "lac.ceased.adoption.pct"),
    ],
)
def test_the_likest_measure_is_named_first(asked: str, first: str) -> None:
    assert nearest(asked)[0] == first


def test_advice_is_a_sentence() -> None:
    with pytest.raises(InputProblem) as near:
        measure("cp.opne")
    assert near.value.next.startswith("did you mean cp.open, ")
    assert near.value.next.endswith("? ./sightline measures --list prints them all")
    with pytest.raises(InputProblem) as far:
        measure("zzz")
    assert far.value.next == "./sightline measures --list prints them all"
