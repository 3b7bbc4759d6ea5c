"""What can be done with a child's answers: record them, and correct them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sightline.engine.actions.declarations import Attempt, Rules, correct, record
from sightline.engine.actions.refusals import Fault

_ANSWERS = "voice.ChildsAnswers"
QUESTIONS = ("explained_worries", "story_helped", "agrees_with_worker", "plan_is_clear", "tablet_helped")


def _answered(answers: Any, _attempt: Attempt) -> Iterator[Fault]:
    if all(getattr(answers, question) is None for question in QUESTIONS):
        yield Fault(QUESTIONS[0], "Give the child's answer to at least one of the questions.")


RULES = (Rules(_ANSWERS, born=True, checks=(_answered,)),)

ACTIONS = (
    record("voice.record", "Record what a child answered", _ANSWERS, "person", "asked_date!", "worker", *QUESTIONS),
    correct("voice.correct", "Correct what a child answered", _ANSWERS),
)
