"""Looked-after reviews: held at once or in parts, for one child or for several, with what they decide (IRO Handbook 2010 ch 3)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.apps import apps

from sightline.core.access.roles import Permission
from sightline.core.records.models import Record
from sightline.engine.actions.belonging import said
from sightline.engine.actions.building import named_once
from sightline.engine.actions.declarations import Action, Attempt, Group, Rules, amend, correct, inputs, record, spell
from sightline.engine.actions.refusals import Fault, Invalid
from sightline.standards.dates import age_on

_REVIEW = "looked_after.Review"
_PART = "looked_after.ReviewPart"
_DECISION = "looked_after.ReviewDecision"
_OFFICER = "looked_after.ReviewingOfficer"
_CHAIR = Permission.CHAIR


def _hold(attempt: Attempt) -> Sequence[Record]:
    """A review: the last of its parts, where some were held before, or the only one."""
    review, *parts = _review(attempt, attempt.own)
    return [review, *parts, *_decided(attempt, review, attempt.values["decisions"])]


def _hold_together(attempt: Attempt) -> Sequence[Record]:
    """One meeting about brothers and sisters is a review of each, with each child's own participation and views."""
    rows, shared = attempt.values["children"], attempt.own
    named_once(attempt)
    return [each for row in rows for each in _review(attempt, {**shared, **row})]


def _review(attempt: Attempt, given: Mapping[str, Any]) -> list[Any]:
    review = attempt.new(_REVIEW, **given)
    parts = list(apps.get_model(_PART)._default_manager.filter(period=review.period, review=None).order_by("part_date"))
    late = [part for part in parts if part.part_date >= review.review_date]
    if late:
        what = f"A part was held on {said(late[-1].part_date)}: the review is complete on the day of its last part."
        raise Invalid(attempt.action.title, [Fault("review_date", what)])
    counted = len(parts) + 1
    if parts and given.get("parts") not in (None, counted):
        what = f"With those on record the review was held in {counted} parts."
        raise Invalid(attempt.action.title, [Fault("parts", what)])
    if parts:
        review.parts = counted
    for part in parts:
        part.review = review
    return [review, *parts]


def _decided(attempt: Attempt, review: Any, rows: Sequence[Mapping[str, Any]]) -> Iterator[Any]:
    for row in rows:
        yield attempt.new(_DECISION, person=review.person, review=review, **row)


def _name_officer(attempt: Attempt) -> Sequence[Record]:
    """The officer named before lets go on the day on which the new one takes over."""
    given = attempt.values
    held = list(apps.get_model(_OFFICER)._default_manager.filter(period=given["period"], end_date=None))
    for officer in held:
        officer.end_date = given["start_date"]
    return [*held, attempt.new(_OFFICER, **given)]


def _took_part(review: Any, _attempt: Attempt) -> Iterator[Fault]:
    birth = review.person.birth_date if review.person_id else None
    if birth and review.review_date and review.participation:
        young = age_on(birth, review.review_date) < 4
        if review.participation == "PN0" and not young:
            yield Fault("participation", "PN0 is for a child under 4 (SSDA903 rule 440).")
        if review.participation != "PN0" and young:
            yield Fault("participation", "A child under 4 is coded PN0 (SSDA903 rule 441).")


def _sent_after(review: Any, _attempt: Attempt) -> Iterator[Fault]:
    for name, what in (("decisions_sent_date", "The decisions"), ("record_sent_date", "The record")):
        day = getattr(review, name)
        if day and day < review.review_date:
            yield Fault(name, f"{what} cannot be sent before the review.")
    if review.next_review_date and review.next_review_date <= review.review_date:
        yield Fault("next_review_date", "The next review is after this one.")


def _unfinished(part: Any, _attempt: Attempt) -> Iterator[Fault]:
    """A part comes after the review before it."""
    last = apps.get_model(_REVIEW)._default_manager.filter(period=part.period_id).order_by("-review_date").first()
    if part.review is None and last and part.part_date <= last.review_date:
        yield Fault("part_date", f"A review was completed on {said(last.review_date)}: a part comes after it.")


RULES = (
    Rules(
        _REVIEW,
        stages=(("recorded", "record_sent_date"), ("decisions sent", "decisions_sent_date"), ("held", "")),
        future=("next_review_date",),
        born=True,
        checks=(_took_part, _sent_after),
    ),
    Rules(_PART, stages=(("completed", "review"), ("begun", "")), outside=("review",), checks=(_unfinished,)),
    Rules(_DECISION, stages=(("done", "done_date"), ("to do", "")), future=("due_date",)),
    spell(_OFFICER, open=()),
)

_HELD = (
    *("participation", "parts", "consulted", "chair_saw_child_date", "parents_consulted", "advocacy_offered"),
    *("advocate_present", "child_views", "plan_agreed", "next_review_date"),
)
_OF_EACH = (
    *("participation", "consulted", "chair_saw_child_date", "advocacy_offered", "advocate_present"),
    *("child_views", "plan_agreed"),
)

ACTIONS = (
    record(
        *("looked_after.name_officer", "Name a reviewing officer", _OFFICER, "person!", "period!"),
        *("worker!", "start_date!"),
        # A manager names the officer: nobody gives themselves a reason to see a child.
        permission=Permission.DECIDE,
        build=_name_officer,
    ),
    correct(
        "looked_after.correct_officer", "Correct who was a reviewing officer", _OFFICER, permission=Permission.DECIDE
    ),
    record(
        *("looked_after.hold_review_part", "Record a part of a review", _PART),
        *("person", "period", "part_date", "purpose"),
        permission=_CHAIR,
        any_child=True,
    ),
    correct("looked_after.correct_review_part", "Correct a part of a review", _PART, permission=_CHAIR),
    Action(
        "looked_after.hold_review",
        "Record a review",
        _REVIEW,
        inputs(_REVIEW, "person!", "period!", "review_date!", "chair", *_HELD),
        permission=_CHAIR,
        any_child=True,
        build=_hold,
        groups=(Group("decisions", "Decisions", inputs(_DECISION, "kind!", "what!", "owner", "due_date")),),
    ),
    Action(
        "looked_after.hold_reviews",
        "Record a review of brothers and sisters",
        _REVIEW,
        inputs(_REVIEW, "review_date!", "chair", "parents_consulted", "next_review_date"),
        permission=_CHAIR,
        any_child=True,
        build=_hold_together,
        groups=(Group("children", "Children", inputs(_REVIEW, "person!", "period!", *_OF_EACH), minimum=1),),
    ),
    record(
        *("looked_after.add_decision", "Add a decision to a review", _DECISION),
        *("person", "review", "kind", "what", "owner", "due_date"),
        permission=_CHAIR,
    ),
    amend(
        *("looked_after.do_decision", "Record that a decision of a review was done", _DECISION, "done_date!"),
        when=("to do",),
    ),
    correct("looked_after.correct_decision", "Correct a decision of a review", _DECISION, permission=_CHAIR),
    amend(
        *("looked_after.send_decisions", "Send the decisions of a review", _REVIEW, "decisions_sent_date!"),
        permission=_CHAIR,
        when=("held",),
    ),
    amend(
        *("looked_after.send_review", "Send the record of a review", _REVIEW, "record_sent_date!"),
        permission=_CHAIR,
        when=("held", "decisions sent"),
    ),
    correct("looked_after.correct_review", "Correct a review", _REVIEW, permission=_CHAIR),
)
