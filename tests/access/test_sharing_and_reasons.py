"""Sharing with an agency, and reasons to see a child: each in words, each with its end, each ending by itself."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from sightline.core.access.models import User
from sightline.core.access.reasons import declared_reasons
from sightline.core.access.visibility import explain, visible, visible_rows, why
from sightline.core.people.models import Person, PersonAddress
from sightline.core.restrictions.models import SharingDecision
from sightline.engine.actions.engine import perform
from sightline.engine.actions.refusals import Invalid
from sightline.pathways.child_protection.models import Plan, Section47

from . import build
from .conftest import World
from .test_seals import sees

TODAY = timezone.localdate()
MONTH = timedelta(days=30)


def decide(world: World, **more: Any) -> Any:
    """The worker shares the child's protection record with the police."""
    given = {
        "person": world.child,
        "partner": world.police,
        "purpose": "Strategy discussion.",
        "lawful_basis": "PUBLIC_TASK",
        "end_date": TODAY + MONTH,
        "streams": [{"stream": "child_protection"}],
        **more,
    }
    return perform("restrictions.share", by=build.fresh(world.worker), because="shared", values=given).record


def test_a_partner_sees_what_was_shared_and_nothing_else(world: World) -> None:
    enquiry = build.make("child_protection.Section47", person=world.child)
    address = build.make("people.PersonAddress", person=world.child)
    decide(world)
    partner = build.fresh(world.partner)
    assert visible(partner, Section47, [enquiry.pk])
    assert sees(world.partner, world.child)
    assert not visible(partner, PersonAddress, [address.pk]), "where a child lives is a part of its own"
    assert visible_rows(partner, SharingDecision).count() == 1
    (reason,) = explain(partner, [world.child.pk])[world.child.pk]
    end = TODAY + MONTH
    assert reason.ends == f"It ends on {end.day} {end:%B %Y}."
    assert not reason.whole


def test_one_record_can_be_shared_alone(world: World) -> None:
    one = build.make("child_protection.Section47", person=world.child)
    another = build.make("child_protection.StrategyDiscussion", person=world.child)
    decide(world, streams=[], record_table="child_protection_section47", record_id=one.pk)
    partner = build.fresh(world.partner)
    assert visible(partner, Section47, [one.pk])
    assert not visible(partner, type(another), [another.pk])


def test_sharing_says_what_and_with_another_agency(world: World) -> None:
    with pytest.raises(Invalid, match="which parts"):
        decide(world, streams=[])
    with pytest.raises(Invalid, match="another agency"):
        decide(world, partner=build.agency())
    foreign = build.make("child_protection.Section47", person=world.other)
    with pytest.raises(Invalid, match="may not see it"):
        decide(world, streams=[], record_table="child_protection_section47", record_id=foreign.pk)


def test_a_partner_of_the_authority_does_not_see_all_that_the_authority_recorded(world: World) -> None:
    officer = build.user("lado", build.worker("officer of the authority"))
    assert not visible_rows(officer, Person).exists()


def test_a_partner_sees_what_their_own_agency_recorded(world: World) -> None:
    own = build.make("people.Person", agency=world.police)
    note = build.make("child_protection.Section47", person=world.child, agency=world.police)
    partner = build.fresh(world.partner)
    assert sees(partner, own)
    assert visible(partner, Section47, [note.pk])
    assert not sees(partner, world.child), "their own entry, not the child's record"


def test_an_early_help_worker_sees_their_own_services_part(world: World) -> None:
    helper = build.user("early_help_worker", build.worker("helper"))
    values = {"person": world.child, "case": world.allocation.case, "team": world.team, "worker": helper.worker}
    world.allocation.end_date = date(2026, 3, 5)
    build.save(world.allocation)
    build.make("cases.Allocation", start_date=date(2026, 3, 5), **values)
    plan = build.make("child_protection.Plan", person=world.child, case=world.allocation.case)
    assert sees(helper, world.child)
    assert visible(build.fresh(helper), "cases_case", [world.allocation.case.pk])
    assert not visible(build.fresh(helper), Plan, [plan.pk])


def test_a_reason_of_the_authoritys_own_opens_to_a_partner_the_part_it_comes_from(world: World) -> None:
    meeting = build.make("child_protection.Conference", chair=world.partner.worker, conference_date=TODAY)
    build.make("child_protection.ConferenceChild", person=world.child, conference=meeting)
    plan = build.make("child_protection.Plan", person=world.child, case=world.allocation.case)
    partner = build.fresh(world.partner)
    assert sees(partner, world.child)
    assert visible(partner, Plan, [plan.pk])
    assert not visible(partner, "cases_case", [world.allocation.case.pk])
    (reason,) = explain(partner, [world.child.pk])[world.child.pk]
    assert not reason.whole


def test_a_partner_follows_their_own_referral_until_its_case_closes(world: World) -> None:
    intake = build.make("front_door.Intake", referrer_agency=world.police)
    contact = build.make("front_door.Contact", person=world.child, intake=intake)
    values = {"contact": contact, "case": world.allocation.case}
    referral = build.make("front_door.Referral", person=world.child, **values)
    assert sees(world.partner, world.child)
    assert visible(build.fresh(world.partner), type(referral), [referral.pk])
    assert not visible(build.fresh(world.partner), "cases_case", [world.allocation.case.pk])
    world.allocation.case.end_date, world.allocation.case.closure_reason = TODAY, "RC1"
    build.save(world.allocation.case)
    assert not sees(world.partner, world.child)


def test_a_partner_who_is_asked_sees_the_contact_until_it_is_decided(world: World) -> None:
    intake = build.make("front_door.Intake")
    contact = build.make("front_door.Contact", person=world.child, intake=intake)
    assert not sees(world.partner, world.child)
    build.make("front_door.AgencyCheck", intake=intake, organisation=world.police)
    assert visible(build.fresh(world.partner), type(contact), [contact.pk])
    contact.outcome, contact.outcome_date, contact.decided_by = "NFA", TODAY, world.worker.worker
    build.save(contact)
    assert not sees(world.partner, world.child)


def chaired(world: World, day: date) -> tuple[User, date, date]:
    chair = build.worker("chair", "independent_chair")
    meeting = build.make("child_protection.Conference", chair=chair, conference_date=day)
    build.make("child_protection.ConferenceChild", person=world.child, conference=meeting)
    return build.user("conference_chair", chair), day, day.replace(year=day.year + 1)


def reviewed(world: World, day: date) -> tuple[User, date, date]:
    chair = build.worker("officer", "independent_chair")
    build.make("looked_after.Review", person=world.child, chair=chair, review_date=day)
    return build.user("conference_chair", chair), day, day.replace(year=day.year + 1)


def allocated(world: World, day: date) -> tuple[User, date, date]:
    end = day + MONTH
    world.allocation.start_date, world.allocation.end_date = day, end
    world.allocation.case.start_date = day
    build.save(world.allocation.case)
    build.save(world.allocation)
    return world.worker, day, end


def of_the_team(world: World, day: date) -> tuple[User, date, date]:
    _, start, end = allocated(world, day)
    # Left open without its allocation, the case would be seen again, as one that waits to be allocated.
    world.allocation.case.end_date, world.allocation.case.closure_reason = end, "RC1"
    build.save(world.allocation.case)
    return world.manager, start, end


def sharing(world: World, day: date) -> tuple[User, date, date]:
    end = day + MONTH
    values = {"start_date": day, "end_date": end}
    build.make("restrictions.SharingDecision", person=world.child, partner=world.police, **values)
    return world.partner, day, end


def member(world: World, day: date) -> tuple[User, date, date]:
    end = day + MONTH
    values = {"start_date": day, "end_date": end, "worker": world.service_manager.worker}
    seal = build.make("restrictions.Seal", person=world.child, policy="masked", start_date=day)
    build.make("restrictions.SealMember", seal=seal, **values)
    return world.service_manager, day, end


@pytest.mark.parametrize("reason", [chaired, reviewed, allocated, of_the_team, sharing, member])
def test_each_reason_begins_and_ends_by_itself(world: World, reason: Any) -> None:
    who, start, end = reason(world, TODAY + MONTH)
    for day, seen in ((start - timedelta(days=1), False), (start, True), (end - timedelta(days=1), True), (end, False)):
        found = visible_rows(build.fresh(who), Person, day).filter(pk=world.child.pk).exists()
        assert found is seen, day
        assert bool(explain(build.fresh(who), [world.child.pk], day)) is seen, day
    words = explain(build.fresh(who), [world.child.pk], start)[world.child.pk]
    assert all(each.words.endswith(".") and each.ends for each in words)


def test_every_reason_says_when_it_ends() -> None:
    for reason in declared_reasons():
        assert reason.words.endswith(".")
        assert reason.ends or reason.ending.startswith("It ends")


def test_an_analyst_is_told_that_it_is_their_role(world: World) -> None:
    (reason,) = explain(world.analyst, [world.child.pk])[world.child.pk]
    assert reason.words == "Your role opens every list."
    assert why(world.analyst, [world.child.pk]) == {}


def test_what_was_found_is_forgotten_with_the_next_write(world: World) -> None:
    worker = build.fresh(world.worker)
    assert visible_rows(worker, Person).filter(pk=world.child.pk).exists()
    world.allocation.end_date = TODAY
    build.save(world.allocation)
    assert not visible_rows(worker, Person).filter(pk=world.child.pk).exists()
