"""What an agency reads: what was shared with it, nothing of others', nothing sealed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sightline.core.audit.record import about_person
from sightline.core.partners.models import Event

from .world import TODAY, System, World, contact, make, named


def _pages(system: System, address: str, limit: int = 2) -> list[Any]:
    items, cursor = [], ""
    while True:
        page = system.call("GET", f"{address}?limit={limit}{f'&cursor={cursor}' if cursor else ''}").json()
        items += page["items"]
        if not page["next_cursor"]:
            return items
        cursor = page["next_cursor"]


def _history(world: World, person: Any) -> None:
    for number in range(3):
        spell = {"start_date": TODAY - timedelta(days=9 - number), "end_date": TODAY - timedelta(days=8 - number)}
        make("people.Role", agency=world.authority, person=person, role="child", **spell)
    case = make("cases.Case", agency=world.authority, person=person, service="social_care", start_date=TODAY)
    make("cases.Allocation", agency=world.authority, person=person, case=case, team=world.team, start_date=TODAY)


def test_only_the_agency_it_is_shared_with_reads_it_and_only_the_parts_named(world: World) -> None:
    _history(world, world.known)
    share = world.share(world.known, world.police.client.agency, "people")
    (item,) = _pages(world.police, "/shared")
    assert (item["person"]["reference"], item["parts"]) == (world.known.pk, ["people"])
    assert item["person"]["names"][0]["forename"] == "Known"
    records = _pages(world.police, f"/shared/{share.pk}/records")
    assert [each["table"] for each in records] == ["people_identifier", "people_personname", *["people_role"] * 3] or {
        each["table"] for each in records
    } == {"people_identifier", "people_personname", "people_role"}
    assert len({(each["table"], each["number"]) for each in records}) == len(records)
    assert _pages(world.health, "/shared") == []
    assert world.health.call("GET", f"/shared/{share.pk}/records").status_code == 404


def test_reading_is_in_the_list_of_who_looked_at_the_child(world: World) -> None:
    share = world.share(world.known, world.police.client.agency, "people")
    world.police.call("GET", f"/shared/{share.pk}/records")
    entries = about_person(world.known.pk).filter(who=world.police.user.username)
    assert entries.filter(what="read", purpose="shared by a decision").exists()


def test_an_ended_decision_shares_nothing_more(world: World) -> None:
    share = make("restrictions.SharingDecision", agency=world.authority, person=world.known, partner=world.police.client.agency,
                 purpose="x", lawful_basis="PUBLIC_TASK", start_date=TODAY - timedelta(days=9), end_date=TODAY - timedelta(days=1))  # fmt: skip
    make("restrictions.SharedStream", agency=world.authority, decision=share, stream="people")
    assert _pages(world.police, "/shared") == []
    assert world.police.call("GET", f"/shared/{share.pk}/records").status_code == 404


def test_a_sealed_child_is_nowhere(world: World) -> None:
    before = {path: world.police.call("GET", path).content for path in ("/shared", "/decisions")}
    share = world.share(world.sealed, world.police.client.agency, "people", "cases")
    missing = world.police.call("GET", "/shared/987654321/records")
    found = world.police.call("GET", f"/shared/{share.pk}/records")
    assert (found.status_code, found.content) == (missing.status_code, missing.content)
    assert {path: world.police.call("GET", path).content for path in before} == before


def test_what_was_told_of_is_told_no_more_once_sealed(world: World) -> None:
    world.share(world.known, world.police.client.agency, "people")
    assert len(_pages(world.police, "/decisions")) == 1
    world.seal(world.known)
    assert _pages(world.police, "/decisions") == []


def test_decisions_are_listed_once_in_order_and_only_to_the_agency(world: World) -> None:
    for number in range(3):
        world.share(world.known, world.police.client.agency, "people")
        assert Event.objects.count() == number + 1
    told = _pages(world.police, "/decisions")
    assert [each["kind"] for each in told] == ["record.shared"] * 3
    assert len({each["id"] for each in told}) == 3
    assert _pages(world.health, "/decisions") == []


def test_a_contact_about_a_shared_child_opens_nothing_to_another_agency(world: World) -> None:
    reference = world.police.call("POST", "/contacts", contact(named("Known", "9990000018"))).json()["reference"]
    share = world.share(world.known, world.health.client.agency, "people")
    assert "contact" not in world.health.call("GET", f"/shared/{share.pk}/records").content.decode()
    assert world.health.call("GET", f"/contacts/{reference}").status_code == 404
