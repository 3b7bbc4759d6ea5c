"""A message sent twice is taken once, and a client that calls too often waits."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from sightline.core.audit.models import Entry
from sightline.core.partners.models import IdempotencyKey, Submission

from .world import World, contact


def test_the_same_message_under_one_key_gives_the_same_answer(world: World) -> None:
    first = world.police.call("POST", "/contacts", contact(), key="one")
    again = world.police.call("POST", "/contacts", dict(reversed(contact().items())), key="one")
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    assert again["Idempotent-Replay"] == "true"
    assert Submission.objects.count() == 1
    assert Entry.objects.filter(what="partner call", details__replayed=True).count() == 1


def test_another_message_under_the_key_is_refused(world: World) -> None:
    world.police.call("POST", "/contacts", contact(), key="one")
    assert world.police.call("POST", "/contacts", contact(narrative="Else."), key="one").status_code == 409
    assert Submission.objects.count() == 1


def test_a_key_is_the_clients_own_and_ends_after_seven_days(world: World) -> None:
    first = world.police.call("POST", "/contacts", contact(), key="one").json()
    assert world.health.call("POST", "/contacts", contact(), key="one").json()["reference"] != first["reference"]
    IdempotencyKey.objects.update(made_at=timezone.now() - timedelta(days=8))
    assert world.police.call("POST", "/contacts", contact(), key="one").json()["reference"] != first["reference"]


def test_a_refused_message_leaves_its_key_free(world: World) -> None:
    assert world.police.call("POST", "/contacts", contact(priority="BLUE"), key="one").status_code == 422
    assert world.police.call("POST", "/contacts", contact(), key="one").status_code == 201


def test_a_key_is_needed(world: World) -> None:
    from django.test import Client as Browser

    headers = {"Authorization": f"Bearer {world.police.token()}"}
    answer = Browser().post("/api/v1/contacts", contact(), content_type="application/json", headers=headers)
    assert answer.status_code == 422


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_under_one_key_one_is_taken(world: World) -> None:
    world.police.token()

    def send(_: int) -> Any:
        try:
            return world.police.call("POST", "/contacts", contact(), key="one")
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(send, range(4)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["reference"] for answer in answers}) == 1
    assert Submission.objects.count() == 1


def test_too_many_calls_in_a_minute_wait(world: World) -> None:
    world.police.client.per_minute = 3
    world.police.client.save()
    answers = [world.police.call("GET", "/decisions") for _ in range(8)]
    refused = [answer for answer in answers if answer.status_code == 429]
    assert 2 <= len(refused) <= 5  # A minute may turn over in between.
    assert 1 <= int(refused[0]["Retry-After"]) <= 60
    assert Entry.objects.filter(what="refused", details__status=429).exists()
    assert world.health.call("GET", "/decisions").status_code == 200
