"""Case notes, documents, management oversight and tasks: about a child, and about the record they were written on."""

from __future__ import annotations

from datetime import timedelta

from django.db import models

from sightline.core.people.models import PERSON
from sightline.core.records import fields as f
from sightline.core.records.models import Record, from_source, in_order

#: What is written up longer than this after it happened counts as a late entry, and says so wherever it is shown.
LATE_ENTRY = timedelta(hours=24)


class AboutRecord(Record):
    """What is about one person and may be about one record of theirs, named by its table and id."""

    person = f.Link(PERSON, "Person", f.PERSONAL)
    record_table = f.Code(
        "Table of the record it is about", f.OPEN, max_length=63, default="", help="Empty: about the person as a whole."
    )
    record_id = f.Number("Record it is about", f.PERSONAL, null=True)

    class Meta:
        abstract = True


class CaseNote(AboutRecord):
    """A case note: what happened, how much it matters, and what the child said."""

    kind = f.Code("Kind of note", f.PERSONAL, codes="note_kind")
    significance = f.Code("Significance", f.PERSONAL, codes="note_significance", default="ROUTINE")
    happened_at = f.Moment(
        "When it happened",
        f.PERSONAL,
        help="When the event took place, not when you write it up. Both times are kept.",
    )
    text = f.Text("Note", f.IDENTIFYING, help="What you saw, heard and did; keep facts apart from opinion.")
    child_voice = f.Text("The child's voice", f.IDENTIFYING, help="What the child said or showed, in their own words.")
    analysis = f.Text("What this means", f.IDENTIFYING, help="Your professional view and what should follow from it.")
    worker = f.Link("organisations.Worker", "Written by", f.PERSONAL, null=True)

    class Meta:
        verbose_name = "case note"
        constraints = (from_source("case_note"),)
        indexes = (
            models.Index(fields=["record_table", "record_id"], name="case_note_of_record"),
            models.Index(fields=["person", "happened_at"], name="case_note_in_time"),
        )

    @property
    def late_entry(self) -> bool:
        """Whether it was written up long after it happened."""
        return self.recorded_at - self.happened_at > LATE_ENTRY


class Document(AboutRecord):
    """A file kept about a person. Its content lies in the folder of files, under a name that nobody can guess."""

    IN_SNAPSHOT = False
    kind = f.Code("Kind of document", f.PERSONAL, codes="document_kind")
    name = f.Text("Title of the document", f.IDENTIFYING, help="What a colleague would look for.")
    document_date = f.Date("Date of the document", f.PERSONAL, null=True)
    stored_as = f.Code("File", f.IDENTIFYING, max_length=64, help="The file to keep.")
    content_type = f.Code("Type of its content", f.OPEN, max_length=100, default="")
    size = f.Number("Size in bytes", f.OPEN, default=0)
    sha256 = f.Code("Hash of its content", f.IDENTIFYING, max_length=64, default="")
    scanned = f.Code("Search for harmful content", f.OPEN, codes="scan_state", default="NOT_SCANNED")
    worker = f.Link("organisations.Worker", "Added by", f.PERSONAL, null=True)
    withdrawn_date = f.Date("Withdrawn", f.PERSONAL, null=True)
    withdrawn_reason = f.Text("Why it was withdrawn", f.IDENTIFYING)

    class Meta:
        constraints = (
            from_source("document"),
            models.UniqueConstraint(fields=["stored_as"], name="document_file_once"),
        )
        indexes = (models.Index(fields=["record_table", "record_id"], name="document_of_record"),)


class Oversight(AboutRecord):
    """Supervision or management oversight: what was discussed, and what was decided."""

    kind = f.Code("Kind of oversight", f.PERSONAL, codes="oversight_kind")
    held_date = f.Date("Held", f.PERSONAL)
    manager = f.Link("organisations.Worker", "Manager", f.PERSONAL, null=True)
    worker = f.Link("organisations.Worker", "Worker supervised", f.PERSONAL, null=True)
    discussion = f.Text(
        "Discussion", f.IDENTIFYING, help="Risk, what has changed for the child, what stands in the way."
    )
    decision = f.Text("Decision and reasons", f.IDENTIFYING)

    class Meta:
        verbose_name = "management oversight"
        verbose_name_plural = "management oversight"
        constraints = (from_source("oversight"),)
        indexes = (models.Index(fields=["record_table", "record_id"], name="oversight_of_record"),)


class Task(AboutRecord):
    """Something that was decided and is to be done, by a worker or a team."""

    oversight = f.Link(Oversight, "Oversight that decided it", f.PERSONAL, null=True)
    what = f.Text("What is to be done", f.IDENTIFYING)
    worker = f.Link("organisations.Worker", "For the worker", f.PERSONAL, null=True)
    team = f.Link("organisations.Team", "For the team", f.PERSONAL, null=True)
    set_date = f.Date("Set", f.PERSONAL)
    due_date = f.Date("Due", f.PERSONAL, null=True)
    done_date = f.Date("Done", f.PERSONAL, null=True)
    outcome = f.Text("What came of it", f.IDENTIFYING)
    cancelled_date = f.Date("No longer needed", f.PERSONAL, null=True)

    class Meta:
        constraints = (
            from_source("task"),
            in_order("task", "set_date", "done_date"),
            models.CheckConstraint(
                condition=models.Q(done_date__isnull=True) | models.Q(cancelled_date__isnull=True),
                name="task_one_ending",
            ),
        )
        indexes = (
            models.Index(
                fields=["worker", "due_date"],
                condition=models.Q(done_date=None, cancelled_date=None),
                name="task_open_of_worker",
            ),
        )
