"""Every measure has a recount, and every recount a measure."""

from __future__ import annotations

from sightline.engine.measures.declare import Combined
from sightline.engine.measures.registry import measures

from . import comparing  # noqa: F401 (registers the recounts)
from .counting import RECOUNTS


def test_every_measure_is_recounted() -> None:
    counted = {id for id, what in measures().items() if not isinstance(what, Combined)}
    assert set(RECOUNTS) == counted, (
        "write a recount for a new measure from the words of its definition, and nothing else"
    )


def test_combined_measures_stand_on_recounted_ones() -> None:
    over = {what.over for what in measures().values() if isinstance(what, Combined)}
    assert over <= set(RECOUNTS)
