"""Signing in, the pause after failures, and the sign-ins of the demonstration."""

from __future__ import annotations

import json
import stat
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from sightline.core.access import demo, sign_in
from sightline.core.access.models import User
from sightline.core.access.roles import ROLES
from sightline.core.audit.models import Entry
from sightline.core.errors import SetUpProblem
from sightline.core.records.models import Coverage

from .conftest import Partnership

pytestmark = pytest.mark.django_db


def _try(client: Client, username: str, password: str, **more: str) -> str:
    answer = client.post("/sign-in", {"username": username, "password": password, **more})
    return answer["Location"] if answer.status_code == 302 else answer.content.decode()


def test_signing_in_and_out_is_audited(partnership: Partnership) -> None:
    client = Client()
    # The trail outlives a test: entries made by the pages in a browser stay.
    before = Entry.objects.count()
    assert _try(client, "auditor", partnership.passwords["auditor"]) == "/"
    assert client.get("/").status_code == 200
    assert client.post("/sign-out")["Location"] == "/sign-in"
    assert client.get("/").status_code == 302
    made = Entry.objects.filter(who="auditor").order_by("id").values_list("what", flat=True)
    assert list(made)[-2:] == ["sign-in", "sign-out"]
    assert Entry.objects.count() == before + 2


def test_signing_out_takes_a_form(partnership: Partnership) -> None:
    client = Client()
    client.force_login(User.objects.get(username="auditor"))
    assert client.get("/sign-out").status_code == 405


def test_one_comes_back_to_the_page_one_wanted_and_nowhere_else(partnership: Partnership) -> None:
    password = partnership.passwords["auditor"]
    assert _try(Client(), "auditor", password, next="/audit?who=x") == "/audit?who=x"
    for elsewhere in ("https://example.org/", "//example.org", "javascript:alert(1)"):
        assert _try(Client(), "auditor", password, next=elsewhere) == "/"


def test_a_wrong_password_says_no_more_than_it_must(partnership: Partnership) -> None:
    known, unknown = _try(Client(), "auditor", "wrong"), _try(Client(), "nobody", "wrong")
    assert "Enter a user name and password that belong together" in known
    assert known.replace("auditor", "") == unknown.replace("nobody", "") or "belong together" in unknown
    last = Entry.objects.order_by("-id")[:2]
    assert [entry.what for entry in last] == ["failed sign-in", "failed sign-in"]
    assert last[1].who == "auditor"
    assert "nobody" not in last[0].who


@pytest.mark.parametrize("name", ["auditor", "nobody at all"])
def test_after_five_failures_nothing_is_taken_for_a_while(
    partnership: Partnership, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, password = Client(), partnership.passwords["auditor"]
    for _ in range(sign_in.MOST_FAILURES):
        assert "belong together" in _try(client, name, "wrong")
    assert "Too many attempts" in _try(client, name, password)
    assert Entry.objects.latest("id").what == "sign-in while locked"
    if name == "auditor":
        later = timezone.now() + sign_in.PAUSE + timedelta(seconds=1)
        monkeypatch.setattr(sign_in.timezone, "now", lambda: later)
        assert _try(client, name, password) == "/"


def test_a_sign_in_that_went_well_clears_the_count(partnership: Partnership) -> None:
    client, password = Client(), partnership.passwords["auditor"]
    for _ in range(2):
        for _ in range(sign_in.MOST_FAILURES - 1):
            _try(client, "auditor", "wrong")
        assert _try(client, "auditor", password) == "/"


def test_someone_who_left_cannot_sign_in(partnership: Partnership) -> None:
    User.objects.filter(username="auditor").update(is_active=False)
    assert "belong together" in _try(Client(), "auditor", partnership.passwords["auditor"])


def test_the_demonstration_has_a_user_for_each_role(partnership: Partnership) -> None:
    made = demo.make_demo_users()
    assert {one.username.replace("-", "_") for one in made} == set(ROLES)
    assert len({one.password for one in made}) == len(made)
    path = demo.write(made)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.parent == settings.VAR_DIR
    assert len(json.loads(path.read_text())) == len(made)
    for role in ("social_worker", "team_manager", "conference_chair"):
        assert User.objects.get(role=role).worker_id
    assert _try(Client(), "auditor", next(one.password for one in made if one.username == "auditor")) == "/"


def test_real_records_get_no_demonstration_users(partnership: Partnership, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sightline.core.records.writing.require", lambda model: None)
    with pytest.raises(SetUpProblem):
        monkeypatch.setattr(demo, "standing", type("S", (), {"invented": False}))
        demo.make_demo_users()
    assert Coverage.objects.exists()


def test_every_page_says_that_the_data_are_invented(partnership: Partnership) -> None:
    assert "Every child, family and worker here is invented" in Client().get("/sign-in").content.decode()
