"""Audit entries, their seals, and accesses that somebody should look at. The application's own database user adds entries and never alters one."""

from __future__ import annotations

import pgtrigger
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Func
from django.db.models.functions import Cast
from django.utils import timezone

from sightline.core.records import fields as f
from sightline.core.records.models import Record, from_source

#: The number of the transaction that writes the row, which only the database knows.
_THIS_TRANSACTION = Cast(Cast(Func(function="pg_current_xact_id"), models.TextField()), models.BigIntegerField())


class Entry(models.Model):
    """One thing someone did: who, what, about whom, why, when, from where, in which session and on which request."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(default=timezone.now, db_index=True)
    who = models.CharField(max_length=150)
    what = models.CharField(max_length=40)
    about = models.CharField(max_length=200, blank=True)
    person = models.BigIntegerField(null=True, blank=True, db_index=True)
    purpose = models.CharField(max_length=200, blank=True)
    where_from = models.CharField(max_length=64, blank=True)
    session = models.CharField(max_length=64, blank=True, default="")
    request = models.CharField(max_length=64, blank=True, default="")
    details = models.JSONField(default=dict)
    # Ids are handed out before a transaction ends, so they do not tell which rows are complete; transaction numbers do (see `seal`).
    xid = models.BigIntegerField(db_default=_THIS_TRANSACTION, editable=False)

    class Meta:
        verbose_name_plural = "entries"
        indexes = (
            models.Index(fields=["who", "what", "at"], name="entry_of_user"),
            # "Who saw this child?" finds the child among the people of a list, too.
            GinIndex(fields=["details"], name="entry_details", opclasses=["jsonb_path_ops"]),
            models.Index(fields=["xid", "id"], name="entry_to_seal"),
        )
        triggers = (pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),)


class Seal(models.Model):
    """A link of the chain over the entries, added once the entry's transaction has ended.

    `finished` and `begun` are what the sealer saw: every transaction with a lower number than `finished` had ended, and none with a number from
    `begun` on had started.
    """

    sequence = models.BigIntegerField(primary_key=True)
    entry = models.BigIntegerField(unique=True)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()
    finished = models.BigIntegerField()
    begun = models.BigIntegerField()

    class Meta:
        triggers = (pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),)


class UnusualAccess(models.Model):
    """An access that a rule of `unusual` picked out: a worker, a day, and for most rules a child. Found again, it is never doubled."""

    id = models.BigAutoField(primary_key=True)
    rule = models.CharField(max_length=40)
    who = models.CharField(max_length=150)
    day = models.DateField()
    person = models.BigIntegerField(null=True)
    times = models.IntegerField()
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    found_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "unusual access"
        verbose_name_plural = "unusual accesses"
        constraints = (
            models.UniqueConstraint(
                fields=["rule", "who", "day", "person"], nulls_distinct=False, name="unusual_access_once"
            ),
        )
        indexes = (models.Index(fields=["day", "rule"], name="unusual_access_day"),)


class AccessReview(Record):
    """What somebody found who looked into an unusual access."""

    RETENTION = f.Retention.AUDIT
    STREAM = "audit"
    IN_SNAPSHOT = False
    access = f.Link(UnusualAccess, "Unusual access", f.PERSONAL)
    finding = f.Code("Finding", f.PERSONAL, codes="access_finding")
    note = f.Text(
        "What was found out", f.IDENTIFYING, help="What the worker or their manager said, and what was checked."
    )
    reviewed_date = f.Date("Reviewed on", f.PERSONAL)
    reviewer = f.Code("Reviewed by", f.PERSONAL, max_length=150)

    class Meta:
        constraints = (
            from_source("access_review"),
            models.UniqueConstraint(fields=["access"], name="access_review_once"),
        )
