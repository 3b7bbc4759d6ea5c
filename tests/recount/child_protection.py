"""Plans, enquiries and conferences; participation, staff and feedback of the independent chairs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from sightline.standards.dates import add_months

from .counting import Line, Recount, View, disabled, is_open, recounts
from .deadlines import due
from .reader import Row

INITIAL = ("ICPC", "PRE_BIRTH")
REVIEW = ("RCPC",)


def _plans_open(view: View) -> Iterator[Row]:
    return (row for row in view.own("child_protection_plan") if is_open(row, view.last_day))


def _plans_started(view: View) -> Iterator[Row]:
    return (row for row in view.own("child_protection_plan") if view.inside(row["start_date"]))


@recounts("cp.open")
def on_plan(view: View) -> Iterator[Line]:
    for row in _plans_open(view):
        yield Line(row, view.last_day, person=row["person_id"], categories={"category": row["latest_category"]})


@recounts("cp.rate")
def on_plan_rate(view: View) -> Iterator[Line]:
    for row in _plans_open(view):
        yield Line(row, view.last_day, person=row["person_id"])


@recounts("cp.started")
def started(view: View) -> Iterator[Line]:
    for row in _plans_started(view):
        yield Line(row, row["start_date"], person=row["person_id"], categories={"category": row["initial_category"]})


@recounts("cp.ceased")
def ceased(view: View) -> Iterator[Line]:
    for row in view.own("child_protection_plan"):
        if view.inside(row["end_date"]):
            yield Line(row, row["end_date"], person=row["person_id"], categories={"reason": row["end_reason"]})


@recounts("cp.over_15m.pct")
def over_15_months(view: View) -> Iterator[Line]:
    for row in _plans_open(view):
        over = add_months(row["start_date"], 15) < view.last_day
        yield Line(row, view.last_day, hit=over, person=row["person_id"])


@recounts("cp.repeat.pct")
def repeat_plans(view: View) -> Iterator[Line]:
    for row in _plans_started(view):
        # Of two that began on one day (the first ended at once) the one recorded later is the second.
        order = (row["start_date"], row["id"])
        held = any((other["start_date"], other["id"]) < order for other in view.of("child_protection_plan", row))
        declared = (row["declared_previous_plans"] or 0) > 0
        yield Line(row, row["start_date"], hit=held or declared, person=row["person_id"])


def _began_for(category: str) -> Recount:
    def count(view: View) -> Iterator[Line]:
        for row in _plans_started(view):
            yield Line(row, row["start_date"], hit=row["initial_category"] == category, person=row["person_id"])

    return count


for _name, _code in (("neglect", "NEG"), ("emotional", "EMO"), ("sexual", "SAB"), ("physical", "PHY")):
    recounts(f"cp.category.{_name}.pct")(_began_for(_code))


@recounts("cp.enquiries")
def enquiries(view: View) -> Iterator[Line]:
    for row in view.own("child_protection_section47"):
        if view.inside(row["start_date"]):
            yield Line(row, row["start_date"], person=row["person_id"])


def _initial_in_time(view: View, child: Row, held: date) -> bool:
    enquiry = view.tables.one("child_protection_section47", child["section47_id"])
    last = due("ICPC-15", enquiry["start_date"]) if enquiry else None
    return last is not None and held <= last


def _review_in_time(view: View, child: Row, held: date) -> bool:
    """By three months after the plan began, or by six months after the review before."""
    plan = view.tables.one("child_protection_plan", child["plan_id"])
    if plan is None:
        return False
    before = []
    for other in view.tables.by("child_protection_conferencechild", "plan_id", plan["id"]):
        conference = view.tables.one("child_protection_conference", other["conference_id"])
        assert conference is not None
        day = conference["conference_date"]
        if conference["kind"] in REVIEW and plan["start_date"] <= day < held:
            before.append(day)
    last = due("CP-REVIEW-N", max(before)) if before else due("CP-REVIEW-1", plan["start_date"])
    return last is not None and held <= last


Timely = Callable[[View, Row, date], bool]


def _meetings(kinds: tuple[str, ...], timely: Timely) -> Recount:
    def count(view: View) -> Iterator[Line]:
        for row in view.own("child_protection_conference"):
            held = row["conference_date"]
            if row["kind"] in kinds and view.inside(held):
                children = view.tables.by("child_protection_conferencechild", "conference_id", row["id"])
                if children:
                    yield Line(row, held, hit=all(timely(view, child, held) for child in children))

    return count


def _children(kinds: tuple[str, ...], hit: Timely) -> Recount:
    def count(view: View) -> Iterator[Line]:
        for row in view.own("child_protection_conferencechild"):
            conference = view.tables.one("child_protection_conference", row["conference_id"])
            assert conference is not None
            held = conference["conference_date"]
            if conference["kind"] in kinds and view.inside(held):
                yield Line(row, held, hit=hit(view, row, held), person=row["person_id"])

    return count


def _presented(view: View, child: Row, held: date) -> bool:
    return True


def _through_advocate(view: View, child: Row, held: date) -> bool:
    return bool(child["advocate"])


recounts("cp.icpc.timeliness.pct")(_meetings(INITIAL, _initial_in_time))
recounts("cp.reviews.timeliness.pct")(_meetings(REVIEW, _review_in_time))
recounts("ic.icpc.children")(_children(INITIAL, _presented))
recounts("ic.rcpc.children")(_children(REVIEW, _presented))
recounts("ic.icpc.timeliness.pct")(_children(INITIAL, _initial_in_time))
recounts("ic.rcpc.timeliness.pct")(_children(REVIEW, _review_in_time))
recounts("ic.participation.advocacy.pct")(_children(INITIAL + REVIEW, _through_advocate))


@recounts("ic.cwd.cp")
def disabled_on_plan(view: View) -> Iterator[Line]:
    first, last = view.period.start, view.period.end
    for row in view.own("child_protection_plan"):
        begin, end = row["start_date"], row["end_date"]
        any_day = begin <= last and (end is None or (end > first and end > begin))
        if any_day and disabled(view.tables, row["person_id"]):
            yield Line(row, last, person=row["person_id"])


@recounts("ic.feedback.questionnaires")
def questionnaires(view: View) -> Iterator[Line]:
    for row in view.own("independent_chairs_feedback"):
        if view.inside(row["returned_date"]):
            yield Line(row, row["returned_date"], categories={"meeting": row["meeting_kind"]})


def _said(answer: str) -> Recount:
    def count(view: View) -> Iterator[Line]:
        for row in view.own("independent_chairs_feedback"):
            if view.inside(row["returned_date"]):
                yield Line(row, row["returned_date"], hit=row[answer] is True)

    return count


recounts("ic.feedback.listened.pct")(_said("felt_listened_to"))
recounts("ic.feedback.explained.pct")(_said("explained_well"))


def _staff(job: str, specialism: str | None = None) -> Recount:
    def count(view: View) -> Iterator[Line]:
        for row in view.own("organisations_teammembership"):
            worker = view.tables.one("organisations_worker", row["worker_id"])
            assert worker is not None
            right = worker["job"] == job and specialism in (None, worker["specialism"])
            if right and is_open(row, view.last_day):
                yield Line(row, view.last_day, person=worker["id"])

    return count


recounts("ic.staff.chairs")(_staff("independent_chair"))
recounts("ic.staff.managers")(_staff("business_manager"))
recounts("ic.staff.disability")(_staff("independent_chair", "disability"))
