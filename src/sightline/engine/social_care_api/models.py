"""What the Department has accepted about each child, and under which id."""

from __future__ import annotations

from django.db import models

from sightline.core.people.models import PERSON


class SentChild(models.Model):
    """A child as one service last accepted them: the Department's live one, its test one, a stand-in. Under the same id with each.

    It follows the person's own record: whoever may not see the person does not see it, and a disposal takes it along (see `holding.forget`).
    What the payload says stands in records, whose links are checked; this one may outlive the person until the Department has purged them.
    """

    id = models.BigAutoField(primary_key=True)
    area = models.CharField(max_length=24)
    #: The address of the service; empty for a trial that sends nothing.
    service = models.CharField(max_length=200, default="")
    person = models.ForeignKey(PERSON, null=True, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False)
    la_child_id = models.CharField(max_length=20)
    #: Null: the Department holds nothing about the child.
    payload = models.JSONField(null=True)
    sha256 = models.CharField(max_length=64, default="")
    receipt = models.CharField(max_length=120, default="")
    accepted_at = models.DateTimeField(null=True)
    #: Why it was held back or refused the last time: properties and requirements, no values.
    held_back = models.TextField(default="")

    class Meta:
        verbose_name_plural = "sent children"
        constraints = (
            models.UniqueConstraint(fields=["area", "service", "la_child_id"], name="sent_child_id_once"),
            models.UniqueConstraint(fields=["area", "service", "person"], name="sent_child_once"),
        )
