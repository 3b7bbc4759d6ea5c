"""An administrator, and local rules that no other test sees."""

from collections.abc import Iterator

import pytest
from django.test import Client as Browser

from sightline.core.access.models import User
from sightline.core.options.following import follow
from sightline.engine.deadlines import reference


@pytest.fixture
def administrator(db: None) -> User:
    return User.objects.create(username="admin", role="administrator")


@pytest.fixture
def browser(administrator: User) -> Browser:
    found = Browser()
    found.force_login(administrator)
    return found


@pytest.fixture(scope="module")
def _rules_as_installed(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """What the tests changed is rolled back by now: the process learns it, so that the next tests have the installed rules."""
    yield
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        follow(at_once=True)


@pytest.fixture
def rules(_rules_as_installed: None, db: None) -> None:
    """Local rules as they were installed, and the calendar in the database."""
    follow(at_once=True)
    reference.refresh()
