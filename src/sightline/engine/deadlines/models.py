"""Deadlines, derived from the records: rebuilding gives the identical table. And the two small tables that their SQL joins."""

from __future__ import annotations

from django.db import models

from sightline.core.people.models import PERSON
from sightline.core.records import fields as f
from sightline.core.records.models import Record, from_source


class Deadline(models.Model):
    """One turn of one clock on one record.

    `outcome` is open, met, late or not_required (the subject closed before it was due). `sequence` numbers the turns of a subject's chain of clocks:
    a first review is turn 1, whatever clock its later turns run by. `closed` is set only where the subject closed without a stop.
    """

    id = models.BigAutoField(primary_key=True)
    clock = models.CharField(max_length=40)
    framework = models.CharField(max_length=60, blank=True)
    stream = models.CharField(max_length=40)
    record_table = models.CharField(max_length=63)
    record_id = models.BigIntegerField()
    sequence = models.IntegerField(default=1)
    # Both are copied from the record, whose own links are checked: checking them here again doubles the time of a rebuild.
    person = models.ForeignKey(
        PERSON, on_delete=models.DO_NOTHING, null=True, related_name="+", db_index=False, db_constraint=False
    )
    agency = models.ForeignKey(
        "organisations.Organisation", on_delete=models.DO_NOTHING, related_name="+", db_index=False, db_constraint=False
    )
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
            # A work list: what runs on certain people.
            models.Index(fields=["person", "due"], condition=models.Q(outcome="open"), name="deadline_work"),
        )


class LateReason(Record):
    """Why a deadline was missed, as its worker says. A record of its own, since the deadlines themselves are derived."""

    STREAM = "deadlines"
    person = f.Link(PERSON, "Child", f.PERSONAL, null=True)
    clock = f.Code("Clock", f.OPEN, max_length=40)
    record_table = f.Code("Table of the record it ran on", f.OPEN, max_length=63)
    record_id = f.Number("Record it ran on", f.PERSONAL)
    sequence = f.Number("Turn of the clock", f.OPEN, default=1)
    reason = f.Code("Why it was late", f.SPECIAL, max_length=200)

    class Meta:
        constraints = (
            from_source("late_reason"),
            models.UniqueConstraint(fields=["clock", "record_table", "record_id", "sequence"], name="late_reason_once"),
        )


class CalendarDay(models.Model):
    """A day of the one working-day table, copied from the reference data for SQL to join."""

    day = models.DateField(primary_key=True)
    is_working = models.BooleanField()
    number = models.IntegerField()

    class Meta:
        indexes = (models.Index(fields=["number"], condition=models.Q(is_working=True), name="calendar_number"),)


class ClockVersion(models.Model):
    """A clock's limit and framework for the starting days on which they hold, copied from the reference data for SQL to join."""

    id = models.BigAutoField(primary_key=True)
    clock = models.CharField(max_length=40)
    first_day = models.DateField()
    last_day = models.DateField()
    framework = models.CharField(max_length=60, blank=True)
    offset_days = models.IntegerField()
    working_days = models.IntegerField(null=True)
    months = models.IntegerField()
    days = models.IntegerField()

    class Meta:
        indexes = (models.Index(fields=["clock", "first_day"], name="clock_version"),)


class ReferenceLoaded(models.Model):
    """Which edition of the reference data the two tables above hold."""

    id = models.SmallIntegerField(primary_key=True)
    fingerprint = models.CharField(max_length=64)
