"""What the rules of returns would find is shown on the form before it is saved, and never keeps anybody from saving."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser

from sightline.core.access.models import User
from sightline.core.options.models import Choice
from sightline.engine.actions.engine import version
from sightline.engine.return_issues import preview
from sightline.engine.return_issues.collections import Collection
from sightline.engine.return_issues.models import Issue
from sightline.engine.screens.models import Draft

from .conftest import Make

NO_NEED = "8610"


def visit(who: User) -> Client:
    client = Client()
    client.force_login(who)
    return client


def text(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def day(name: str, when: date) -> dict[str, str]:
    parts = ("day", "month", "year")
    return {f"{name}-{part}": str(getattr(when, part)) for part in parts}


@pytest.fixture
def correcting(child: Make, staff: SimpleNamespace) -> Callable[..., Any]:
    """Sends the form that corrects a case of May 2023, with a primary need; `accepted` presses "Save anyway"."""
    one = child(born=date(2023, 1, 5))
    client = visit(staff.manager)

    def send(need: str, accepted: str = "") -> Any:
        typed = {"service": "social_care", "primary_need": need, **day("start_date", date(2023, 5, 8))}
        more = {"accepted": accepted} if accepted else {}
        seen = {"because": "It was recorded wrongly.", "seen": version(one.case)}
        return client.post(reverse("do", args=["cases.correct", one.case.pk]), {**typed, **seen, **more})

    send.of = one  # type: ignore[attr-defined]
    return send


def need_of(one: SimpleNamespace) -> str:
    return str(apps.get_model("cases.Case").objects.get(pk=one.case.pk).primary_need)


class TestAForm:
    def test_warns_of_a_rule_that_would_newly_fail_and_saves_nothing_yet(
        self, correcting: Any, staff: SimpleNamespace
    ) -> None:
        answer = correcting("")
        said = text(answer)
        assert answer.status_code == 422
        assert "Primary Need code is missing" in said
        assert "Save anyway" in said
        assert need_of(correcting.of) == "N1"
        assert Draft.objects.filter(user=staff.manager).exists(), "nothing typed is lost"

    def test_saves_anyway_and_then_it_is_an_issue(self, correcting: Any, staff: SimpleNamespace) -> None:
        page = correcting("").content.decode()
        accepted = re.search(r'name="accepted" value="([^"]+)"', page)
        assert accepted is not None
        assert correcting("", accepted[1]).status_code == 302
        assert need_of(correcting.of) == ""
        found = set(Issue.objects.values_list("rule", "year", "person"))
        assert found == {(NO_NEED, year, correcting.of.person.pk) for year in ("2023-24", "2024-25")}
        assert not Draft.objects.filter(user=staff.manager).exists()

    def test_does_not_warn_of_what_failed_before(self, correcting: Any, change: Make) -> None:
        change(correcting.of.case, primary_need="")
        assert correcting("").status_code == 302

    def test_does_not_warn_where_nothing_fails(self, correcting: Any) -> None:
        assert correcting("N2").status_code == 302
        assert need_of(correcting.of) == "N2"

    def test_warns_again_of_what_was_not_accepted(self, correcting: Any) -> None:
        assert correcting("", "cin 2023-24 8610").status_code == 422

    def test_does_not_warn_where_the_administrator_wants_no_previews(self, correcting: Any) -> None:
        Choice.objects.create(option="return_previews", value="off", made_by="test", because="test")
        assert correcting("").status_code == 302


class TestWhatIsConcerned:
    def test_a_record_that_feeds_no_return_costs_nothing(self, child: Make, make: Make) -> None:
        one = child()
        note = make(
            "notes.CaseNote", person=one.person, kind="VISIT", happened_at="2024-06-01T10:00Z", text="Seen at home."
        )
        assert preview.concerned([note], [one.person.pk]) == []

    def test_a_record_is_judged_by_the_rules_of_the_tables_it_feeds_in_the_years_it_is_of(
        self, child: Make, make: Make, census: Collection
    ) -> None:
        one = child()
        enquiry = make("child_protection.Section47", **one.of, start_date="2024-05-02", conference_not_required=True)
        (found,) = preview.concerned([enquiry], [one.person.pk])
        assert (found.collection.name, found.collection.label) == ("cin", "2024-25")
        assert "8675Q" in found.rules
        assert NO_NEED not in found.rules
        years = {each.collection.label for each in preview.concerned([one.case], [one.person.pk])}
        assert years == {"2023-24", "2024-25"}


@pytest.fixture(scope="module")
def browser(chromium: Callable[[], AbstractContextManager[Browser]]) -> Iterator[Browser]:
    with chromium() as launched:
        yield launched


@pytest.mark.browser
def test_the_warning_as_it_is_seen(correcting: Any, browser: Browser, onlooker: Any) -> None:
    assert not (faults := onlooker(browser).faults(correcting(""))), "\n".join(faults)
