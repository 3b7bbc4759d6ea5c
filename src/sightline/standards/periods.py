"""Reporting periods: financial years (1 April to 31 March), quarters, months and any run of days.

Labels: `2016-17`, `2016-17 Q1`, `2016-04`, `2016-05-01..2017-04-30`. The label of a period always reads back as the same period.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from sightline.standards.dates import add_months, add_years

Kind = Literal["year", "quarter", "month", "range"]
#: No return or record that Sightline reads is older, and nothing is planned later; further out, dates and look-backs run out of a calendar.
FIRST_YEAR, LAST_YEAR = 1990, 2100


@dataclass(frozen=True, slots=True)
class Period:
    """A run of whole days. `start` and `end` are both inside it; `until` is the first day after, for half-open comparisons."""

    kind: Kind
    label: str
    start: date
    end: date

    def __str__(self) -> str:
        return self.label

    def __contains__(self, day: date) -> bool:
        return self.start <= day <= self.end

    @property
    def until(self) -> date:
        """The first day after the period."""
        return self.end + timedelta(days=1)

    @property
    def days(self) -> int:
        """Number of days in the period."""
        return (self.until - self.start).days

    @property
    def year_end(self) -> date:
        """31 March of the financial year in which the period ends."""
        return date(self.end.year + (self.end.month > 3), 3, 31)

    @property
    def title(self) -> str:
        """Words for a heading: `2016-17`, `Quarter 1 of 2016-17`, `April 2016`, `1 May 2016 to 30 April 2017`."""
        if self.kind == "year":
            return self.label
        if self.kind == "quarter":
            return f"Quarter {self.label[-1]} of {self.label[:7]}"
        if self.kind == "month":
            return self.start.strftime("%B %Y")
        return f"{_in_words(self.start)} to {_in_words(self.end)}"

    def prior(self) -> Period:
        """The same period one year earlier. A range that ends on the last day of a month ends so the year before, too."""
        if self.kind == "year":
            return year(self.start.year - 1)
        if self.kind == "quarter":
            return quarter(_start_year(self.start) - 1, int(self.label[-1]))
        if self.kind == "month":
            return month(self.start.year - 1, self.start.month)
        return span(add_years(self.start, -1), add_years(self.until, -1) - timedelta(days=1))

    def previous(self) -> Period:
        """The period of the same kind just before this one; for a range, as many days."""
        if self.kind == "range":
            return span(self.start - timedelta(days=self.days), self.start - timedelta(days=1))
        return containing(self.start - timedelta(days=1), self.kind)

    def quarters(self) -> list[Period]:
        """The quarters of the year that lie wholly inside the period."""
        return self._inside("quarter")

    def months(self) -> list[Period]:
        """The months that lie wholly inside the period."""
        return self._inside("month")

    def _inside(self, kind: Kind) -> list[Period]:
        found, part = [], containing(self.start, kind)
        while part.end <= self.end:
            if part.start >= self.start:
                found.append(part)
            part = containing(part.until, kind)
        return found


def year(start_year: int) -> Period:
    """The financial year that starts on 1 April of `start_year`."""
    return Period("year", _year_label(start_year), date(start_year, 4, 1), date(start_year + 1, 3, 31))


def quarter(start_year: int, number: int) -> Period:
    """Quarter 1 to 4 of the financial year that starts in `start_year`; quarter 1 is April to June. Raises ValueError."""
    if number not in (1, 2, 3, 4):
        raise ValueError(f"there is no quarter {number}: write Q1, Q2, Q3 or Q4.")
    start = add_months(date(start_year, 4, 1), 3 * (number - 1))
    return Period("quarter", f"{_year_label(start_year)} Q{number}", start, add_months(start, 3) - timedelta(days=1))


def month(of_year: int, number: int) -> Period:
    """A calendar month. Its label is `2016-04`; `2011-M12` for the twelve months, 2000-01 to 2011-12, that would read as a year."""
    start = date(of_year, number, 1)
    ambiguous = number == (of_year + 1) % 100
    label = f"{of_year:04d}-M{number:02d}" if ambiguous else f"{of_year:04d}-{number:02d}"
    return Period("month", label, start, add_months(start, 1) - timedelta(days=1))


def span(start: date, end: date) -> Period:
    """Any run of days, both ends included. Raises ValueError when it ends before it starts."""
    if end < start:
        raise ValueError(f"the period ends on {end}, before it starts on {start}.")
    return Period("range", f"{start.isoformat()}..{end.isoformat()}", start, end)


def containing(day: date, kind: Kind) -> Period:
    """The year, quarter or month that holds the day."""
    if kind == "year":
        return year(_start_year(day))
    if kind == "quarter":
        return quarter(_start_year(day), (day.month - 4) % 12 // 3 + 1)
    if kind == "month":
        return month(day.year, day.month)
    raise ValueError("a range has no calendar: give its two dates.")


def rolling_year(end: date) -> Period:
    """The twelve months that end on a day: to 31 March 2017 it is 2016-04-01..2017-03-31."""
    until = end + timedelta(days=1)
    return span(add_years(until, -1), end)


def rolling_years(first_end: date, last_end: date) -> list[Period]:
    """The twelve months to each month's end, for the months of `first_end` up to `last_end`."""
    return [rolling_year(part.end) for part in months_between(first_end, last_end)]


def years_between(start: date, end: date) -> list[Period]:
    """The financial years that share a day with the run of days."""
    return _between(start, end, "year")


def quarters_between(start: date, end: date) -> list[Period]:
    """The quarters that share a day with the run of days."""
    return _between(start, end, "quarter")


def months_between(start: date, end: date) -> list[Period]:
    """The months that share a day with the run of days."""
    return _between(start, end, "month")


_YEAR = re.compile(r"(\d{4})\s*[-/–]\s*(\d{2}|\d{4})(?:\s*,?\s*q(\d))?", re.IGNORECASE)
_MONTH = re.compile(r"(\d{4})-m?(\d{2})", re.IGNORECASE)
_MONTH_NUMBER = re.compile(r"0[1-9]|1[0-2]")
_RANGE = re.compile(r"(\d{4}-\d{2}-\d{2})\s*(?:\.\.|to|/)\s*(\d{4}-\d{2}-\d{2})", re.IGNORECASE)


class NoPeriod(ValueError):
    """A text that is no period. `accepted` is a sentence that says what is."""

    def __init__(self, text: str, accepted: str) -> None:
        super().__init__(f"'{text}' is not a period: {accepted}")
        self.accepted = f"{accepted[:1].upper()}{accepted[1:]}"


def parse(text: str) -> Period:
    """A period from its label. Also read: `2016/17`, `2016-2017`, `2016-17q1`, `2016-05-01 to 2017-04-30`, `2016-04-01` (that day).

    A text such as `2011-12` is the financial year; write `2011-M12` for December 2011. Raises NoPeriod.
    """
    cleaned = text.strip()
    try:
        found = _parse(cleaned)
    except (ValueError, OverflowError) as error:
        raise NoPeriod(text, str(error)) from error
    if found is None:
        raise NoPeriod(text, "write 2016-17, 2016-17 Q1, 2016-04 or 2016-05-01..2017-04-30.")
    return found


def asked_for(text: str) -> Period:
    """A period that somebody asks for: what `parse` reads, from 1990 to 2100. Raises NoPeriod."""
    found = parse(text)
    if found.start.year < FIRST_YEAR or found.end.year > LAST_YEAR:
        raise NoPeriod(text, f"years of records run from {FIRST_YEAR} to {LAST_YEAR}.")
    return found


def _parse(text: str) -> Period | None:
    match = _YEAR.fullmatch(text)
    if match and (start := int(match[1])) and int(match[2]) in (start + 1, (start + 1) % 100):
        return quarter(start, int(match[3])) if match[3] else year(start)
    if match and not _MONTH_NUMBER.fullmatch(match[2]):
        raise ValueError(f"a year of returns is two years that follow each other, such as {_year_label(start)}.")
    if match := _MONTH.fullmatch(text):
        return month(int(match[1]), int(match[2]))
    if match := _RANGE.fullmatch(text):
        return span(date.fromisoformat(match[1]), date.fromisoformat(match[2]))
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        return span(date.fromisoformat(text), date.fromisoformat(text))
    return None


def _between(start: date, end: date, kind: Kind) -> list[Period]:
    found, part = [], containing(start, kind)
    while part.start <= end:
        found.append(part)
        part = containing(part.until, kind)
    return found


def _start_year(day: date) -> int:
    return day.year - (day.month < 4)


def _year_label(start_year: int) -> str:
    return f"{start_year}-{(start_year + 1) % 100:02d}"


def _in_words(day: date) -> str:
    return f"{day.day} {day.strftime('%B %Y')}"
