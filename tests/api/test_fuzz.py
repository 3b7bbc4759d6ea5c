"""Messages made from the description of the API, good and bad: never a fault of ours, and answers as described."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from .world import World

_CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


@contextmanager
def _one_connection() -> Iterator[None]:
    """The server closes its connection between requests; here it is the test's. Django's own test client does the same for each of its calls."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in signals:
            signal.connect(close_old_connections)


def _fuzz(world: World, seconds: float) -> int:
    """Call every operation in turn with what the description allows and what it does not, until the time is over. How many calls were made."""
    world.share(world.known, world.police.client.agency, "people", "cases", "contacts")
    headers = {"Authorization": f"Bearer {world.police.token()}"}
    with _one_connection():
        described = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", WSGIHandler())
        ends, calls = time.monotonic() + seconds, 0
        modes = (schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE)
        operations = [found.ok() for found in described.get_all_operations()]
        while time.monotonic() < ends:
            for operation in operations:
                for mode in modes if time.monotonic() < ends else ():
                    calls += _some(operation, mode, headers, ends)
        return calls


def _some(operation: Any, mode: Any, headers: dict[str, str], ends: float) -> int:
    made = [0]
    kept = {
        HealthCheck.too_slow,
        HealthCheck.filter_too_much,
        HealthCheck.data_too_large,
        HealthCheck.function_scoped_fixture,
    }

    @settings(max_examples=8, deadline=None, suppress_health_check=list(kept), phases=[Phase.generate], database=None)
    @given(case=operation.as_strategy(generation_mode=mode))
    def one(case: Any) -> None:
        if time.monotonic() > ends:
            return
        made[0] += 1
        case.call_and_validate(headers=headers, checks=_CHECKS)

    with suppress(Unsatisfiable):  # An operation that is asked nothing cannot be asked it wrongly.
        one()
    return made[0]


def test_a_short_run(world: World) -> None:
    assert _fuzz(world, 20) > 20


@pytest.mark.long
def test_ten_minutes(world: World) -> None:
    assert _fuzz(world, 600) > 1000
