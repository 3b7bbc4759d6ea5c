"""Chromium, and the application on a port of this machine."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright
from pytest_django.live_server_helper import LiveServer

from ..conftest import Partnership

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests."""
    if CHROMIUM is None:
        pytest.skip("no Chromium is installed")
    # Playwright keeps an event loop in this thread, in which Django would refuse the database to the fixtures' own teardown.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield found
        found.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="package")
def served(partnership: Partnership) -> Iterator[str]:
    """The address of the application, in a thread of this process on the tests' own database."""
    server = LiveServer("127.0.0.1")
    yield server.url
    server.stop()
