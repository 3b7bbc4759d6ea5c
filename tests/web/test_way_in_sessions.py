"""How long a sign-in lasts, how many one person has, and proving again who one is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from sightline import settings as installation
from sightline.core.access import sessions
from sightline.core.access.models import User
from sightline.core.audit.models import Entry
from sightline.web.devices import device

from .conftest import Partnership

pytestmark = pytest.mark.django_db

MINUTE, HOUR = 60, 3600


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Moves the clock of the sessions on."""
    real, passed = sessions.time.time, [0]
    monkeypatch.setattr(sessions.time, "time", lambda: real() + passed[0])

    def by(seconds: int) -> None:
        passed[0] += seconds

    return by


def _sign_in(partnership: Partnership, username: str = "auditor", **more: Any) -> Client:
    client = Client(**more)
    client.post("/sign-in", {"username": username, "password": partnership.passwords[username]})
    return client


def _last(what: str) -> Entry:
    return Entry.objects.filter(what=what).latest("id")


def test_an_unused_session_ends_and_one_comes_back_to_the_page(
    partnership: Partnership, settings: Any, later: Callable[[int], None]
) -> None:
    settings.SESSION_IDLE_MINUTES = 30
    client = _sign_in(partnership)
    later(29 * MINUTE)
    assert client.get("/coverage").status_code == 200
    later(29 * MINUTE)
    assert client.get("/coverage").status_code == 200
    later(32 * MINUTE)
    answer = client.get("/audit?who=x")
    assert answer["Location"] == "/sign-in?next=%2Faudit%3Fwho%3Dx&why=idle"
    assert "was not used for a while" in client.get(answer["Location"]).content.decode()
    assert (_last("session ended").who, _last("session ended").details["why"]) == ("auditor", "not used for a while")
    again = {"username": "auditor", "password": partnership.passwords["auditor"], "next": "/audit?who=x"}
    assert client.post("/sign-in", again)["Location"] == "/audit?who=x"


def test_a_session_ends_after_a_working_day_however_much_it_is_used(
    partnership: Partnership, later: Callable[[int], None]
) -> None:
    client = _sign_in(partnership)
    for _ in range(15):
        later(31 * MINUTE)
        assert client.get("/coverage").status_code == 200
    later(16 * MINUTE)
    assert "why=limit" in client.get("/coverage")["Location"]


def test_real_records_are_stricter_than_invented_ones(
    partnership: Partnership, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (sessions.limits().idle.total_seconds(), sessions.limits().at_most) == (8 * HOUR, None)
    monkeypatch.setattr(sessions, "standing", lambda: type("S", (), {"invented": False}))
    assert (sessions.limits().idle.total_seconds(), sessions.limits().at_most) == (30 * MINUTE, 3)


def test_a_form_sent_too_late_leads_back_to_its_page(
    partnership: Partnership, settings: Any, later: Callable[[int], None]
) -> None:
    settings.SESSION_IDLE_MINUTES = 30
    for came, back in (
        ("http://testserver/account/password", "%2Faccount%2Fpassword"),
        ("https://example.org/x", "%2F"),
        ("", "%2F"),
    ):
        client = _sign_in(partnership)
        later(40 * MINUTE)
        answer = client.post("/account/password", {"new": "x"}, headers={"referer": came})
        assert answer["Location"] == f"/sign-in?next={back}&why=idle"


def test_a_script_is_told_in_a_way_it_understands(partnership: Partnership) -> None:
    answer = Client().post("/account/sessions/end", headers={"sec-fetch-dest": "empty"})
    assert answer.status_code == 401
    assert answer.json()["sign_in"].startswith("/sign-in?")


def test_use_is_written_down_once_a_minute(
    partnership: Partnership, django_assert_num_queries: Any, later: Callable[[int], None]
) -> None:
    client = _sign_in(partnership)
    session = client.session
    begun = session["seen"]
    with django_assert_num_queries(0):
        sessions.seen(session)
    later(2 * MINUTE)
    client.get("/account/second-step")
    assert client.session["seen"] >= begun + 2 * MINUTE


def test_one_more_than_allowed_ends_the_oldest(partnership: Partnership, settings: Any) -> None:
    settings.SESSIONS_AT_MOST = 2
    first, second, third = (_sign_in(partnership) for _ in range(3))
    assert [one.get("/account").status_code for one in (first, second, third)] == [302, 200, 200]
    assert _last("session ended").details["why"] == "too many at a time"


def test_one_sees_ones_sessions_and_ends_one_or_all(partnership: Partnership) -> None:
    here = _sign_in(partnership, headers={"user-agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"})
    phone = _sign_in(
        partnership, headers={"user-agent": "Mozilla/5.0 (iPhone) Version/18.0 Mobile/15E148 Safari/604.1"}
    )
    text = here.get("/account").content.decode()
    assert "Firefox on Linux <strong>(here)</strong>" in text
    assert "Safari on iPhone" in text
    other = UserSession.objects.get(session_key=phone.session.session_key)
    here.post("/account/sessions/end", {"session": other.pk})
    assert phone.get("/account").status_code == 302
    assert here.get("/account").status_code == 200
    phone = _sign_in(partnership)
    assert here.post("/account/sessions/end", {"everywhere": "1"})["Location"] == "/sign-in?why=everywhere"
    assert [one.get("/account").status_code for one in (here, phone)] == [302, 302]
    assert not Session.objects.filter(session_key=other.session_key).exists()


def test_nobody_ends_anothers_session(partnership: Partnership) -> None:
    mine, theirs = _sign_in(partnership), _sign_in(partnership, "board-member")
    id = UserSession.objects.get(user__username="board-member").pk
    mine.post("/account/sessions/end", {"session": id})
    assert theirs.get("/account").status_code == 200


def test_a_dangerous_page_asks_for_a_fresh_proof(partnership: Partnership, later: Callable[[int], None]) -> None:
    client = _sign_in(partnership, "administrator")
    assert client.get("/recovery").status_code == 200
    later(11 * MINUTE)
    answer = client.get("/recovery?name=a")
    assert answer["Location"] == "/account/confirm?next=%2Frecovery%3Fname%3Da"
    form = {"next": "/recovery?name=a", "password": "wrong"}
    assert "Enter your password" in client.post("/account/confirm", form).content.decode()
    assert _last("failed sign-in").who == "administrator"
    form["password"] = partnership.passwords["administrator"]
    assert client.post("/account/confirm", form)["Location"] == "/recovery?name=a"
    assert (_last("identity confirmed").who, _last("identity confirmed").details["how"]) == (
        "administrator",
        "password",
    )
    assert client.get("/recovery?name=a").status_code == 200


def test_a_form_that_was_opened_in_time_may_be_sent_a_little_later(
    partnership: Partnership, later: Callable[[int], None]
) -> None:
    client = _sign_in(partnership, "administrator")
    sent = {"user": User.objects.get(username="auditor").pk, "kind": "password"}
    later(20 * MINUTE)
    assert client.post("/recovery/link", sent).status_code == 200
    later(20 * MINUTE)
    late = client.post("/recovery/link", sent, headers={"referer": "http://testserver/recovery"})
    assert late["Location"] == "/account/confirm?next=%2Frecovery"


def test_the_proof_leads_to_no_other_site(partnership: Partnership) -> None:
    client = _sign_in(partnership, "administrator")
    form = {"next": "https://example.org/", "password": partnership.passwords["administrator"]}
    assert client.post("/account/confirm", form)["Location"] == "/"


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/131.0 Safari/537.36 Edg/131.0", "Edge on Windows"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/18.1 Safari/605.1.15", "Safari on Mac"),
        ("curl/8", "A browser that does not say what it is"),
        ("", "A browser that does not say what it is"),
    ],
)
def test_a_device_in_words(said: str, words: str) -> None:
    assert device(said) == words


def test_a_setting_that_cannot_be_meant_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    for given in ("soon", "-5", "0", "1.5"):
        monkeypatch.setenv("SIGHTLINE_IDLE_MINUTES", given)
        with pytest.raises(ImproperlyConfigured, match="SIGHTLINE_IDLE_MINUTES"):
            installation._whole("SIGHTLINE_IDLE_MINUTES", None)
    monkeypatch.setenv("SIGHTLINE_SECOND_FACTOR", "maybe")
    with pytest.raises(ImproperlyConfigured, match="required, optional"):
        installation._one_of("SIGHTLINE_SECOND_FACTOR", "by records", "required", "optional")
