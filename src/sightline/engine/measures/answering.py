"""Which source can answer for which period.

A source's rows answer only for periods that its coverage contains, look-back included. That is what turns "no rows"
into "not covered" rather than nought, and what keeps a file of one year from adding its older spells to the figures
of another source's year.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sightline.engine.snapshot.store import Covered
from sightline.standards.dates import add_months
from sightline.standards.periods import Period

#: The end of the name of a source that is one year's return: `cin:E10000028:2021-22`.
YEAR_OF_A_RETURN = r":\d{4}-\d{2}$"


def family(source_system: str) -> str:
    """The returns of one kind from one authority are one source, year after year: a spell that runs over the year's end is in both files,
    and is held under the later.
    """
    return re.sub(YEAR_OF_A_RETURN, "", source_system)


@dataclass(frozen=True)
class Answer:
    """One source (a family of returns is one) that can answer for one period of one area."""

    area: str
    source: str
    period: Period


def answering(
    periods: Iterable[Period],
    coverage: Sequence[Covered],
    streams: Sequence[str],
    lookback_months: int = 0,
    window_months: int = 0,
) -> list[Answer]:
    """Sources whose first stream covers the period, where every other stream is covered by some source of the area.

    One source answers for an area and a period, so that two are never added up: of several, the one whose coverage of the stream begins last.
    A look-back reaches back from the first day of the period, a window from its last.
    """
    spells = _by_stream(coverage)
    answers = []
    for period in periods:
        first_day = min(add_months(period.start, -lookback_months), add_months(period.until, -window_months))
        needed = [_who_covers(spells[stream], first_day, period.end) for stream in streams]
        own = spells[streams[0]]
        by_area = {area: (area, source) for area, source in sorted(needed[0], key=lambda who: (own[who][-1][0], who))}
        answers += [
            Answer(area, source, period)
            for area, source in sorted(by_area.values())
            if all(area in {a for a, _ in others} for others in needed[1:])
        ]
    return answers


Spells = dict[tuple[str, str], list[tuple[date, date]]]


def _by_stream(coverage: Sequence[Covered]) -> defaultdict[str, Spells]:
    spells: defaultdict[str, Spells] = defaultdict(dict)
    for row in sorted(coverage, key=lambda c: c.start):
        spells[row.stream].setdefault((row.area, family(row.source_system)), []).append((row.start, row.end))
    return spells


def _who_covers(spells: Spells, first: date, last: date) -> set[tuple[str, str]]:
    return {who for who, covered in spells.items() if _contains(covered, first, last)}


def _contains(covered: Sequence[tuple[date, date]], first: date, last: date) -> bool:
    """Whether spells in order of start, joined where they touch, contain every day from `first` to `last`."""
    reached = first
    for start, end in covered:
        if start <= reached <= end:
            reached = end + timedelta(days=1)
    return reached > last
