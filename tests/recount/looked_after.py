"""Children looked after: periods of care, placements, stays with carers, reviews, asylum."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from sightline.standards import groups
from sightline.standards.dates import add_months
from sightline.standards.periods import rolling_year

from .counting import Line, Recount, View, age, is_open, recounts
from .deadlines import chain
from .reader import Row

PERIODS = "looked_after_periodofcare"
ADOPTED = ("E11", "E12")
RETURNED_HOME = ("E4A", "E4B")
GUARDIANSHIP = ("E43", "E44", "E45", "E46", "E47", "E48")
TEMPORARY = ("T0", "T1", "T2", "T3", "T4")


def short_break(view: View, period: Row) -> bool:
    """Whether a period of care is a series of short breaks: every episode has legal status V3 or V4."""
    episodes = view.tables.by("looked_after_episode", "period_id", period["id"])
    return bool(episodes) and all(row["legal_status"] in ("V3", "V4") for row in episodes)


def care(view: View) -> Iterator[Row]:
    """The periods of care that answer, short breaks left out."""
    return (row for row in view.own(PERIODS) if not short_break(view, row))


def looked_after(view: View, person: Any, day: date) -> bool:
    """Whether a child is looked after on a day, by anybody; short breaks do not count."""
    return any(is_open(row, day) and not short_break(view, row) for row in view.tables.of(PERIODS, person))


def _looked_after_now(view: View) -> Iterator[Row]:
    return (row for row in care(view) if is_open(row, view.last_day))


@recounts("lac.total")
def total(view: View) -> Iterator[Line]:
    for row in _looked_after_now(view):
        by = {"category_of_need": row["category_of_need"]}
        yield Line(row, view.last_day, person=row["person_id"], categories=by)


@recounts("lac.rate")
def rate(view: View) -> Iterator[Line]:
    for row in _looked_after_now(view):
        yield Line(row, view.last_day, person=row["person_id"])


def _first_starts(view: View) -> Iterator[Row]:
    first: dict[Any, Row] = {}
    for row in care(view):
        if view.inside(row["start_date"]):
            held = first.get(row["person_id"])
            if held is None or row["start_date"] < held["start_date"]:
                first[row["person_id"]] = row
    return iter(first.values())


def _last_ends(view: View) -> Iterator[Row]:
    last: dict[Any, Row] = {}
    for row in care(view):
        if view.inside(row["end_date"]):
            held = last.get(row["person_id"])
            if held is None or row["end_date"] >= held["end_date"]:
                last[row["person_id"]] = row
    return iter(last.values())


@recounts("lac.started")
def started(view: View) -> Iterator[Line]:
    for row in _first_starts(view):
        by = {"category_of_need": row["category_of_need"]}
        yield Line(row, row["start_date"], person=row["person_id"], categories=by)


@recounts("ic.lac.started.0_4.pct")
def started_young(view: View) -> Iterator[Line]:
    for row in _first_starts(view):
        years = age(view.tables, row["person_id"], row["start_date"])
        yield Line(row, row["start_date"], hit=years is not None and years <= 4, person=row["person_id"])


@recounts("lac.ceased")
def ceased(view: View) -> Iterator[Line]:
    for row in _last_ends(view):
        yield Line(row, row["end_date"], person=row["person_id"], categories={"reason": row["end_reason"]})


def _left_by(*reasons: str, share: bool) -> Recount:
    def count(view: View) -> Iterator[Line]:
        for row in _last_ends(view):
            if share or row["end_reason"] in reasons:
                yield Line(row, row["end_date"], hit=row["end_reason"] in reasons, person=row["person_id"])

    return count


recounts("lac.ceased.return_home.pct")(_left_by(*RETURNED_HOME, share=True))
recounts("lac.ceased.adoption.pct", "adoption.leaving_care.pct")(_left_by(*ADOPTED, share=True))
recounts("lac.ceased.sgo.pct")(_left_by(*GUARDIANSHIP, share=True))
recounts("adoption.total")(_left_by(*ADOPTED, share=False))
recounts("ic.lac.return_home")(_left_by("E4A", share=False))


def _aged(first: int, last: int) -> Recount:
    def count(view: View) -> Iterator[Line]:
        for row in _looked_after_now(view):
            years = age(view.tables, row["person_id"], view.last_day)
            if years is not None and first <= years <= last:
                yield Line(row, view.last_day, person=row["person_id"])

    return count


for _first, _last in ((0, 4), (5, 8), (9, 11), (12, 16), (17, 18)):
    recounts(f"lac.age.{_first}_{_last}")(_aged(_first, _last))


@recounts("uasc.total")
def unaccompanied(view: View) -> Iterator[Line]:
    for row in _looked_after_now(view):
        if any(is_open(status, view.last_day) for status in view.of("looked_after_asylumstatus", row)):
            yield Line(row, view.last_day, person=row["person_id"])


def _placement_on(view: View, period: Row, day: date) -> Row | None:
    placements = view.tables.by("looked_after_placement", "period_id", period["id"])
    return next((row for row in placements if is_open(row, day)), None)


def _placed(chosen: Callable[[View, Row], bool], *, share: bool) -> Recount:
    def count(view: View) -> Iterator[Line]:
        for row in _looked_after_now(view):
            placement = _placement_on(view, row, view.last_day)
            hit = placement is not None and chosen(view, placement)
            if placement is not None and (share or hit):
                yield Line(placement, view.last_day, hit=hit, person=row["person_id"])

    return count


def _in_group(group: str) -> Callable[[View, Row], bool]:
    return lambda view, placement: groups.placement_group(placement["placement_type"]) == group


def _out_of_area(view: View, placement: Row) -> bool:
    return placement["authority"] not in ("", view.area)


def _far(view: View, placement: Row) -> bool:
    return placement["distance_miles"] is not None and placement["distance_miles"] > 20


for _id, _chosen in (
    ("lac.placement.foster", _in_group("FOSTER")),
    ("lac.placement.residential", _in_group("RESIDENTIAL")),
    ("lac.placement.out_of_area", _out_of_area),
    ("ic.lac.over_20_miles", _far),
):
    recounts(_id)(_placed(_chosen, share=False))
    recounts(f"{_id}.pct")(_placed(_chosen, share=True))


@recounts("lac.placements")
def placements(view: View) -> Iterator[Line]:
    for row in _looked_after_now(view):
        placement = _placement_on(view, row, view.last_day)
        if placement is not None:
            kind = placement["placement_type"]
            by = {"type": kind, "group": groups.placement_group(kind)}
            yield Line(placement, view.last_day, person=row["person_id"], categories=by)


def stays(view: View, person: Any, until: date) -> list[tuple[date, date | None]]:
    """The stays of a child with the same carers, in order, up to a day.

    Temporary moves are skipped, so a child who comes back to the same carers has not moved. Without a carer reference each placement is its own.
    """
    found: list[tuple[date, date | None]] = []
    before: Row | None = None
    breaks = {row["id"] for row in view.tables.of(PERIODS, person) if short_break(view, row)}
    for row in sorted(view.tables.of("looked_after_placement", person), key=lambda row: row["start_date"]):
        if row["placement_type"] in TEMPORARY or row["start_date"] > until or row["period_id"] in breaks:
            continue
        same = (
            before is not None
            and row["carer_reference"] != ""
            and (row["carer_reference"], row["period_id"]) == (before["carer_reference"], before["period_id"])
        )
        begin = found.pop()[0] if same else row["start_date"]
        found.append((begin, row["end_date"]))
        before = row
    return found


def _has_been_placed(view: View, period: Row) -> bool:
    """Whether a child has had a placement, not a temporary move, in this period of care."""
    held = view.tables.by("looked_after_placement", "period_id", period["id"])
    return any(row["start_date"] <= view.last_day and row["placement_type"] not in TEMPORARY for row in held)


@recounts("lac.stability.short.pct")
def three_placements(view: View) -> Iterator[Line]:
    first = rolling_year(view.last_day).start
    for row in _looked_after_now(view):
        held = [end for _, end in stays(view, row["person_id"], view.last_day) if end is None or end > first]
        if _has_been_placed(view, row):
            yield Line(row, view.last_day, hit=len(held) >= 3, person=row["person_id"])


@recounts("lac.stability.long.pct")
def two_years(view: View) -> Iterator[Line]:
    day = view.last_day
    for row in _looked_after_now(view):
        years = age(view.tables, row["person_id"], day)
        if years is None or years >= 16 or add_months(row["start_date"], 30) > day:
            continue
        if _has_been_placed(view, row):
            begun = stays(view, row["person_id"], day)[-1][0]
            yield Line(row, day, hit=add_months(begun, 24) <= day, person=row["person_id"])


@recounts("lac.reviews.timeliness.pct")
def reviews(view: View) -> Iterator[Line]:
    clocks = ["LAC-REVIEW-1", "LAC-REVIEW-2", "LAC-REVIEW-N"]
    for row in care(view):
        held = [review["review_date"] for review in view.tables.by("looked_after_review", "period_id", row["id"])]
        for turn in chain(clocks, row["start_date"], row["end_date"], held):
            not_needed = turn.closed is not None and turn.closed <= turn.due
            if view.inside(turn.due) and not not_needed:
                met = turn.stopped is not None and turn.stopped <= turn.due
                yield Line(row, turn.due, hit=met, person=row["person_id"])
