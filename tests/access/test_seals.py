"""Seals: who sees what is sealed, what the others are told, and that a sealed record takes what belongs to it along."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from sightline.core.access.models import User
from sightline.core.access.visibility import explain, visible, visible_rows
from sightline.core.people.models import Person, Relationship
from sightline.core.restrictions.masks import restricted
from sightline.core.restrictions.models import Seal, SealMember
from sightline.engine.actions.engine import perform, version
from sightline.engine.actions.refusals import Invalid, NotPermitted
from sightline.engine.deadlines.models import Deadline

from . import build
from .conftest import World


def sees(who: User, person: Any) -> bool:
    return bool(visible(build.fresh(who), Person, [person.pk]))


def seal(world: World, policy: str = "masked", **more: Any) -> Any:
    """A seal with one member, who is asked."""
    values = {"person": world.child, "ask": world.service_manager.worker, **more}
    made = build.make("restrictions.Seal", policy=policy, **values)
    build.make("restrictions.SealMember", seal=made, worker=world.service_manager.worker)
    return made


def test_a_masked_record_says_whom_to_ask(world: World) -> None:
    seal(world)
    assert not sees(world.worker, world.child)
    told = restricted(world.worker, [world.child.pk, world.other.pk])
    assert {id: each.words for id, each in told.items()} == {world.child.pk: "Restricted: ask service."}


def test_of_a_hidden_record_there_is_no_word(world: World) -> None:
    seal(world, "hidden")
    assert restricted(world.worker, [world.child.pk]) == {}
    seal(world, "masked")
    assert restricted(world.worker, [world.child.pk]) == {}, "a second, milder seal does not give the first away"


def test_a_member_sees_and_is_told_why(world: World) -> None:
    seal(world)
    assert sees(world.service_manager, world.child)
    (why,) = explain(world.service_manager, [world.child.pk])[world.child.pk]
    assert why.words == "You are a member of the seal on the person's record."
    assert why.ends == "It ends when your membership or the seal ends."


@pytest.mark.parametrize(("days", "closed"), [(-1, False), (0, False), (1, True)])
def test_a_seal_ends_by_itself(world: World, days: int, closed: bool) -> None:
    seal(world, start_date=date(2026, 1, 1), end_date=timezone.localdate() + timedelta(days=days))
    assert sees(world.worker, world.child) is not closed


def test_membership_ends_by_itself(world: World) -> None:
    made = seal(world)
    member = SealMember.objects.get(seal=made)
    member.end_date = timezone.localdate()
    build.save(member)
    assert not sees(world.service_manager, world.child)


def test_a_sealed_household_closes_everybody_who_lives_in_it(world: World) -> None:
    home = build.make("people.Household")
    for person, left in ((world.child, None), (world.other, date(2026, 3, 20))):
        values = {"person": person, "household": home, "start_date": date(2026, 1, 1), "end_date": left}
        build.make("people.HouseholdMember", **values)
    case = build.make("cases.Case", person=world.other, service="social_care")
    values = {"case": case, "team": world.team, "worker": world.worker.worker}
    build.make("cases.Allocation", person=world.other, **values)
    seal(world, person=None, household=home, start_date=date(2026, 4, 1))
    assert not sees(world.worker, world.child)
    assert sees(world.worker, world.other), "who left before the seal was put on is not sealed with it"


def test_a_sealed_record_takes_along_what_belongs_to_it(world: World) -> None:
    assessment = build.make("assessment.Assessment", person=world.child, case=world.allocation.case)
    factor = build.make("assessment.AssessmentFactor", person=world.child, assessment=assessment)
    named = {"record_table": "assessment_assessment", "record_id": assessment.pk}
    spell = {"stream": "assessment", "started": build.DAY, "due": build.DAY, "outcome": "open"}
    deadline = Deadline.objects.create(clock="X", person=world.child, agency=build.agency(), **named, **spell)
    assert visible(build.fresh(world.worker), Deadline, [deadline.pk])
    seal(world, person=None, **named)
    for row in (assessment, factor, deadline):
        assert not visible(build.fresh(world.worker), type(row), [row.pk])
        assert not visible(build.fresh(world.analyst), type(row), [row.pk])
    assert sees(world.worker, world.child)
    assert visible(build.fresh(world.worker), "cases_case", [world.allocation.case.pk])


def test_a_sealed_case_closes_what_hangs_on_it_at_any_depth(world: World) -> None:
    assessment = build.make("assessment.Assessment", person=world.child, case=world.allocation.case)
    factor = build.make("assessment.AssessmentFactor", person=world.child, assessment=assessment)
    seal(world, person=None, record_table="cases_case", record_id=world.allocation.case.pk)
    for row in (world.allocation.case, world.allocation, assessment, factor):
        assert not visible(build.fresh(world.worker), type(row), [row.pk])


def test_a_relationship_does_not_lead_to_a_sealed_person(world: World) -> None:
    build.make("people.Relationship", person=world.child, other=world.other, kind="parent")
    assert visible_rows(build.fresh(world.worker), Relationship).count() == 1
    seal(world, person=world.other)
    assert visible_rows(build.fresh(world.worker), Relationship).count() == 0
    assert visible_rows(build.fresh(world.analyst), Relationship).count() == 0


def test_a_meeting_is_seen_by_way_of_the_child_who_is_not_sealed(world: World) -> None:
    meeting = build.make("child_protection.Conference")
    for person in (world.child, world.other):
        build.make("child_protection.ConferenceChild", person=person, conference=meeting)
    seal(world, "hidden")
    assert visible(build.fresh(world.analyst), type(meeting), [meeting.pk])
    seal(world, "hidden", person=world.other)
    assert not visible(build.fresh(world.analyst), type(meeting), [meeting.pk])


def test_a_manager_seals_with_members_and_lifts_it(world: World) -> None:
    given = {"person": world.child, "policy": "hidden", "ask": world.manager.worker, "reason": "Relative on the staff."}
    given["members"] = [{"worker": world.worker.worker}]
    done = perform("restrictions.seal", by=world.manager, because="asked for", values=given)
    assert sees(world.worker, world.child)
    assert sees(world.manager, world.child)
    assert not sees(world.analyst, world.child)
    with pytest.raises(NotPermitted):
        lift(world.service_manager, done.record)
    lift(world.manager, done.record)
    assert sees(world.analyst, world.child)


def lift(by: User, made: Any) -> None:
    today = timezone.localdate()
    seen = version(made)
    perform(
        "restrictions.lift_seal", by=by, because="no longer needed", values={"end_date": today}, record=made, seen=seen
    )


def test_nobody_seals_whom_they_do_not_see(world: World) -> None:
    given = {"person": world.other, "policy": "hidden", "ask": world.manager.worker, "reason": "x"}
    with pytest.raises(NotPermitted):
        perform("restrictions.seal", by=world.manager, because="x", values=given)


def test_a_seal_that_would_hold_for_no_day_is_refused(world: World) -> None:
    given = {"person": world.child, "policy": "hidden", "ask": world.manager.worker, "reason": "Threats."}
    with pytest.raises(Invalid, match="seals nothing"):
        perform("restrictions.seal", by=world.manager, because="x", values=given | {"end_date": timezone.localdate()})


def test_a_seal_keeps_a_member(world: World) -> None:
    given = {"person": world.child, "policy": "masked", "ask": world.manager.worker, "reason": "Threats."}
    perform("restrictions.seal", by=world.manager, because="x", values=given)
    member = SealMember.objects.get()
    with pytest.raises(Invalid, match="last member"):
        perform(
            "restrictions.end_membership",
            by=build.fresh(world.manager),
            because="x",
            values={"end_date": timezone.localdate()},
            record=member,
            seen=version(member),
        )


def test_the_list_of_seals_is_for_members_only(world: World) -> None:
    seal(world, "hidden")
    assert visible_rows(world.service_manager, Seal).count() == 1
    for who in (world.manager, world.analyst, world.auditor):
        assert visible_rows(who, Seal).count() == 0
