"""Reading the text of one value: dates, codes, numbers, flags. What cannot be read raises `Unreadable` with a reason that repeats nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from sightline.engine.exchange.declarations import Column, Kind
from sightline.engine.exchange.spreadsheets import FORMULA_STARTS
from sightline.standards.codes import CodeSet, codeset

Parser = Callable[[str], Any]

_ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:Z|[+-]\d{2}:\d{2})?", re.ASCII)
_BRITISH_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)
_WHOLE = re.compile(r"\d{1,9}", re.ASCII)
_NUMBER = re.compile(r"-?\d{1,9}(\.\d{1,9})?", re.ASCII)
_FLAGS = {"1": True, "true": True, "0": False, "false": False}
_LETTERS = {"Y": True, "N": False, "U": None}
EARLIEST = "1900-01-01"
REMEMBERED_DAYS = 100_000


class Unreadable(ValueError):
    """The text is not a value of its kind."""


class Days:
    """Reads dates of one format, remembering those it has met: a file repeats few dates many times."""

    def __init__(self, *, british: bool, latest: str) -> None:
        self._british = british
        self._latest = latest
        self._met: dict[str, str] = {}

    def past(self, text: str) -> str:
        """The ISO date of a day up to the latest possible one."""
        found = self.any(text)
        if found > self._latest:
            raise Unreadable("lies after the day the file was received")
        return found

    def any(self, text: str) -> str:
        """The ISO date of any day since 1900."""
        found = self._met.get(text)
        if found is None:
            found = self._read(text)
            if len(self._met) < REMEMBERED_DAYS:
                self._met[text] = found
        return found

    def _read(self, text: str) -> str:
        if self._british:
            match, wanted = _BRITISH_DAY.fullmatch(text), "day/month/year"
            parts = match.group(3, 2, 1) if match else None
        else:
            match, wanted = _ISO_DAY.fullmatch(text), "year-month-day"
            parts = match.group(1, 2, 3) if match else None
        if parts is None:
            raise Unreadable(f"is not a date written as {wanted}")
        try:
            found = date(int(parts[0]), int(parts[1]), int(parts[2])).isoformat()
        except ValueError:
            raise Unreadable("is not a day of the calendar") from None
        if found < EARLIEST:
            raise Unreadable("is before 1900")
        return found


def whole(text: str) -> int:
    """A whole number, not negative."""
    if not _WHOLE.fullmatch(text):
        raise Unreadable("is not a whole number")
    return int(text)


def flag(text: str) -> bool:
    """Yes or no."""
    try:
        return _FLAGS[text.lower()]
    except KeyError:
        raise Unreadable("is neither 1, 0, true nor false") from None


def letter(text: str) -> bool | None:
    """Y, N, or U where it is not known."""
    try:
        return _LETTERS[text.upper()]
    except KeyError:
        raise Unreadable("is neither Y nor N") from None


def number(text: str) -> float:
    """A number, with or without a decimal point."""
    if not _NUMBER.fullmatch(text):
        raise Unreadable("is not a number")
    return float(text)


def words(longest: int) -> Parser:
    """Printable text of limited length that no spreadsheet would take for a formula."""

    def read(text: str) -> str:
        if len(text) > longest:
            raise Unreadable(f"is longer than {longest} characters")
        if not text.isprintable():
            raise Unreadable("holds characters that cannot be printed")
        if text.startswith(FORMULA_STARTS):
            raise Unreadable("starts like a spreadsheet formula")
        return text

    return read


_PARSERS: dict[Kind, Parser] = {Kind.WHOLE: whole, Kind.NUMBER: number, Kind.FLAG: flag, Kind.LETTER: letter}


def parser(column: Column, days: Days) -> Parser:
    """What reads a column's text. A code is read as text here: whether it is in force depends on another column."""
    if column.kind is Kind.DAY:
        return days.any if column.future else days.past
    if column.choices is not None:
        return column.choices.read
    return _PARSERS.get(column.kind) or words(column.longest)


class CodesInForce:
    """The days on which each code of a set may be used, as ISO texts."""

    def __init__(self, name: str) -> None:
        spans: dict[str, list[tuple[str, str]]] = {}
        known: CodeSet = codeset(name)
        for row in known:
            first = row.valid_from.isoformat() if row.valid_from else ""
            last = row.valid_to.isoformat() if row.valid_to else "9999-12-31"
            spans.setdefault(row.code, []).append((first, last))
        self._spans = spans
        self._always = frozenset(code for code, found in spans.items() if ("", "9999-12-31") in found)

    def wrong(self, code: str, on: str) -> str:
        """What is wrong with a code on a day, or on any day where none is given; empty when nothing is."""
        if code in self._always:
            return ""
        found = self._spans.get(code)
        if found is None:
            return "is not a known code"
        if not on:
            return ""
        return (
            "" if any(first <= on <= last for first, last in found) else "is a code that is not in force on that date"
        )
