"""Children whom systems named and who may be known: shown with those who are like them, as far as the reader may know of these."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client as Browser

from sightline.core.access.models import User
from sightline.core.audit.models import Entry
from sightline.core.partners.models import SubmittedChild
from sightline.core.partners.to_match import to_match
from sightline.core.people.models import Judgement, Person, PersonName
from sightline.engine.actions.engine import perform

from .world import BORN, TODAY, World, contact, make

ADDRESS = "/work/contacts/match"


@pytest.fixture
def sent(world: World) -> Any:
    """A child of the name and birth of one who is known, sent without a number; the officer sees the known child, too."""
    case = make("cases.Case", agency=world.authority, person=world.known, service="social_care", start_date=TODAY)
    held = {"agency": world.authority, "person": world.known, "case": case, "team": world.team, "start_date": TODAY}
    make("cases.Allocation", **held, worker=world.officer.worker)
    name = PersonName.objects.get(person=world.known)
    child = {
        "forename": name.forename,
        "surname": name.surname,
        "birth_date": BORN.isoformat(),
        "presenting_issue": "NEGLECT",
    }
    answer = world.police.call("POST", "/contacts", contact(child))
    assert answer.status_code == 201, answer.content
    return SubmittedChild.objects.get().person


def test_shows_the_likely_people_and_is_audited(world: World, sent: Any) -> None:
    [one] = to_match(world.officer)
    assert (one.child, [hit.person for hit in one.alike.hits], one.agency) == (sent, [world.known.pk], "police")
    browser = Browser()
    browser.force_login(world.officer)
    text = browser.get(ADDRESS).content.decode()
    assert f"/people/{world.known.pk}" in text and "Ask your manager" in text
    assert {sent.pk, world.known.pk} <= set(Entry.objects.get(what="list", about="children to match").details["people"])


def test_kept_as_new_is_asked_about_no_more(world: World, sent: Any) -> None:
    browser = Browser()
    browser.force_login(world.officer)
    assert browser.post(f"{ADDRESS}/{sent.pk}", {"looked_at": str(world.sealed.pk)}).status_code == 302
    assert len(to_match(world.officer)) == 1, "somebody who was not looked at"
    browser.post(f"{ADDRESS}/{sent.pk}", {"looked_at": str(world.known.pk)})
    assert Judgement.objects.get().person_id == sent.pk
    assert to_match(world.officer) == []
    assert browser.post(f"{ADDRESS}/{sent.pk}", {"looked_at": str(world.known.pk)}).status_code == 404


def test_matched_leads_to_the_known_person(world: World, sent: Any) -> None:
    manager = User.objects.create(username="manager", role="team_manager", worker=world.officer.worker)
    browser = Browser()
    browser.force_login(manager)
    assert f"/{world.known.pk}/{sent.pk}" in browser.get(ADDRESS).content.decode()
    values = {"person": world.known.pk, "gone": sent.pk, "reason": "One child"}
    perform("people.merge", by=manager, because="One child", values=values)
    assert to_match(User.objects.get(pk=manager.pk)) == []


def test_whoever_is_like_nobody_but_a_sealed_child_is_on_no_list(world: World, sent: Any) -> None:
    world.seal(world.known, "hidden")
    officer = User.objects.get(pk=world.officer.pk)
    assert to_match(officer) == []
    assert Person.objects.filter(pk=sent.pk).exists()
    browser = Browser()
    browser.force_login(officer)
    assert browser.post(f"{ADDRESS}/{sent.pk}", {"looked_at": ""}).status_code == 404
