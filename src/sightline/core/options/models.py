"""What was chosen. The newest row of an option holds; older ones say what held before, so nothing is ever written over."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.utils import timezone


class Choice(models.Model):
    """A choice for an option: what, by whom, when and why."""

    option = models.CharField(max_length=60)
    value = models.CharField(max_length=200)
    made_by = models.CharField(max_length=150)
    made_at = models.DateTimeField(default=timezone.now)
    because = models.CharField(max_length=200)

    class Meta:
        indexes = (models.Index(fields=["option", "-id"], name="choice_newest"),)
        triggers = (pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),)


class RuleChange(models.Model):
    """A change of a local rule from a day on: another limit for a clock, or a new version of a code set.

    `content` holds what `kind` needs: a limit and its unit, or every code of the version. Rows are never changed: a later one takes its place.
    """

    CLOCK = "clock"
    CODE_SET = "code set"

    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=60)
    first_day = models.DateField()
    content = models.JSONField()
    made_by = models.CharField(max_length=150)
    made_at = models.DateTimeField(default=timezone.now)
    because = models.CharField(max_length=200)

    class Meta:
        indexes = (models.Index(fields=["kind", "name", "id"], name="rule_change_history"),)
        triggers = (pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),)
