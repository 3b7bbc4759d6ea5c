"""What independent chairs do besides meetings: anonymous feedback, midway checks, informal alerts, and formal disputes with their stages.

An alert is no dispute: it becomes one only when the reviewing officer raises it formally, and the two are counted apart (IRO Handbook 2010 ch 6).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import apps

from sightline.core.access.roles import Permission
from sightline.core.records.models import Record
from sightline.engine.actions.belonging import said
from sightline.engine.actions.checks import follows
from sightline.engine.actions.declarations import Action, Attempt, Rules, amend, correct, inputs, record
from sightline.engine.actions.refusals import Fault, Invalid

_FEEDBACK = "independent_chairs.Feedback"
_CHECK = "independent_chairs.MidwayCheck"
_ALERT = "independent_chairs.Alert"
_DISPUTE = "independent_chairs.Dispute"
_STAGE = "independent_chairs.DisputeStage"
_CHAIR = Permission.CHAIR


def _raise_dispute(attempt: Attempt) -> Sequence[Record]:
    """A dispute with the stage at which it begins; the informal alert that it came from closes."""
    given = dict(attempt.values)
    stage, responder = given.pop("stage"), given.pop("responder", None)
    dispute = attempt.new(_DISPUTE, **given)
    of = {"person": dispute.person, "dispute": dispute, "start_date": dispute.start_date}
    first = attempt.new(_STAGE, **of, stage=stage, responder=responder)
    alert = dispute.alert
    if alert is None:
        return [dispute, first]
    if alert.end_date is not None:
        raise Invalid(attempt.action.title, [Fault("alert", f"The alert was closed on {said(alert.end_date)}.")])
    alert.end_date, alert.outcome = dispute.start_date, "DISPUTE"
    return [alert, dispute, first]


def _stage_now(attempt: Attempt) -> Any:
    found = apps.get_model(_STAGE)._default_manager.filter(dispute=attempt.record, end_date=None).first()
    if found is None:
        raise Invalid(attempt.action.title, [Fault("", "The dispute has no open stage: correct its stages first.")])
    return found


def _escalate(attempt: Attempt) -> Sequence[Record]:
    """The dispute leaves one stage unresolved and reaches a higher one on the same day."""
    given, held = attempt.values, _stage_now(attempt)
    if int(given["stage"]) <= int(held.stage):
        raise Invalid(attempt.action.title, [Fault("stage", "A dispute is escalated to a higher stage.")])
    held.end_date, held.result = given["start_date"], "ESCALATED"
    dispute = attempt.record
    return [held, attempt.new(_STAGE, person=dispute.person, dispute=dispute, **given), dispute]


def _resolve(attempt: Attempt) -> Sequence[Record]:
    """The dispute and the stage at which it stands end together."""
    dispute, held, given = attempt.record, _stage_now(attempt), attempt.values
    result = "WITHDRAWN" if given["outcome"] == "WITHDRAWN" else "RESOLVED"
    held.end_date, held.result = given["end_date"], result
    dispute.end_date, dispute.outcome = given["end_date"], given["outcome"]
    return [held, dispute]


def _cafcass_explained(dispute: Any, _attempt: Attempt) -> Iterator[Fault]:
    if dispute.outcome == "CAFCASS" and not dispute.cafcass_date:
        yield Fault("outcome", "Record the referral to Cafcass first.")


def _concerned(check: Any, _attempt: Attempt) -> Iterator[Fault]:
    if check.finding == "CONCERN" and not check.notes:
        yield Fault("notes", "Say what the concern is.")


RULES = (
    Rules(_CHECK, checks=(_concerned,)),
    Rules(
        _ALERT,
        stages=(("closed", "end_date"), ("answered", "reply_date"), ("raised", "")),
        open=("raised", "answered"),
        checks=(follows("start_date", "reply_date", "The reply comes after the alert."),),
    ),
    Rules(
        _DISPUTE,
        stages=(("ended", "end_date"), ("with Cafcass", "cafcass_date"), ("open", "")),
        open=("open", "with Cafcass"),
        outside=("alert",),
        checks=(
            follows("start_date", "cafcass_date", "The referral comes after the dispute began."),
            _cafcass_explained,
        ),
    ),
    Rules(
        _STAGE,
        stages=(("left", "end_date"), ("answered", "response_date"), ("reached", "")),
        checks=(follows("start_date", "response_date", "The answer comes after the stage was reached."),),
    ),
)

_OPEN = ("open", "with Cafcass")

ACTIONS = (
    record(
        *("independent_chairs.record", "Record a feedback questionnaire", _FEEDBACK),
        *("returned_date", "meeting_kind", "felt_listened_to", "explained_well"),
        permission=Permission.RECORD_FEEDBACK,
        any_child=True,
    ),
    correct(
        "independent_chairs.correct",
        "Correct a feedback questionnaire",
        _FEEDBACK,
        # Whoever was at the meeting might recognise the answer: it is corrected by those who open every list.
        permission=Permission.CORRECT_FEEDBACK,
        any_child=True,
    ),
    record(
        *("independent_chairs.check_midway", "Record a midway check", _CHECK),
        *("person", "subject", "check_date", "worker", "finding", "child_asked", "notes"),
        permission=_CHAIR,
    ),
    correct("independent_chairs.correct_check", "Correct a midway check", _CHECK, permission=_CHAIR),
    record(
        *("independent_chairs.raise_alert", "Raise an informal alert", _ALERT),
        *("person", "start_date", "raised_by", "asked_of", "subject", "concern"),
        permission=_CHAIR,
    ),
    amend(
        *("independent_chairs.answer_alert", "Answer an informal alert", _ALERT, "reply_date!", "reply!"),
        when=("raised",),
    ),
    amend(
        *("independent_chairs.close_alert", "Close an informal alert", _ALERT, "end_date!", "outcome!"),
        permission=_CHAIR,
        when=("raised", "answered"),
    ),
    correct("independent_chairs.correct_alert", "Correct an informal alert", _ALERT, permission=_CHAIR),
    Action(
        "independent_chairs.raise_dispute",
        "Raise a formal dispute",
        _DISPUTE,
        inputs(_DISPUTE, "person!", "alert", "start_date!", "raised_by!", "subject!", "concern!", "wanted")
        + inputs(_DISPUTE, "child_views")
        + inputs(_STAGE, "stage!", "responder"),
        permission=_CHAIR,
        build=_raise_dispute,
        writes={"alert_outcome": ("DISPUTE",)},
    ),
    amend(
        *("independent_chairs.answer_dispute", "Answer a dispute at its stage", _STAGE),
        *("response_date!", "response!", "responder"),
        permission=Permission.DECIDE,
        when=("reached",),
    ),
    Action(
        "independent_chairs.escalate",
        "Take a dispute to the next stage",
        _DISPUTE,
        inputs(_STAGE, "stage!", "start_date!", "responder"),
        permission=_CHAIR,
        amends=True,
        when=_OPEN,
        build=_escalate,
        writes={"dispute_stage_result": ("ESCALATED",)},
    ),
    amend(
        *("independent_chairs.refer_to_cafcass", "Refer a dispute to Cafcass", _DISPUTE),
        *("cafcass_date!", "cafcass_reason!"),
        permission=_CHAIR,
        when=("open",),
    ),
    Action(
        "independent_chairs.end_dispute",
        "End a formal dispute",
        _DISPUTE,
        inputs(_DISPUTE, "end_date!", "outcome!"),
        permission=_CHAIR,
        amends=True,
        when=_OPEN,
        build=_resolve,
        writes={"dispute_stage_result": ("WITHDRAWN", "RESOLVED")},
    ),
    correct("independent_chairs.correct_dispute", "Correct a formal dispute", _DISPUTE, permission=_CHAIR),
    correct("independent_chairs.correct_stage", "Correct a stage of a dispute", _STAGE, permission=_CHAIR),
)
