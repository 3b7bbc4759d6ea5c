"""People at work in the browser, as a script: each opens a page, reads for a while, opens the next, and now and then fills in a form."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from random import Random

import httpx

#: A person reads a page or types for so many seconds, drawn evenly, before the next request.
THINKS = (5.0, 15.0)
#: How often each kind of step is taken, of a hundred.
MIX = {"search": 20, "person": 30, "work list": 20, "save": 15, "dashboard": 15}
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_PATIENCE = 60.0


@dataclass(frozen=True)
class Answer:
    """One request: of which kind, how many seconds its answer took to the last byte, and what was wrong with it."""

    kind: str
    seconds: float
    wrong: str = ""


@dataclass(frozen=True)
class Form:
    """A form that can be saved: its address, and what to type."""

    address: str
    typed: Mapping[str, str]


@dataclass(frozen=True)
class Who:
    """One of the people: how they sign in, and what they have to work on."""

    username: str
    password: str
    searches: tuple[str, ...]
    children: tuple[int, ...]
    work_lists: tuple[str, ...]
    dashboards: tuple[str, ...]
    forms: tuple[Form, ...]


@dataclass
class Visitor:
    """One person's browser."""

    who: Who
    client: httpx.AsyncClient
    chance: Random
    answers: list[Answer] = field(default_factory=list)

    async def sign_in(self) -> None:
        """By name and password, as on the page; then the first page and the figures, once. Raises RuntimeError where they are not let in."""
        opened = await self.client.get("/sign-in")
        typed = {
            "username": self.who.username,
            "password": self.who.password,
            "csrfmiddlewaretoken": _token(opened.text),
        }
        entered = await self.client.post("/sign-in", data=typed)
        if entered.status_code != 302:
            raise RuntimeError(f"{self.who.username} is not let in: {entered.status_code}")
        for address in self.who.dashboards:
            await self.client.get(address)

    async def work(self, until: float) -> None:
        """Steps of the mix, with time to think before each, until the clock says so."""
        steps: dict[str, Callable[[], object]] = {
            "search": self._search,
            "person": self._person,
            "work list": self._work_list,
            "save": self._save,
            "dashboard": self._dashboard,
        }
        while await self._think(until):
            [kind] = self.chance.choices(list(MIX), list(MIX.values()))
            await steps[kind]()  # type: ignore[misc]

    async def look_at_the_door(self, until: float) -> None:
        """The floor: the sign-in page, with the same time to think."""
        while await self._think(until):
            await self._ask("sign-in page", "GET", "/sign-in")

    async def _think(self, until: float) -> bool:
        pause = self.chance.uniform(*THINKS)
        await asyncio.sleep(max(0.0, min(pause, until - time.perf_counter())))
        return time.perf_counter() < until

    async def _search(self) -> None:
        await self._ask("search", "GET", "/people", params={"q": self.chance.choice(self.who.searches)})

    async def _person(self) -> None:
        await self._ask("person", "GET", f"/people/{self.chance.choice(self.who.children)}")

    async def _work_list(self) -> None:
        await self._ask("work list", "GET", self.chance.choice(self.who.work_lists))

    async def _dashboard(self) -> None:
        await self._ask("dashboard", "GET", self.chance.choice(self.who.dashboards))

    async def _save(self) -> None:
        """Open a form, think, keep what is typed as the page's script does, think, send it, and land on the page that it leads to."""
        form = self.chance.choice(self.who.forms)
        opened = await self._ask("open a form", "GET", form.address)
        if opened is None:
            return
        typed = dict(form.typed) | {"csrfmiddlewaretoken": _token(opened.text)}
        await asyncio.sleep(self.chance.uniform(*THINKS))
        drafted = {"Accept": "application/json"}
        await self._ask("keep a draft", "POST", form.address.replace("/do/", "/drafts/"), data=typed, headers=drafted)
        await asyncio.sleep(self.chance.uniform(*THINKS))
        saved = await self._ask("save", "POST", form.address, data=typed, expected=302)
        if saved is not None:
            await self._ask("page after saving", "GET", saved.headers["Location"])

    async def _ask(
        self,
        kind: str,
        method: str,
        address: str,
        *,
        expected: int = 200,
        params: Mapping[str, str] | None = None,
        data: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response | None:
        """Ask, time it, and give the answer where it is the one expected."""
        started = time.perf_counter()
        try:
            answer = await self.client.request(method, address, params=params, data=data, headers=headers)
        except httpx.HTTPError as error:
            self.answers.append(Answer(kind, time.perf_counter() - started, type(error).__name__))
            return None
        wrong = "" if answer.status_code == expected else f"{answer.status_code} at {address}"
        self.answers.append(Answer(kind, time.perf_counter() - started, wrong))
        return None if wrong else answer


def note_about(child: int, day: date, action: str = "notes.add_note") -> Form:
    """A case note."""
    return Form(
        f"/do/{action}?person={child}",
        {
            "kind": "PHONE",
            **_day("happened_at", day),
            "happened_at-time": "10:30",
            "text": "Spoke with the child and a parent about school and the plan for the week. " * 6,
            "child_voice": "Wants to see grandmother more often.",
        },
    )


def visit_on(plan: int, child: int, day: date) -> Form:
    """A visit to a child on a child protection plan, which stops one clock and starts the next."""
    return Form(
        f"/do/child_protection.record_visit?person={child}&plan={plan}",
        {
            "plan": str(plan),
            **_day("visit_date", day),
            "seen": "True",
            "seen_alone": "True",
            "bedroom_seen": "True",
            "child_views": "Feels safer at home than before.",
            "summary": "The home was warm and clean, and the child was at ease. " * 6,
        },
    )


def _day(name: str, day: date) -> dict[str, str]:
    return {f"{name}-day": str(day.day), f"{name}-month": str(day.month), f"{name}-year": str(day.year)}


def _token(text: str) -> str:
    found = _TOKEN.search(text)
    return found.group(1) if found else ""


async def at_once(
    address: str, people: list[Who], minutes: float, floor_minutes: float
) -> tuple[list[Answer], list[Answer]]:
    """Everybody signs in, one after another; then as many strangers look at the sign-in page, then all work. Gives both lists of answers."""
    visitors = [
        Visitor(
            who,
            httpx.AsyncClient(base_url=address, timeout=_PATIENCE, headers={"Accept": "text/html"}),
            Random(who.username),  # noqa: S311 (a script's chances, no secret)
        )
        for who in people
    ]
    strangers = [
        Visitor(one.who, httpx.AsyncClient(base_url=address, timeout=_PATIENCE), one.chance) for one in visitors
    ]
    try:
        for one in visitors:
            await one.sign_in()
        until = time.perf_counter() + floor_minutes * 60
        await asyncio.gather(*(one.look_at_the_door(until) for one in strangers))
        until = time.perf_counter() + minutes * 60
        await asyncio.gather(*(one.work(until) for one in visitors))
    finally:
        for one in (*visitors, *strangers):
            await one.client.aclose()
    return [each for one in strangers for each in one.answers], [each for one in visitors for each in one.answers]
