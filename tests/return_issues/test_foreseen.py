"""A draft is previewed as it is kept: what the rules of returns would find in it stands beside its questions; nothing but the draft is written."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from sightline.core.access.models import User
from sightline.core.audit.models import Entry
from sightline.core.audit.record import What
from sightline.core.options.models import Choice
from sightline.core.records.history import record_models
from sightline.core.records.models import Change
from sightline.engine.actions.engine import version
from sightline.engine.exchange.rules.registry import return_named
from sightline.engine.return_issues.models import Issue
from sightline.engine.screens.models import Draft
from sightline.returns.cin.tables import ITEMS

from .conftest import Make

NO_NEED = "Rule 8610, children in need census"


class Drafting:
    """The form that corrects a case of May 2023, kept as a draft and never sent."""

    def __init__(self, one: SimpleNamespace, who: User) -> None:
        self.case, self.client = one.case, Client()
        self.client.force_login(who)

    def typed(self, **changed: str) -> dict[str, str]:
        day = {"start_date-day": "8", "start_date-month": "5", "start_date-year": "2023"}
        seen = {"because": "", "seen": str(version(self.case))}
        return {"service": "social_care", "primary_need": "N1", **day, **seen, **changed}

    def keep(self, **changed: str) -> None:
        answer = self.client.post(self._at("draft-keep"), self.typed(**changed), HTTP_ACCEPT="application/json")
        assert answer.json()["saved"]

    def ask(self) -> Any:
        return self.client.post(self._at("draft-foresee"))

    def found(self, **changed: str) -> list[dict[str, Any]]:
        self.keep(**changed)
        answer = self.ask()
        assert answer.status_code == 200
        found: list[dict[str, Any]] = answer.json()["found"]
        return found

    def _at(self, name: str) -> str:
        return reverse(name, args=["cases.correct", self.case.pk])


@pytest.fixture
def drafting(child: Make, staff: SimpleNamespace) -> Drafting:
    return Drafting(child(born=date(2023, 1, 5)), staff.manager)


class TestADraft:
    def test_shows_what_would_newly_fail_with_the_question_that_it_is_about(self, drafting: Drafting) -> None:
        found = drafting.found(primary_need="")
        assert [each["rule"] for each in found] == [f"{NO_NEED} 2023-24", f"{NO_NEED} 2024-25"]
        assert "Primary Need code is missing" in found[0]["message"]
        assert [each["name"] for each in found[0]["questions"]] == ["primary_need"]

    def test_needs_no_reason_yet(self, drafting: Drafting) -> None:
        assert drafting.typed()["because"] == ""
        assert drafting.found(primary_need="") == drafting.found(primary_need="", because="It was wrong.")

    def test_shows_nothing_where_nothing_would_fail(self, drafting: Drafting) -> None:
        assert drafting.found(primary_need="N2") == []

    def test_shows_nothing_of_what_failed_before(self, drafting: Drafting, change: Make) -> None:
        change(drafting.case, primary_need="")
        assert drafting.found(primary_need="") == []

    @pytest.mark.parametrize("year", ["", "2", "abc", "2999"])
    def test_shows_nothing_where_the_act_cannot_be_done_yet(self, drafting: Drafting, year: str) -> None:
        assert drafting.found(primary_need="", **{"start_date-year": year}) == []

    def test_shows_nothing_where_somebody_else_changed_the_record_meanwhile(
        self, drafting: Drafting, change: Make
    ) -> None:
        drafting.keep(primary_need="")
        change(drafting.case, primary_need="N3")
        assert drafting.ask().json() == {"found": []}

    def test_shows_nothing_where_the_administrator_wants_no_previews(self, drafting: Drafting) -> None:
        Choice.objects.create(option="return_previews", value="off", made_by="test", because="test")
        assert drafting.found(primary_need="") == []

    def test_there_is_nothing_to_show_where_none_is_kept(self, drafting: Drafting) -> None:
        assert drafting.ask().json() == {"found": []}

    def test_writes_nothing_but_the_draft_and_who_was_shown_what(self, drafting: Drafting) -> None:
        drafting.keep(primary_need="")
        held = Draft.objects.get()
        before = counts()
        entries = Entry.objects.count()
        assert drafting.ask().json()["found"]
        assert counts() == before
        assert Draft.objects.get().content == held.content
        drafting.case.refresh_from_db()
        assert drafting.case.primary_need == "N1"
        (shown,) = Entry.objects.order_by("pk")[entries:]
        assert (shown.what, shown.about) == (What.READ, "cases.correct")
        assert shown.details["people"] == [drafting.case.person_id]

    def test_is_refused_to_who_does_not_see_the_child(self, drafting: Drafting, staff: SimpleNamespace) -> None:
        drafting.keep(primary_need="")
        User.objects.filter(pk=staff.stranger.pk).update(role=staff.manager.role)
        drafting.client.force_login(staff.stranger)
        assert drafting.ask().status_code == 404


def counts() -> dict[str, int]:
    """How many rows there are of every record type, of history and of issues."""
    return {model.__name__: model._default_manager.count() for model in (*record_models(), Change, Issue)}


class TestTheForm:
    def test_asks_only_where_it_feeds_a_return(self, drafting: Drafting, staff: SimpleNamespace) -> None:
        corrects = drafting.client.get(reverse("do", args=["cases.correct", drafting.case.pk])).content.decode()
        assert f'data-foresee="{reverse("draft-foresee", args=["cases.correct", drafting.case.pk])}"' in corrects
        drafting.client.force_login(staff.worker)
        about = f"?person={drafting.case.person_id}"
        notes = drafting.client.get(reverse("do", args=["notes.add_note"]) + about).content.decode()
        assert "data-draft" in notes
        assert "data-foresee" not in notes


def test_the_numbers_of_the_census_are_those_that_records_name_and_stand_for_its_elements() -> None:
    named = {
        number
        for model in record_models()
        for field in model._meta.fields
        for number in re.findall(r"CIN (N\d+)", getattr(field, "item", ""))
    }
    columns = {column for table in return_named("cin").all_tables() for column in table.columns}
    assert named - {"N00097", "N00001"} == set(ITEMS), "references and pupil numbers are one field for all kinds"
    assert set(ITEMS.values()) <= columns


@pytest.fixture(scope="module")
def browser(chromium: Callable[[], AbstractContextManager[Browser]]) -> Iterator[Browser]:
    with chromium() as launched:
        yield launched


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_it_is_shown_beside_the_question_while_somebody_types(
    drafting: Drafting, browser: Browser, live_server: Any
) -> None:
    with browser.new_context(viewport={"width": 320, "height": 900}) as context:
        session = drafting.client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
        page = context.new_page()
        page.goto(live_server.url + reverse("do", args=["cases.correct", drafting.case.pk]))
        need = page.locator("#primary_need")
        need.select_option("")
        need.focus()
        note = page.locator(".sl-foreseen").first
        expect(note).to_contain_text(NO_NEED, timeout=60_000)
        expect(page.get_by_role("heading", name="The rules of a return would find this in the draft")).to_be_visible()
        expect(page.locator("form [role=status].govuk-visually-hidden")).to_contain_text("would find 2 things")
        expect(need).to_be_focused()
        expect(need).to_have_accessible_description(re.compile("Primary Need code is missing"))
        assert faults(page) == []
        need.select_option("N2")
        expect(page.locator(".sl-foreseen")).to_have_count(0, timeout=60_000)
        expect(page.locator(".sl-foreseen-all")).to_have_count(0)
        assert need.get_attribute("aria-describedby") is None or "foreseen" not in str(
            need.get_attribute("aria-describedby")
        )


def faults(page: Page) -> list[str]:
    """What axe finds wrong, and whether the page is wider than its window."""
    found = [each["id"] for each in Axe().run(page).response["violations"]]
    wide = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    return [*found, *(["too wide"] if wide else [])]
