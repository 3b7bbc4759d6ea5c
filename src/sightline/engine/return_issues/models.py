"""Issues that the rules of returns find in the record, what people answered, the checks that found them, and what was submitted."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from sightline.core.people.models import PERSON
from sightline.core.records import fields as f
from sightline.core.records.models import Record, from_source, with_whom


class Issue(Record):
    """A rule of a return that fails for one record of a child.

    A check writes it when it first finds it, and the time when it no longer does; that it is found again is noted in `LastFound`, apart, so that
    a check changes nothing that somebody is answering. Found again after it was resolved, it is a new issue.
    """

    IN_SNAPSHOT = False
    person = f.Link(PERSON, "Child", f.PERSONAL)
    return_name = f.Code("Return", f.OPEN, max_length=16)
    year = f.Code("Collection year", f.OPEN, max_length=7, help="As 2025-26.")
    rule = f.Code("Rule", f.PERSONAL, max_length=24)
    table = f.Code("Table of the return", f.OPEN, max_length=40)
    fields = f.Code("Fields to look at", f.OPEN, max_length=400, help="Of that table, parted by spaces.")
    record_table = f.Code("Table of the record it stems from", f.OPEN, max_length=63)
    record_id = f.Number("Record it stems from", f.PERSONAL)
    first_found = f.Moment("First found", f.PERSONAL)
    resolved_at = f.Moment("No longer found", f.PERSONAL, null=True)
    explanation = f.Text("Explanation", f.IDENTIFYING, help="Why the record is right as it stands, for the Department.")
    explained_date = f.Date("Explained", f.PERSONAL, null=True)
    explained_by = f.Code("Explained by", f.PERSONAL, max_length=150, null=True)
    waiver = f.Text("Reason of the waiver", f.IDENTIFYING, help="Why the return may be sent with it.")
    waived_date = f.Date("Waived", f.PERSONAL, null=True)
    waived_by = f.Code("Waived by", f.PERSONAL, max_length=150, null=True)

    class Meta:
        verbose_name = "issue of a return"
        verbose_name_plural = "issues of returns"
        constraints = (
            from_source("return_issue"),
            with_whom("return_issue_explained", "explained_date", "explained_by"),
            with_whom("return_issue_waived", "waived_date", "waived_by"),
            models.UniqueConstraint(
                fields=["person", "return_name", "year", "rule", "table", "record_table", "record_id"],
                condition=models.Q(resolved_at=None),
                name="return_issue_once",
            ),
        )
        indexes = (models.Index(fields=["return_name", "year", "rule"], name="return_issue_of_rule"),)


class IssueNote(Record):
    """What somebody wrote on an issue."""

    IN_SNAPSHOT = False
    person = f.Link(PERSON, "Child", f.PERSONAL)
    issue = f.Link(Issue, "Issue", f.PERSONAL)
    text = f.Text("Note", f.IDENTIFYING)
    written_by = f.Code("Written by", f.PERSONAL, max_length=150)

    class Meta:
        verbose_name = "note on an issue of a return"
        verbose_name_plural = "notes on issues of returns"
        constraints = (from_source("return_issue_note"),)


class LastFound(models.Model):
    """When a check last found an issue. Derived: checking again says it anew."""

    issue = models.OneToOneField(
        Issue, on_delete=models.DO_NOTHING, primary_key=True, related_name="last", db_constraint=False
    )
    at = models.DateTimeField()


class Check(models.Model):
    """One check of a whole return on the record: what came of its rules. It counts, and names no child."""

    id = models.BigAutoField(primary_key=True)
    return_name = models.CharField(max_length=16)
    year = models.CharField(max_length=7)
    area = models.CharField(max_length=24)
    at = models.DateTimeField(default=timezone.now)
    by = models.CharField(max_length=150)
    children = models.IntegerField()
    #: How many rules came out how.
    outcomes = models.JSONField(default=dict)
    #: Rules that could not run, each with its cause.
    not_run = models.JSONField(default=dict)
    #: Rules that fail for no child, as those of the header: each with the tables and fields.
    of_no_child = models.JSONField(default=dict)

    class Meta:
        indexes = (models.Index(fields=["return_name", "year", "-id"], name="return_check_newest"),)


class Submission(models.Model):
    """A file of a return that was made to be sent: who, when, its hash, what was in it, and what stood open then."""

    id = models.BigAutoField(primary_key=True)
    return_name = models.CharField(max_length=16)
    year = models.CharField(max_length=7)
    area = models.CharField(max_length=24)
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.CharField(max_length=150)
    sha256 = models.CharField(max_length=64)
    children = models.IntegerField()
    #: Rows by table.
    rows = models.JSONField(default=dict)
    #: Rows by code, for the columns that the return is broken down by.
    breakdowns = models.JSONField(default=dict)
    #: Issues by state at that time.
    issues = models.JSONField(default=dict)
    #: What it is compared with: `source` (a submission, or the record), `rows` and `breakdowns` of the year before.
    before = models.JSONField(default=dict)
    ready = models.BooleanField()
    note = models.TextField(blank=True, default="")

    class Meta:
        indexes = (models.Index(fields=["return_name", "year", "-id"], name="submission_newest"),)


class KeptAnswer(models.Model):
    """What the rules said of files that somebody checked and asked to keep. It names children, and is shown to nobody else."""

    id = models.BigAutoField(primary_key=True)
    return_name = models.CharField(max_length=16)
    year = models.CharField(max_length=7)
    at = models.DateTimeField(default=timezone.now)
    by = models.CharField(max_length=150)
    #: The answer as JSON, as `rules.show.as_json` writes it: the files themselves are not kept.
    answer = models.TextField()

    class Meta:
        indexes = (models.Index(fields=["by", "-id"], name="kept_answer_of"),)
