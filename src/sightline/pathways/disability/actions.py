"""What can be done for disabled children: the service, the register, short breaks, the education, health and care plan, the move to adult life."""

from collections.abc import Iterator
from typing import Any

from sightline.core.access.roles import Permission
from sightline.engine.actions.declarations import Attempt, Rules, amend, correct, record, spell
from sightline.engine.actions.refusals import Fault
from sightline.standards.dates import age_on

_SPELL = "disability.ServiceSpell"
_REGISTER = "disability.Registration"
_BREAK = "disability.ShortBreak"
_EHCP = "disability.EducationHealthCarePlan"
_EHC_REVIEW = "disability.EducationHealthCareReview"
_NEED = "disability.SpecialEducationalNeed"
_TRANSITION = "disability.TransitionReview"


def _one_answer(plan: Any, _attempt: Attempt) -> Iterator[Fault]:
    """A request ends in a plan or in a refusal, and only a plan ceases."""
    if plan.issue_date and plan.refused_date:
        yield Fault("refused_date", "A request ends in a plan or in a refusal, not in both.")
    for name in ("issue_date", "refused_date"):
        day = getattr(plan, name)
        if day and day < plan.request_date:
            yield Fault(name, "The answer comes after the request.")
    if plan.end_date and not plan.issue_date:
        yield Fault("end_date", "Only a plan that was issued ceases.")


def _plan_in_force(review: Any, _attempt: Attempt) -> Iterator[Fault]:
    if review.plan_id and (review.plan.issue_date is None or review.review_date < review.plan.issue_date):
        yield Fault("review_date", "There was no plan to review on that day.")


def _ranked(need: Any, _attempt: Attempt) -> Iterator[Fault]:
    if need.rank is not None and not 1 <= need.rank <= 9:
        yield Fault("rank", "Needs are ranked from 1, the main one, to 9.")


def _old_enough(review: Any, _attempt: Attempt) -> Iterator[Fault]:
    birth = review.person.birth_date if review.person_id else None
    if birth and age_on(birth, review.review_date) < 12:
        yield Fault("review_date", "The move to adult life is planned from school year 9, at 13 or 14.")


RULES = (
    spell(_SPELL),
    spell(_REGISTER, open=()),
    spell(_BREAK, born=True),
    Rules(
        _EHCP,
        stages=(
            *(("ceased", "end_date"), ("refused", "refused_date")),
            *(("in force", "issue_date"), ("asked for", "")),
        ),
        born=True,
        checks=(_one_answer,),
    ),
    Rules(_EHC_REVIEW, checks=(_plan_in_force,)),
    Rules(_NEED, born=True, checks=(_ranked,)),
    Rules(_TRANSITION, checks=(_old_enough,)),
)

ACTIONS = (
    record("disability.start", "Start the disability service", _SPELL, "person", "case", "team", "start_date"),
    amend("disability.end", "End the disability service", _SPELL, "end_date!", when=("open",)),
    correct("disability.correct", "Correct a disability service spell", _SPELL),
    record(
        *("disability.register", "Enter a child in the register of disabled children", _REGISTER),
        *("person", "start_date", "consent_date!"),
    ),
    amend(
        "disability.leave_register",
        "Take a child off the register of disabled children",
        _REGISTER,
        "end_date!",
        when=("open",),
    ),
    correct("disability.correct_register", "Correct an entry in the register of disabled children", _REGISTER),
    record(
        *("disability.start_break", "Start short breaks", _BREAK),
        *("person", "spell", "kind", "hours", "start_date"),
        permission=Permission.DECIDE,
    ),
    amend("disability.end_break", "End short breaks", _BREAK, "end_date!", when=("open",)),
    correct("disability.correct_break", "Correct short breaks", _BREAK),
    record(
        *("disability.ask_for_plan", "Record a request for an education, health and care plan", _EHCP),
        *("person", "request_date"),
    ),
    amend(
        *("disability.issue_plan", "Record that an education, health and care plan was issued", _EHCP, "issue_date!"),
        when=("asked for",),
    ),
    amend(
        *("disability.refuse_plan", "Record that no education, health and care plan will be made", _EHCP),
        "refused_date!",
        when=("asked for",),
    ),
    amend(
        *("disability.cease_plan", "Record that an education, health and care plan ceased", _EHCP, "end_date!"),
        when=("in force",),
    ),
    correct("disability.correct_plan", "Correct an education, health and care plan", _EHCP),
    record(
        *("disability.review_plan", "Record a review of an education, health and care plan", _EHC_REVIEW),
        *("person", "plan", "review_date"),
    ),
    correct("disability.correct_plan_review", "Correct a review of an education, health and care plan", _EHC_REVIEW),
    record(*("disability.record_need", "Record a special educational need", _NEED), "person", "plan", "need", "rank"),
    correct("disability.correct_need", "Correct a special educational need", _NEED),
    record(
        *("disability.review_transition", "Record a transition review", _TRANSITION),
        *("person", "spell", "review_date", "adult_service_involved", "named_worker", "plan"),
    ),
    correct("disability.correct_transition", "Correct a transition review", _TRANSITION),
)
