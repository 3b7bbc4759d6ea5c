"""Dates in Ibis expressions. The same rules as `standards.dates`, for whole columns; tests hold the two together."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir


def add_months(day: ir.DateValue, months: int) -> ir.DateValue:
    """Calendar months later (or earlier), clipped to the month's end."""
    moved = day + ibis.interval(months=months) if months >= 0 else day - ibis.interval(months=-months)
    return moved.cast("date")


def age(born: ir.DateValue, on: ir.DateValue) -> ir.IntegerValue:
    """Completed years of age. Someone born on 29 February is a year older on 1 March of a common year."""
    before_birthday = (on.month() * 100 + on.day()) < (born.month() * 100 + born.day())
    return (on.year() - born.year() - before_birthday.cast("int32")).cast("int32")


def open_on(start: ir.DateValue, end: ir.DateValue, day: ir.DateValue) -> ir.BooleanValue:
    """Whether a spell `[start, end)` is open on a day."""
    return (start <= day) & (end.isnull() | (end > day))


def overlaps(start: ir.DateValue, end: ir.DateValue, first: ir.DateValue, last: ir.DateValue) -> ir.BooleanValue:
    """Whether a spell `[start, end)` is open on any day from `first` to `last`."""
    return (start <= last) & (end.isnull() | (end > first))
