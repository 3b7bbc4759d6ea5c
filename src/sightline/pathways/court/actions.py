"""What can be done in care proceedings: issue, hearings, extensions, orders."""

from __future__ import annotations

from collections.abc import Sequence

from sightline.core.records.models import Record
from sightline.engine.actions.declarations import Action, Attempt, Rules, amend, correct, inputs, record

_APPLICATION = "court.Application"
_CHILD = "court.ApplicationChild"
_HEARING = "court.Hearing"
_EXTENSION = "court.Extension"
_ORDER = "court.Order"


def _issue(attempt: Attempt) -> Sequence[Record]:
    """An application concerns a child from the first; siblings are added to it."""
    application = attempt.new(_APPLICATION, **attempt.given("reference", "issue_date"))
    return [application, attempt.new(_CHILD, application=application, **attempt.given("person", "case"))]


RULES = (
    Rules(_APPLICATION, stages=(("finished", "final_order_date"), ("issued", "")), open=("issued",)),
    # A case may open when the application has been made, and one application may outlast it.
    Rules(_CHILD, outside=("case",)),
)

ACTIONS = (
    Action(
        "court.issue",
        "Record an application for care or supervision",
        _APPLICATION,
        inputs(_APPLICATION, "reference", "issue_date!") + inputs(_CHILD, "person!", "case"),
        build=_issue,
    ),
    record("court.add_child", "Add a child to an application", _CHILD, "person", "application", "case"),
    correct("court.correct_child", "Correct a child's part in an application", _CHILD),
    amend("court.finish", "Record the final order's date", _APPLICATION, "final_order_date!", when=("issued",)),
    correct("court.correct", "Correct an application", _APPLICATION),
    record("court.record_hearing", "Record a hearing", _HEARING, "application", "hearing_date", "kind"),
    correct("court.correct_hearing", "Correct a hearing", _HEARING),
    record("court.extend", "Record an extension", _EXTENSION, "application", "granted_date"),
    correct("court.correct_extension", "Correct an extension", _EXTENSION),
    record("court.record_order", "Record an order", _ORDER, "person", "application", "order", "order_date"),
    correct("court.correct_order", "Correct an order", _ORDER),
)
