"""Periods of a figure, written relative to the reporting year, so that one chapter serves every year.

`year` - `prior` (the year before) - `year-2` - `month 1` (April) - `quarter 2` - `12 months to end of month 1` -
`36 months to year end` - `36 months to prior year end` - `year start - 12 months .. year end + 4 months`. A
period's own label (`2016-04`) also serves.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta

from sightline.core.errors import InputProblem
from sightline.standards.dates import add_months
from sightline.standards.periods import Period, parse, span, year

_MONTHS_TO = re.compile(r"(\d+) months to (.+)")
_PART = re.compile(r"(month|quarter) (\d+)")
_EARLIER = re.compile(r"year-(\d+)")
_MOVED = re.compile(r"(.+?)\s*([+-])\s*(\d+) months?")
_ABSOLUTE = re.compile(r"\d{4}-")
_EXAMPLES = (
    "year, prior, year-2, month 1, quarter 2, 36 months to year end, year start - 12 months .. year end + 4 months"
)


def relative(expression: str, of: Period) -> Period:  # noqa: PLR0911 (one return for each way to write one)
    """The period that an expression means in a reporting year. Raises InputProblem."""
    text = " ".join(expression.split())
    if text in ("", "year"):
        return of
    if text == "prior":
        return of.prior()
    if match := _EARLIER.fullmatch(text):
        return year(of.start.year - int(match[1]))
    if match := _PART.fullmatch(text):
        return _part(match[1], int(match[2]), of)
    if match := _MONTHS_TO.fullmatch(text):
        until = _until(match[2], of)
        return span(add_months(until, -int(match[1])), until - timedelta(days=1))
    if _ABSOLUTE.match(text):
        return parse(text)
    if ".." in text:
        first, last = (part.strip() for part in text.split("..", 1))
        return span(_until(first, of), _until(last, of) - timedelta(days=1))
    raise InputProblem(f"'{expression}' is not a period of a report", next=f"write one of: {_EXAMPLES}")


def _part(kind: str, number: int, of: Period) -> Period:
    parts = of.months() if kind == "month" else of.quarters()
    if not 1 <= number <= len(parts):
        raise InputProblem(f"a year has no {kind} {number}", next=f"write {kind} 1 to {len(parts)}")
    return parts[number - 1]


def _until(point: str, of: Period) -> date:
    """The first day after a point in time (`year end`, `end of month 1`), or the day itself of a start (`year start`)."""
    if match := _MOVED.fullmatch(point):
        months = int(match[3]) * (1 if match[2] == "+" else -1)
        return add_months(_until(match[1], of), months)
    if match := re.fullmatch(r"end of (month|quarter) (\d+)", point):
        return _part(match[1], int(match[2]), of).until
    known = {
        "year start": of.start,
        "year end": of.until,
        "prior year start": of.prior().start,
        "prior year end": of.start,
    }
    if point not in known:
        raise InputProblem(f"'{point}' is not a point in time of a report", next=f"write one of: {', '.join(known)}")
    return known[point]


def standard_periods(of: Period) -> list[Period]:
    """The reporting year and the two before it; months and quarters of the last two."""
    years = [of, of.prior(), of.prior().prior()]
    parts = [part for one in years[:2] for part in (*one.quarters(), *one.months())]
    return [*years, *parts]


def with_earlier(periods: Iterable[Period]) -> list[Period]:
    """Each period and the same one a year earlier, which changes are taken from; each once."""
    return list(dict.fromkeys(found for period in periods for found in (period, period.prior())))
