"""Of every record type: the allocated worker sees the child's row, a partner what is shared with its agency, a stranger nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.utils import timezone

from sightline.core.access.reasons import WHO
from sightline.core.access.rules import ByAnyChild, ByPerson, rule_for
from sightline.core.access.visibility import visible
from sightline.core.records.dictionary import stream
from sightline.core.records.history import record_models
from sightline.core.restrictions.access import stream_of
from sightline.standards.codes import codeset

from . import build
from .conftest import World

TYPES = sorted(
    model._meta.label
    for model in record_models()
    if isinstance(rule_for(model), ByPerson | ByAnyChild) and model._meta.label != "restrictions.SharingDecision"
)
SHAREABLE = {row.code for row in codeset("shared_stream").codes}


def row_about(label: str, child: Any) -> Any:
    """A row of the type that is about the child, itself or by a tie to it."""
    if label == "people.Person":
        return child
    rule = rule_for(apps.get_model(label))
    if isinstance(rule, ByAnyChild):
        row = build.make(label)
        build.make(rule.through, person=child, **{rule.link: row})
        return row
    return build.of_person(apps.get_model(label), child)


def share(world: World, stream: str, **more: Any) -> Any:
    """Share a part of the child's record with the partner's agency, for a month."""
    today = timezone.localdate()
    values = {"start_date": today, "end_date": today + timedelta(days=30), **more}
    decision = build.make("restrictions.SharingDecision", person=world.child, partner=world.police, **values)
    build.make("restrictions.SharedStream", decision=decision, stream=stream)
    return decision


@pytest.mark.parametrize("label", TYPES)
def test_allocated_partner_stranger(world: World, label: str) -> None:
    row = row_about(label, world.child)
    model, ids = type(row), [row.pk]

    def sees(who: Any) -> bool:
        return visible(build.fresh(who), model, ids) == {row.pk}

    assert sees(world.worker), "the worker to whom the case is allocated"
    assert sees(world.manager), "the manager of the team"
    assert sees(world.analyst), "who opens every list"
    for who in (world.partner, world.stranger, world.auditor):
        assert not sees(who)

    share(world, "none of this")
    assert sees(world.partner) == (label in WHO), "who the child is comes with every sharing, and nothing else does"

    if stream_of(model) in SHAREABLE:
        share(world, stream_of(model))
        assert sees(world.partner)
    assert not sees(world.stranger)

    seal = build.make("restrictions.Seal", person=world.child, policy="hidden", ask=world.service_manager.worker)
    for who in (world.worker, world.manager, world.analyst, world.service_manager, world.partner, world.stranger):
        assert not sees(who), "nobody but the members sees what a seal closes"
    build.make("restrictions.SealMember", seal=seal, worker=world.service_manager.worker)
    assert sees(world.service_manager)
    assert not sees(world.worker)


def test_every_part_that_can_be_shared_is_a_part_of_some_record() -> None:
    known = {stream(model) for model in record_models()} | {"early_help"}
    assert known >= SHAREABLE
