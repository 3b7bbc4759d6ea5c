"""What a drift list held when it was issued, so that its effect can be told; and who wants a daily digest."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from sightline.core.people.models import PERSON
from sightline.core.records import fields as f
from sightline.core.records.models import Record, from_source


class DriftIssue(Record):
    """A drift list issued to managers: which list, when, by whom. What was on it are its `DriftListed` rows."""

    drift_list = f.Code("List", f.OPEN, max_length=40)
    issued_date = f.Date("Issued", f.OPEN)
    issued_by = f.Link("organisations.Worker", "Issued by", f.OPEN, null=True)

    class Meta:
        verbose_name = "issue of a drift list"
        verbose_name_plural = "issues of drift lists"
        constraints = (from_source("drift_issue"),)
        indexes = (models.Index(fields=["drift_list", "issued_date"], name="drift_issue_of_list"),)


class DriftListed(Record):
    """One record that stood on a drift list when it was issued."""

    person = f.Link(PERSON, "Child", f.PERSONAL)
    issue = f.Link(DriftIssue, "Issue of the list", f.PERSONAL)
    record_table = f.Code("Table of the record listed", f.OPEN, max_length=63)
    record_id = f.Number("Record listed", f.PERSONAL)

    class Meta:
        verbose_name = "record on an issued drift list"
        verbose_name_plural = "records on issued drift lists"
        constraints = (
            from_source("drift_listed"),
            models.UniqueConstraint(fields=["issue", "record_table", "record_id"], name="drift_listed_once"),
        )


class Digest(models.Model):
    """Whether a user wants the daily digest, and the day of the last one. A user without a row wants it. Nobody's record: a setting."""

    id = models.BigAutoField(primary_key=True)
    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    wanted = models.BooleanField(default=True)
    sent_on = models.DateField(null=True)
