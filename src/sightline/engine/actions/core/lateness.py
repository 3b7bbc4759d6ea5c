"""Saying why a deadline was missed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sightline.engine.actions.declarations import Attempt, correct, record
from sightline.engine.actions.refusals import Fault
from sightline.engine.deadlines.models import Deadline

_REASON = "deadlines.LateReason"


def _of_a_late_one(reason: Any, _attempt: Attempt) -> Iterator[Fault]:
    key = {name: getattr(reason, name) for name in ("clock", "record_table", "record_id", "sequence")}
    found = Deadline.objects.filter(**key).first()
    if found is None:
        yield Fault("clock", "There is no such deadline.")
    elif found.person_id != reason.person_id:
        yield Fault("person", "The deadline is another person's.")
    elif found.outcome in ("met", "not_required"):
        yield Fault("clock", "This deadline was not missed.")


RULES = ()
ACTIONS = (
    record(
        *("deadlines.explain", "Say why a deadline was missed", _REASON),
        *("person", "clock", "record_table", "record_id", "sequence", "reason"),
        checks=(_of_a_late_one,),
    ),
    correct("deadlines.correct_explanation", "Correct why a deadline was missed", _REASON, checks=(_of_a_late_one,)),
)
