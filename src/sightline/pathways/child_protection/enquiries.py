"""How a strategy discussion about several children is written in one act, with the enquiries it agrees and what they are to find out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sightline.core.records.models import Record
from sightline.engine.actions.building import named_once, open_case
from sightline.engine.actions.declarations import Attempt
from sightline.engine.actions.refusals import Fault, Invalid
from sightline.pathways.child_protection.conferences import ENQUIRY

MEETING = "child_protection.StrategyMeeting"
ATTENDANCE = "child_protection.StrategyAttendance"
DISCUSSION = "child_protection.StrategyDiscussion"
LINE = "child_protection.LineOfEnquiry"


def hold(attempt: Attempt) -> Sequence[Record]:
    """The meeting, who came, what was decided for each child, and the enquiry where one was agreed: it starts on the day of the discussion."""
    given = attempt.own
    children, attendance, lines = (attempt.values[name] for name in ("children", "attendance", "lines"))
    named_once(attempt, "children")
    meeting = attempt.new(MEETING, **{"chair": attempt.worker, **given})
    came = [attempt.new(ATTENDANCE, meeting=meeting, **row) for row in attendance]
    written = [meeting, *came]
    for place, row in enumerate(children):
        case = open_case(row["person"])
        if case is None:
            fault = Fault(f"children.{place}.person", "This child has no open case: open one first.")
            raise Invalid(attempt.action.title, [fault])
        written += _for_child(attempt, meeting, came, case, row, lines)
    # The meeting is what the act is about, and is saved before all that hangs on it.
    return written


def _for_child(
    attempt: Attempt, meeting: Any, came: list[Any], case: Any, row: dict[str, Any], lines: list[dict[str, Any]]
) -> list[Any]:
    of = {"person": row["person"], "case": case}
    agreed = row.get("enquiry_agreed") is not False
    discussion = attempt.new(
        DISCUSSION,
        meeting=meeting,
        discussion_date=meeting.held_date,
        police_attended=_was_there(came, "police"),
        health_attended=_was_there(came, "health"),
        enquiry_agreed=agreed,
        **of,
    )
    if not agreed:
        return [discussion]
    start = {"strategy_discussion": discussion, "start_date": meeting.held_date}
    enquiry = attempt.new(ENQUIRY, worker=row.get("worker"), **of, **start)
    return [discussion, enquiry, *lines_of(attempt, enquiry, lines)]


def _was_there(came: list[Any], kind: str) -> bool:
    return any(each.attended and each.organisation and each.organisation.kind == kind for each in came)


def lines_of(attempt: Attempt, enquiry: Any, lines: list[dict[str, Any]]) -> list[Any]:
    """Lines of enquiry, set on the enquiry's first day unless said otherwise."""
    set_on = {"set_date": enquiry.start_date}
    return [attempt.new(LINE, person=enquiry.person, section47=enquiry, **{**set_on, **row}) for row in lines]


def add_lines(attempt: Attempt) -> Sequence[Record]:
    """More lines of an enquiry."""
    return [*lines_of(attempt, attempt.record, attempt.values["lines"]), attempt.record]
