"""State machines are tables: what is in them is drawn, and what is not in them is refused with a sentence."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.apps import apps
from django.db import models

from sightline.engine.actions.declarations import Action, Rules, actions, rules
from sightline.engine.actions.engine import refused, why_not
from sightline.engine.actions.refusals import NotNow
from sightline.engine.docs.states import amendments, leads_to, markdown, states, transitions

WITH_STATES = sorted((own for own in rules().values() if own.stages), key=lambda own: own.model)

#: The pathways whose every step is an action on the record itself.
_PATHWAYS = ("front_door", "assessment", "child_in_need", "child_protection", "cases", "notes")
COURSES = [own for own in WITH_STATES if own.model.partition(".")[0] in _PATHWAYS]


def in_state(own: Rules, state: str) -> Any:
    """A record, not saved, in a state: the field of that stage is filled and those before it are not."""
    record = apps.get_model(own.model)()
    for name, field in own.stages:
        if field:
            setattr(record, field, None)
        if name == state and field:
            definition = record._meta.get_field(field)
            if isinstance(definition, models.ForeignKey):
                setattr(record, field, apps.get_model(definition.related_model._meta.label)())
            else:
                setattr(record, field, date(2024, 1, 1) if isinstance(definition, models.DateField) else "X")
    assert own.state(record) == state
    return record


@pytest.mark.parametrize("own", WITH_STATES, ids=lambda own: str(own.model))
class TestEveryRecordType:
    def test_allows_what_is_in_its_table_and_refuses_the_rest_with_a_sentence(self, own: Rules) -> None:
        for state in states(own):
            record = in_state(own, state)
            allowed = {each.action.id for each in transitions(own) if each.before == state}
            for action in amendments(own):
                if action.id in allowed:
                    assert why_not(action, record) == ""
                    continue
                refusal = refused(action, record)
                assert isinstance(refusal, NotNow)
                assert f" is {state}; this can be done only while it is {action.when[0]}" in refusal.what
                assert refusal.what.endswith(".")

    def test_names_only_states_that_there_are(self, own: Rules) -> None:
        known = set(states(own))
        assert set(own.open) <= known
        for action in actions().values():
            if action.model == own.model and action.amends:
                assert set(action.when) <= known, action.id
                assert not action.leads or action.leads in known, action.id


@pytest.mark.parametrize("own", COURSES, ids=lambda own: str(own.model))
class TestACourse:
    def test_can_reach_every_state(self, own: Rules) -> None:
        """A state that no action leads to would be a dead word."""
        assert set(states(own)) == {states(own)[0]} | {leads_to(own, action) for action in amendments(own)} - {""}

    def test_changes_state_only_where_the_action_says_from_which(self, own: Rules) -> None:
        assert [action.id for action in amendments(own) if leads_to(own, action) and not action.when] == []


def test_the_page_draws_every_transition() -> None:
    page = markdown()
    for own in WITH_STATES:
        for each in transitions(own):
            assert f"`{each.action.id}`" in page
    section = page[page.index("`assessment.Assessment`") :].partition("\n## ")[0]
    assert 'state "returned for more work" as s1' in section
    assert "s1 --> s2: assessment.submit" in section


def action(id: str) -> Action:
    return actions()[id]


@pytest.mark.parametrize(
    ("id", "state"),
    [
        ("front_door.decide_contacts", "decided"),
        ("front_door.send_feedback", "answered"),
        ("cases.accept_transfer", "accepted"),
        ("cases.return_transfer", "sent back"),
        ("assessment.submit", "sent for authorisation"),
        ("assessment.return", "returned for more work"),
        ("assessment.authorise", "authorised"),
        ("child_protection.conclude_conference", "held"),
        ("child_protection.agree_drift_review", "agreed"),
        ("child_in_need.step_up", "ended"),
        ("child_in_need.add_actions", ""),
    ],
)
def test_an_action_leads_where_its_required_inputs_say(id: str, state: str) -> None:
    assert leads_to(rules()[action(id).model], action(id)) == state
