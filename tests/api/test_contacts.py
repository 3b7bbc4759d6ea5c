"""Sending contacts: what is written, who is matched, what is told, and what is never told."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.utils import timezone

from sightline.core.access.visibility import visible
from sightline.core.audit.models import Entry
from sightline.core.finding.suspects import suspects
from sightline.core.partners.models import Submission, SubmittedChild
from sightline.core.people.models import Judgement, Person
from sightline.engine.actions.engine import perform, version

from .world import TODAY, World, contact, faults, make, named


def _intake(reference: str) -> Any:
    return apps.get_model("front_door.Intake")._default_manager.get(
        pk=Submission.objects.get(reference=reference).record_id
    )


def test_a_contact_reaches_the_front_door_with_every_child(world: World) -> None:
    two = contact(
        named("Known", "9990000018"),
        {**named("Newcomer", "9990000034"), "address": "1 Nowhere", "postcode": "ZZ99 9ZZ"},
    )
    answer = world.police.call("POST", "/contacts", two)
    assert answer.status_code == 201, answer.content
    intake = _intake(answer.json()["reference"])
    assert (intake.team, intake.source, intake.referrer_agency) == (world.team, "6", world.police.client.agency)
    assert (intake.referrer_name, intake.method, intake.agency) == ("A. Officer", "FORM", world.police.client.agency)
    people = set(
        apps.get_model("front_door.Contact")._default_manager.filter(intake=intake).values_list("person", flat=True)
    )
    assert world.known.pk in people and len(people) == 2
    assert people <= visible(world.officer, Person, people)


def test_a_notification_says_what_happened_and_when(world: World) -> None:
    sent = contact(
        happened="Police attended",
        happened_on="2016-05-31",
        consent="NOT_SOUGHT",
        consent_reason="Unsafe",
        lawful_basis="PUBLIC_TASK",
    )
    answer = world.police.call("POST", "/notifications", sent)
    assert answer.status_code == 201, answer.content
    intake = _intake(answer.json()["reference"])
    assert intake.method == "NOTIFICATION"
    assert intake.narrative.startswith("Police attended (31 May 2016).")


def test_only_a_number_and_the_same_birth_are_certain(world: World) -> None:
    other_birth = {**named("Known", "9990000018"), "birth_date": "2014-05-07"}
    world.police.call("POST", "/contacts", contact(other_birth))
    found = SubmittedChild.objects.get()
    assert found.person_id != world.known.pk and not found.matched and found.to_check


def test_a_child_registered_anew_is_a_suspect_for_whoever_sees_both(world: World) -> None:
    without_number = {key: value for key, value in named("Known", "").items() if key != "nhs_number"}
    world.police.call("POST", "/contacts", contact(without_number))
    new = SubmittedChild.objects.get().person_id
    assert not Judgement.objects.exists()
    make("front_door.Contact", agency=world.authority, person=world.known, contact_date=TODAY, source="6", presenting_issue="OTHER",
         intake=make("front_door.Intake", agency=world.authority, received_date=TODAY, source="6", team=world.team))  # fmt: skip
    assert {(one.one, one.other) for one in suspects(world.officer)} == {(world.known.pk, new)}


def test_the_answer_is_the_same_for_known_new_and_sealed_children(world: World) -> None:
    answers = []
    for name, number in (("Known", "9990000018"), ("Sealed", "9990000026"), ("Nobody", "9990000042")):
        answer = world.police.call("POST", "/contacts", contact(named(name, number)))
        told = answer.json()
        reference = told.pop("reference")
        state = world.police.call("GET", f"/contacts/{reference}").json()
        assert state.pop("reference") == reference
        answers.append((answer.status_code, told, state))
    assert answers[0] == answers[1] == answers[2]
    assert world.sealed.pk not in set(SubmittedChild.objects.values_list("person_id", flat=True))


def test_a_child_who_died_is_not_given_away_by_a_refusal(world: World) -> None:
    world.known.death_date = TODAY - timedelta(days=100)
    with_death = perform(
        "people.correct",
        by=_system(world),
        because="test",
        values={"death_date": world.known.death_date},
        record=world.known,
    )
    assert with_death.record.death_date
    assert world.police.call("POST", "/contacts", contact(named("Known", "9990000018"))).status_code == 201


def _system(world: World) -> Any:
    from sightline.engine.actions.engine import System

    return System("test", world.authority.pk)


def test_state_and_feedback_are_told_to_the_agency_that_sent_it_and_to_no_other(world: World) -> None:
    reference = world.police.call("POST", "/contacts", contact()).json()["reference"]
    intake = _intake(reference)
    assert world.police.call("GET", f"/contacts/{reference}").json()["state"] == "received"
    foreign = world.health.call("GET", f"/contacts/{reference}")
    missing = world.health.call("GET", f"/contacts/{'0' * 32}")
    assert foreign.status_code == missing.status_code == 404
    assert foreign.content == missing.content
    row = {
        "person": SubmittedChild.objects.get().person_id,
        "outcome": "ADVICE",
        "threshold_level": "2",
        "decision_reason": "Weighed.",
    }
    perform(
        "front_door.decide_contacts",
        by=_system(world),
        because="Decide",
        record=intake,
        values={"decided_date": TODAY, "children": [row]},
    )
    assert world.police.call("GET", f"/contacts/{reference}").json()["state"] == "decided"
    told = {"feedback_date": TODAY, "feedback_method": "PORTAL", "feedback": "Advice was given."}
    perform(
        "front_door.send_feedback", by=world.officer, because="Tell", record=intake, values=told, seen=version(intake)
    )
    state = world.police.call("GET", f"/contacts/{reference}").json()
    assert (state["state"], state["feedback"]) == ("answered", "Advice was given.")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"unknown": 1}, "unknown"),
        ({"priority": "BLUE"}, "priority"),
        ({"narrative": "\x00"}, "narrative"),
        ({"narrative": ""}, "narrative"),
        ({"children": []}, "children"),
        ({"consent": "NOT_SOUGHT", "lawful_basis": "PUBLIC_TASK"}, "consent_reason"),
        ({"children": [{**named("New", "9990000019")}]}, "children.0.nhs_number"),
        (
            {"children": [{**named("New", "9990000034"), "birth_date": (TODAY + timedelta(days=1)).isoformat()}]},
            "children.0.birth_date",
        ),
        ({"children": [{**named("New", "9990000034"), "birth_date": "31/05/2016"}]}, "children.0.birth_date"),
        ({"children": [{**named("New", "9990000034"), "presenting_issue": "X"}]}, "children.0.presenting_issue"),
        (
            {"children": [{**named("New", "9990000034"), "postcode": "ZZ99 9ZZ", "favourite": 1}]},
            "children.0.favourite",
        ),
        ({"children": [named("Known", "9990000018"), named("Known", "9990000018")]}, "children.1"),
        ({"referrer": {"name": "A"}}, "referrer.role"),
    ],
)
def test_what_does_not_hold_is_named_by_field_and_nothing_is_written(
    world: World, change: dict[str, Any], field: str
) -> None:
    people = Person.objects.count()
    answer = world.police.call("POST", "/contacts", contact(**change))
    assert answer.status_code == 422, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    assert field in faults(answer)
    assert (Person.objects.count(), Submission.objects.count()) == (people, 0)
    assert Entry.objects.latest("id").details["status"] == 422


def test_what_cannot_be_read_is_refused(world: World) -> None:
    from django.test import Client as Browser

    headers = {"Authorization": f"Bearer {world.police.token()}", "Idempotency-Key": "k"}

    def post(data: str, kind: str = "application/json") -> Any:
        return Browser().generic("POST", "/api/v1/contacts", data, content_type=kind, headers=headers)

    assert post("{").status_code == 400
    assert post("[" * 100_000).status_code == 400
    assert post("[]").status_code == 422
    assert post("{}", "text/plain").status_code == 415
    assert post(" " * 300_000).status_code == 413
    assert world.police.call("GET", "/shared?other=1").status_code == 400
    assert world.police.call("PUT", "/contacts", {}).status_code == 405


def test_every_call_is_audited_with_its_client(world: World) -> None:
    reference = world.police.call("POST", "/contacts", contact()).json()["reference"]
    entry = Entry.objects.filter(what="partner call", about="POST /api/v1/contacts").get()
    assert (entry.who, entry.details["reference"]) == (world.police.user.username, reference)
    assert entry.details["client"] == world.police.client.client_id
    assert Entry.objects.filter(
        what="write", about="front_door.take_contact", who=entry.who, request=entry.request
    ).exists()
    assert timezone.localdate(entry.at) == TODAY
