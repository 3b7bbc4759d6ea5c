"""The world of `world`, written once; each test has a copy of its own, and undoes what it writes."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy

import pytest
from django.core.management import call_command
from pytest_django import DjangoDbBlocker

from .world import World, build


@pytest.fixture(scope="package")
def written(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """Written for good; the tables are emptied afterwards."""
    with django_db_blocker.unblock():
        yield build()
        call_command("flush", verbosity=0, interactive=False)


@pytest.fixture
def world(written: World, db: None) -> World:
    return deepcopy(written)
