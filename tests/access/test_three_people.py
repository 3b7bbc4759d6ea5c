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

#: Types by the part of the record by which they are shared: asked about together, since what a reader sees is worked out anew for each reader.
PARTS: dict[str, list[str]] = {}
for _model in record_models():
    if isinstance(rule_for(_model), ByPerson | ByAnyChild) and _model._meta.label != "restrictions.SharingDecision":
        PARTS.setdefault(stream_of(_model), []).append(_model._meta.label)
SHAREABLE = {row.code for row in codeset("shared_stream").codes}


def row_about(label: str, child: Any) -> Any:
    """A row of the type that is about the child, itself or by a tie to it."""
    if label == "people.Person":
        return child
    rule = rule_for(apps.get_model(label))
    if isinstance(rule, ByAnyChild):
        # The one that the child is tied to already, since some ties may not overlap.
        ties = apps.get_model(rule.through)._default_manager.filter(person=child)
        if tie := ties.exclude(**{rule.link: None}).first():
            return getattr(tie, rule.link)
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


@pytest.mark.parametrize("part", sorted(PARTS))
def test_allocated_partner_stranger(world: World, part: str) -> None:
    rows = {label: row_about(label, world.child) for label in PARTS[part]}
    every, nothing = set(rows), set[str]()

    def sees(who: Any) -> set[str]:
        reader = build.fresh(who)
        return {label for label, row in rows.items() if visible(reader, type(row), [row.pk]) == {row.pk}}

    assert sees(world.worker) == every, "the worker to whom the case is allocated"
    assert sees(world.manager) == every, "the manager of the team"
    assert sees(world.analyst) == every, "who opens every list"
    for who in (world.partner, world.stranger, world.auditor):
        assert sees(who) == nothing

    share(world, "none of this")
    assert sees(world.partner) == every & WHO, "who the child is comes with every sharing, and nothing else does"

    if part in SHAREABLE:
        share(world, part)
        assert sees(world.partner) == every
    assert sees(world.stranger) == nothing

    seal = build.make("restrictions.Seal", person=world.child, policy="hidden", ask=world.service_manager.worker)
    for who in (world.worker, world.manager, world.analyst, world.service_manager, world.partner, world.stranger):
        assert sees(who) == nothing, "nobody but the members sees what a seal closes"
    build.make("restrictions.SealMember", seal=seal, worker=world.service_manager.worker)
    assert sees(world.service_manager) == every
    assert sees(world.worker) == nothing


def test_every_part_that_can_be_shared_is_a_part_of_some_record() -> None:
    known = {stream(model) for model in record_models()}
    assert known >= SHAREABLE
