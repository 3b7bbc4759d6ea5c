"""The page on which a return is checked without being stored takes every return that has rules."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client
from tests.returns.test_annexa import CONTACTS, ROW, workbook
from tests.returns.test_ssd import CASES, PEOPLE

from sightline.core.access.models import User
from sightline.engine.exchange.models import ReceivedFile
from sightline.engine.exchange.rules.registry import returns


@pytest.fixture
def analyst(db: None) -> Client:
    browser = Client()
    browser.force_login(User.objects.create(username="analyst", role="performance_analyst"))
    return browser


def test_every_return_can_be_chosen(analyst: Client) -> None:
    page = analyst.get("/returns/check").content.decode()
    assert all(one.title in page for one in returns().values())


def test_a_workbook_of_annex_a_is_checked_as_of_its_day(analyst: Client, tmp_path: Path) -> None:
    path = workbook(tmp_path / "annex.xlsx", {"List 1": [CONTACTS, ROW]})
    asked = {"return": "annexa", "year": "2026-27", "day": "2027-09-30", "shown": "json"}
    with path.open("rb") as book:
        found = analyst.post("/returns/check", asked | {"files": book}).json()
    assert found["rows"] == {"List 1": 1}
    assert [rule["code"] for rule in found["rules"] if rule["outcome"] == "failed"] == ["AA11"]
    assert not ReceivedFile.objects.exists()


def test_tables_of_the_dataset_are_checked_together(analyst: Client, tmp_path: Path) -> None:
    for name, content in {"ssd_person": PEOPLE, "ssd_cin_episodes": CASES}.items():
        (tmp_path / f"{name}.csv").write_text(content)
    with (tmp_path / "ssd_person.csv").open("rb") as people, (tmp_path / "ssd_cin_episodes.csv").open("rb") as cases:
        asked = {"return": "ssd", "year": "2026-27", "shown": "page", "files": [people, cases]}
        page = analyst.post("/returns/check", asked).content.decode()
    assert "SSD08" in page
    assert "not ready" in page.lower()


def test_a_day_that_is_none_is_said_beside_the_form(analyst: Client, tmp_path: Path) -> None:
    path = workbook(tmp_path / "annex.xlsx", {"List 1": [CONTACTS, ROW]})
    with path.open("rb") as book:
        answer = analyst.post(
            "/returns/check",
            {"return": "annexa", "year": "2026-27", "day": "soon", "shown": "page", "files": book},
        )
    assert answer.status_code == 400
    assert "is not a day" in answer.content.decode()
