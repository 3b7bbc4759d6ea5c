"""Files received, and the rows of children kept out of the record until they are mended."""

from __future__ import annotations

from django.db import models
from django.utils import timezone


class ReceivedFile(models.Model):
    """One import of one file or set: kept as received, with its hash and what came of it.

    The latest import of a source (`current`) says what of it is in the record and what is in quarantine.
    """

    id = models.BigAutoField(primary_key=True)
    format = models.CharField(max_length=16)
    area = models.CharField(max_length=24)
    area_name = models.CharField(max_length=120)
    period = models.CharField(max_length=24)
    period_start = models.DateField()
    period_end = models.DateField()
    source_system = models.CharField(max_length=40)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField(default=0)
    kept_as = models.CharField(max_length=200)
    current = models.BooleanField(default=True)
    received_at = models.DateTimeField(default=timezone.now)
    received_by = models.CharField(max_length=150)
    report = models.JSONField(default=dict)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["source_system"], condition=models.Q(current=True), name="received_current"
            ),
        )


class QuarantinedRow(models.Model):
    """A row of a child whose rows break a constraint: outside the record, and so outside every measure."""

    id = models.BigAutoField(primary_key=True)
    file = models.ForeignKey(ReceivedFile, on_delete=models.PROTECT, related_name="quarantined")
    child_reference = models.CharField(max_length=60)
    child_hash = models.CharField(max_length=12)
    table = models.CharField(max_length=40)
    line = models.IntegerField()
    reason = models.CharField(max_length=300)
    content = models.JSONField(default=dict)

    class Meta:
        indexes = (models.Index(fields=["file", "table", "line"], name="quarantined_line"),)
