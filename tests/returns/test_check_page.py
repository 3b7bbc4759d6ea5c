"""The page on which a return is checked without being stored takes every return that has rules."""

from __future__ import annotations

from contextlib import ExitStack
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


def test_workbooks_can_be_chosen(analyst: Client) -> None:
    page = analyst.get("/returns/check").content.decode()
    assert page.count('accept=".csv,.txt,.xml,.xlsx,.zip"') == 2


def test_an_authority_that_nobody_knows_is_told_beside_its_question(analyst: Client, tmp_path: Path) -> None:
    (tmp_path / "header.csv").write_text("CHILD,SEX\n1,M\n")
    with (tmp_path / "header.csv").open("rb") as header:
        asked = {"return": "ssda903", "year": "2026-27", "area": "Nowhere", "shown": "page", "files": header}
        answer = analyst.post("/returns/check", asked)
    assert answer.status_code == 400
    assert 'id="area-error"' in answer.content.decode()


def test_the_list_of_providers_may_come_beside_the_files(analyst: Client, tmp_path: Path) -> None:
    (tmp_path / "header.csv").write_text("CHILD,SEX\n1,M\n")
    (tmp_path / "episodes.csv").write_text("CHILD,DECOM,PLACE,LS,URN\n1,01/06/2026,K2,C2,SC999\n")
    (tmp_path / "ofsted.csv").write_text("URN\nSC123\n")
    with ExitStack() as open_files:
        files = [open_files.enter_context((tmp_path / f"{name}.csv").open("rb")) for name in ("header", "episodes")]
        asked = {"return": "ssda903", "year": "2026-27", "shown": "json", "files": files}
        without = analyst.post("/returns/check", asked).json()
        for file in files:
            file.seek(0)
        providers = open_files.enter_context((tmp_path / "ofsted.csv").open("rb"))
        beside = analyst.post("/returns/check", asked | {"providers": providers}).json()
    told = [{rule["code"]: rule["outcome"] for rule in found["rules"]}["1008"] for found in (without, beside)]
    assert told == ["could not run", "failed"]


def test_a_list_of_providers_without_their_numbers_is_refused(analyst: Client, tmp_path: Path) -> None:
    (tmp_path / "header.csv").write_text("CHILD,SEX\n1,M\n")
    (tmp_path / "ofsted.csv").write_text("Name\nThe Elms\n")
    with (tmp_path / "header.csv").open("rb") as header, (tmp_path / "ofsted.csv").open("rb") as providers:
        asked = {"return": "ssda903", "year": "2026-27", "shown": "page", "files": header, "providers": providers}
        answer = analyst.post("/returns/check", asked)
    assert answer.status_code == 400
    assert "The list of providers has no column URN" in answer.content.decode()


def test_a_rule_of_many_rows_shows_how_many_and_opens_for_them(analyst: Client, tmp_path: Path) -> None:
    (tmp_path / "header.csv").write_text("CHILD,SEX\n" + "".join(f"{child},X\n" for child in range(1200)))
    with (tmp_path / "header.csv").open("rb") as header:
        asked = {"return": "ssda903", "year": "2026-27", "shown": "page", "files": header}
        page = analyst.post("/returns/check", asked).content.decode()
    of_sex = page[page.index("<h3", page.index("Rules that failed")) :].partition("</section>")[0]
    assert "101" in of_sex.partition("</h3>")[0]
    assert "1,200 rows, the first 50 shown" in of_sex.partition("<table")[0]
    assert "<details" in of_sex.partition("<table")[0]
    assert of_sex.count('role="rowheader"') == 50
