"""What a child answered stands in the chronology on the day of asking, where that day is known."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from sightline.core.access.standing import standing
from sightline.engine.screens.chronology import chronology


def test_what_a_child_answered_is_in_the_chronology_unless_nobody_knows_when(
    act: Any, make: Any, people: SimpleNamespace, open_case: Any, family: list[Any], db: None
) -> None:
    child, today = family[1], standing().day
    open_case(child, today - timedelta(days=30))
    answered = act(people.worker, "voice.record", person=child, asked_date=today, plan_is_clear=True).record
    make("voice.ChildsAnswers", person=child, plan_is_clear=False)
    found = [(event.id, event.day) for event in chronology(people.worker, child, ["voice"])]
    assert found == [(answered.pk, today)]
