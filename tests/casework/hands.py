"""Acts by filling in the pages, as a person does: with a mouse, without scripts, or by the keyboard alone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from time import monotonic, sleep
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.utils import encrypt
from django.db import connection
from playwright.sync_api import Browser, Locator, Page

from sightline.core.access.models import User
from sightline.core.access.visibility import model_of
from sightline.core.people.models import Person
from sightline.engine.actions.declarations import Action, Group, actions

RECORD = re.compile(r"/records/([a-z0-9_]+)/(\d+)$")
PERSON = re.compile(r"/people/(\d+)$")
MOST_TABS = 600
LONGEST_REQUEST = 20.0  # seconds
#: Of a group of radios, the tab key reaches one, and the arrows the others.
HAS_FOCUS = (
    """each => each.type === 'radio' ? document.activeElement.name === each.name : document.activeElement === each"""
)
PASSWORD, SECRET = "only this test signs in with it", "ABCDEFGHIJKLMNOP"


class Hands:
    """`hands(user, "front_door.take_contact", record, **values)` does an action through its form, in a browser of that user's own."""

    def __init__(self, browser: Browser, url: str, *, scripts: bool = True, keyboard: bool = False) -> None:
        self._browser, self._url, self._scripts, self._keyboard = browser, url, scripts, keyboard
        self._pages: dict[int, Page] = {}

    def __call__(self, user: User, action: str, record: Any = None, **values: Any) -> SimpleNamespace:
        page, declared = self.page(user), actions()[action]
        page.goto(_address(declared, record, values))
        for group in declared.groups:
            self._make_room(page, group, values.get(group.name, ()))
        self._fill(page, _answers(page, declared, values))
        self._press(page, page.get_by_role("button", name="Save", exact=True))
        anyway = page.get_by_role("button", name="Save anyway")
        if anyway.count():
            # What the rules of a return would find is a warning: the family's story goes on as it is written.
            self._press(page, anyway)
        assert page.locator(".govuk-error-summary").count() == 0, (
            f"{action}: {page.locator('.govuk-error-summary').inner_text()}"
        )
        assert page.locator(".govuk-notification-banner").count() == 1, f"{action}: {page.locator('main').inner_text()}"
        return SimpleNamespace(record=_written(page))

    def page(self, user: User) -> Page:
        """The user's own page, signed in."""
        if user.pk not in self._pages:
            context = self._browser.new_context(base_url=self._url, java_script_enabled=self._scripts)
            self._pages[user.pk] = context.new_page()
            self._sign_in(self._pages[user.pk], user)
        return self._pages[user.pk]

    def _sign_in(self, page: Page, user: User) -> None:
        """By password and authenticator app, as somebody who set both up before."""
        user.set_password(PASSWORD)
        user.save(update_fields=["password"])
        Authenticator.objects.create(user=user, type="totp", data={"secret": encrypt(SECRET), "last": 0})
        page.goto("/sign-in")
        self._answer(page, page.locator('[name="username"]'), user.username)
        self._answer(page, page.locator('[name="password"]'), PASSWORD)
        self._press(page, page.get_by_role("button", name="Sign in", exact=True))
        self._enter_code(page)
        if page.locator(".govuk-error-summary").count():
            # A code lasts half a minute, which may be over between reading and sending it.
            self._enter_code(page)
        assert page.get_by_role("button", name="Sign out", exact=True).count(), page.locator("main").inner_text()

    def _enter_code(self, page: Page) -> None:
        code = totp.hotp_value(SECRET, next(iter(totp.yield_hotp_counters_from_time())))
        self._answer(page, page.locator('[name="code"]'), str(totp.format_hotp_value(code)))
        self._press(page, page.get_by_role("button", name="Continue", exact=True))

    def close(self) -> None:
        """Closes every browser of this pair of hands, and waits until the server has done what they still asked of it."""
        for page in self._pages.values():
            page.context.close()
        until = monotonic() + LONGEST_REQUEST
        while self._under_way() and monotonic() < until:
            sleep(0.05)

    @staticmethod
    def _under_way() -> int:
        """How many connections of the server are in the middle of something: emptying the tables would meet what they hold."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'"
            )
            return int(cursor.fetchone()[0])

    def _make_room(self, page: Page, group: Group, rows: Any) -> None:
        """A group that is not about people grows by its button."""
        if group.inputs[0].definition.related_model is Person:
            return
        while rows and int(page.locator(f'[name="{group.name}.rows"]').input_value()) < len(rows):
            self._press(page, page.locator(f'button[name="add"][value="{group.name}"]'))

    def _fill(self, page: Page, answers: Mapping[str, str]) -> None:
        """Answers every question in the order of the page."""
        names = page.locator("#form [name]").evaluate_all("found => found.map(each => each.name)")
        missing = set(answers) - set(names)
        assert not missing, f"the form does not ask {sorted(missing)}"
        for name in dict.fromkeys(name for name in names if name in answers):
            self._answer(page, page.locator(f'#form [name="{name}"]'), answers[name])

    def _answer(self, page: Page, found: Locator, text: str) -> None:
        kind = found.first.evaluate("each => each.tagName === 'INPUT' ? each.type : each.tagName.toLowerCase()")
        if kind == "checkbox":
            if found.is_checked() != bool(text):
                self._toggle(page, found)
        elif self._keyboard:
            self._type(page, found, kind, text)
        elif kind == "radio":
            found.and_(page.locator(f'[value="{text}"]')).check(force=True)
        elif kind == "select":
            found.select_option(text)
        else:
            found.fill(text)

    def _toggle(self, page: Page, found: Locator) -> None:
        if not self._keyboard:
            found.click(force=True)
            return
        self._tab_to(page, found)
        page.keyboard.press("Space")

    def _type(self, page: Page, found: Locator, kind: str, text: str) -> None:
        self._tab_to(page, found)
        values = f"each => [...document.getElementsByName(each.name)].map(one => one.value).indexOf({text!r})"
        if kind == "radio":
            page.keyboard.press("Space")
            for _ in range(found.first.evaluate(values)):
                page.keyboard.press("ArrowDown")
        elif kind == "select":
            page.keyboard.press("Home")
            for _ in range(found.evaluate(f"each => [...each.options].map(one => one.value).indexOf({text!r})")):
                page.keyboard.press("ArrowDown")
        else:
            page.keyboard.press("Control+a")
            page.keyboard.type(text)

    def _tab_to(self, page: Page, found: Locator) -> None:
        for _ in range(MOST_TABS):
            if found.first.evaluate(HAS_FOCUS):
                return
            page.keyboard.press("Tab")
        name = found.first.get_attribute("name") or found.first.inner_text()
        raise AssertionError(f"the keyboard does not reach {name}")

    def _press(self, page: Page, button: Locator) -> None:
        if self._keyboard:
            self._tab_to(page, button)
            with page.expect_navigation():
                page.keyboard.press("Enter")
        else:
            button.click()


def _address(action: Action, record: Any, values: Mapping[str, Any]) -> str:
    if record is not None:
        return f"/do/{action.id}/{record.pk}"
    people = [
        values.get("person"),
        *(row.get("person") for group in action.groups for row in values.get(group.name, ())),
    ]
    child = next((person for person in people if person is not None), None)
    return f"/do/{action.id}" + (f"?person={child.pk}" if child is not None else "")


def _answers(page: Page, action: Action, values: Mapping[str, Any]) -> dict[str, str]:
    groups = {group.name: group for group in action.groups}
    found: dict[str, str] = {}
    for name, value in values.items():
        if name in groups:
            found |= _of_group(page, groups[name], value)
        elif name != "person":
            found |= _as_text(name, value)
    return found


def _of_group(page: Page, group: Group, rows: list[dict[str, Any]]) -> dict[str, str]:
    if group.inputs[0].definition.related_model is not Person:
        named = {f"{group.name}.{place}.{name}": value for place, row in enumerate(rows) for name, value in row.items()}
        return {key: text for name, value in named.items() for key, text in _as_text(name, value).items()}
    boxes = page.locator(f'#form [name^="{group.name}."][name$=".take"]')
    places = {each.get_attribute("value"): each.get_attribute("name") or "" for each in boxes.all()}
    found = dict.fromkeys(places.values(), "")
    for row in rows:
        box = places[str(row["person"].pk)]
        found[box] = "taken"
        for name, value in row.items():
            if name != "person":
                found |= _as_text(f"{box.removesuffix('take')}{name}", value)
    return found


def _as_text(name: str, value: Any) -> dict[str, str]:
    if value is None:
        return {}
    if isinstance(value, date):
        parts = {"day": value.day, "month": value.month, "year": value.year}
        return {f"{name}-{part}": str(number) for part, number in parts.items()}
    return {name: str(getattr(value, "pk", value))}


def _written(page: Page) -> Any:
    """The record whose page came next; None where the form led elsewhere."""
    path = urlsplit(page.url).path
    if found := RECORD.search(path):
        return model_of(found[1])._default_manager.get(pk=int(found[2]))
    return Person.objects.get(pk=int(found[1])) if (found := PERSON.search(path)) else None
