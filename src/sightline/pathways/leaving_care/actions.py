"""What can be done for care leavers: category and adviser, assessment and pathway plan, contact, where they live, how they fare, support to 25."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django.apps import apps

from sightline.core.records.models import Record
from sightline.engine.actions.belonging import said
from sightline.engine.actions.declarations import Action, Attempt, Rules, amend, correct, inputs, record, spell
from sightline.engine.actions.refusals import Fault
from sightline.standards.clocks import clock, due_date
from sightline.standards.dates import add_years, age_on

_LEAVER = "leaving_care.CareLeaver"
_STAYING = "leaving_care.StayingPut"
_CLOSE = "leaving_care.StayingClose"
_OUTCOME = "leaving_care.Outcome"
_NEEDS = "leaving_care.NeedsAssessment"
_PLAN = "leaving_care.PathwayPlan"
_REVIEW = "leaving_care.PathwayReview"
_CONTACT = "leaving_care.Contact"
_HOME = "leaving_care.Accommodation"
_ACTIVITY = "leaving_care.Activity"
_LAST_AGE = 25
_NOTHING_KNOWN = "0"
_FORMER_CARER = ("Z1", "Z2")
_FOYER = ("T1", "T2")


# --- Writing the right records ---


def _change(attempt: Attempt) -> Sequence[Record]:
    """A new category begins on the day the old one ends."""
    held: Any = attempt.record
    held.end_date = attempt.values["start_date"]
    adviser = attempt.values.get("personal_adviser", held.personal_adviser)
    given = attempt.given("eligibility", "start_date")
    new = attempt.new(_LEAVER, person=held.person, personal_adviser=adviser, asked_date=held.asked_date, **given)
    return [held, new]


def _succeed(attempt: Attempt) -> Sequence[Record]:
    """What begins anew ends what ran before, on the same day."""
    given = attempt.values
    model = apps.get_model(attempt.action.model)
    before = list(
        model._default_manager.filter(person=given["person"], end_date=None, start_date__lt=given["start_date"])
    )
    for held in before:
        held.end_date = given["start_date"]
    return [*before, attempt.new(attempt.action.model, **given)]


# --- Checks ---


def _of_age(leaver: Any, _attempt: Attempt) -> Iterator[Fault]:
    """From 16 to 25; relevant only to 18, former relevant only from then (Children Act 1989 s23A to s24)."""
    birth = leaver.person.birth_date if leaver.person_id else None
    if not birth or leaver.pk:
        return
    age = age_on(birth, leaver.start_date)
    if age < 16:
        yield Fault("start_date", "Leaving care duties begin at 16.")
    if age >= _LAST_AGE:
        yield Fault("start_date", "Leaving care duties end at 25.")
    if leaver.eligibility in ("ELIGIBLE", "RELEVANT") and age >= 18:
        yield Fault("eligibility", "From 18 a young person is former relevant or qualifying.")
    if leaver.eligibility == "FORMER_RELEVANT" and age < 18:
        yield Fault("eligibility", "A young person is former relevant from 18.")
    in_care = apps.get_model("looked_after.PeriodOfCare")._default_manager.filter(
        person=leaver.person_id, end_date=None
    )
    if leaver.eligibility == "RELEVANT" and in_care.filter(start_date__lte=leaver.start_date).exists():
        yield Fault("eligibility", "A young person who is looked after is eligible, not relevant.")


def _end_explained(leaver: Any, _attempt: Attempt) -> Iterator[Fault]:
    """Before 25, support ends for age only at 21 and only where nobody asked for more."""
    birth = leaver.person.birth_date
    if leaver.end_reason != "AGE" or not birth or leaver.end_date is None:
        return
    age = age_on(birth, leaver.end_date)
    if age < 21:
        yield Fault("end_reason", "Support does not end for age before 21.")
    elif age < _LAST_AGE and leaver.asked_date:
        asked = said(leaver.asked_date)
        yield Fault("end_reason", f"The young person asked on {asked} for support to go on: it ends at 25.")


def _asked_in_time(leaver: Any, _attempt: Attempt) -> Iterator[Fault]:
    birth = leaver.person.birth_date
    if birth and leaver.asked_date and not 21 <= age_on(birth, leaver.asked_date) < _LAST_AGE:
        yield Fault("asked_date", "Support after 21 is asked for between 21 and 25.")


def _answers_agree(outcome: Any, _attempt: Attempt) -> Iterator[Fault]:
    """How the items of SSDA903 OC3 go together; a row that was imported is judged again only when it is corrected."""
    touch, activity, home = outcome.in_touch, outcome.activity, outcome.accommodation
    unknown = {activity, home} <= {_NOTHING_KNOWN, ""}
    if touch == "YES" and (activity in (_NOTHING_KNOWN, "") or home in (_NOTHING_KNOWN, "")):
        yield Fault("activity", "In touch: say what the young person does and where they live (SSDA903 rule 345).")
    if touch in ("DIED", "RHOM") and not unknown:
        yield Fault("activity", "Died, or returned home for six months: activity and accommodation stay 0 (rule 344).")
    age = _age_in(outcome)
    if age is not None and not 17 <= age <= 21:
        yield Fault("year_end", "The return asks about the birthdays from the 17th to the 21st (SSDA903 rule 391).")
    if age is not None and age < 18 and home in _FOYER:
        yield Fault("accommodation", "Nobody under 18 lives in a foyer (SSDA903 rule 347).")
    if age == 17 and home in _FORMER_CARER:
        yield Fault("accommodation", "With former foster carers is for those of 18 and over (SSDA903 rule 3001).")


def _age_in(outcome: Any) -> int | None:
    """The age reached at the birthday in the reporting year."""
    birth = outcome.person.birth_date if outcome.person_id else None
    return age_on(birth, outcome.year_end) if birth else None


def _in_the_window(outcome: Any, _attempt: Attempt) -> Iterator[Fault]:
    """The facts come from three months before the birthday to one month after it."""
    age, day = _age_in(outcome), outcome.as_at_date
    if day is None or age is None:
        return
    birthday = add_years(outcome.person.birth_date, age)
    first = due_date(clock("CL-BIRTHDAY-BEFORE", birthday), birthday)
    last = due_date(clock("CL-BIRTHDAY-AFTER", birthday), birthday)
    if not first <= day <= last:
        window = f"{said(first)} to {said(last)}"
        yield Fault("as_at_date", f"The facts around this birthday come from {window}.")


def _visit_after_move(home: Any, _attempt: Attempt) -> Iterator[Fault]:
    if home.visited_date and home.visited_date < home.start_date:
        yield Fault("visited_date", "The visit comes after the move.")
    birth = home.person.birth_date
    if birth and home.accommodation in _FOYER and age_on(birth, home.start_date) < 18:
        yield Fault("accommodation", "Nobody under 18 lives in a foyer (SSDA903 rule 347).")


def _stays_from_18(staying: Any, _attempt: Attempt) -> Iterator[Fault]:
    birth: date | None = staying.person.birth_date
    if birth and age_on(birth, staying.start_date) < 18:
        yield Fault("start_date", "A young person stays on, put or close, from 18; before that it is a placement.")


RULES = (
    spell(_LEAVER, born=True, checks=(_of_age, _asked_in_time)),
    spell(_STAYING, born=True),
    spell(_CLOSE, born=True, checks=(_stays_from_18,)),
    Rules(_OUTCOME, future=("year_end",), checks=(_answers_agree, _in_the_window)),
    Rules(
        _NEEDS,
        stages=(("completed", "completed_date"), ("under way", "")),
        open=("under way",),
        # It may begin before the young person reaches the category.
        outside=("leaver",),
        born=True,
    ),
    spell(_PLAN, born=True),
    Rules(_REVIEW, born=True),
    Rules(_CONTACT, born=True),
    spell(_HOME, open=(), born=True, checks=(_visit_after_move,)),
    spell(_ACTIVITY, open=(), born=True),
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
    amend(
        *("leaving_care.ask_for_support", "Record that a young person asks for support after 21", _LEAVER),
        "asked_date!",
        when=("open",),
    ),
    amend(
        *("leaving_care.end", "End leaving care duties", _LEAVER, "end_date!", "end_reason"),
        when=("open",),
        checks=(_end_explained,),
    ),
    correct("leaving_care.correct", "Correct a care leaver's record", _LEAVER),
    record(
        *("leaving_care.start_assessment", "Start an assessment of needs for leaving care", _NEEDS),
        *("person", "leaver", "started_date", "completed_date", "views"),
    ),
    amend(
        *("leaving_care.complete_assessment", "Complete an assessment of needs for leaving care", _NEEDS),
        *("completed_date!", "views"),
        when=("under way",),
    ),
    correct("leaving_care.correct_assessment", "Correct an assessment of needs for leaving care", _NEEDS),
    record(
        *("leaving_care.agree_plan", "Agree a pathway plan", _PLAN),
        *("person!", "start_date!", "signed", "plan", "contingency"),
        build=_succeed,
    ),
    amend("leaving_care.end_plan", "End a pathway plan", _PLAN, "end_date!", when=("open",)),
    correct("leaving_care.correct_plan", "Correct a pathway plan", _PLAN),
    record(
        *("leaving_care.review_plan", "Review a pathway plan", _REVIEW),
        *("person", "plan", "review_date", "took_part", "views", "changes"),
    ),
    correct("leaving_care.correct_review", "Correct a review of a pathway plan", _REVIEW),
    record(
        *("leaving_care.record_contact", "Record a contact with a care leaver", _CONTACT),
        *("person", "leaver", "contact_date", "kind", "reached", "worker", "notes"),
    ),
    correct("leaving_care.correct_contact", "Correct a contact with a care leaver", _CONTACT),
    record(
        *("leaving_care.record_home", "Record where a care leaver lives", _HOME),
        *("person!", "start_date!", "accommodation!"),
        build=_succeed,
    ),
    amend(
        *("leaving_care.visit_home", "Record that the adviser saw them in their new home", _HOME, "visited_date!"),
        when=("open",),
    ),
    amend("leaving_care.end_home", "Record that a care leaver left their home", _HOME, "end_date!", when=("open",)),
    correct("leaving_care.correct_home", "Correct where a care leaver lives", _HOME),
    record(
        *("leaving_care.record_activity", "Record what a care leaver does", _ACTIVITY),
        *("person!", "start_date!", "activity!"),
        build=_succeed,
    ),
    amend(
        *("leaving_care.end_activity", "Record that an activity of a care leaver ended", _ACTIVITY, "end_date!"),
        when=("open",),
    ),
    correct("leaving_care.correct_activity", "Correct what a care leaver does", _ACTIVITY),
    record("leaving_care.stay_put", "Start a staying put arrangement", _STAYING, "person", "start_date"),
    amend("leaving_care.end_staying_put", "End a staying put arrangement", _STAYING, "end_date!", when=("open",)),
    correct("leaving_care.correct_staying_put", "Correct a staying put arrangement", _STAYING),
    record("leaving_care.stay_close", "Start a staying close arrangement", _CLOSE, "person", "start_date"),
    amend("leaving_care.end_staying_close", "End a staying close arrangement", _CLOSE, "end_date!", when=("open",)),
    correct("leaving_care.correct_staying_close", "Correct a staying close arrangement", _CLOSE),
    record(
        *("leaving_care.record_outcome", "Record how a care leaver fares", _OUTCOME),
        *("person", "year_end", "as_at_date", "in_touch", "activity", "accommodation"),
    ),
    correct("leaving_care.correct_outcome", "Correct how a care leaver fares", _OUTCOME),
)
