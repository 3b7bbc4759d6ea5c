"""Everything is entered once, for all tests that look at it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from pytest_django import DjangoDbBlocker
from tests.return_issues.entry.entering import AREA, TODAY, Entered, enter

from sightline.core.organisations.models import Organisation
from sightline.core.records.models import Coverage
from sightline.core.records.writing import writing


@pytest.fixture(scope="package")
def entered(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], Entered]:
    """What came of the cases of a return, when the year of the examples has just ended. Nothing of it stays in the database."""

    @cache
    def of(name: str) -> Entered:
        with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch, transaction.atomic():
            patch.setattr(timezone, "localdate", lambda: TODAY)
            _partnership()
            found = enter(name, tmp_path_factory.mktemp(name))
            transaction.set_rollback(True)
        return found

    return of


def _partnership() -> None:
    """An invented authority whose records end on the day."""
    with writing("test", by="tester", because="test"):
        agency = Organisation.objects.create(name="Anyshire", kind="local_authority", area=AREA)
        Coverage.objects.create(
            agency=agency,
            area=AREA,
            stream="front_door",
            start_date=date(2020, 1, 6),
            end_date=TODAY,
            source_system="synthetic",
        )


@pytest.fixture
def stands(make: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """The year of the examples has just ended."""
    monkeypatch.setattr(timezone, "localdate", lambda: TODAY)
    make(
        "records.Coverage",
        area=AREA,
        stream="front_door",
        start_date=date(2020, 1, 6),
        end_date=TODAY,
        source_system="synthetic",
    )
