"""Audit entries. The database lets nobody change or delete one."""

from __future__ import annotations

import pgtrigger
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils import timezone


class Entry(models.Model):
    """One thing someone did: who, what, about whom, why, when, from where."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(default=timezone.now, db_index=True)
    who = models.CharField(max_length=150)
    what = models.CharField(max_length=40)
    about = models.CharField(max_length=200, blank=True)
    person = models.BigIntegerField(null=True, blank=True, db_index=True)
    purpose = models.CharField(max_length=200, blank=True)
    where_from = models.CharField(max_length=64, blank=True)
    details = models.JSONField(default=dict)

    class Meta:
        verbose_name_plural = "entries"
        indexes = (
            models.Index(fields=["who", "what", "at"], name="entry_of_user"),
            # "Who saw this child?" finds the child among the people of a list, too.
            GinIndex(fields=["details"], name="entry_details", opclasses=["jsonb_path_ops"]),
        )
        triggers = (pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),)
