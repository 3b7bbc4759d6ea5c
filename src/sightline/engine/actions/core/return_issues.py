"""Answering issues of returns: notes, explanations, waivers with a reason, and taking either back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sightline.core.access.roles import Permission
from sightline.core.records.models import Record
from sightline.core.records.writing import require
from sightline.engine.actions.declarations import Action, Attempt, Build, Rules, correct, inputs

_ISSUE = "return_issues.Issue"
_NOTE = "return_issues.IssueNote"
_ANSWER, _DECIDE = Permission.ANSWER_ISSUES, Permission.DECIDE
_UNSETTLED = ("open", "explained", "waived")


def _noted(attempt: Attempt) -> Sequence[Record]:
    return [_note(attempt), attempt.record]


def _note(attempt: Attempt) -> Any:
    issue = attempt.record
    text = attempt.values["text"]
    return attempt.new(_NOTE, person_id=issue.person_id, issue=issue, text=text, written_by=require(_NOTE).by)


def _answered(words: str, day: str, by: str) -> Build:
    """An answer with its day and who gave it."""

    def build(attempt: Attempt) -> Sequence[Record]:
        issue = attempt.record
        for name, value in ((words, attempt.values[words]), (day, attempt.today), (by, require(_ISSUE).by)):
            setattr(issue, name, value)
        return [issue]

    return build


def _taken_back(words: str, day: str, by: str) -> Callable[[Attempt], Sequence[Record]]:
    """Takes an answer back, and keeps why as a note. What it said stays in the history."""

    def build(attempt: Attempt) -> Sequence[Record]:
        issue = attempt.record
        for name, value in ((words, ""), (day, None), (by, None)):
            setattr(issue, name, value)
        return [_note(attempt), issue]

    return build


_EXPLANATION = ("explanation", "explained_date", "explained_by")
_WAIVER = ("waiver", "waived_date", "waived_by")

RULES = (
    Rules(
        _ISSUE,
        stages=(("resolved", "resolved_at"), ("waived", "waived_date"), ("explained", "explained_date"), ("open", "")),
    ),
)
ACTIONS = (
    Action(
        *("return_issues.note", "Write a note on an issue", _ISSUE, inputs(_NOTE, "text!")),
        permission=_ANSWER,
        amends=True,
        build=_noted,
    ),
    correct("return_issues.correct_note", "Correct a note on an issue", _NOTE, permission=_ANSWER),
    Action(
        *("return_issues.explain", "Explain an issue", _ISSUE, inputs(_ISSUE, "explanation!")),
        permission=_ANSWER,
        amends=True,
        when=("open",),
        build=_answered(*_EXPLANATION),
        leads="explained",
    ),
    Action(
        *("return_issues.waive", "Waive an issue", _ISSUE, inputs(_ISSUE, "waiver!")),
        permission=_DECIDE,
        amends=True,
        when=("open", "explained"),
        build=_answered(*_WAIVER),
        leads="waived",
    ),
    Action(
        *("return_issues.take_back_explanation", "Take an explanation back", _ISSUE, inputs(_NOTE, "text!")),
        permission=_ANSWER,
        amends=True,
        when=("explained",),
        build=_taken_back(*_EXPLANATION),
        leads="open",
    ),
    Action(
        *("return_issues.take_back_waiver", "Take a waiver back", _ISSUE, inputs(_NOTE, "text!")),
        permission=_DECIDE,
        amends=True,
        when=("waived",),
        build=_taken_back(*_WAIVER),
        leads="open",
    ),
)
