"""What a webhook is sent: signed, again until it arrives, and never a word about anybody."""

from __future__ import annotations

import json
import socket
import threading
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from sightline.core.partners import deliver as partner_delivery
from sightline.core.partners import outgoing, signing
from sightline.core.partners.deliver import GIVE_UP_AFTER, deliver, pause_after
from sightline.core.partners.models import Delivery, Event

from .world import World, faults

URL = "https://hooks.example.org/sightline"


class Receiver:
    """Somebody's server: what it was sent, and what it answers next."""

    def __init__(self, *answers: Any) -> None:
        self.answers, self.got = list(answers), list[tuple[str, bytes, dict[str, str]]]()

    def __call__(self, url: str, body: bytes, headers: dict[str, str]) -> int:
        assert not connection.in_atomic_block or connection.savepoint_ids is not None
        self.got.append((url, body, headers))
        answer = self.answers.pop(0) if self.answers else 200
        if isinstance(answer, BaseException):
            raise answer
        return answer


def _hook(world: World) -> str:
    answer = world.police.call("POST", "/webhooks", {"url": URL, "kinds": ["record.shared", "contact.decided"]})
    assert answer.status_code == 201, answer.content
    return answer.json()["secret"]


def test_a_delivery_is_signed_and_names_nobody(world: World) -> None:
    secret = _hook(world)
    share = world.share(world.known, world.police.client.agency, "people")
    receiver = Receiver()
    assert deliver(receiver) == 1
    ((url, body, headers),) = receiver.got
    told = json.loads(body)
    assert url == URL and set(told) == {"id", "kind", "reference", "at"}
    assert (told["kind"], told["reference"]) == ("record.shared", str(share.pk))
    now = int(timezone.now().timestamp())
    header = headers[signing.HEADER]
    assert signing.holds(secret, header, body, now)
    assert not signing.holds(secret, header, body + b" ", now)
    assert not signing.holds("other", header, body, now)
    assert not signing.holds(secret, header, body, now + signing.WINDOW + 2)
    assert not signing.holds(secret, "t=x,v1=", body, now)
    assert deliver(receiver) == 0


def test_it_is_sent_again_with_growing_pauses_until_it_arrives(world: World) -> None:
    _hook(world)
    world.share(world.known, world.police.client.agency, "people")
    receiver = Receiver(500, outgoing.NotSent("no answer"), 302, 204)
    for attempt in (1, 2, 3):
        assert deliver(receiver) == 0
        held = Delivery.objects.get()
        assert (held.attempts, held.delivered_at) == (attempt, None)
        assert held.next_at > timezone.now() + timedelta(seconds=20)
        Delivery.objects.update(next_at=timezone.now())
    assert deliver(receiver) == 1
    assert len({body for _, body, _ in receiver.got}) == 1
    assert pause_after(5) > pause_after(2)
    assert pause_after(40) <= timedelta(hours=7.2)


def test_after_three_days_it_is_given_up(world: World) -> None:
    _hook(world)
    world.share(world.known, world.police.client.agency, "people")
    Event.objects.update(at=timezone.now() - GIVE_UP_AFTER - timedelta(minutes=1))
    assert deliver(Receiver(500)) == 0
    assert Delivery.objects.get().given_up_at is not None


def test_nothing_is_sent_of_a_decision_that_did_not_come_about(world: World) -> None:
    _hook(world)
    with pytest.raises(RuntimeError), transaction.atomic():
        world.share(world.known, world.police.client.agency, "people")
        raise RuntimeError
    assert not Delivery.objects.exists() and not Event.objects.exists()


def test_what_may_no_longer_be_told_is_not_sent(world: World) -> None:
    _hook(world)
    world.share(world.sealed, world.police.client.agency, "people")
    receiver = Receiver()
    deliver(receiver)
    assert receiver.got == []
    hook = world.police.call("GET", "/webhooks").json()["items"][0]["id"]
    assert world.health.call("DELETE", f"/webhooks/{hook}").status_code == 404
    assert world.police.call("DELETE", f"/webhooks/{hook}").status_code == 204
    world.share(world.known, world.police.client.agency, "people")
    assert deliver(receiver) == 0 and receiver.got == []


class TestSeveralSenders:
    def test_of_two_at_once_one_sends(self, world: World) -> None:
        _hook(world)
        world.share(world.known, world.police.client.agency, "people")
        receiver = Receiver()
        settings = {key: value for key, value in connection.get_connection_params().items() if key != "cursor_factory"}
        with psycopg.connect(**{**settings, "context": None}) as other:
            other.execute("SELECT pg_advisory_lock(%s)", [partner_delivery._LOCK])
            assert deliver(receiver) == 0
            assert receiver.got == []
            other.execute("SELECT pg_advisory_unlock(%s)", [partner_delivery._LOCK])
            assert deliver(receiver) == 1

    def test_what_was_being_sent_when_its_sender_died_is_left_alone_for_a_while(self, world: World) -> None:
        _hook(world)
        world.share(world.known, world.police.client.agency, "people")
        with pytest.raises(KeyboardInterrupt):
            deliver(Receiver(KeyboardInterrupt()))
        receiver = Receiver()
        assert deliver(receiver) == 0
        Delivery.objects.update(next_at=timezone.now())
        assert deliver(receiver) == 1


class TestBesideTheServer:
    def test_a_failure_is_logged_without_its_words_and_does_not_end_it(
        self, db: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        stop, rounds = threading.Event(), []

        def fails(*_given: Any) -> int:
            rounds.append(1)
            if len(rounds) == 2:
                stop.set()
                return 0
            raise OperationalError("https://hooks.example.org is secret")

        monkeypatch.setattr(partner_delivery, "deliver", fails)
        monkeypatch.setattr(partner_delivery, "AFTER_FAILURE", 0.0)
        monkeypatch.setattr(partner_delivery, "connection", SimpleNamespace(close=lambda: None))
        monkeypatch.setattr(partner_delivery, "close_old_connections", lambda: None)
        partner_delivery.keep_delivering(stop, pause=0.0)
        assert len(rounds) == 2
        assert "could not be delivered (OperationalError)" in caplog.text
        assert "example.org" not in caplog.text

    def test_it_is_stopped_between_two_deliveries(self, world: World) -> None:
        _hook(world)
        for person in (world.known, world.sealed):
            world.share(person, world.police.client.agency, "people")
        stop = threading.Event()

        def stops(url: str, body: bytes, headers: dict[str, str]) -> int:
            stop.set()
            return 200

        deliver(stops, stop)
        assert Delivery.objects.filter(attempts=0).count() == 1


@pytest.mark.parametrize(
    "url",
    [
        *(
            "http://hooks.example.org/",
            "https://localhost/",
            "https://127.0.0.1/",
            "https://[::1]/",
            "https://10.0.0.1/",
        ),
        *("https://2130706433/", "https://0x7f.1/", "https://127.1/", "https://server/", "https://a.internal/"),
        *(
            "https://user:pw@hooks.example.org/",
            "https://hooks.example.org:22/",
            "https://hooks.example.org/#x",
            "x",
            "https://",
        ),
        *(
            "https://hooks.example.org/\r\nHost: a",
            "https://hooks.example.org:99999/",
            "https://[",
            "https://ex\u200bample.org/",
        ),
    ],
)
def test_addresses_that_are_not_taken(world: World, url: str) -> None:
    answer = world.police.call("POST", "/webhooks", {"url": url, "kinds": ["record.shared"]})
    assert answer.status_code == 422 and "url" in faults(answer)


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "10.1.2.3", "169.254.169.254", "::1", "fd00::1", "::ffff:10.0.0.1", "224.0.0.1", "0.0.0.0"]
)
def test_a_name_that_leads_to_a_private_address_is_not_connected_to(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    found = [(0, 0, 0, "", ("93.184.216.34", 443)), (0, 0, 0, "", (address, 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: found)
    monkeypatch.setattr(socket, "create_connection", lambda *a, **k: pytest.fail("it connected"))
    with pytest.raises(outgoing.NotSent, match="private"):
        outgoing.post(URL, b"", {})
