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
