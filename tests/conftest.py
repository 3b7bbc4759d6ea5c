"""What every test stands on: a PostgreSQL of their own, started when the first test asks for a database and gone afterwards."""

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles import finders
from django.db import connections
from hypothesis import settings as hypothesis_settings
from playwright.sync_api import Browser, ConsoleMessage, Route, sync_playwright
from psycopg.conninfo import conninfo_to_dict
from xdist.scheduler import LoadScopeScheduling

from sightline.core.organisations.models import Organisation
from sightline.core.records.writing import writing
from sightline.runtime import postgres

# An operator's server to test on instead of the embedded one: an empty one, whose user may create databases.
OTHER_SERVER = "SIGHTLINE_TEST_DATABASE_URL"

# Every change is judged by the same cases: what chance finds, the long run finds, and it becomes a test of its own (decision 0028).
hypothesis_settings.register_profile("default", deadline=None, max_examples=50, derandomize=True)
hypothesis_settings.register_profile("long", deadline=None, max_examples=2000)
hypothesis_settings.load_profile("default")


def pytest_configure(config: pytest.Config) -> None:
    """Settings that only make tests quicker or free of built files."""
    if sys.dont_write_bytecode:
        _compile_once(config.rootpath / ".pytest_cache" / "compiled")
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    # Tests take styles and scripts from the sources; what serves the collected ones warns at every start where there is no such folder.
    settings.STATIC_ROOT = config.rootpath / ".pytest_cache" / "static"
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)


def _compile_once(folder: Path) -> None:
    """Where Python may leave nothing beside the sources, what it compiles goes to a folder of the tests' own: many tests start a program, and would
    each wait for all of it to be compiled anew.
    """
    sys.dont_write_bytecode, sys.pycache_prefix = False, str(folder)
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["PYTHONPYCACHEPREFIX"] = str(folder)


class ByFolder(LoadScopeScheduling):  # type: ignore[misc]
    """Of two workers, one has all the tests of a folder: they share what they set up, and nothing of it is left behind for the next folder.

    The marks that pytest-xdist 3.8 has for it are written where pytest 9.2 no longer looks.
    """

    def _split_scope(self, nodeid: str) -> str:
        return Path(nodeid.partition("::")[0]).parts[1]


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFolder:
    """How tests are dealt out to workers."""
    return ByFolder(config, log)


@pytest.fixture(scope="session")
def database_server() -> Iterator[dict[str, str]]:
    """A server for this test run, as Django's settings name it; never the one that holds the demonstration or real data."""
    url = os.environ.get(OTHER_SERVER)
    if url:
        parts = conninfo_to_dict(url)
        names = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
        yield {setting: str(parts.get(name) or "") for name, setting in names.items()}
        return
    with postgres.throwaway() as cluster:
        yield {"PASSWORD": "", **cluster.address().django()}


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    database_server: dict[str, str], django_db_modify_db_settings_parallel_suffix: None
) -> None:
    connections["default"].settings_dict.update(database_server)


@pytest.fixture
def agency(db: None) -> Organisation:
    """The authority that holds the records of a test."""
    return Organisation.objects.create(name="Anyshire", kind="local_authority", area="E10000028")


@pytest.fixture
def make(agency: Organisation) -> Callable[..., Any]:
    """`make("child_protection.Plan", person=..., start_date=...)` writes a record straight, without the checks of actions, and reads it again."""

    def write(label: str, **values: Any) -> Any:
        with writing("test", by="tester", because="test"):
            made = apps.get_model(label)._default_manager.create(agency=agency, **values)
        made.refresh_from_db()
        return made

    return write


@pytest.fixture
def change() -> Callable[..., Any]:
    """`change(record, end_date=...)` writes new values straight."""

    def write(record: Any, **values: Any) -> Any:
        for name, value in values.items():
            setattr(record, name, value)
        with writing("test", by="tester", because="test"):
            record.save()
        return record

    return write


@pytest.fixture(scope="session")
def chromium() -> Callable[[], AbstractContextManager[Browser]]:
    """`with chromium() as browser:` runs a Chromium; the test is skipped where none is installed."""

    @contextmanager
    def launched() -> Iterator[Browser]:
        found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
        if found is None:
            pytest.skip("no Chromium is installed")
        # Playwright keeps an event loop in this thread, in which Django would refuse the database to the fixtures' own teardown.
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
            yield browser
            browser.close()
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]

    return launched


class Onlooker:
    """Shows a page that a test client got in Chromium, on a wide and on a narrow screen, and says what is wrong with it.

    The page comes with the headers it was sent with, and the styles and scripts of the checkout; it can ask nobody else for anything.
    """

    #: By this name the browser trusts it as it trusts a site with a certificate.
    HOST = "http://localhost"
    WIDTHS = (1280, 320)
    _AXE = "() => axe.run(document, {resultTypes: ['violations']}).then(found => found.violations)"

    def __init__(self, browser: Browser) -> None:
        self._page = browser.new_page(base_url=self.HOST)
        self._answer: Any = None
        self._wrong: list[str] = []
        self._page.route("**/*", self._serve)
        self._page.on("pageerror", lambda error: self._wrong.append(f"script: {error}"))
        self._page.on("console", self._heard)

    def faults(self, answer: Any) -> list[str]:
        """What is wrong with the page of an answer."""
        self._answer, self._wrong = answer, []
        self._page.goto(f"{self.HOST}/page")
        self._page.evaluate(AXE_SCRIPT)
        for width in self.WIDTHS:
            self._page.set_viewport_size({"width": width, "height": 900})
            found = self._page.evaluate(self._AXE)
            self._wrong += [f"{width} px: {each['id']}: {each['nodes'][0]['html'][:200]}" for each in found]
            across = self._page.evaluate("document.documentElement.scrollWidth")
            if across > width:
                self._wrong.append(f"{width} px: the page is {across} px wide")
        if (headings := self._page.locator("h1").count()) != 1:
            self._wrong.append(f"{headings} main headings")
        return self._wrong

    def _serve(self, route: Route) -> None:
        path = urlsplit(route.request.url).path
        if path == "/page":
            # Cookies are the test client's own.
            headers = {name: value for name, value in self._answer.items() if name.lower() != "set-cookie"}
            route.fulfill(status=200, headers=headers, body=self._answer.content)
        elif found := finders.find(path.removeprefix(settings.STATIC_URL)):
            route.fulfill(path=str(found))
        else:
            self._wrong.append(f"asks for {route.request.url}")
            route.abort()

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self._wrong.append(f"console: {message.text}")


@pytest.fixture(scope="session")
def onlooker() -> Callable[[Browser], Onlooker]:
    """`onlooker(browser).faults(client.get(address))` says what is wrong with a page, as it is seen."""
    return Onlooker
