"""A conflict of interest is stronger than any reason; an emergency opens a record for a while, and somebody without a conflict hears of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from sightline.core.access.models import User
from sightline.core.access.visibility import explain, visible, visible_rows
from sightline.core.people.models import Person
from sightline.core.restrictions.masks import restricted
from sightline.core.restrictions.models import ConflictOfInterest, EmergencyAccess, Notice
from sightline.engine.actions.engine import perform, version
from sightline.engine.actions.refusals import Invalid, NotNow, NotPermitted

from . import build
from .conftest import World
from .test_seals import seal, sees

WHY = "Police ask where the child is tonight."
TODAY = timezone.localdate()


def conflict(world: World, who: User, **more: Any) -> Any:
    values = {"person": world.child, "worker": who.worker, "declared_by": who.worker, **more}
    return build.make("restrictions.ConflictOfInterest", **values)


def open_it(by: User, person: Any, reason: str = WHY) -> EmergencyAccess:
    values = {"person": person.pk, "reason": reason}
    opened = perform("restrictions.break_glass", by=build.fresh(by), because="emergency", values=values).written[0]
    assert isinstance(opened, EmergencyAccess)
    return opened


def told() -> list[tuple[str | None, bool]]:
    """To whom notices went, and whether past the child's own manager."""
    notices = Notice.objects.select_related("recipient").order_by("id")
    return [(each.recipient.name if each.recipient else None, each.past_owner) for each in notices]


# --- Conflicts ---


@pytest.mark.parametrize(("days", "closed"), [(-1, False), (0, False), (1, True)])
def test_a_conflict_closes_the_child_whatever_the_reason_and_ends_by_itself(
    world: World, days: int, closed: bool
) -> None:
    conflict(world, world.worker, end_date=TODAY + timedelta(days=days))
    assert sees(world.worker, world.child) is not closed
    assert sees(world.manager, world.child)


def test_a_conflict_about_a_household_closes_everybody_in_it(world: World) -> None:
    home = build.make("people.Household")
    build.make("people.HouseholdMember", person=world.child, household=home)
    conflict(world, world.worker, person=None, household=home)
    assert not sees(world.worker, world.child)


def test_a_conflict_and_a_member_of_the_seal(world: World) -> None:
    seal(world)
    conflict(world, world.service_manager)
    assert not sees(world.service_manager, world.child)


def test_a_conflict_reads_as_any_restriction_does(world: World) -> None:
    conflict(world, world.worker, declared_by=world.manager.worker)
    assert restricted(world.worker, [world.child.pk])[world.child.pk].words == "Restricted: ask your manager."


def test_each_declares_their_own_and_somebody_else_ends_it(world: World) -> None:
    values = {"person": world.other.pk, "reason": "A cousin of mine."}
    perform("restrictions.declare_own_conflict", by=world.worker, because="declared", values=values)
    made = ConflictOfInterest.objects.get()
    assert (made.worker, made.declared_by) == (world.worker.worker, world.worker.worker)
    build.make("organisations.TeamMembership", worker=world.worker.worker, team=world.team, start_date=build.DAY)
    with pytest.raises(NotPermitted):
        end(world.worker, made)
    end(world.manager, made)


def test_a_manager_declares_one_about_a_worker_who_is_not_told_by_whom(world: World) -> None:
    values = {"worker": world.worker.worker, "person": world.child, "reason": "A complaint is open."}
    perform("restrictions.declare_conflict", by=world.manager, because="declared", values=values)
    assert visible_rows(world.worker, ConflictOfInterest).count() == 0
    assert visible_rows(world.manager, ConflictOfInterest).count() == 1
    assert not sees(world.worker, world.child)


def test_a_managers_own_conflict_is_not_for_them_to_end(world: World) -> None:
    made = conflict(world, world.manager)
    with pytest.raises(Invalid, match="by somebody else"):
        end(world.manager, made)


def end(by: User, made: Any) -> None:
    values = {"end_date": TODAY}
    perform(
        "restrictions.end_conflict", by=build.fresh(by), because="over", values=values, record=made, seen=version(made)
    )


# --- Emergencies ---


def test_an_emergency_opens_the_record_for_four_hours(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = open_it(world.stranger, world.child)
    assert opened.ends_at - opened.granted_at == timedelta(hours=4)
    assert sees(world.stranger, world.child)
    (why,) = explain(world.stranger, [world.child.pk])[world.child.pk]
    assert why.words == "You opened the record in an emergency."
    assert f"{timezone.localtime(opened.ends_at):%H:%M}" in why.ends
    for moment, open_still in ((opened.ends_at - timedelta(seconds=1), True), (opened.ends_at, False)):
        monkeypatch.setattr(timezone, "now", lambda moment=moment: moment)
        assert sees(world.stranger, world.child) is open_still


def test_an_emergency_needs_a_reason_to_judge(world: World) -> None:
    with pytest.raises(Invalid, match="at least 20"):
        open_it(world.stranger, world.child, "urgent")


def test_an_emergency_is_not_opened_twice(world: World) -> None:
    open_it(world.stranger, world.child)
    with pytest.raises(Invalid, match="already"):
        open_it(world.stranger, world.child)


@pytest.mark.parametrize("role", ["mash_partner", "performance_analyst", "auditor", "board_member", "administrator"])
def test_roles_that_open_nothing_in_an_emergency(world: World, role: str) -> None:
    with pytest.raises(NotPermitted):
        open_it(build.user(role, world.stranger.worker), world.child)


def test_the_childs_manager_is_told_at_once(world: World) -> None:
    open_it(world.stranger, world.child)
    assert told() == [("manager", False)]
    assert visible_rows(build.fresh(world.manager), Notice).count() == 1
    for who in (world.stranger, world.worker, world.service_manager):
        assert visible_rows(build.fresh(who), Notice).count() == 0


def test_the_notice_goes_past_a_manager_in_conflict(world: World) -> None:
    conflict(world, world.manager)
    conflict(world, world.second_manager)
    open_it(world.stranger, world.child)
    assert told() == [("service", True)]


def test_the_notice_goes_past_a_manager_who_opened_it(world: World) -> None:
    world.allocation.end_date = TODAY
    build.save(world.allocation)
    case = build.make("cases.Case", person=world.other, service="social_care")
    build.make("cases.Allocation", person=world.other, case=case, team=world.team)
    other_team = build.make("organisations.Team", name="Team 2", service="social_care")
    build.make("cases.Allocation", person=world.child, case=world.allocation.case, team=other_team, start_date=TODAY)
    build.make("organisations.TeamMembership", worker=world.manager.worker, team=other_team, start_date=build.DAY)
    conflict(world, world.service_manager)
    open_it(world.manager, world.child)
    assert told() == [("second", True)]


def test_the_notice_of_a_sealed_child_goes_to_those_who_may_know(world: World) -> None:
    seal(world)
    open_it(world.stranger, world.child)
    assert told() == [("service", True)]


def test_with_nobody_left_to_tell_it_waits_for_a_reviewer(world: World) -> None:
    for who in (world.manager, world.service_manager, world.second_manager):
        conflict(world, who)
    open_it(world.stranger, world.child)
    assert told() == [(None, True)]
    assert visible_rows(build.fresh(world.auditor), Notice).count() == 1


def test_a_conflict_is_stronger_than_an_emergency(world: World) -> None:
    conflict(world, world.stranger)
    with pytest.raises(Invalid, match="ask your manager"):
        open_it(world.stranger, world.child)
    build.make("restrictions.EmergencyAccess", person=world.child, worker=world.stranger.worker, **running())
    assert not sees(world.stranger, world.child)


def running() -> dict[str, Any]:
    now = timezone.now()
    return {"granted_at": now - timedelta(hours=1), "ends_at": now + timedelta(hours=1)}


def test_a_masked_record_opens_and_a_hidden_one_only_by_its_own_policy(world: World) -> None:
    seal(world, person=world.other)
    open_it(world.stranger, world.other)
    assert sees(world.stranger, world.other)
    made = seal(world, "hidden")
    with pytest.raises(Invalid) as hidden:
        open_it(world.stranger, world.child)
    world.child.pk, real = 10**9, world.child.pk
    with pytest.raises(Invalid) as nobody:
        open_it(world.stranger, world.child)
    assert str(hidden.value) == str(nobody.value), "a hidden child is refused in the words for nobody"
    world.child.pk = real
    made.emergency = True
    build.save(made)
    open_it(world.stranger, world.child)
    assert sees(world.stranger, world.child)


# --- Reviews ---


def review(by: User, opened: Any) -> None:
    values = {"finding": "justified", "finding_words": "The duty log shows the call."}
    perform(
        "restrictions.review_emergency",
        by=build.fresh(by),
        because="review",
        values=values,
        record=opened,
        seen=version(opened),
    )


def test_somebody_else_reviews_it_and_closes_it_with_a_finding(world: World) -> None:
    opened = open_it(world.stranger, world.child)
    review(world.auditor, opened)
    opened.refresh_from_db()
    assert (opened.finding, opened.reviewed_by) == ("justified", "auditor")
    with pytest.raises(NotNow):
        review(world.service_manager, opened)


def test_nobody_reviews_their_own(world: World) -> None:
    opened = open_it(world.service_manager, world.child)
    with pytest.raises(Invalid, match="somebody other"):
        review(world.service_manager, opened)


def test_nobody_in_conflict_reviews(world: World) -> None:
    opened = open_it(world.stranger, world.child)
    conflict(world, world.service_manager)
    with pytest.raises(NotPermitted):
        review(world.service_manager, opened)


def test_it_can_be_given_back_early(world: World) -> None:
    opened = open_it(world.stranger, world.child)
    perform(
        *("restrictions.end_emergency",),
        by=build.fresh(world.stranger),
        because="done",
        values={},
        record=opened,
        seen=version(opened),
    )
    assert not visible(build.fresh(world.stranger), Person, [world.child.pk])
