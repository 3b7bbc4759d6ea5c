"""Plans, visits, health and education of children looked after (Care Planning, Placement and Case Review Regulations 2010)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django.apps import apps
from django.db.models import Q

from sightline.core.records.models import Record
from sightline.engine.actions.checks import seen_if_alone
from sightline.engine.actions.declarations import Action, Attempt, Group, Rules, amend, correct, inputs, record, spell
from sightline.engine.actions.refusals import Fault, Invalid

_CARE_PLAN = "looked_after.CarePlan"
_PLACEMENT_PLAN = "looked_after.PlacementPlan"
_DELEGATED = "looked_after.DelegatedDecision"
_VISIT = "looked_after.CareVisit"
_HEALTH = "looked_after.HealthCheck"
_EDUCATION = "looked_after.EducationPlan"
_YEAR = "looked_after.YearInCare"
_SOCIAL_WORKER = "looked_after.SocialWorkerSpell"
_LIBERTY = "looked_after.DeprivationOfLiberty"


_ITEMS = (
    *("sdq_score", "sdq_reason", "convicted", "health_check", "immunisations", "teeth_check", "health_assessment"),
    *("substance_misuse", "intervention_received", "intervention_offered"),
)


def _plan_placement(attempt: Attempt) -> Sequence[Record]:
    """A placement plan with who takes which day-to-day decision."""
    given = attempt.given("person", "placement", "plan_date", "arrangements", "contact", "child_views")
    plan = attempt.new(_PLACEMENT_PLAN, **given)
    rows = attempt.values["decisions"]
    if len({row["decision"] for row in rows}) < len(rows):
        raise Invalid(attempt.action.title, [Fault("decisions", "Each decision is delegated once.")])
    return [plan, *(attempt.new(_DELEGATED, person=given["person"], plan=plan, **row) for row in rows)]


def placed_on(period: Any, day: date) -> Any:
    """The placement of a period of care on a day; on the day of a move the new one."""
    placements = apps.get_model("looked_after.Placement")._default_manager.filter(period=period, start_date__lte=day)
    return placements.filter(Q(end_date=None) | Q(end_date__gte=day)).order_by("-start_date", "-id").first()


def _visit(attempt: Attempt) -> Sequence[Record]:
    """The placement visited is the one of the day: nobody has to look it up."""
    given = dict(attempt.values)
    placement = placed_on(given["period"], given["visit_date"])
    if placement is None:
        raise Invalid(attempt.action.title, [Fault("visit_date", "The child was in no placement on that day.")])
    return [attempt.new(_VISIT, placement=placement, **given)]


def _visit_whole(visit: Any, attempt: Attempt) -> Iterator[Fault]:
    yield from seen_if_alone(visit, attempt)
    if not visit.seen and not visit.why_not:
        yield Fault("why_not", "Say why the child was not seen.")


def _score_holds(check: Any, _attempt: Attempt) -> Iterator[Fault]:
    if check.kind == "SDQ" and (check.score is None or not 0 <= check.score <= 40):
        yield Fault("score", "The score of the questionnaire is from 0 to 40.")
    if check.kind != "SDQ" and check.score is not None:
        yield Fault("score", "Only the strengths and difficulties questionnaire has a score.")
    if check.plan_date and check.plan_date < check.check_date:
        yield Fault("plan_date", "The health plan follows the assessment.")


def _year_agrees(year: Any, _attempt: Attempt) -> Iterator[Fault]:
    """How the items of SSDA903 OC2 go together."""
    if year.sdq_score is not None and not 0 <= year.sdq_score <= 40:
        yield Fault("sdq_score", "The score of the questionnaire is from 0 to 40 (SSDA903 rule 180).")
    if year.sdq_score is not None and year.sdq_reason:
        yield Fault("sdq_reason", "Where there is a score there is no reason for having none.")
    if year.intervention_received and year.intervention_offered is not None:
        yield Fault("intervention_offered", "Help that was given was not refused (SSDA903 rule 158).")
    if year.substance_misuse and year.intervention_received is None:
        yield Fault("intervention_received", "Say whether help was given (SSDA903 rule 192).")
    if year.substance_misuse and year.intervention_received is False and year.intervention_offered is None:
        yield Fault("intervention_offered", "Say whether help was offered (SSDA903 rule 159).")


def _completed_after(plan: Any, _attempt: Attempt) -> Iterator[Fault]:
    if plan.completed_date and plan.completed_date < plan.meeting_date:
        yield Fault("completed_date", "The plan was completed before it was started.")


RULES = (
    # Plans may be made before the child is placed.
    Rules(_CARE_PLAN, outside=("period", "pathway_plan")),
    Rules(_PLACEMENT_PLAN, outside=("placement",)),
    Rules(_DELEGATED, outside=("plan",)),
    Rules(_VISIT, born=True, checks=(_visit_whole,)),
    Rules(_HEALTH, born=True, checks=(_score_holds,)),
    Rules(_YEAR, future=("year_end",), checks=(_year_agrees,)),
    spell(_SOCIAL_WORKER, open=(), born=True),
    spell(_LIBERTY, open=(), born=True, future=("end_date",)),
    Rules(
        _EDUCATION,
        stages=(("completed", "completed_date"), ("started", "")),
        open=("started",),
        born=True,
        checks=(_completed_after,),
    ),
)

ACTIONS = (
    record(
        *("looked_after.plan_care", "Record a care plan", _CARE_PLAN),
        *("person", "period", "plan_date", "permanence", "summary", "child_views", "pathway_plan"),
    ),
    correct("looked_after.correct_care_plan", "Correct a care plan", _CARE_PLAN),
    Action(
        "looked_after.plan_placement",
        "Record a placement plan",
        _PLACEMENT_PLAN,
        inputs(_PLACEMENT_PLAN, "person!", "placement!", "plan_date!", "arrangements", "contact", "child_views"),
        build=_plan_placement,
        groups=(Group("decisions", "Delegated decisions", inputs(_DELEGATED, "decision!", "taken_by!", "conditions")),),
    ),
    correct("looked_after.correct_placement_plan", "Correct a placement plan", _PLACEMENT_PLAN),
    amend(
        "looked_after.change_delegation",
        "Change who takes a decision",
        _DELEGATED,
        "taken_by!",
        "conditions",
    ),
    Action(
        "looked_after.record_visit",
        "Record a visit to a looked-after child",
        _VISIT,
        inputs(_VISIT, "person!", "period!", "visit_date!", "worker", "seen", "seen_alone", "bedroom_seen")
        + inputs(_VISIT, "child_views", "why_not"),
        build=_visit,
    ),
    correct("looked_after.correct_visit", "Correct a visit to a looked-after child", _VISIT),
    record(
        *("looked_after.record_health_check", "Record a health check", _HEALTH),
        *("person", "period", "kind", "check_date", "plan_date", "score"),
    ),
    correct("looked_after.correct_health_check", "Correct a health check", _HEALTH),
    record(*("looked_after.record_year", "Record a year in care for the return", _YEAR), "person", "year_end", *_ITEMS),
    correct("looked_after.correct_year", "Correct a year in care", _YEAR),
    record(
        *("looked_after.record_social_worker", "Record which social worker has a looked-after child", _SOCIAL_WORKER),
        *("person", "worker_number", "start_date", "end_date", "reason"),
    ),
    correct("looked_after.correct_social_worker", "Correct which social worker has a child", _SOCIAL_WORKER),
    record(
        *("looked_after.record_liberty_order", "Record a deprivation of liberty order", _LIBERTY),
        *("person", "start_date", "end_date"),
    ),
    correct("looked_after.correct_liberty_order", "Correct or end a deprivation of liberty order", _LIBERTY),
    record(
        *("looked_after.start_education_plan", "Record a meeting about a personal education plan", _EDUCATION),
        *("person", "period", "meeting_date", "completed_date", "school", "child_views"),
    ),
    amend(
        *("looked_after.complete_education_plan", "Complete a personal education plan", _EDUCATION, "completed_date!"),
        when=("started",),
    ),
    correct("looked_after.correct_education_plan", "Correct a personal education plan", _EDUCATION),
)
