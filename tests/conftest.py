"""What every test stands on: a PostgreSQL of their own, started when the first test asks for a database and gone afterwards."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connections
from hypothesis import settings as hypothesis_settings
from psycopg.conninfo import conninfo_to_dict

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
