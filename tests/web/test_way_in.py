"""Second factors, recovery links, one's own account: what lets a person in, and what no longer does."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.contrib.auth import authenticate
from django.test import Client

from sightline.cli import main
from sightline.core.access import factors, sign_in
from sightline.core.access.models import User
from sightline.core.access.roles import ROLES
from sightline.core.audit.models import Entry

from .conftest import Partnership

pytestmark = pytest.mark.django_db

NEW = "seven blue herons walk"


def _code(secret: str, steps: int = 0) -> str:
    """The code an app shows now, or some steps of half a minute later."""
    counters = list(totp.yield_hotp_counters_from_time())
    return str(totp.format_hotp_value(totp.hotp_value(secret, counters[1] + steps)))


def _password(client: Client, partnership: Partnership, username: str, **more: str) -> Any:
    return client.post("/sign-in", {"username": username, "password": partnership.passwords[username], **more})


def _enrol(client: Client) -> tuple[str, list[str]]:
    """Set up an app in a browser that is signed in; its secret and the recovery codes that are shown."""
    text = client.get("/account/second-step/app").content.decode()
    secret = re.search(r'sl-secret">([A-Z2-7 ]+)<', text)
    assert secret is not None
    plain = secret[1].replace(" ", "")
    answer = client.post("/account/second-step/app", {"code": _code(plain, -1)}, follow=True)
    return plain, re.findall(r"<li><code>(\d{4} \d{4})</code>", answer.content.decode())


@pytest.fixture
def enrolled(partnership: Partnership, db: None) -> tuple[Client, str, list[str]]:
    """A social worker's browser, who has set up an app; its secret, and recovery codes."""
    client = Client()
    _password(client, partnership, "social-worker")
    return client, *_enrol(client)


def _last(what: str) -> Entry:
    return Entry.objects.filter(what=what).latest("id")


def test_the_secret_can_be_seen_and_typed_and_is_not_stored_as_it_is(enrolled: tuple[Client, str, list[str]]) -> None:
    _, secret, codes = enrolled
    stored = Authenticator.objects.get(type="totp")
    assert secret not in json.dumps(stored.data)
    assert len(codes) == 10
    assert _last("second factor added").who == "social-worker"


def test_the_qr_code_comes_with_the_page_itself(partnership: Partnership) -> None:
    client = Client()
    _password(client, partnership, "social-worker")
    text = client.get("/account/second-step/app").content.decode()
    assert 'src="data:image/svg+xml;base64,' in text
    assert "style=" not in text


def test_a_password_alone_no_longer_lets_in(enrolled: tuple[Client, str, list[str]], partnership: Partnership) -> None:
    _, secret, _ = enrolled
    client = Client()
    answer = _password(client, partnership, "social-worker", next="/coverage")
    assert answer["Location"] == "/sign-in/second-step"
    assert client.get("/account").status_code == 302
    assert client.post("/sign-in/second-step", {"code": _code(secret)})["Location"] == "/coverage"
    assert client.get("/account").status_code == 200
    assert _last("sign-in").details["how"] == "password and authenticator app"


def test_a_code_works_once(enrolled: tuple[Client, str, list[str]], partnership: Partnership) -> None:
    _, secret, codes = enrolled
    for code in (_code(secret), codes[0]):
        first, second = Client(), Client()
        for client in (first, second):
            _password(client, partnership, "social-worker")
        assert first.post("/sign-in/second-step", {"code": code}).status_code == 302
        told = second.post("/sign-in/second-step", {"code": code}).content.decode()
        assert "a recovery code you have not used" in told
    assert factors.recovery_codes_left(User.objects.get(username="social-worker")) == 9


def test_failed_second_factors_are_audited_and_lock_the_account(
    enrolled: tuple[Client, str, list[str]], partnership: Partnership
) -> None:
    _, secret, _ = enrolled
    client = Client()
    _password(client, partnership, "social-worker")
    for _ in range(sign_in.MOST_FAILURES):
        assert client.post("/sign-in/second-step", {"code": "000000"}).status_code == 200
    assert _last("failed sign-in").details["factor"] == "code"
    assert "Too many attempts" in client.post("/sign-in/second-step", {"code": _code(secret)}).content.decode()
    assert "Too many attempts" in _password(Client(), partnership, "social-worker").content.decode()
    assert _last("sign-in while locked").who == "social-worker"


def test_a_right_password_does_not_clear_the_count_of_wrong_codes(
    enrolled: tuple[Client, str, list[str]], partnership: Partnership
) -> None:
    for _ in range(sign_in.MOST_FAILURES):
        client = Client()
        _password(client, partnership, "social-worker")
        client.post("/sign-in/second-step", {"code": "000000"})
    assert "Too many attempts" in _password(Client(), partnership, "social-worker").content.decode()


def test_the_second_step_cannot_be_opened_first(partnership: Partnership) -> None:
    assert "Start again" in Client().post("/sign-in/second-step", {"code": "123456"}).content.decode()


@pytest.mark.parametrize("sent", ["", "null", "[]", "{}", '{"id": 1}', '{"response": {"clientDataJSON": "x"}}'])
def test_what_is_no_passkey_proves_nothing(
    enrolled: tuple[Client, str, list[str]], partnership: Partnership, sent: str
) -> None:
    client = Client()
    _password(client, partnership, "social-worker")
    assert client.post("/sign-in/second-step", {"credential": sent}).status_code == 200
    answer = enrolled[0].post("/account/second-step/passkey", {"name": "Key", "credential": sent})
    assert "The passkey was not made" in answer.content.decode()


@pytest.mark.parametrize("role", sorted(ROLES))
def test_who_must_have_a_second_factor(role: str) -> None:
    sees_nothing = {"board_manager", "board_member", "independent_chair"}
    assert factors.role_needs_one(role) is (role not in sees_nothing)


def test_where_it_is_required_nothing_opens_until_there_is_one(partnership: Partnership, settings: Any) -> None:
    settings.SECOND_FACTOR = "required"
    client, board = Client(), Client()
    _password(client, partnership, "social-worker")
    for address in ("/", "/account", "/coverage", "/account/password"):
        assert client.get(address)["Location"] == "/account/second-step"
    assert client.get("/account/second-step").status_code == 200
    _enrol(client)
    assert client.get("/account").status_code == 200
    _password(board, partnership, "board-member")
    assert board.get("/account").status_code == 200


def test_the_last_one_stays_where_it_is_required(enrolled: tuple[Client, str, list[str]], settings: Any) -> None:
    client, _, _ = enrolled
    id = Authenticator.objects.get(type="totp").pk
    settings.SECOND_FACTOR = "required"
    assert "Add another first" in client.post("/account/second-step/remove", {"factor": id}).content.decode()
    settings.SECOND_FACTOR = "optional"
    assert client.post("/account/second-step/remove", {"factor": id})["Location"] == "/account"
    assert not Authenticator.objects.exists()
    assert _last("second factor removed").who == "social-worker"


def test_nobody_removes_what_is_anothers(
    enrolled: tuple[Client, str, list[str]], visit: Callable[[str], Client]
) -> None:
    id = Authenticator.objects.get(type="totp").pk
    visit("team_manager").post("/account/second-step/remove", {"factor": id})
    assert Authenticator.objects.filter(pk=id).exists()


def test_new_recovery_codes_end_the_old_and_are_shown_once(enrolled: tuple[Client, str, list[str]]) -> None:
    client, _, old = enrolled
    text = client.post("/account/second-step/codes", follow=True).content.decode()
    new = re.findall(r"<li><code>(\d{4} \d{4})</code>", text)
    assert len(new) == 10
    assert not set(new) & set(old)
    assert client.get("/account/second-step/codes")["Location"] == "/account"
    assert factors.code_fits(User.objects.get(username="social-worker"), old[0]) is None


def test_a_changed_key_is_told_and_lets_nobody_in(
    enrolled: tuple[Client, str, list[str]], settings: Any, rf: Any
) -> None:
    settings.SECRET_KEY = "another"
    with pytest.raises(factors.SetUpProblem, match="cannot be read"):
        factors.code_fits(User.objects.get(username="social-worker"), "123456")


# Password


def test_changing_the_password_takes_the_old_and_signs_out_elsewhere(partnership: Partnership) -> None:
    client, elsewhere = Client(), Client()
    for one in (client, elsewhere):
        _password(one, partnership, "auditor")
    right = {"password": partnership.passwords["auditor"], "new": NEW, "again": NEW}
    for wrong, told in (
        ({"password": "wrong"}, "Enter the password you have now"),
        ({"again": NEW + "s"}, "the same new password in both"),
        ({"new": "short", "again": "short"}, "too short"),
        ({"new": "", "again": ""}, "Enter a new password"),
    ):
        text = client.post("/account/password", right | wrong).content.decode()
        assert told in text
        assert "There is a problem" in text
    assert client.post("/account/password", right)["Location"] == "/account"
    assert client.get("/account").status_code == 200
    assert elsewhere.get("/account").status_code == 302
    assert authenticate(username="auditor", password=NEW)
    assert _last("password changed").who == "auditor"


# Recovery


def _link(admin: Client, username: str, kind: str) -> str:
    user = User.objects.get(username=username)
    text = admin.post("/recovery/link", {"user": user.pk, "kind": kind}).content.decode()
    found = re.search(r"http://testserver(/recover/[^<]+)<", text)
    return found[1] if found else text


def test_a_lost_password_is_replaced_by_a_link_that_works_once(
    partnership: Partnership, visit: Callable[[str], Client]
) -> None:
    signed_in = visit("auditor")
    link = _link(visit("administrator"), "auditor", "password")
    made = _last("recovery link made")
    assert (made.who, made.about) == ("administrator", "auditor: password")
    assert link.rsplit("/", 1)[1] not in str(made.__dict__)
    client = Client()
    assert "auditor" in client.get(link).content.decode()
    assert "too short" in client.post(link, {"new": "x", "again": "x"}).content.decode()
    assert client.post(link, {"new": NEW, "again": NEW})["Location"] == "/sign-in?why=password"
    assert signed_in.get("/account").status_code == 302
    assert "does not work any more" in client.get(link).content.decode()
    assert "does not work any more" in client.post(link, {"new": NEW + "2", "again": NEW + "2"}).content.decode()
    assert authenticate(username="auditor", password=NEW)
    assert _last("recovery link used").who == "auditor"
    assert client.post("/sign-in", {"username": "auditor", "password": NEW})["Location"] == "/"
    assert "made on" in client.get("/account").content.decode()


def test_a_link_dies_with_a_sign_in_and_with_time(
    partnership: Partnership, visit: Callable[[str], Client], settings: Any
) -> None:
    first = _link(visit("administrator"), "auditor", "password")
    _password(Client(), partnership, "auditor")
    assert "does not work any more" in Client().get(first).content.decode()
    second = _link(visit("administrator"), "auditor", "password")
    settings.PASSWORD_RESET_TIMEOUT = -1
    assert "does not work any more" in Client().get(second).content.decode()


def test_a_lost_second_factor_takes_the_link_and_the_password(
    enrolled: tuple[Client, str, list[str]], partnership: Partnership, visit: Callable[[str], Client], settings: Any
) -> None:
    settings.SECOND_FACTOR = "required"
    link = _link(visit("administrator"), "social-worker", "second-factor")
    client = Client()
    assert "Enter your password" in client.post(link, {"password": "wrong"}).content.decode()
    assert Authenticator.objects.exists()
    answer = client.post(link, {"password": partnership.passwords["social-worker"]})
    assert answer["Location"] == "/account/second-step"
    assert client.get("/")["Location"] == "/account/second-step"
    assert not Authenticator.objects.exists()
    assert enrolled[0].get("/account").status_code == 302
    assert "does not work any more" in client.get(link).content.decode()


def test_no_administrator_helps_themselves_or_replaces_both(
    enrolled: tuple[Client, str, list[str]], visit: Callable[[str], Client], capsys: pytest.CaptureFixture[str]
) -> None:
    admin = visit("administrator")
    assert "cannot make a link for yourself" in _link(admin, "administrator", "password")
    assert _link(admin, "social-worker", "password").startswith("/recover/")
    assert "cannot replace both" in _link(admin, "social-worker", "second-factor")
    other = User.objects.create_user("second-administrator", role="administrator")
    another = Client()
    another.force_login(other)
    assert _link(another, "social-worker", "second-factor").startswith("/recover/")
    assert main(["users", "reset", "social-worker", "--second-factor"]) == 0
    assert "/recover/second-factor/" in capsys.readouterr().out


def test_an_invented_link_opens_nothing(partnership: Partnership) -> None:
    id = User.objects.get(username="auditor").pk
    for address in (f"/recover/password/{id}/x-y", f"/recover/king/{id}/x", "/recover/second-factor/0/x"):
        assert "does not work any more" in Client().get(address).content.decode()


def test_hostile_search_and_unknown_people(visit: Callable[[str], Client]) -> None:
    admin = visit("administrator")
    assert "<script>x" not in admin.get("/recovery", {"name": "<script>x"}).content.decode()
    for sent in ({"user": "9" * 30, "kind": "password"}, {"user": "x"}, {"user": "1", "kind": "king"}):
        assert admin.post("/recovery/link", sent).status_code == 302


# Command line


def test_the_commands_change_people_and_end_their_sessions(
    partnership: Partnership, visit: Callable[[str], Client], capsys: pytest.CaptureFixture[str]
) -> None:
    client = visit("auditor")
    assert main(["users", "role", "auditor", "--role", "board_member"]) == 0
    assert client.get("/account").status_code == 302
    assert User.objects.get(username="auditor").role == "board_member"
    assert _last("user changed").details["change"] == "role auditor to board_member"
    assert main(["users", "disable", "auditor"]) == 0
    assert "belong together" in _password(Client(), partnership, "auditor").content.decode()
    assert main(["users", "enable", "auditor"]) == 0
    assert _password(Client(), partnership, "auditor").status_code == 302
    for wrong in (["role", "nobody", "--role", "auditor"], ["role", "auditor"], ["role", "auditor", "--role", "king"]):
        assert main(["users", *wrong]) == 2
    capsys.readouterr()
