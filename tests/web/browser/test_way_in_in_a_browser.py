"""The way in, in a real browser: with a passkey, with scripts off, on a narrow screen, and each of its pages accessible."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from allauth.mfa.totp.internal import auth as totp
from axe_playwright_python.sync_playwright import Axe
from django.db import connection
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from sightline.core.access.models import User
from sightline.core.access.recovery import Kind, make_token

from ..conftest import Partnership

pytestmark = [pytest.mark.django_db, pytest.mark.browser]

WIDE, NARROW = 1280, 320
Opener = Callable[..., Page]


@pytest.fixture
def site(served: str) -> str:
    """The application by name: no passkey belongs to a bare address."""
    return served.replace("127.0.0.1", "localhost")


@pytest.fixture
def fresh(browser: Browser, site: str, partnership: Partnership) -> Iterator[Opener]:
    """Opens a browser in which nobody has signed in; what was set up is taken away afterwards."""
    contexts: list[Any] = []

    def new(width: int = WIDE, scripts: bool = True) -> Page:
        context = browser.new_context(
            base_url=site, java_script_enabled=scripts, viewport={"width": width, "height": 900}
        )
        contexts.append(context)
        page: Page = context.new_page()
        page.on("pageerror", lambda error: pytest.fail(str(error)))
        return page

    yield new
    for context in contexts:
        context.close()
    _forget_factors()


def _forget_factors() -> None:
    """For good: what the served application wrote is not in the test's own transaction, which will be undone."""
    apart = connection.copy()
    with apart.cursor() as cursor:
        cursor.execute("DELETE FROM mfa_authenticator")
    apart.close()


def _password(page: Page, partnership: Partnership, username: str) -> None:
    page.goto("/sign-in")
    page.fill("#username", username)
    page.fill("#password", partnership.passwords[username])
    page.get_by_role("button", name="Sign in", exact=True).click()


def _code(secret: str, steps: int) -> str:
    return str(totp.format_hotp_value(totp.hotp_value(secret, list(totp.yield_hotp_counters_from_time())[1] + steps)))


def _sound(page: Page) -> None:
    """On a narrow screen and on a wide one, at which it is left."""
    for width in (NARROW, WIDE):
        page.set_viewport_size({"width": width, "height": 900})
        found = Axe().run(page, options={"resultTypes": ["violations"]})
        assert found.violations_count == 0, f"{width} px: {found.generate_report()}"
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("h1").count() == 1


def test_a_passkey_is_made_and_lets_in(fresh: Opener, partnership: Partnership) -> None:
    page = fresh()
    # An authenticator as Chromium's developer tools offer it: it answers as a device would.
    tools = page.context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasUserVerification": True, "isUserVerified": True}
    tools.send("WebAuthn.addVirtualAuthenticator", {"options": {**options, "automaticPresenceSimulation": True}})
    _password(page, partnership, "service-manager")
    page.goto("/account/second-step/passkey")
    page.fill("#name", "Work <b>laptop</b>")
    page.get_by_role("button", name="Make a passkey").click()
    expect(page.locator("h1")).to_have_text("Your recovery codes")
    page.goto("/account")
    expect(page.locator("main")).to_contain_text("Work <b>laptop</b>")
    page.get_by_role("button", name="Sign out", exact=True).click()
    _password(page, partnership, "service-manager")
    expect(page.locator("h1")).to_have_text("Second step of signing in")
    _sound(page)
    page.get_by_role("button", name="Use your passkey").click()
    expect(page.get_by_role("button", name="Sign out", exact=True)).to_be_visible()


def test_a_browser_without_the_passkey_says_so_and_a_code_still_works(fresh: Opener, partnership: Partnership) -> None:
    page = fresh()
    page.add_init_script("navigator.credentials.create = navigator.credentials.get = () => Promise.reject(new Error())")
    _password(page, partnership, "service-manager")
    page.goto("/account/second-step/passkey")
    page.get_by_role("button", name="Make a passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("The passkey was not made")
    _sound(page)


def test_without_scripts_and_on_a_narrow_screen(fresh: Opener, partnership: Partnership) -> None:
    page = fresh(NARROW, scripts=False)
    _password(page, partnership, "lado")
    page.goto("/account")
    page.get_by_role("button", name="Add a second step").click()
    page.get_by_role("link", name="Authenticator app").click()
    secret = re.sub(r"\s", "", page.locator(".sl-secret").inner_text())
    page.fill("#code", _code(secret, -1))
    page.get_by_role("button", name="Continue").click()
    codes = page.locator(".sl-codes code").all_inner_texts()
    page.get_by_role("button", name="I have kept them").click()
    page.locator("header").get_by_role("button", name="Sign out").click()
    for code in (_code(secret, 0), codes[0]):
        _password(page, partnership, "lado")
        page.fill("#code", code)
        page.get_by_role("button", name="Continue").click()
        page.locator("header").get_by_role("button", name="Sign out").click()


def test_every_page_of_the_way_in(fresh: Opener, partnership: Partnership) -> None:
    user = User.objects.get(username="early-help-worker")
    page = fresh()
    _password(page, partnership, user.username)
    page.goto(reverse("account-password"))
    page.get_by_role("button", name="Change password").click()
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    _sound(page)
    page.goto(reverse("second-factor-app"))
    secret = re.sub(r"\s", "", page.locator(".sl-secret").inner_text())
    page.fill("#code", "1")
    page.get_by_role("button", name="Continue").click()
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    assert re.sub(r"\s", "", page.locator(".sl-secret").inner_text()) == secret
    page.fill("#code", _code(secret, -1))
    page.get_by_role("button", name="Continue").click()
    expect(page.locator("h1")).to_have_text("Your recovery codes")
    _sound(page)
    for name in ("confirm", "account"):
        page.goto(reverse(name))
        _sound(page)
    page.get_by_role("link", name="Remove authenticator app").click()
    _sound(page)
    user.refresh_from_db()
    links = [reverse("recover", args=(kind, user.pk, make_token(kind, user, None))) for kind in Kind]
    out = fresh()
    for link, heading in zip(
        (*links, reverse("recover", args=(Kind.PASSWORD, user.pk, "over"))),
        ("Choose a new password", "Replace a lost second step", "This link does not work any more"),
        strict=True,
    ):
        out.goto(link)
        expect(out.locator("h1")).to_have_text(heading)
        _sound(out)
    _password(out, partnership, user.username)
    expect(out.locator("h1")).to_have_text("Second step of signing in")
    _sound(out)


def test_the_administrators_pages(fresh: Opener, partnership: Partnership) -> None:
    page = fresh()
    _password(page, partnership, "administrator")
    page.goto(reverse("recovery"))
    _sound(page)
    page.get_by_role("button", name="Lost password of board-member").click()
    expect(page.locator("h1")).to_have_text("A link to get back in")
    _sound(page)
