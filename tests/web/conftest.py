"""A county with a snapshot and a user for each role, made once for all tests of the web application."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.cookies import SimpleCookie

import pytest
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from pytest_django import DjangoDbBlocker

from sightline.core.access import demo
from sightline.core.access.models import User
from sightline.engine.snapshot import place
from sightline.engine.snapshot.take import take
from sightline.web import figures

from .county import County, build


@dataclass(frozen=True)
class Partnership:
    """What was written, and the passwords of the demonstration's users."""

    county: County
    passwords: dict[str, str]


@pytest.fixture(scope="package")
def partnership(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Partnership]:
    """Written for good, since a snapshot reads through a connection of its own; the tables are emptied afterwards."""
    folder = tmp_path_factory.mktemp("web")
    usual, settings.VAR_DIR = settings.VAR_DIR, folder
    with django_db_blocker.unblock():
        try:
            county = build()
            made = demo.make_demo_users()
            take(place.folder(), place.key())
            figures.current()
            yield Partnership(county, {one.username: one.password for one in made})
        finally:
            call_command("flush", verbosity=0, interactive=False)
            settings.VAR_DIR = usual


@pytest.fixture(scope="module")
def signed_in(partnership: Partnership, django_db_blocker: DjangoDbBlocker) -> Iterator[dict[str, SimpleCookie]]:
    """The cookies of a user of each role who has signed in, once for the tests of a module: each undoes what it does with the session."""
    found: dict[str, SimpleCookie] = {}
    with django_db_blocker.unblock():
        for user in User.objects.filter(username__in=partnership.passwords):
            client = Client()
            client.force_login(user)
            found[user.role] = client.cookies
    yield found
    with django_db_blocker.unblock():
        for session in UserSession.objects.all():
            session.end()


@pytest.fixture
def come_back(signed_in: dict[str, SimpleCookie], db: None) -> Callable[[str], Client]:
    """A browser in which the user of a role has signed in earlier: for tests of many visits, of which signing in would be the greater part."""

    def as_role(role: str) -> Client:
        client = Client()
        client.cookies = signed_in[role].copy()
        return client

    return as_role


@pytest.fixture
def visit(partnership: Partnership, db: None) -> Callable[[str], Client]:
    """A browser in which the user of a role has signed in."""

    def as_role(role: str) -> Client:
        client = Client()
        client.force_login(User.objects.get(role=role))
        return client

    return as_role
