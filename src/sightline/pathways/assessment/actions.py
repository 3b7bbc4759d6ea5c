"""What can be done to assessments: start, write, review, send for authorisation, return, authorise with the factors found, cancel."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from sightline.core.access.roles import Permission
from sightline.core.records.models import Record
from sightline.engine.actions.building import named_once, open_case
from sightline.engine.actions.checks import only_open_one, title
from sightline.engine.actions.declarations import Action, Attempt, Group, Rules, amend, correct, inputs, record
from sightline.engine.actions.refusals import Fault, Invalid
from sightline.standards.codes import UnknownCode, codeset

_ASSESSMENT = "assessment.Assessment"
_FACTOR = "assessment.AssessmentFactor"
_DECIDE = Permission.DECIDE
NO_FACTOR = "21"
#: What the worker writes; copied to brothers and sisters, and laid side by side for the manager.
WRITTEN = ("child_seen_date", "child_seen_alone", "child_seen_by", "child_views", "family_views", "analysis")
#: What tells of one child alone is not copied to another.
_COPIED = ("family_views", "analysis")


# --- What must hold ---


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


def _in_order_of_time(assessment: Any, _attempt: Attempt) -> Iterator[Fault]:
    seen, authorised = assessment.child_seen_date, assessment.authorised_date
    if seen and authorised and seen > authorised:
        yield Fault("child_seen_date", "The child is seen before the assessment is authorised.")
    for name in ("submitted_date", "returned_date", "reviewed_date"):
        day = getattr(assessment, name)
        if day and day < assessment.start_date:
            yield Fault(name, f"{title(assessment, name)} is before the assessment started.")
    if assessment.submitted_date and authorised and authorised < assessment.submitted_date:
        yield Fault("authorised_date", "An assessment is not authorised before it is sent for authorisation.")


def _proposed_are_codes(assessment: Any, _attempt: Attempt) -> Iterator[Fault]:
    codes = assessment.proposed_factors.split()
    for code in codes:
        try:
            codeset("cin_assessment_factors").find(code, on=assessment.submitted_date or assessment.start_date)
        except UnknownCode as unknown:
            yield Fault("factors", f"Factor: {unknown}")
    if NO_FACTOR in codes and len(codes) > 1:
        yield Fault("factors", "“No factors identified” stands alone.")


def _ready(assessment: Any, _attempt: Attempt) -> Iterator[Fault]:
    """What a manager may expect before reading: the child seen (or why not, in the analysis), the analysis, the factors."""
    if not assessment.analysis.strip():
        yield Fault("analysis", "Write the analysis before sending it for authorisation.")
    if not assessment.child_views.strip():
        yield Fault("child_views", "Write the child's views, or why they are not known.")


def _told_what_to_do(assessment: Any, _attempt: Attempt) -> Iterator[Fault]:
    if assessment.returned_date and assessment.submitted_date is None and not assessment.return_reason.strip():
        yield Fault("return_reason", "Say what is still to do.")


# --- Starting ---


def _open_case(person: Any, attempt: Attempt, group: str, place: int) -> Any:
    case = open_case(person)
    if case is None:
        raise Invalid(attempt.action.title, [Fault(f"{group}.{place}.person", "This child has no open case.")])
    return case


def _start_together(attempt: Attempt) -> Sequence[Record]:
    given = attempt.values
    return _one_each(attempt, {name: given.get(name) for name in ("start_date", "review_point_date", "worker")})


def _copy(attempt: Attempt) -> Sequence[Record]:
    """The family's part of an assessment for brothers and sisters; what concerns one child alone is written for each."""
    source = attempt.record
    shared = {name: getattr(source, name) for name in ("start_date", "review_point_date", "worker", *_COPIED)}
    return [*_one_each(attempt, shared), source]


def _one_each(attempt: Attempt, shared: dict[str, Any]) -> list[Any]:
    named_once(attempt)
    worker = shared.pop("worker") or attempt.worker
    made = []
    for place, row in enumerate(attempt.values["children"]):
        case = _open_case(row["person"], attempt, "children", place)
        start: date = max(shared["start_date"], case.start_date)
        made.append(
            attempt.new(_ASSESSMENT, person=row["person"], case=case, worker=worker, **{**shared, "start_date": start})
        )
    return made


# --- From the worker to the manager ---


def _submit(attempt: Attempt) -> Sequence[Record]:
    assessment = attempt.record
    for name in (*WRITTEN, "submitted_date", "outcome"):
        setattr(assessment, name, attempt.values.get(name, getattr(assessment, name)))
    assessment.proposed_factors = " ".join(dict.fromkeys(row["factor"] for row in attempt.values["factors"]))
    assessment.submitted_by, assessment.returned_date = attempt.worker, None
    return [assessment]


def _return(attempt: Attempt) -> Sequence[Record]:
    assessment = attempt.record
    assessment.returned_date = attempt.values["returned_date"]
    assessment.return_reason = attempt.values["return_reason"]
    assessment.submitted_date = None
    return [assessment]


def _review(attempt: Attempt) -> Sequence[Record]:
    assessment = attempt.record
    assessment.reviewed_date, assessment.reviewed_by = attempt.values["reviewed_date"], attempt.worker
    assessment.review_comment = attempt.values.get("review_comment") or assessment.review_comment
    return [assessment]


def _authorise(attempt: Attempt) -> Sequence[Record]:
    """The manager's factors, or else those that the worker found, become the assessment's."""
    assessment, given = attempt.record, attempt.values
    for name in ("authorised_date", "outcome", "child_seen_date"):
        setattr(assessment, name, given.get(name, getattr(assessment, name)))
    assessment.authorised_by = given.get("authorised_by") or attempt.worker
    text = given.get("factors") or assessment.proposed_factors
    codes = dict.fromkeys(text.replace(",", " ").split())
    if not codes:
        raise Invalid(attempt.action.title, [Fault("factors", "Factor is missing: give at least one, or 21 for none.")])
    found = [attempt.new(_FACTOR, person=assessment.person, assessment=assessment, factor=code) for code in codes]
    return [assessment, *found]


RULES = (
    Rules(
        _ASSESSMENT,
        stages=(
            ("authorised", "authorised_date"),
            ("cancelled", "cancelled_date"),
            ("sent for authorisation", "submitted_date"),
            ("returned for more work", "returned_date"),
            ("started", ""),
        ),
        open=("started", "sent for authorisation", "returned for more work"),
        future=("review_point_date",),
        checks=(
            only_open_one("case"),
            _authorised_by_someone,
            _in_order_of_time,
            _proposed_are_codes,
            _told_what_to_do,
        ),
    ),
    Rules(_FACTOR, code_dates={"factor": "assessment.authorised_date"}, checks=(_only_on_authorised, _alone)),
)

_BEING_WRITTEN = ("started", "returned for more work")
_CHILDREN = Group("children", "Brothers and sisters", inputs(_ASSESSMENT, "person!"), minimum=1)

ACTIONS = (
    record(
        *("assessment.start", "Start an assessment", _ASSESSMENT),
        *("person", "case", "start_date", "review_point_date", "worker"),
    ),
    Action(
        "assessment.start_together",
        "Start an assessment for several children",
        _ASSESSMENT,
        inputs(_ASSESSMENT, "start_date!", "review_point_date", "worker"),
        build=_start_together,
        groups=(Group("children", "Children", inputs(_ASSESSMENT, "person!"), minimum=1),),
    ),
    Action(
        "assessment.copy_to_siblings",
        "Copy an assessment to brothers and sisters",
        _ASSESSMENT,
        (),
        amends=True,
        when=_BEING_WRITTEN,
        build=_copy,
        groups=(_CHILDREN,),
    ),
    amend(
        *("assessment.record_progress", "Write an assessment", _ASSESSMENT),
        *(*WRITTEN, "review_point_date", "worker"),
        when=_BEING_WRITTEN,
    ),
    Action(
        "assessment.review",
        "Hold the review point of an assessment",
        _ASSESSMENT,
        inputs(_ASSESSMENT, "reviewed_date!", "review_comment!"),
        permission=_DECIDE,
        amends=True,
        when=_BEING_WRITTEN,
        build=_review,
    ),
    Action(
        "assessment.submit",
        "Send an assessment for authorisation",
        _ASSESSMENT,
        inputs(_ASSESSMENT, "submitted_date!", "outcome!", *WRITTEN),
        amends=True,
        when=_BEING_WRITTEN,
        build=_submit,
        checks=(_ready,),
        groups=(Group("factors", "Factors found", inputs(_FACTOR, "factor!"), minimum=1),),
    ),
    Action(
        "assessment.return",
        "Return an assessment for more work",
        _ASSESSMENT,
        inputs(_ASSESSMENT, "returned_date!", "return_reason!"),
        permission=_DECIDE,
        amends=True,
        when=("sent for authorisation",),
        build=_return,
    ),
    Action(
        "assessment.authorise",
        "Authorise an assessment",
        _ASSESSMENT,
        inputs(_ASSESSMENT, "authorised_date!", "authorised_by", "outcome!", "child_seen_date")
        + inputs(_FACTOR, "factors=factor"),
        permission=_DECIDE,
        amends=True,
        when=("started", "sent for authorisation"),
        build=_authorise,
    ),
    amend(
        *("assessment.cancel", "Cancel an assessment", _ASSESSMENT, "cancelled_date!", "cancel_reason"),
        permission=_DECIDE,
        when=("started", "sent for authorisation", "returned for more work"),
    ),
    correct("assessment.correct", "Correct an assessment", _ASSESSMENT, permission=_DECIDE),
    record("assessment.add_factor", "Add a factor", _FACTOR, "person", "assessment", "factor", permission=_DECIDE),
    correct("assessment.correct_factor", "Correct a factor", _FACTOR, permission=_DECIDE),
)
