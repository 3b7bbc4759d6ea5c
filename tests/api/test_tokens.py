"""Who gets a token, and for how long it opens anything."""

from __future__ import annotations

import base64
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.test import Client as Browser
from django.utils import timezone

from sightline.core.audit.models import Entry
from sightline.core.partners import clients
from sightline.core.partners.models import Secret, Token

from .world import FORM, System, World


def _ask(system: System, **more: str) -> int:
    form = {"grant_type": "client_credentials", "client_id": system.client.client_id, "client_secret": system.secret}
    return Browser().post("/api/v1/token", urlencode(form | more), content_type=FORM).status_code


def test_secrets_and_tokens_are_kept_as_hashes_only(world: World) -> None:
    token = world.police.token()
    assert world.police.secret not in str(list(Secret.objects.values())) and token not in str(
        list(Token.objects.values())
    )
    assert Token.objects.get().ends_at <= timezone.now() + timedelta(hours=1)


def test_a_wrong_secret_or_client_gives_no_token_and_is_audited(world: World) -> None:
    assert _ask(world.police, client_secret="wrong") == 401
    assert _ask(world.police, client_id=world.health.client.client_id) == 401
    assert _ask(world.police, client_secret="ö" * 30) == 401
    assert _ask(world.police, grant_type="password") == 400
    assert _ask(world.police, scope="everything") == 400
    entry = Entry.objects.filter(what="refused", about="POST /api/v1/token").latest("id")
    assert entry.details["client_given"] == world.health.client.client_id or entry.details["client_given"]
    assert world.police.secret not in str(list(Entry.objects.values("details")))


def test_id_and_secret_by_http_basic(world: World) -> None:
    given = base64.b64encode(f"{world.police.client.client_id}:{world.police.secret}".encode()).decode()

    def ask(header: str) -> Any:
        body = "grant_type=client_credentials"
        return Browser().post("/api/v1/token", body, content_type=FORM, headers={"Authorization": header})

    assert ask(f"Basic {given}").status_code == 200
    assert ask("Basic %%%").status_code == 401


def test_an_old_secret_holds_on_for_the_overlap(world: World) -> None:
    old, new = world.police.secret, clients.new_secret(world.police.client, "admin")
    assert _ask(world.police, client_secret=new) == _ask(world.police, client_secret=old) == 200
    Secret.objects.filter(ends_at__isnull=False).update(ends_at=timezone.now())
    assert _ask(world.police, client_secret=old) == 401
    assert _ask(world.police, client_secret=new) == 200


def test_a_revoked_or_expired_client_is_out_at_once(world: World) -> None:
    assert world.police.call("GET", "/decisions").status_code == 200
    clients.revoke(world.police.client, "admin", "Contract ended.")
    assert world.police.call("GET", "/decisions").status_code == 401
    assert _ask(world.police) == 401
    world.health.token()
    world.health.client.expires_on = timezone.localdate() - timedelta(days=1)
    world.health.client.save()
    assert world.health.call("GET", "/decisions").status_code == 401


def test_a_token_ends(world: World) -> None:
    world.police.token()
    Token.objects.update(ends_at=timezone.now())
    answer = world.police.call("GET", "/decisions")
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Bearer"


def test_guessing_is_slowed(world: World) -> None:
    assert 429 in {_ask(world.police, client_secret="wrong") for _ in range(62)}
