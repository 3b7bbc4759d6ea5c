"""Two people edit the same assessment at once, each in a browser of their own: the second is told, and both texts can still be read."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from sightline.pathways.assessment.models import Assessment

from .hands import Hands
from .test_walk import START

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]

FIRST, SECOND = "The home is cold and the fridge is empty.", "The mother has asked for help with the rent."


@pytest.fixture
def hands(browser: Browser, live_server: Any) -> Iterator[Hands]:
    made = Hands(browser, live_server.url)
    yield made
    made.close()


@pytest.fixture
def assessment(open_case: Any, make: Any, family: list[Any]) -> Any:
    child = family[0]
    return make("assessment.Assessment", person=child, case=open_case(child, START), start_date=START)


def test_the_second_is_told_and_neither_text_is_lost(hands: Hands, people: SimpleNamespace, assessment: Any) -> None:
    first, second = hands.page(people.worker), hands.page(people.manager)
    for page in (first, second):
        page.goto(f"/do/assessment.record_progress/{assessment.pk}")
    send(first, FIRST)
    expect(first.locator(".govuk-notification-banner")).to_contain_text("done")
    send(second, SECOND)
    told = second.get_by_role("alert")
    expect(told).to_contain_text("Somebody else changed this while you worked on it")
    row = told.get_by_role("row", name="Analysis")
    expect(row).to_contain_text(FIRST)
    expect(row).to_contain_text(SECOND)
    expect(second.locator('[name="analysis"]')).to_have_value(SECOND)
    assert Assessment.objects.get().analysis == FIRST, "nothing was written over"
    send(second, f"{FIRST} {SECOND}")
    expect(second.locator("main")).to_contain_text(f"{FIRST} {SECOND}")
    assert Assessment.objects.get().analysis == f"{FIRST} {SECOND}"
    expect(second.locator(".sl-history")).to_contain_text(FIRST)


def test_the_one_who_leaves_finds_their_own_again(hands: Hands, people: SimpleNamespace, assessment: Any) -> None:
    address = f"/do/assessment.record_progress/{assessment.pk}"
    first, second = hands.page(people.worker), hands.page(people.manager)
    for page in (first, second):
        page.goto(address)
    send(first, FIRST)
    send(second, SECOND)
    second.goto("/")
    second.goto(address)
    expect(second.locator('[name="analysis"]')).to_have_value(SECOND)
    expect(second.locator("main")).to_contain_text("This is your draft")


def send(page: Page, text: str) -> None:
    page.fill('[name="analysis"]', text)
    page.get_by_role("button", name="Save", exact=True).click()
