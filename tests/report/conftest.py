"""A made-up set of results that covers every measure, and what can be varied about it. No database is needed."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pyarrow as pa
import pytest

from sightline.engine.measures.compute import RESULTS
from sightline.engine.measures.declare import Kind, Measure
from sightline.engine.measures.registry import measures
from sightline.engine.measures.results import Results
from sightline.engine.report.chapters import periods_needed
from sightline.engine.report.document import Asked, Edition, document
from sightline.engine.report.model import Document
from sightline.engine.report.passages import Passage
from sightline.engine.report.settings import Settings, settings_for
from sightline.engine.report.tables import category_labels
from sightline.standards.periods import Period, year

STAFFORDSHIRE, KENT = "E10000028", "E10000016"
YEAR = year(2016)
Make = Callable[..., Document]


@cache
def invented(area: str, scale: float = 1.0, left_out: frozenset[str] = frozenset()) -> pa.Table:
    """Results of every measure whose id does not begin with one of `left_out`, always the same ones."""
    lines = [
        line
        for what in measures().values()
        if isinstance(what, Measure) and not any(what.id.startswith(begin) for begin in left_out)
        for period in periods_needed(YEAR)
        for line in _lines(what, period, area, scale)
    ]
    return pa.Table.from_pylist(lines, schema=RESULTS)


def _lines(what: Measure, period: Period, area: str, scale: float) -> Iterator[dict[str, Any]]:
    chance = random.Random(f"{what.id} {period.label}")
    usual = int(hashlib.sha256(what.id.encode()).hexdigest(), 16) % 900 + 60
    length = 1.0 if what.kind is Kind.OPEN_AT else period.days / 365
    base = int(usual * scale * length * chance.uniform(0.9, 1.1))
    number = int(base * chance.uniform(0.2, 0.6)) if what.of else base
    same = {
        "measure": what.id,
        "area": area,
        "period": period.label,
        "amount": 30 + chance.random() if what.value else None,
    }
    yield same | {"breakdown": "total", "category": "", "base": base, "number": number}
    for name in what.categories:
        left, codes = base, list(category_labels(what.id, name))[:5]
        for code in codes:
            part = left if code == codes[-1] else chance.randint(0, left // 2)
            left -= part
            if part:
                yield same | {"breakdown": name, "category": code, "base": part, "number": part}


@pytest.fixture(scope="session")
def make() -> Make:
    """Makes a report from invented results."""

    def made(
        area: str = STAFFORDSHIRE,
        edition: Edition = "internal",
        *,
        scale: float = 1.0,
        without: frozenset[str] = frozenset(),
        settings: Settings | None = None,
        passages: tuple[Passage, ...] = (),
    ) -> Document:
        chosen = settings or settings_for(YEAR, area)
        return document(Asked(YEAR, area, edition, "a-snapshot"), results(area, scale, without), chosen, passages)

    return made


def results(area: str = STAFFORDSHIRE, scale: float = 1.0, without: frozenset[str] = frozenset()) -> Results:
    """The invented results, with the population rule of the area's report."""
    return Results(invented(area, scale, without), population_rule=settings_for(YEAR, area).population_rule)


@pytest.fixture(scope="session")
def report(make: Make) -> Document:
    """The internal edition of Staffordshire's report."""
    return make()


@pytest.fixture(scope="session")
def results_of() -> Callable[..., Results]:
    """Gives the results that a report was made from."""
    return results
