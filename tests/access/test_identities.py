"""The two identities of an adopted child are never shown together, and what links them is told by two people only."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from sightline.core.access.models import User
from sightline.core.access.roles import ROLES
from sightline.core.access.visibility import visible, visible_rows
from sightline.core.people.models import Person
from sightline.core.records.history import record_models
from sightline.core.records.writing import writing
from sightline.core.restrictions.barrier import identity_barrier
from sightline.core.restrictions.masks import restricted
from sightline.core.restrictions.models import AdoptedIdentity, IdentityDisclosure
from sightline.engine.actions.engine import perform, version
from sightline.engine.actions.refusals import Invalid, NotPermitted

from . import build
from .conftest import World

WHY = "The adopted adult asks under section 60."


@pytest.fixture
def linked(world: World) -> World:
    """The child was adopted and is `other` now; the worker was allocated to both."""
    world.allocation.case.end_date = world.allocation.end_date = date(2026, 3, 20)
    world.allocation.case.closure_reason = "RC1"
    build.save(world.allocation)
    build.save(world.allocation.case)
    case = build.make("cases.Case", person=world.other, service="social_care")
    values = {"case": case, "team": world.team, "worker": world.worker.worker}
    build.make("cases.Allocation", person=world.other, **values)
    reopened = build.make("cases.Case", person=world.child, service="leaving_care", start_date=date(2026, 3, 20))
    values["case"] = reopened
    build.make("cases.Allocation", person=world.child, start_date=date(2026, 3, 20), **values)
    build.make("restrictions.AdoptedIdentity", before=world.child, after=world.other)
    return world


def ask(by: User, person: Any) -> IdentityDisclosure:
    values = {"person": person.pk, "reason": WHY}
    asked = perform("restrictions.ask_identity", by=build.fresh(by), because="asked", values=values).record
    assert isinstance(asked, IdentityDisclosure)
    return asked


def agree(by: User, asked: Any) -> None:
    seen = version(asked)
    perform("restrictions.agree_identity", by=build.fresh(by), because="agreed", values={}, record=asked, seen=seen)


@pytest.mark.parametrize("role", sorted(ROLES))
def test_no_role_sees_both(linked: World, role: str) -> None:
    who = build.user(role, linked.worker.worker)
    assert len(visible(who, Person, [linked.child.pk, linked.other.pk])) <= 1
    assert linked.child.pk not in visible(who, Person, [linked.child.pk])
    for model in record_models():
        if model is not AdoptedIdentity and any(field.name == "person" for field in model._meta.fields):
            assert not visible_rows(who, model).filter(person=linked.child).exists()
        assert not visible_rows(who, AdoptedIdentity).exists()


def test_the_barrier_holds_from_both_sides_and_across_two_adoptions(linked: World) -> None:
    third = build.make("people.Person", birth_date=date(2016, 6, 6))
    assert identity_barrier(linked.child.pk) == {linked.other.pk}
    assert identity_barrier(linked.other.pk) == {linked.child.pk}
    build.make("restrictions.AdoptedIdentity", before=linked.other, after=third)
    assert identity_barrier(third.pk) == {linked.child.pk, linked.other.pk}
    assert identity_barrier(linked.allocation.pk + 10**6) == set()


def test_the_earlier_identity_is_as_hidden_as_a_hidden_seal(linked: World) -> None:
    assert restricted(linked.worker, [linked.child.pk]) == {}
    values = {"person": linked.child.pk, "reason": WHY}
    with pytest.raises(Invalid, match="there is no such record"):
        perform("restrictions.break_glass", by=linked.stranger, because="x", values=values)


def test_two_people_disclose_it_for_a_while(linked: World, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = ask(linked.service_manager, linked.other)
    with pytest.raises(Invalid, match="Somebody else"):
        agree(linked.service_manager, asked)
    assert not visible(build.fresh(linked.service_manager), Person, [linked.child.pk])
    agree(linked.second_manager, asked)
    asked.refresh_from_db()
    case = linked.allocation.case
    seal = build.make("restrictions.Seal", person=linked.child, policy="masked", ask=linked.service_manager.worker)
    build.make("restrictions.SealMember", seal=seal, worker=linked.service_manager.worker)
    assert visible(build.fresh(linked.service_manager), type(case), [case.pk]), (
        "with a reason of their own, while it lasts"
    )
    assert asked.ends_at is not None
    monkeypatch.setattr(timezone, "now", lambda: asked.ends_at)
    assert not visible(build.fresh(linked.service_manager), type(case), [case.pk])


def test_only_a_named_role_asks(linked: World) -> None:
    with pytest.raises(NotPermitted):
        ask(linked.manager, linked.other)


def test_nothing_open_or_related_is_cut_in_two(world: World) -> None:
    values = {"before": world.child.pk, "after": world.other.pk}
    with pytest.raises(Invalid, match="close it first"):
        perform("restrictions.link_identities", by=world.service_manager, because="order made", values=values)
    world.allocation.case.end_date, world.allocation.case.closure_reason = timezone.localdate(), "RC1"
    build.save(world.allocation.case)
    related = build.make("people.Relationship", person=world.child, other=world.other, kind="parent")
    with pytest.raises(Invalid, match="related"):
        perform("restrictions.link_identities", by=world.service_manager, because="order made", values=values)
    with writing("test", by="t", because="t"):
        related.delete()
    perform("restrictions.link_identities", by=world.service_manager, because="order made", values=values)
    assert identity_barrier(world.child.pk) == {world.other.pk}


def test_a_mistaken_link_is_ended_by_whom_it_was_disclosed_to(linked: World) -> None:
    asked = ask(linked.service_manager, linked.child)
    agree(linked.second_manager, asked)
    asked.refresh_from_db()
    for who in (linked.second_manager, linked.service_manager):
        try:
            perform(
                *("restrictions.unlink_identities",),
                by=build.fresh(who),
                because="wrong child",
                values={},
                record=asked,
                seen=version(asked),
            )
        except Invalid:
            assert who is linked.second_manager
    assert identity_barrier(linked.child.pk) == set()
    assert timedelta(hours=4) == asked.ends_at - asked.agreed_at  # type: ignore[operator]
