"""Arithmetic of spells `[start, end)`: what two have in common, and what is left of one when others are taken away."""

from __future__ import annotations

from datetime import date

import ibis
import ibis.expr.types as ir

FAR_OFF = date(9999, 12, 31)


def end_or_far_off(end: ir.DateValue) -> ir.DateValue:
    """The end, or a day far off for an open spell.

    A join that says "no end, or an end after the day" cannot be hashed outside an inner join: it compares every pair. One comparison can.
    """
    return end.fill_null(ibis.literal(FAR_OFF))


def intersect(these: ir.Table, others: ir.Table, *, by: str = "person_id") -> ir.Table:
    """The parts of `these` during which one of `others` of the same person was also open, with the columns of `these`.

    `others` must not overlap each other. An empty part (a touch) is left out.
    """
    others = others.select(other_by=others[by], other_start=others.start, other_end=others.end)
    joined = these.join(others, these[by] == others.other_by)
    joined = joined.mutate(
        start=ibis.greatest(joined.start, joined.other_start),
        end=earlier_end(joined.end, joined.other_end),
    )
    return joined.filter(joined.end.isnull() | (joined.end > joined.start)).drop("other_by", "other_start", "other_end")


def subtract(these: ir.Table, others: ir.Table, *, by: str = "person_id", key: str = "record_id") -> ir.Table:
    """The parts of `these` during which none of `others` of the same person was open, with the columns of `these`.

    Every start and end of an overlapping other cuts a spell; the pieces that no other covers stay.
    """
    others = others.select(other_by=others[by], other_start=others.start, other_end=others.end)
    met = these.select(key, by, "start", "end").join(others, these[by] == others.other_by)
    inside_start = (met.other_start > met.start) & (met.end.isnull() | (met.other_start < met.end))
    inside_end = met.other_end.notnull() & (met.other_end > met.start) & (met.end.isnull() | (met.other_end < met.end))
    cuts = ibis.union(
        these.select(cut_key=these[key], cut=these.start),
        met.filter(inside_start).select(cut_key=met[key], cut=met.other_start),
        met.filter(inside_end).select(cut_key=met[key], cut=met.other_end),
        distinct=True,
    )
    until = cuts.cut.lead().over(ibis.window(group_by="cut_key", order_by="cut"))
    pieces = cuts.mutate(until=until).join(these, cuts.cut_key == these[key])
    pieces = pieces.mutate(start=pieces.cut, end=ibis.coalesce(pieces.until, pieces.end)).drop(
        "cut_key", "cut", "until"
    )
    others = others.mutate(other_until=end_or_far_off(others.other_end))
    covered = [pieces[by] == others.other_by, others.other_start <= pieces.start, others.other_until > pieces.start]
    left = pieces.anti_join(others, covered)
    return left.filter(left.end.isnull() | (left.end > left.start))


def earlier_end(one: ir.DateValue, other: ir.DateValue) -> ir.DateValue:
    """The earlier of two ends, where no end is later than any."""
    return ibis.cases((one.isnull(), other), (other.isnull(), one), else_=ibis.least(one, other))
