"""Signing in with the operator's identity provider: a real one is started, and every redirect is followed over HTTP."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from oidc_provider_mock import User as Person
from oidc_provider_mock import run_server_in_thread

from sightline.cli import main
from sightline.core.access import provider
from sightline.core.access.models import User
from sightline.core.access.roles import ROLES
from sightline.core.audit.models import Entry
from sightline.core.errors import SetUpProblem

from .conftest import Partnership

pytestmark = pytest.mark.django_db

GROUPS = """
claim: groups
roles:
  Board support: board_manager
  Board: board_member
"""
PEOPLE = (
    Person(sub="s-1", claims={"preferred_username": "ade.waits"}),
    Person(sub="s-2", claims={"preferred_username": "bo.board", "groups": ["Board"], "given_name": "Bo"}),
    Person(sub="s-3", claims={"preferred_username": "cy.stranger", "groups": ["Cleaners"]}),
    Person(sub="s-4", claims={"preferred_username": "auditor"}),
    Person(sub="s-5", claims={"preferred_username": "di.two", "amr": ["pwd", "otp"]}),
)


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """The address of a provider that runs on a port of this machine."""
    with run_server_in_thread(user_claims=PEOPLE) as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture
def operator(issuer: str, settings: Any, partnership: Partnership) -> Any:
    """The installation's settings, with the provider set."""
    settings.OIDC_ISSUER, settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET = issuer, "sightline", "secret"
    settings.OIDC_NAME = "County account"
    return settings


@pytest.fixture
def with_map(operator: Any, tmp_path: Path) -> Any:
    """The installation's settings, with a map of groups to roles."""
    path = tmp_path / "roles.yaml"
    path.write_text(GROUPS)
    operator.OIDC_ROLES = str(path)
    return operator


def _go(client: Client, subject: str, start: str = "/sign-in/provider", deny: bool = False) -> Any:
    """Follow the link on the sign-in page to the provider, sign in there, and come back; the answer on coming back."""
    away = client.get(start)
    assert away.status_code == 302, away.content.decode()
    assert "code_challenge=" in away["Location"]
    with requests.Session() as browser:
        # What the provider shows is a page of its own, with a form.
        form = browser.get(away["Location"], timeout=5)
        assert form.ok
        sent = {"action": "deny"} if deny else {"sub": subject}
        back = browser.post(form.url, data=sent, allow_redirects=False, timeout=5)
    return client.get(back.headers["Location"].removeprefix("http://testserver"))


def _refused(answer: Any) -> str:
    assert answer.status_code == 200
    found = re.search(r'error-summary.*?<a href="#username">([^<]+)</a>', answer.content.decode(), re.DOTALL)
    assert found is not None
    return found[1]


def _last(what: str) -> Entry:
    return Entry.objects.filter(what=what).latest("id")


def test_the_sign_in_page_offers_it_where_it_is_set(operator: Any) -> None:
    text = Client().get("/sign-in?next=/coverage").content.decode()
    assert "Sign in with County account" in text
    assert 'href="/sign-in/provider?next=%2Fcoverage"' in text
    operator.OIDC_ISSUER = ""
    assert "County account" not in Client().get("/sign-in").content.decode()


def test_an_account_that_waits_is_tied_to_the_subject_and_not_to_the_name(operator: Any) -> None:
    assert main(["users", "add", "ade.waits", "--role", "board_member", "--provider"]) == 0
    client = Client()
    answer = _go(client, "s-1", "/sign-in/provider?next=/coverage")
    assert answer["Location"] == "/coverage"
    assert client.get("/account").status_code == 200
    assert (_last("sign-in").who, _last("sign-in").details["how"]) == ("ade.waits", "provider")
    tie = SocialAccount.objects.get()
    assert (tie.uid, tie.user.username) == ("s-1", "ade.waits")
    # The name changes here; the subject finds the account.
    User.objects.filter(username="ade.waits").update(username="ade.married")
    again = Client()
    assert _go(again, "s-1")["Location"] == "/"
    assert _last("sign-in").who == "ade.married"
    assert SocialAccount.objects.count() == 1


def test_somebody_else_of_that_name_does_not_get_the_account(operator: Any) -> None:
    user = User.objects.create_user("ade.waits", role="board_member")
    SocialAccount.objects.create(provider=provider.PROVIDER_ID, uid="s-9", user=user)
    assert "not tied to you" in _refused(_go(Client(), "s-1"))


def test_an_account_with_a_password_is_never_tied_by_its_name(operator: Any) -> None:
    client = Client()
    assert "not tied to you" in _refused(_go(client, "s-4"))
    assert client.get("/account").status_code == 302
    assert not SocialAccount.objects.exists()


def test_someone_unknown_is_told_clearly_and_audited_without_their_name(operator: Any) -> None:
    assert "you have no account in Sightline" in _refused(_go(Client(), "s-3"))
    entry = _last("failed sign-in")
    assert entry.who.startswith("unknown subject ")
    assert entry.details["why"] == "no account"
    assert "stranger" not in str(entry.__dict__)
    assert not User.objects.filter(username="cy.stranger").exists()


def test_the_map_makes_an_account_with_the_role_it_gives(with_map: Any) -> None:
    assert _go(Client(), "s-2").status_code == 302
    user = User.objects.get(username="bo.board")
    assert (user.role, user.first_name, user.has_usable_password(), user.worker) == ("board_member", "Bo", False, None)
    assert "you have no account" in _refused(_go(Client(), "s-3"))


def test_nobody_keeps_a_role_that_the_map_does_not_give(with_map: Any, operator: Any) -> None:
    user = User.objects.create_user("bo.board", role="administrator")
    assert _go(Client(), "s-2").status_code == 302
    user.refresh_from_db()
    assert user.role == "board_member"
    assert _last("user changed").who == "identity provider"
    User.objects.create_user("cy.stranger", role="social_worker")
    assert "None of your groups has a role" in _refused(_go(Client(), "s-3"))


def test_a_disabled_account_stays_shut(operator: Any) -> None:
    User.objects.create_user("ade.waits", role="board_member", is_active=False)
    assert "disabled" in _refused(_go(Client(), "s-1"))


def test_a_role_that_needs_two_factors_needs_the_providers_word_for_them(operator: Any) -> None:
    operator.SECOND_FACTOR = "required"
    for name in ("ade.waits", "di.two"):
        User.objects.create_user(name, role="social_worker")
    once, twice, trusted = Client(), Client(), Client()
    _go(once, "s-1")
    assert once.get("/account")["Location"] == "/account/second-step"
    _go(twice, "s-5")
    assert twice.get("/account").status_code == 200
    operator.OIDC_SECOND_FACTOR = "trusted"
    _go(trusted, "s-1")
    assert trusted.get("/account").status_code == 200


def test_a_proof_for_a_dangerous_action_comes_from_the_provider_too(operator: Any) -> None:
    User.objects.create_user("ade.waits", role="administrator")
    User.objects.create_user("di.two", role="administrator")
    client = Client()
    _go(client, "s-1")
    session = client.session
    session["confirmed"] = 0
    session.save()
    assert "Confirm with your organisation" in client.get("/recovery", follow=True).content.decode()
    start = "/sign-in/provider?confirm=1&next=/recovery"
    assert "prompt=login" in client.get(start)["Location"]
    assert "someone else" in _refused(_go(client, "s-5", start))
    assert client.get("/recovery").status_code == 302
    assert _go(client, "s-1", start)["Location"] == "/recovery"
    assert client.get("/recovery").status_code == 200


def test_a_cancelled_sign_in_and_a_forged_return_are_told(operator: Any) -> None:
    assert "did not confirm who you are" in _refused(_go(Client(), "s-1", deny=True))
    for forged in ("?code=x&state=y", "?code=x", "?error=access_denied&state=z", ""):
        answer = Client().get(f"/sign-in/provider/operator/return{forged}")
        assert "did not confirm who you are" in _refused(answer)


def test_a_return_works_in_the_browser_that_left_and_once(operator: Any) -> None:
    User.objects.create_user("ade.waits", role="board_member")
    client = Client()
    away = client.get("/sign-in/provider")
    back = requests.post(away["Location"], data={"sub": "s-1"}, allow_redirects=False, timeout=5).headers["Location"]
    path = back.removeprefix("http://testserver")
    assert "did not confirm" in _refused(Client().get(path))
    assert client.get(path).status_code == 302
    assert "did not confirm" in _refused(client.get(path))


def test_a_provider_that_does_not_answer_is_told(operator: Any) -> None:
    operator.OIDC_ISSUER = "http://localhost:9"
    assert "did not answer" in _refused(Client().get("/sign-in/provider"))


def test_no_other_site_is_gone_on_to(operator: Any) -> None:
    User.objects.create_user("ade.waits", role="board_member")
    assert _go(Client(), "s-1", "/sign-in/provider?next=https://example.org/")["Location"] == "/"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("roles: {Board: king}\nclaim: groups", "no role 'king'"),
        ("roles: 3", "cannot be read"),
        ("claim: groups", "cannot be read"),
        (": :", "cannot be read"),
        ("", "cannot be read"),
    ],
)
def test_a_map_with_a_mistake_is_refused(operator: Any, tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "map.yaml"
    path.write_text(text)
    operator.OIDC_ROLES = str(path)
    with pytest.raises(SetUpProblem, match=told):
        provider.role_map()
    assert "Ask your administrator" in _refused(_go(Client(), "s-1"))


def test_of_several_groups_the_first_in_the_file_counts(with_map: Any) -> None:
    found = provider.role_map().roles_for(frozenset({"Board", "Board support"}))
    assert found == ("board_manager", "board_member")
    assert set(found) <= set(ROLES)


def test_such_an_account_has_no_password_to_reset(operator: Any, visit: Callable[[str], Client]) -> None:
    user = User.objects.create_user("ade.waits", role="board_member")
    text = visit("administrator").post("/recovery/link", {"user": user.pk, "kind": "password"}).content.decode()
    assert "has no password" in text


def test_such_an_account_replaces_a_lost_second_factor_and_still_needs_the_provider(
    operator: Any, visit: Callable[[str], Client]
) -> None:
    user = User.objects.create_user("ade.waits", role="board_member")
    Authenticator.objects.create(user=user, type="totp", data={})
    text = visit("administrator").post("/recovery/link", {"user": user.pk, "kind": "second-factor"}).content.decode()
    link = re.search(r"http://testserver(/recover/[^<]+)<", text)
    assert link is not None
    client = Client()
    assert "Password" not in client.get(link[1]).content.decode()
    assert client.post(link[1])["Location"] == "/sign-in"
    assert client.get("/account").status_code == 302
    assert not Authenticator.objects.exists()
