"""Which figures of a report the published edition withholds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sightline.engine.report.figures import Figure


def withhold(figures: Sequence[Figure], smallest_shown: int) -> Iterable[Figure]:
    """The figures to print instead."""
    del smallest_shown
    return figures
