"""Drafts, what somebody typed and has not sent yet, and forms just sent. They are nobody's record: no measure, list or other user ever reads them."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Draft(models.Model):
    """What a user typed into the form of one action, about one child or on one record, as the form sent it.

    A `parked` one was sent by somebody whose session had ended: it belongs to whoever signs in again from the same browser, by its token.
    """

    id = models.BigAutoField(primary_key=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+")
    parked = models.CharField(max_length=64, blank=True)
    form = models.CharField(max_length=200)
    content = models.JSONField()
    saved_at = models.DateTimeField(auto_now=True, db_index=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["user", "form"], name="draft_once"),
            models.UniqueConstraint(fields=["parked"], condition=~models.Q(parked=""), name="draft_parked_once"),
            models.CheckConstraint(
                condition=models.Q(user__isnull=False) | ~models.Q(parked=""), name="draft_is_somebodys"
            ),
        )


class Sent(models.Model):
    """A form that was sent and done: for a day it is known again, so that a second click or the way back writes nothing twice.

    `mark` is the SHA-256 of what was sent, with the token of the page that it was sent from; `address` is where it led.
    """

    id = models.BigAutoField(primary_key=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    mark = models.CharField(max_length=64)
    address = models.CharField(max_length=300)
    at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["user", "mark"], name="sent_once"),)
