"""Deadlines. Derived from the records: rebuilding gives the identical table."""

from __future__ import annotations

from django.db import models


class Deadline(models.Model):
    """One clock on one record.

    `outcome` is open, met, late or not_required (the subject closed before it was due). `sequence` numbers the turns of a repeating clock.
    """

    id = models.BigAutoField(primary_key=True)
    clock = models.CharField(max_length=40)
    framework = models.CharField(max_length=20, blank=True)
    stream = models.CharField(max_length=40)
    record_table = models.CharField(max_length=63)
    record_id = models.BigIntegerField()
    sequence = models.IntegerField(default=1)
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, null=True, related_name="+")
    agency = models.ForeignKey("organisations.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False)
    source_system = models.CharField(max_length=40)
    started = models.DateField()
    due = models.DateField()
    stopped = models.DateField(null=True)
    stopped_by_table = models.CharField(max_length=63, blank=True)
    stopped_by_id = models.BigIntegerField(null=True)
    closed = models.DateField(null=True)
    outcome = models.CharField(max_length=16)
    late_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["clock", "record_table", "record_id", "sequence"], name="deadline_once"),
        )
        indexes = (
            models.Index(fields=["person"], name="deadline_person"),
            models.Index(fields=["due"], condition=models.Q(outcome="open"), name="deadline_open"),
        )
