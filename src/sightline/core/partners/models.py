"""What an agency's system may do, what it sent, and what waits to be told to it.

None of these is a record about a child: what a system sends becomes records by actions, and here stands only which of its messages they came from.
"""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

_KEPT = models.PROTECT


def _own_reference() -> str:
    return uuid.uuid4().hex


class Client(models.Model):
    """A system of an agency. It acts as a user of its own, so that permissions, visibility and audit are those of everybody."""

    client_id = models.CharField(max_length=40, unique=True, default=_own_reference)
    name = models.CharField(max_length=100)
    agency = models.ForeignKey("organisations.Organisation", on_delete=_KEPT, related_name="+")
    user = models.OneToOneField("access.User", on_delete=_KEPT, related_name="+")
    team = models.ForeignKey("organisations.Team", on_delete=_KEPT, related_name="+")
    source = models.CharField(max_length=24)
    scopes = ArrayField(models.CharField(max_length=40))
    per_minute = models.PositiveIntegerField(default=60)
    expires_on = models.DateField(null=True)
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.CharField(max_length=150)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.CharField(max_length=150, default="")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["agency", "name"], name="client_once"),)

    @property
    def is_open(self) -> bool:
        """Whether it is let in today."""
        over = self.expires_on is not None and self.expires_on < timezone.localdate()
        return self.revoked_at is None and not over


class Secret(models.Model):
    """A secret of a client, as its hash. Two hold at a time while one takes the other's place."""

    client = models.ForeignKey(Client, on_delete=_KEPT, related_name="secrets")
    hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(default=timezone.now)
    ends_at = models.DateTimeField(null=True)


class Token(models.Model):
    """A token given for a secret, as its hash: it ends within the hour."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="tokens")
    hash = models.CharField(max_length=64, unique=True)
    scopes = ArrayField(models.CharField(max_length=40))
    ends_at = models.DateTimeField(db_index=True)


class CallCount(models.Model):
    """How many calls of a kind a client made in one minute. In the database, so that all servers agree."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10)
    minute = models.DateTimeField(db_index=True)
    calls = models.PositiveIntegerField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["client", "kind", "minute"], name="call_count_once"),)


class IdempotencyKey(models.Model):
    """A message that a client sent under a key of its choosing, and the answer it had."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=100)
    body_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    answer = models.JSONField(null=True)
    made_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["client", "key"], name="idempotency_key_once"),)


class Submission(models.Model):
    """A contact or notification that an agency sent, under the reference by which it asks after it."""

    reference = models.CharField(max_length=40, unique=True, default=_own_reference)
    client = models.ForeignKey(Client, on_delete=_KEPT, related_name="+")
    agency = models.ForeignKey("organisations.Organisation", on_delete=_KEPT, related_name="+")
    kind = models.CharField(max_length=20)
    record_table = models.CharField(max_length=63)
    record_id = models.BigIntegerField()
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = (models.Index(fields=["record_table", "record_id"], name="submission_of_record"),)


class SubmittedChild(models.Model):
    """A child named in a submission: known already for certain, or registered anew and to be checked against those who are like them."""

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="children")
    person = models.ForeignKey("people.Person", on_delete=_KEPT, related_name="+")
    matched = models.BooleanField()
    to_check = models.BooleanField()


class Event(models.Model):
    """Something decided that an agency is told: what kind, and the reference by which it asks for more. Nothing about anybody."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    # Pages are read in this order; the primary key is random so that it tells nothing.
    number = models.BigIntegerField(db_index=True)
    agency = models.ForeignKey("organisations.Organisation", on_delete=_KEPT, related_name="+")
    kind = models.CharField(max_length=40)
    reference = models.CharField(max_length=40)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["agency", "kind", "reference"], name="event_once"),)


class Webhook(models.Model):
    """An address of an agency's system that is told of events. Its signing secret is worked out from the installation's key and held nowhere."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    client = models.ForeignKey(Client, on_delete=_KEPT, related_name="webhooks")
    url = models.CharField(max_length=500)
    kinds = ArrayField(models.CharField(max_length=40))
    made_at = models.DateTimeField(default=timezone.now)
    removed_at = models.DateTimeField(null=True)


class Delivery(models.Model):
    """An event to be sent to a webhook: the outbox. Written in the transaction of the decision, sent afterwards."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="deliveries")
    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(default=timezone.now)
    delivered_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)
    last_answer = models.CharField(max_length=100, default="")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["event", "webhook"], name="delivery_once"),)
        indexes = (
            models.Index(
                fields=["next_at"],
                condition=models.Q(delivered_at__isnull=True, given_up_at__isnull=True),
                name="delivery_waiting",
            ),
        )
