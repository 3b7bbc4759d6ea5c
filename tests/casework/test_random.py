"""Whatever is done, in whatever order and with whatever values: it is done whole, or refused in words, and no record is left inconsistent."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from django.apps import apps
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sightline.core.cases.models import Allocation, Case, Transfer
from sightline.core.people.models import Person
from sightline.core.records.history import record_models
from sightline.engine.actions.belonging import within
from sightline.engine.actions.checks import every_fault, open_work
from sightline.engine.actions.declarations import Action, Attempt, Input, actions
from sightline.engine.actions.engine import people_of
from sightline.engine.actions.refusals import Refused
from sightline.engine.deadlines import ledger
from sightline.pathways.child_in_need.models import Plan as NeedPlan
from sightline.pathways.child_protection import models as cp
from sightline.pathways.front_door.models import Contact, Intake, Referral
from sightline.standards.codes import codeset

FIRST = date(2024, 1, 8)
PATHWAYS = ("front_door", "assessment", "child_in_need", "child_protection", "cases", "notes")
#: The way a family usually goes: random steps start somewhere along it, so that there is something to act on.
COURSE = (
    *("front_door.take_contact", "front_door.decide_contacts", "front_door.accept_referral"),
    *(
        "child_protection.hold_strategy_meeting",
        "child_protection.conclude_enquiry",
        "child_protection.call_conference",
    ),
    *(
        "child_protection.conclude_conference",
        "child_protection.call_conference",
        "child_protection.conclude_conference",
    ),
)
CHOSEN: dict[str, dict[str, Any]] = {
    "front_door.accept_referral": {"outcome": "ASSESS"},
    "child_protection.conclude_enquiry": {"outcome": "SUBST_RISK"},
    "child_protection.conclude_conference": {
        "quorate_reason": "Urgent",
        "attendance": [{"role": "POLICE", "name": "A sergeant"}],
    },
}
CHOSEN_FOR_EACH: dict[str, dict[str, Any]] = {
    "front_door.decide_contacts": {"outcome": "REFERRAL"},
    "child_protection.conclude_conference": {"outcome": "CP", "category": "NEG"},
}
UNASKED: Any = None
NONSENSE = ("", "nonsense", "2024-02-31", "-1", "<script>", "99999999", None)
OTHERS = sorted(id for id, action in actions().items() if action.pathway in PATHWAYS)

step = st.tuples(st.sampled_from(OTHERS), st.integers(0, 2**32))
paths = st.tuples(st.integers(0, len(COURSE)), st.lists(step, min_size=3, max_size=10), st.integers(0, 2**32))


def value(given: Input, family: list[Any], day: date, dice: Random) -> Any:
    """Something that fits an input, now and then something that does not."""
    if dice.random() < 0.03:
        return dice.choice(NONSENSE)
    definition: Any = given.definition
    model = definition.related_model
    if model is Person:
        return dice.choice(family)
    if model is not None:
        found = list(model._default_manager.order_by("id"))
        return dice.choice(found) if found else None
    if getattr(definition, "codes", ""):
        return dice.choice(codeset(definition.codes).in_force(day)).code
    if given.name == "factors":
        return "3A"
    kind = type(definition).__name__
    near = day + timedelta(dice.choice((0, 0, 0, 0, 1, 7, -3)))
    return {"Date": near, "Moment": f"{near} 10:00", "Yes": dice.random() < 0.7, "Number": dice.randint(0, 9)}.get(
        kind, dice.choice(("Words.", "Words.", ""))
    )


def values_for(action: Action, family: list[Any], day: date, dice: Random) -> dict[str, Any]:
    """Values for an action: what it needs, and some of what it may have; a row for each child, or a few."""
    wanted = [given for given in action.inputs if given.required or dice.random() < 0.5]
    found: dict[str, Any] = {given.name: value(given, family, day, dice) for given in wanted}
    for group in action.groups:
        each = any(given.name == "person" for given in group.inputs)
        heads: list[Any] = family if each and dice.random() < 0.8 else [None] * dice.randint(0, 2)
        rows = []
        for child in heads:
            row = {g.name: value(g, family, day, dice) for g in group.inputs if g.required or dice.random() < 0.5}
            rows.append({**row, "person": child} if child is not None else row)
        found[group.name] = rows
    return found


def usual(number: int, family: list[Any]) -> dict[str, Any]:
    """The values of a step of the usual way, one for each child where it asks for children."""
    action, day = actions()[COURSE[number]], FIRST + timedelta(7 * number)
    found = {given.name: _usual(given, day) for given in action.inputs if given.required}
    for group in action.groups:
        row = {given.name: _usual(given, day) for given in group.inputs if given.required and given.name != "person"}
        if any(given.name == "person" for given in group.inputs):
            heads = family[:-1] if group.name == "siblings" else family
            found[group.name] = [{**row, "person": child, **CHOSEN_FOR_EACH.get(action.id, {})} for child in heads]
        elif group.minimum:
            found[group.name] = [row] * group.minimum
    if action.id == "child_protection.call_conference":
        found |= {"called_date": day, "kind": "ICPC" if number == COURSE.index(action.id) else "RCPC"}
    return {**found, **CHOSEN.get(action.id, {})}


def _usual(given: Input, day: date) -> Any:
    """The plainest value of an input."""
    definition: Any = given.definition
    if definition.related_model is not None:
        return definition.related_model._default_manager.order_by("id").first()
    if getattr(definition, "codes", ""):
        return codeset(definition.codes).in_force(day)[0].code
    return day if type(definition).__name__ == "Date" else "Words."


def consistent() -> None:
    """What holds between records, whichever actions wrote them."""
    for case in Case.objects.exclude(end_date=None):
        assert not open_work(case), "a closed case has nothing open"
        assert not Allocation.objects.filter(case=case, end_date=None).exists()
    for plan in cp.Plan.objects.filter(end_date=None):
        assert not NeedPlan.objects.filter(person=plan.person, end_date=None).exists(), "no two kinds of plan at once"
    for planned in cp.PlannedConference.objects.all():
        assert bool(planned.held_date) == bool(planned.conference_id) or planned.source_system != "sightline"
    for child in cp.ConferenceChild.objects.filter(conference__in=_concluded()):
        assert child.plan is not None if child.outcome == "CP" else True
    for intake in Intake.objects.exclude(decided_date=None):
        assert intake.feedback_date is None or intake.feedback_date >= intake.decided_date
    for referral in Referral.objects.exclude(case=None):
        assert referral.case is not None and referral.case.person_id == referral.person_id
    for contact in Contact.objects.exclude(outcome=None):
        assert contact.outcome_date is not None
    for model in record_models():
        for record in model._default_manager.all():
            assert not list(within(record, UNASKED)), f"{model._meta.label} lies outside what it belongs to"
    for transfer in Transfer.objects.exclude(accepted_date=None):
        assert transfer.received_at is not None or transfer.decided_by is None


def _concluded() -> Any:
    return cp.PlannedConference.objects.exclude(conference=None).values("conference")


@pytest.mark.django_db
@settings(
    max_examples=400 if settings.get_current_profile_name() == "long" else 6,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(paths)
def test_every_step_is_whole_or_refused(
    system: Any, family: list[Any], people: Any, partners: Any, path: tuple[int, list[tuple[str, int]], int]
) -> None:
    usual_steps, others, seed = path
    steps = [(id, seed + number, True) for number, id in enumerate(COURSE[:usual_steps])]
    steps += [(id, own, False) for id, own in others]
    with transaction.atomic():
        for number, (id, own, along) in enumerate(steps):
            dice, action = Random(own), actions()[id]
            day = FIRST + timedelta(7 * number)
            record = _record(action, dice)
            if action.amends and record is None:
                continue
            if along:
                _sound(action, system(id, _last(action), **usual(number, family)).written, day)
                continue
            try:
                done = system(id, record, **values_for(action, family, day, dice))
            except Refused as refusal:
                assert refusal.what.strip().endswith((".", ":")), refusal.what
                continue
            _sound(action, done.written, day)
            consistent()
        assert ledger.rebuild() == 0, "the deadlines kept are those of a rebuild"
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_the_usual_way_is_open_to_its_end(system: Any, family: list[Any], people: Any) -> None:
    """Else the steps above would have nothing to meet."""
    for number, id in enumerate(COURSE):
        system(id, _last(actions()[id]), **usual(number, family))
        consistent()
    assert cp.Plan.objects.filter(end_date=None).count() == len(family)
    assert cp.ConferenceChild.objects.count() == 2 * len(family)


def test_a_spell_whose_start_is_taken_away_is_refused_in_words(system: Any, open_case: Any, family: list[Any]) -> None:
    case = open_case(family[0], FIRST)
    with pytest.raises(Refused, match="Opened is missing"):
        system("cases.correct", case, start_date="")


@pytest.mark.django_db
def test_a_conference_that_was_held_does_not_become_one_that_was_cancelled(
    system: Any, family: list[Any], people: Any
) -> None:
    for number, id in enumerate(COURSE[:7]):
        system(id, _last(actions()[id]), **usual(number, family))
    held = cp.PlannedConference.objects.exclude(conference=None).get()
    undone = {"held_date": None, "cancelled_date": FIRST, "cancel_reason": "By mistake."}
    with pytest.raises(Refused, match="has both its day and its record"):
        system("child_protection.correct_planned", held, **undone)


def _last(action: Action) -> Any:
    """The record that a step of the usual way goes on with."""
    return apps.get_model(action.model)._default_manager.order_by("id").last() if action.amends else None


def _record(action: Action, dice: Random) -> Any:
    found = list(apps.get_model(action.model)._default_manager.order_by("id")) if action.amends else []
    return dice.choice(found) if found else None


def _sound(action: Action, written: tuple[Any, ...], day: date) -> None:
    """Every record written is as its own rules have it, read anew, and concerns somebody."""
    for each in written:
        saved = type(each)._default_manager.get(pk=each.pk)
        again = Attempt(action, {}, saved, {}, saved.agency_id, timezone.localdate())
        assert every_fault(saved, again) == [], f"{action.id} on {day} left {saved._meta.label} at fault"
        # A meeting recorded by itself concerns nobody until a child is tied to it.
        assert people_of(saved) or saved._meta.label == "child_protection.Conference"
