"""Every kind of page in a real browser: accessible, whole on a narrow screen, usable by keyboard and without scripts, and alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Browser, Page, Request, StorageState, expect

from ..conftest import Partnership

pytestmark = [pytest.mark.django_db, pytest.mark.browser]

WIDE, NARROW = 1280, 320
#: In milliseconds: whoever asks first for a report waits until it is made, and other people may be using the machine.
PATIENCE = 120_000
#: Of what Axe finds only the faults: it need not write down all that is in order.
ONLY_FAULTS = {"resultTypes": ["violations"]}

#: Pages of each kind, and who looks at each; `test_every_address` looks at all of them, and takes its time.
PAGES = {
    "sign-in": ("", "/sign-in"),
    "home": ("performance-analyst", "/"),
    "home of the administrator": ("administrator", "/"),
    "first page of a social worker": ("social-worker", "/"),
    "my work": ("social-worker", "/work"),
    "my team's work": ("team-manager", "/work/team"),
    "contact queue": ("team-manager", "/work/contacts"),
    "manager's board": ("team-manager", "/work/board"),
    "drift list": ("team-manager", "/work/lists/plans-15-months"),
    "daily digest": ("social-worker", "/work/digest"),
    "scorecard": ("performance-analyst", "/scorecard"),
    "chapter": ("board-manager", "/scorecard/child_protection"),
    "measure": ("performance-analyst", "/measures/cp.repeat.pct"),
    "measure of a count": ("board-manager", "/measures/cp.open?by=month"),
    "measure not covered": ("performance-analyst", "/measures/referrals.rereferral.pct?period=2014-15"),
    "list": ("performance-analyst", "/measures/contacts.total/list"),
    "list of one's own": ("team-manager", "/measures/contacts.total/list"),
    "protected counts": ("independent-chair", "/measures/cp.open/list"),
    "reports": ("performance-analyst", "/reports"),
    "report": ("board-manager", "/reports/2016-17"),
    "coverage": ("administrator", "/coverage"),
    "reference": ("auditor", "/reference"),
    "code set": ("auditor", "/reference/codes/cin_referral_source"),
    "roles": ("auditor", "/reference/roles"),
    "audit": ("auditor", "/audit"),
    "account": ("auditor", "/account"),
    "second step": ("auditor", "/account/second-step"),
    "passkey": ("auditor", "/account/second-step/passkey"),
    "refused": ("social-worker", "/audit"),
    "not found": ("auditor", "/measures/none"),
}

_kept: dict[tuple[str, str], StorageState] = {}


def _signed_in(browser: Browser, served: str, username: str, passwords: dict[str, str]) -> StorageState:
    """The cookies of a user who signed in by the page, once for all tests."""
    if (served, username) not in _kept:
        context = browser.new_context(base_url=served)
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        page.goto("/sign-in")
        page.fill("#username", username)
        page.fill("#password", passwords[username])
        page.click("main button")
        expect(page).to_have_url(f"{served}/")
        _kept[served, username] = context.storage_state()
        context.close()
    return _kept[served, username]


@pytest.fixture
def opened(browser: Browser, served: str, partnership: Partnership) -> Callable[..., object]:
    """Opens pages as a user; fails when a page asks another host for anything or writes an error to the console."""

    @contextmanager
    def as_user(username: str, width: int = WIDE, scripts: bool = True, address: str = "") -> Iterator[Page]:
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            base_url=served,
            java_script_enabled=scripts,
            storage_state=_signed_in(browser, served, username, partnership.passwords) if username else None,
        )
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        elsewhere: list[str] = []
        errors: list[str] = []

        def watch(request: Request) -> None:
            if not request.url.startswith((served, "data:")):
                elsewhere.append(request.url)

        page.on("request", watch)
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(address or ("/" if username else "/sign-in"))
        yield page
        context.close()
        assert not elsewhere
        # The browser itself reports the status of a page that is refused or not there.
        assert not [error for error in errors if "status of 40" not in error]

    return as_user


@pytest.mark.parametrize("kind", PAGES)
def test_each_page(opened: Callable[..., object], kind: str) -> None:
    username, address = PAGES[kind]
    with opened(username, address=address) as page:  # type: ignore[attr-defined]
        for width in (WIDE, NARROW):
            page.set_viewport_size({"width": width, "height": 900})
            found = Axe().run(page, options=ONLY_FAULTS)
            assert found.violations_count == 0, f"{width} px: {found.generate_report()}"
            assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.locator("h1").count() == 1
        assert page.locator("html").get_attribute("lang") == "en"


def test_titles_differ(visit: Callable[[str], Client]) -> None:
    titles: dict[str, str] = {}
    for kind, (username, address) in PAGES.items():
        client = visit(username.replace("-", "_")) if username else Client()
        found = re.search(r"<title[^>]*>(.*?)</title>", client.get(address).content.decode(), re.DOTALL)
        assert found, kind
        titles[kind] = found[1].strip()
    assert all(title.endswith("Sightline") for title in titles.values())
    # The two first pages, the two lists and the refusal of the audit are one address each, seen by different people.
    same = {"list of one's own", "home of the administrator"}
    once = [title for kind, title in titles.items() if kind not in same]
    assert len(set(once)) == len(once)


def test_by_keyboard_alone(opened: Callable[..., object]) -> None:
    with opened("performance-analyst") as page:  # type: ignore[attr-defined]
        page.goto("/scorecard/child_protection")
        page.keyboard.press("Tab")
        expect(page.locator(".govuk-skip-link")).to_be_focused()
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "main-content"
        page.keyboard.press("Tab")
        expect(page.locator("#period")).to_be_focused()
        page.keyboard.type("Quarter 2 of 2016")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_url("**period=2016-17+Q2*")
        expect(page.locator(".govuk-caption-l")).to_contain_text("Quarter 2 of 2016-17")
        link = page.get_by_role("link", name="Second or later plans")
        link.focus()
        assert page.evaluate(
            "getComputedStyle(document.activeElement).outlineStyle !== 'none' || getComputedStyle(document.activeElement).boxShadow !== 'none'"
        )
        page.keyboard.press("Enter")
        page.wait_for_url("**/measures/cp.repeat.pct*")
        page.get_by_role("link", name="The list behind it").focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**/list*")
        expect(page.locator("h1")).to_contain_text("Second or later plans")


def test_without_scripts(opened: Callable[..., object]) -> None:
    with opened("performance-analyst", NARROW, scripts=False) as page:  # type: ignore[attr-defined]
        page.get_by_role("link", name="Scorecard", exact=True).first.click()
        page.get_by_role("link", name="Child protection", exact=True).click()
        page.select_option("#period", "2015-16")
        page.get_by_role("button", name="Show").click()
        expect(page.locator(".govuk-caption-l")).to_contain_text("2015-16")
        page.goto("/measures/contacts.total/list?period=2015-16")
        with page.expect_download() as download:
            page.get_by_role("button", name="Download as CSV").click()
        assert download.value.suggested_filename == "contacts.total-2015-16-list.csv"


def test_signing_out(opened: Callable[..., object]) -> None:
    with opened("independent-chair", scripts=False) as page:  # type: ignore[attr-defined]
        page.get_by_role("button", name="Sign out").click()
        expect(page.locator("h1")).to_have_text("Sign in to Sightline")
    # What was kept is signed out now.
    _kept.clear()


def test_the_menu_of_a_narrow_screen(opened: Callable[..., object]) -> None:
    with opened("performance-analyst", NARROW) as page:  # type: ignore[attr-defined]
        coverage = page.get_by_role("link", name="Coverage", exact=True)
        expect(coverage).to_be_hidden()
        page.get_by_role("button", name="Menu").click()
        coverage.click()
        expect(page.locator("h1")).to_have_text("Coverage and imports")


def test_a_wrong_password_is_told_where_it_is_typed(opened: Callable[..., object]) -> None:
    with opened("") as page:  # type: ignore[attr-defined]
        page.goto("/sign-in")
        page.fill("#username", "someone")
        page.fill("#password", "wrong")
        page.click("main button")
        expect(page.locator(".govuk-error-summary")).to_be_focused()
        assert page.title().startswith("Error: ")
        assert Axe().run(page).violations_count == 0
        page.locator(".govuk-error-summary a").click()
        expect(page.locator("#username")).to_be_focused()
