"""Chromium, and the application on a port of this machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from ..conftest import Partnership


@pytest.fixture(scope="package")
def browser(chromium: Callable[[], AbstractContextManager[Browser]]) -> Iterator[Browser]:
    """One Chromium for all tests of pages."""
    with chromium() as launched:
        yield launched


@pytest.fixture(scope="package")
def served(partnership: Partnership) -> Iterator[str]:
    """The address of the application, in a thread of this process on the tests' own database."""
    server = LiveServer("127.0.0.1")
    yield server.url
    server.stop()
