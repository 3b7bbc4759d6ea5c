"""What every test stands on: a PostgreSQL of their own, started when the first test asks for a database and gone afterwards."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connections
from hypothesis import settings as hypothesis_settings
from playwright.sync_api import Browser, sync_playwright
from psycopg.conninfo import conninfo_to_dict

from sightline.core.organisations.models import Organisation
from sightline.core.records.writing import writing
from sightline.runtime import postgres

# An operator's server to test on instead of the embedded one: an empty one, whose user may create databases.
OTHER_SERVER = "SIGHTLINE_TEST_DATABASE_URL"

hypothesis_settings.register_profile("default", deadline=None, max_examples=50)
hypothesis_settings.register_profile("long", deadline=None, max_examples=2000)
hypothesis_settings.load_profile("default")


def pytest_configure() -> None:
    """Settings that only make tests quicker or free of built files."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Of two workers, one has all the tests of a folder: they share what they set up, and nothing of it is left behind for the next folder."""
    tests = Path(__file__).parent
    for item in items:
        folder = item.path.relative_to(tests).parts[0]
        item.add_marker(pytest.mark.xdist_group(folder))


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
