"""The addresses of an agency's system that are told of decisions."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from ninja import Body, Status

from sightline.api.build import operation
from sightline.api.door import call_of, caller_of
from sightline.api.messages import Hook, Hooks, MadeHook, NewWebhook
from sightline.api.problems import FieldFault, Refusal
from sightline.core.partners.models import Webhook
from sightline.core.partners.signing import secret_of

MOST = 10


@operation("POST", "/webhooks", scope="webhooks:write", answers={201: MadeHook}, refusals=(415,))
def add_webhook(request: HttpRequest, message: Annotated[NewWebhook, Body()]) -> Status[MadeHook]:
    """Register an address to be told of decisions. The answer holds the secret that signs what is sent, this once."""
    client = caller_of(request).client
    if client.webhooks.filter(removed_at=None).count() >= MOST:
        raise Refusal(422, "Remove one first.", [FieldFault(field="", what=f"A client has at most {MOST} webhooks.")])
    made = Webhook.objects.create(client=client, url=message.url, kinds=sorted(set(message.kinds)))
    call_of(request).shown["webhook"] = str(made.id)
    return Status(201, MadeHook(secret=secret_of(made.id), **_hook(made).model_dump()))


@operation("GET", "/webhooks", scope="webhooks:write", answers={200: Hooks})
def list_webhooks(request: HttpRequest) -> Hooks:
    """List the client's addresses. Secrets are not shown again."""
    found = caller_of(request).client.webhooks.filter(removed_at=None).order_by("made_at", "id")
    return Hooks(items=[_hook(one) for one in found])


@operation("DELETE", "/webhooks/{webhook}", scope="webhooks:write", answers={204: None}, refusals=(404,))
def remove_webhook(request: HttpRequest, webhook: UUID) -> Status[None]:
    """Remove an address. It is told of nothing more."""
    found = caller_of(request).client.webhooks.filter(pk=webhook, removed_at=None)
    if not found.update(removed_at=timezone.now()):
        raise Refusal(404, "The client has no such webhook.")
    call_of(request).shown["webhook"] = str(webhook)
    return Status(204, None)


def _hook(one: Webhook) -> Hook:
    return Hook(id=one.id, url=one.url, kinds=one.kinds, made_at=one.made_at)
