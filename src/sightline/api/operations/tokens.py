"""Getting a token (RFC 6749, section 4.4)."""

from __future__ import annotations

import base64
import binascii
from typing import Annotated
from urllib.parse import unquote_plus

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from ninja import Form, Status

from sightline.api.build import TOKEN_PATH, operation
from sightline.api.door import call_of
from sightline.api.messages import Given, TokenFault
from sightline.api.problems import Problem, Refusal
from sightline.api.values import Text
from sightline.core.partners import clients, limits
from sightline.core.partners.models import Client


def _not_too_often(request: HttpRequest) -> None:
    """Raises Refusal where a client's secret is tried too often; attempts stay counted when they fail."""
    if request.content_type != "application/x-www-form-urlencoded":
        raise Refusal(415, "Send a form: application/x-www-form-urlencoded.")
    try:
        form = request.POST
    except (SuspiciousOperation, UnicodeError) as error:
        raise Refusal(422, "The form cannot be read.") from error
    id = (_credentials(request) or (form.get("client_id", ""), ""))[0]
    known = Client.objects.filter(client_id=id).first() if id.isalnum() and id.isascii() else None
    if known is not None and (seconds := limits.wait(known, "token", limits.TOKENS_PER_MINUTE)):
        raise Refusal(429, f"Wait {seconds} seconds.", headers={"Retry-After": str(seconds)})


@operation(
    "POST",
    TOKEN_PATH,
    scope="",
    answers={200: Given, 400: TokenFault, 401: TokenFault, 429: Problem},
    refusals=(405, 415),
    before=_not_too_often,
)
def get_token(
    request: HttpRequest,
    response: HttpResponse,
    grant_type: Annotated[str, Text(300), Form(examples=["client_credentials"])],
    client_id: Annotated[Annotated[str, Text(300)] | None, Form()] = None,
    client_secret: Annotated[Annotated[str, Text(300)] | None, Form()] = None,
    scope: Annotated[
        Annotated[str, Text(300)] | None,
        Form(description="Scopes, with spaces between; none asks for all of the client's."),
    ] = None,
) -> Status[Given | TokenFault]:
    """Get a token. Give the client's id and secret in the form or by HTTP Basic. The token holds for an hour."""
    if grant_type != "client_credentials":
        return Status(400, TokenFault(error="unsupported_grant_type", error_description="Ask for client_credentials."))
    id, secret = _credentials(request) or (client_id or "", client_secret or "")
    call_of(request).shown["client_given"] = id[:40]
    client = clients.known(id, secret)
    if client is None:
        response["WWW-Authenticate"] = 'Basic realm="Sightline"'
        return Status(401, TokenFault(error="invalid_client", error_description="No client has this id and secret."))
    call_of(request).who = client.user.get_username()
    wanted = set((scope or "").split()) or set(client.scopes)
    if not wanted <= set(client.scopes):
        return Status(
            400, TokenFault(error="invalid_scope", error_description=f"It may have: {' '.join(client.scopes)}.")
        )
    token = clients.new_token(client, wanted)
    made = Given(
        access_token=token, expires_in=int(clients.TOKEN_LASTS.total_seconds()), scope=" ".join(sorted(wanted))
    )
    return Status(200, made)


def _credentials(request: HttpRequest) -> tuple[str, str] | None:
    """Id and secret by HTTP Basic; None where there are none that can be read."""
    kind, _, given = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "basic":
        return None
    try:
        id, _, secret = base64.b64decode(given, validate=True).decode("ascii").partition(":")
    except (binascii.Error, ValueError):
        return "", ""
    id, secret = unquote_plus(id), unquote_plus(secret)
    return (id, secret) if id.isprintable() else ("", "")
