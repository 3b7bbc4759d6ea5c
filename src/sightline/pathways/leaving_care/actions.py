"""What can be done for care leavers: their category and adviser, staying put, how they fare."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sightline.core.records.models import Record
from sightline.engine.actions.declarations import Action, Attempt, Rules, amend, correct, inputs, record, spell

_LEAVER = "leaving_care.CareLeaver"
_STAYING = "leaving_care.StayingPut"
_OUTCOME = "leaving_care.Outcome"


def _change(attempt: Attempt) -> Sequence[Record]:
    """A new category begins on the day the old one ends."""
    held: Any = attempt.record
    held.end_date = attempt.values["start_date"]
    adviser = attempt.values.get("personal_adviser", held.personal_adviser)
    given = attempt.given("eligibility", "start_date")
    return [held, attempt.new(_LEAVER, person=held.person, personal_adviser=adviser, **given)]


RULES = (
    spell(_LEAVER, born=True),
    spell(_STAYING, born=True),
    Rules(_OUTCOME, future=("year_end",)),
)

ACTIONS = (
    record(
        *("leaving_care.start", "Start leaving care duties", _LEAVER),
        *("person", "eligibility", "personal_adviser", "start_date"),
    ),
    Action(
        "leaving_care.change_category",
        "Change a care leaver's category",
        _LEAVER,
        inputs(_LEAVER, "eligibility!", "start_date!", "personal_adviser"),
        amends=True,
        when=("open",),
        build=_change,
    ),
    amend("leaving_care.change_adviser", "Change the personal adviser", _LEAVER, "personal_adviser!", when=("open",)),
    amend("leaving_care.end", "End leaving care duties", _LEAVER, "end_date!", when=("open",)),
    correct("leaving_care.correct", "Correct a care leaver's record", _LEAVER),
    record("leaving_care.stay_put", "Start a staying put arrangement", _STAYING, "person", "start_date"),
    amend("leaving_care.end_staying_put", "End a staying put arrangement", _STAYING, "end_date!", when=("open",)),
    correct("leaving_care.correct_staying_put", "Correct a staying put arrangement", _STAYING),
    record(
        *("leaving_care.record_outcome", "Record how a care leaver fares", _OUTCOME),
        *("person", "year_end", "in_touch", "activity", "accommodation"),
    ),
    correct("leaving_care.correct_outcome", "Correct how a care leaver fares", _OUTCOME),
)
