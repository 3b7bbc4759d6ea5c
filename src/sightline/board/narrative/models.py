"""Narrative of the annual report. The words are the board's; the figures in them are the engine's."""

from __future__ import annotations

from django.db import models

from sightline.core.records import fields as f
from sightline.core.records.models import Record, both_or_neither, from_source


class Statement(Record):
    """One passage placed in one section of one year's report. It may name figures, which the report fills in."""

    RETENTION = f.Retention.REFERENCE
    IN_SNAPSHOT = False
    year = f.Code("Reporting year", f.OPEN)
    chapter = f.Code("Chapter", f.OPEN, max_length=60)
    kind = f.Code("Kind of passage", f.OPEN, codes="statement_kind")
    position = f.Number("Position in its section", f.OPEN, default=1)
    text = f.Text("Text (Markdown, with figure directives)", f.OPEN)
    author = f.Text("Author", f.OPEN)
    signed_off_by = f.Text("Signed off by", f.OPEN, null=True, default=None)
    signed_off_at = f.Moment("Signed off at", f.OPEN, null=True)

    class Meta:
        constraints = (
            from_source("statement"),
            both_or_neither("statement_signed", "signed_off_by", "signed_off_at"),
            models.UniqueConstraint(fields=["year", "chapter", "kind", "position"], name="statement_place"),
        )
