"""A county that sends, and a stand-in for the Department's service on this machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from threading import Thread
from typing import Any

import pytest

from sightline.core.access.models import User
from sightline.engine.social_care_api.client import Client
from sightline.engine.social_care_api.configuration import VERSION, Connection
from sightline.engine.social_care_api.receiver import TOKEN, Receiver, server
from sightline.engine.social_care_api.schema import Schema, schema_of
from sightline.engine.social_care_api.send import Request, Sent, send

from .county import AREA, LA_CODE, TODAY, County

Sending = Callable[..., Sent]


@pytest.fixture
def analyst(db: None) -> User:
    return User.objects.create(username="analyst", role="performance_analyst")


@pytest.fixture
def county(make: Any, change: Any) -> County:
    """Writes records of invented children."""
    return County(make, change)


@pytest.fixture
def schema() -> Schema:
    return schema_of(VERSION)


@pytest.fixture
def receivers(schema: Schema) -> Iterator[Callable[[], tuple[Receiver, str]]]:
    """Starts receivers: each with its address, and gone at the end of the test."""
    running = []

    def start() -> tuple[Receiver, str]:
        receiver = Receiver(schema, "client", "secret", "key")
        listening = server(receiver)
        running.append(listening)
        Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return receiver, f"http://127.0.0.1:{listening.server_port}"

    yield start
    for listening in running:
        listening.shutdown()
        listening.server_close()


@pytest.fixture
def service(receivers: Any) -> tuple[Receiver, str]:
    started: tuple[Receiver, str] = receivers()
    return started


@pytest.fixture
def receiver(service: tuple[Receiver, str]) -> Receiver:
    return service[0]


def connected(address: str, **more: Any) -> Connection:
    given = {"client_id": "client", "client_secret": "secret", "supplier_key": "key", "scope": "all"} | more
    return Connection(address, f"{address}{TOKEN}", **given)


def client_of(address: str, **more: Any) -> Client:
    """A client that does not pause before it tries again."""
    return Client(connected(address, **more), LA_CODE, pause=0)


@pytest.fixture
def client(service: tuple[Receiver, str]) -> Client:
    return client_of(service[1])


@pytest.fixture
def sending(analyst: User, client: Client) -> Sending:
    """Sends what has changed; `whole=True`: everything."""

    def run(client: Client = client, **more: Any) -> Sent:
        return send(Request(**{"user": analyst, "whole": False, "area": AREA, "as_at": TODAY} | more), client)

    return run


@pytest.fixture
def sent(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What the service was sent, child by child."""
    seen: list[dict[str, Any]] = []
    takes = receiver._takes

    def noted(record: Any) -> bool:
        seen.append(record)
        return takes(record)

    monkeypatch.setattr(receiver, "_takes", noted)
    return seen
