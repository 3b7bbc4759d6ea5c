"""Whatever is done, in whatever order: the ledger that actions keep up is the one that a full rebuild gives."""

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sightline.engine.actions.declarations import actions
from sightline.engine.actions.refusals import Refused
from sightline.engine.deadlines import ledger
from sightline.engine.deadlines.models import Deadline
from sightline.standards.codes import codeset

FIRST = date(2017, 4, 3)
# Each walk keeps to one part of the work, in the order of time, so that there is something for its steps to meet.
WALKS = {
    "front_door": ["record_contact", "decide_contact", "correct_contact", "record_referral", "decide_referral"],
    "assessment": ["start", "authorise", "cancel", "correct", "correct_factor"],
    "child_in_need": ["start_plan", "record_visit", "record_review", "end_plan", "correct_plan", "correct_visit"],
    "child_protection": [
        *(
            "start_enquiry",
            "conclude_enquiry",
            "hold_conference",
            "present_child",
            "correct_conference",
            "correct_child",
        ),
        *("start_plan", "record_visit", "record_visit", "hold_core_group", "correct_visit", "correct_plan", "end_plan"),
    ],
    "looked_after": ["start", "move", "change_legal_status", "hold_review", "hold_review", "correct_review", "cease"],
    "court": ["issue", "extend", "extend", "finish", "correct_extension", "correct"],
}
ALWAYS = ["cases.correct"]


def walk(pathway: str) -> st.SearchStrategy[list[tuple[str, int, int]]]:
    """Steps of one pathway: which action, how many months on, and a number that chooses among what might be given."""
    names = [f"{pathway}.{name}" for name in WALKS[pathway]] + ALWAYS
    step = st.tuples(st.sampled_from(names), st.integers(0, 12), st.integers(0, 5))
    steps = st.lists(step, min_size=8, max_size=20).map(lambda drawn: sorted(drawn, key=lambda each: each[1]))
    return steps.map(lambda drawn: [(names[0], 0, 0), *drawn])


def value(input: Any, child: SimpleNamespace, day: date, choice: int) -> Any:
    """Something that might fit an input, for a child; what does not is the action's to refuse."""
    definition, model = input.definition, input.definition.related_model
    if model is not None:
        if input.name == "person":
            return child.person
        found = list(model._default_manager.order_by("id"))
        return found[choice % len(found)] if found else None
    if getattr(definition, "codes", ""):
        codes = [code.code for code in codeset(definition.codes).in_force(day)]
        return codes[choice % len(codes)]
    kinds = {"Date": day, "Yes": bool(choice % 2), "Number": 1 + choice % 3}
    return kinds.get(type(definition).__name__, "")


@pytest.mark.django_db
# Every walk is undone at its end, so the fixtures start each one anew.
@settings(
    max_examples=400 if settings.get_current_profile_name() == "long" else 6,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.sampled_from(sorted(WALKS)).flatmap(walk))
def test_deadlines_kept_by_actions_are_those_of_a_rebuild(
    act: Any, child: SimpleNamespace, worker: Any, path: list[tuple[str, int, int]]
) -> None:
    with transaction.atomic():
        ledger.rebuild()
        for id, ahead, choice in path:
            action, day = actions()[id], FIRST + timedelta(ahead * 28)
            record = apps.get_model(action.model)._default_manager.order_by("id").last() if action.amends else None
            if action.amends and record is None:
                continue
            # A correction names one thing; anything else all it asks for.
            asked = action.inputs if ".correct" not in id else [action.inputs[choice % len(action.inputs)]]
            try:
                act(id, record, **{input.name: value(input, child, day, choice) for input in asked})
            except Refused:
                continue
        kept = set(
            Deadline.objects.values_list("clock", "record_id", "sequence", "due", "stopped", "closed", "outcome")
        )
        assert ledger.rebuild() == 0, "a full rebuild finds nothing to change"
        assert kept == set(
            Deadline.objects.values_list("clock", "record_id", "sequence", "due", "stopped", "closed", "outcome")
        )
        transaction.set_rollback(True)
