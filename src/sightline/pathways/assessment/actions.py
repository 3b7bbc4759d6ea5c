"""What can be done to assessments: start, authorise with the factors found, cancel."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sightline.core.access.roles import Permission
from sightline.core.records.models import Record
from sightline.engine.actions.checks import only_open_one
from sightline.engine.actions.declarations import Action, Attempt, Rules, amend, correct, inputs, record
from sightline.engine.actions.refusals import Fault

_ASSESSMENT = "assessment.Assessment"
_FACTOR = "assessment.AssessmentFactor"
NO_FACTOR = "21"


def _only_on_authorised(factor: Any, _attempt: Attempt) -> Iterator[Fault]:
    if not factor.assessment.authorised_date:
        yield Fault("assessment", "Factors are recorded when the assessment is authorised.")


def _alone(factor: Any, _attempt: Attempt) -> Iterator[Fault]:
    """Code 21 says that no factor was found, so it stands alone (CIN rule 8869)."""
    others = (
        type(factor).objects.filter(assessment=factor.assessment).exclude(pk=factor.pk).values_list("factor", flat=True)
    )
    if (factor.factor == NO_FACTOR and others) or NO_FACTOR in others:
        yield Fault("factor", "“No factors identified” stands alone.")


def _authorised_by_someone(assessment: Any, _attempt: Attempt) -> Iterator[Fault]:
    if (
        bool(assessment.authorised_date) != bool(assessment.authorised_by_id)
        and assessment.source_system == "sightline"
    ):
        yield Fault("authorised_by", "An authorisation needs its date and the name of who authorised.")
    if (
        assessment.child_seen_date
        and assessment.authorised_date
        and assessment.child_seen_date > assessment.authorised_date
    ):
        yield Fault("child_seen_date", "The child is seen before the assessment is authorised.")


def _authorise(attempt: Attempt) -> Sequence[Record]:
    assessment = attempt.record
    for name in ("authorised_date", "authorised_by", "outcome", "child_seen_date"):
        setattr(assessment, name, attempt.values.get(name, getattr(assessment, name)))
    codes = dict.fromkeys(attempt.values["factors"].replace(",", " ").split())
    found = [attempt.new(_FACTOR, person=assessment.person, assessment=assessment, factor=code) for code in codes]
    return [assessment, *found]


RULES = (
    Rules(
        _ASSESSMENT,
        stages=(("authorised", "authorised_date"), ("cancelled", "cancelled_date"), ("started", "")),
        open=("started",),
        checks=(only_open_one("case"), _authorised_by_someone),
    ),
    Rules(_FACTOR, code_dates={"factor": "assessment.authorised_date"}, checks=(_only_on_authorised, _alone)),
)

ACTIONS = (
    record(
        *("assessment.start", "Start an assessment", _ASSESSMENT),
        *("person", "case", "start_date", "review_point_date", "worker"),
    ),
    amend(
        *("assessment.record_progress", "Record the child seen or the review point", _ASSESSMENT),
        *("child_seen_date", "review_point_date", "worker"),
        when=("started",),
    ),
    Action(
        "assessment.authorise",
        "Authorise an assessment",
        _ASSESSMENT,
        inputs(_ASSESSMENT, "authorised_date!", "authorised_by!", "outcome!", "child_seen_date")
        + inputs(_FACTOR, "factors=factor!"),
        permission=Permission.DECIDE,
        amends=True,
        when=("started",),
        build=_authorise,
    ),
    amend(
        *("assessment.cancel", "Cancel an assessment", _ASSESSMENT, "cancelled_date!"),
        permission=Permission.DECIDE,
        when=("started",),
    ),
    correct("assessment.correct", "Correct an assessment", _ASSESSMENT, permission=Permission.DECIDE),
    record(
        "assessment.add_factor", "Add a factor", _FACTOR, "person", "assessment", "factor", permission=Permission.DECIDE
    ),
    correct("assessment.correct_factor", "Correct a factor", _FACTOR, permission=Permission.DECIDE),
)
