"""Packs and the copies of them that are sent, what each copy leaves out, and whose whereabouts are protected.

Working Together ch 1 (information sharing; child protection conferences); Domestic Abuse Act 2021 statutory guidance; UK GDPR article 5(1)(c).
"""

from __future__ import annotations

from django.core.validators import MinLengthValidator
from django.db import models
from django.db.models import F, Q

from sightline.core.people.models import PERSON
from sightline.core.records import fields as f
from sightline.core.records.models import Record, from_source, in_order

WORKER = "organisations.Worker"
#: Why a protected address is given all the same says more than a word or two.
LEAST_REASON = 20


class Pack(Record):
    """What was put together to be sent about one record, a conference or a plan, kept as it was when prepared."""

    IN_SNAPSHOT = False
    kind = f.Code("Kind of pack", f.OPEN, max_length=40)
    record_table = f.Code("Table of the record it is about", f.OPEN, max_length=63)
    record_id = f.Number("Record it is about", f.PERSONAL)
    parts = f.Code("Parts chosen", f.OPEN, max_length=300, default="", help="Their names, with commas between.")
    documents = f.Code(
        "Documents chosen", f.PERSONAL, max_length=600, default="", help="Their numbers, with commas between."
    )
    prepared_by = f.Code("Prepared by", f.OPEN, max_length=150, default="")
    prepared_at = f.Moment("Prepared at", f.OPEN)
    content = f.Text("Content", f.IDENTIFYING)
    content_hash = f.Code("SHA-256 of the content", f.OPEN, max_length=64, default="")

    class Meta:
        verbose_name = "pack to send"
        verbose_name_plural = "packs to send"
        constraints = (from_source("sending_pack"),)
        indexes = (models.Index(fields=["record_table", "record_id"], name="sending_pack_of_record"),)


class PackChild(Record):
    """A child whom a pack is about."""

    IN_SNAPSHOT = False
    person = f.Link(PERSON, "Child", f.PERSONAL)
    pack = f.Link(Pack, "Pack", f.PERSONAL)

    class Meta:
        verbose_name = "child of a pack"
        verbose_name_plural = "children of packs"
        constraints = (
            from_source("sending_child"),
            models.UniqueConstraint(fields=["pack", "person"], name="sending_child_once"),
        )


class Copy(Record):
    """The copy of a pack for one recipient: prepared, checked by a second person, sent, received, or withdrawn."""

    IN_SNAPSHOT = False
    pack = f.Link(Pack, "Pack", f.PERSONAL)
    role = f.Code("Role of the recipient", f.PERSONAL, codes="conference_role")
    worker = f.Link(WORKER, "Worker", f.PERSONAL, null=True)
    relative = f.Link(PERSON, "Child or family member", f.PERSONAL, null=True)
    organisation = f.Link("organisations.Organisation", "Agency", f.PERSONAL, null=True)
    name = f.Text("Name", f.IDENTIFYING)
    prepared_by = f.Code("Prepared by", f.OPEN, max_length=150, default="")
    submitted_by = f.Code("Given to be checked by", f.OPEN, max_length=150, default="")
    submitted_at = f.Moment("Given to be checked at", f.OPEN, null=True)
    return_reason = f.Text("What has to be put right", f.IDENTIFYING)
    checked_by = f.Code("Checked by", f.OPEN, max_length=150, default="")
    checked_at = f.Moment("Checked at", f.OPEN, null=True)
    places_read = f.Yes(
        "I have read every free text for places, schools and numbers that Sightline cannot know",
        f.OPEN,
        null=True,
        help="Needed where somebody's whereabouts are protected.",
    )
    files_opened = f.Yes(
        "I have opened every file that is sent",
        f.OPEN,
        null=True,
        help="Needed where documents go with the copy: nothing in a file can be left out here.",
    )
    content = f.Text("What the recipient reads, as it was checked", f.IDENTIFYING)
    channel = f.Code("How it was sent", f.PERSONAL, codes="sending_channel", null=True)
    sent_by = f.Code("Sent by", f.OPEN, max_length=150, default="")
    sent_at = f.Moment("Sent at", f.PERSONAL, null=True)
    sent_note = f.Text("Where or to whom it was sent", f.IDENTIFYING)
    received_at = f.Moment("Received at", f.PERSONAL, null=True)
    received_by = f.Code("Receipt recorded by", f.OPEN, max_length=150, default="")
    received_note = f.Text("How receipt was confirmed", f.IDENTIFYING)
    withdrawn_at = f.Moment("Withdrawn at", f.OPEN, null=True)
    withdrawn_by = f.Code("Withdrawn by", f.OPEN, max_length=150, default="")
    withdrawn_reason = f.Text("Why it was withdrawn", f.IDENTIFYING)

    class Meta:
        verbose_name = "copy of a pack"
        verbose_name_plural = "copies of packs"
        constraints = (
            from_source("sending_copy"),
            models.CheckConstraint(
                condition=Q(checked_by="") | (~Q(checked_by=F("prepared_by")) & ~Q(checked_by=F("submitted_by"))),
                name="sending_copy_two",
            ),
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True) | Q(checked_at__isnull=False), name="sending_copy_checked_first"
            ),
            models.CheckConstraint(
                condition=Q(received_at__isnull=True) | Q(sent_at__isnull=False), name="sending_copy_sent_first"
            ),
        )
        indexes = (models.Index(fields=["worker"], name="sending_copy_to_worker"),)


class CopyRedaction(Record):
    """A decision about one copy: a part, a record, a field or a passage is left out; or something protected is given all the same."""

    IN_SNAPSHOT = False
    copy = f.Link(Copy, "Copy", f.PERSONAL)
    part = f.Code("Part of the pack", f.PERSONAL, max_length=40, default="")
    record_table = f.Code("Table", f.PERSONAL, max_length=63, default="")
    record_id = f.Number("Record", f.PERSONAL, null=True, help="Empty: the whole part.")
    record_field = f.Code("Field", f.PERSONAL, max_length=63, default="", help="Empty: the whole record.")
    passage = f.Text("Passage", f.IDENTIFYING, help="Words as they stand in the pack. Empty: all of it.")
    withheld = f.Yes("Left out", f.PERSONAL, default=True, help="No: it is given, although it is protected.")
    reason = f.Code("Why it is left out", f.PERSONAL, codes="copy_redaction_reason", null=True)
    note = f.Text("More about why", f.IDENTIFYING)
    decided_by = f.Code("Decided by", f.OPEN, max_length=150, default="")
    undone_at = f.Moment("Taken back at", f.OPEN, null=True)
    undone_by = f.Code("Taken back by", f.OPEN, max_length=150, default="")

    class Meta:
        verbose_name = "redaction of a copy"
        verbose_name_plural = "redactions of copies"
        constraints = (
            from_source("sending_redaction"),
            models.CheckConstraint(condition=Q(withheld=False) | Q(reason__isnull=False), name="sending_redaction_why"),
            models.CheckConstraint(
                condition=Q(withheld=True) | (~Q(note="") & ~Q(passage="")), name="sending_redaction_given_why"
            ),
        )


class ProtectedWhereabouts(Record):
    """The spell for which a person's whereabouts are kept from others: a refuge, a confidential address, a new school."""

    IN_SNAPSHOT = False
    person = f.Link(PERSON, "Person", f.PERSONAL)
    reason = f.Text(
        "Why, and from whom",
        f.IDENTIFYING,
        blank=False,
        validators=[MinLengthValidator(LEAST_REASON)],
        help="Who must not learn where the person lives, goes to school or can be reached.",
    )
    start_date = f.Date("From", f.PERSONAL)
    end_date = f.Date("To", f.PERSONAL, null=True)

    class Meta:
        verbose_name = "protection of whereabouts"
        verbose_name_plural = "protections of whereabouts"
        constraints = (from_source("protected_whereabouts"), in_order("protected_whereabouts"))
