"""Information rights: what people ask about their records, what is given out, what is disposed of, and what went wrong.

UK GDPR articles 12, 15, 16, 17, 33 and 34; Data Protection Act 2018 schedules 2 to 4.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import models
from django.db.models import F, Q

from sightline.core.people.models import PERSON
from sightline.core.records import fields as f
from sightline.core.records.models import Record, from_source, in_order
from sightline.standards.clocks import clock, due, due_date
from sightline.standards.working_days import is_working_day, next_working_day


def _two_people(name: str, first: str, second: str) -> models.CheckConstraint:
    """What one person decided another has checked."""
    return models.CheckConstraint(condition=Q(**{second: ""}) | ~Q(**{first: F(second)}), name=f"{name}_two")


class AccessRequest(Record):
    """A subject access request: somebody asks for what is held about a person (UK GDPR article 15)."""

    RETENTION = f.Retention.AUDIT
    IN_SNAPSHOT = False
    person = f.Link(PERSON, "Person whose record it is", f.PERSONAL)
    requester_kind = f.Code("Who asks", f.PERSONAL, codes="requester_kind", default="subject")
    requester = f.Text("Name and address of who asks", f.IDENTIFYING, help="To whom the answer goes.")
    received_date = f.Date("Received on", f.PERSONAL)
    identity_checked_date = f.Date(
        "Identity shown on", f.PERSONAL, null=True, help="Where proof had to be asked for, the month runs from here."
    )
    identity_evidence = f.Text("How identity and authority were shown", f.IDENTIFYING)
    extended_date = f.Date("Extended on", f.PERSONAL, null=True)
    extension_reason = f.Text(
        "Why it is extended",
        f.IDENTIFYING,
        help="Only for a complex request or many of them. The requester is told within the first month (article 12(3)).",
    )
    sent_date = f.Date("Answered on", f.PERSONAL, null=True)
    outcome = f.Code("Outcome", f.PERSONAL, codes="request_outcome", null=True)
    refusal_reason = f.Text(
        "Why it is refused", f.IDENTIFYING, help="The requester may complain to the ICO, and is told so."
    )

    class Meta:
        verbose_name = "subject access request"
        constraints = (
            from_source("access_request"),
            in_order("access_request_sent", "received_date", "sent_date"),
            in_order("access_request_identity", "received_date", "identity_checked_date"),
        )

    @property
    def due(self) -> date:
        """The day by which the answer is due: one month, or three where extended, on the next working day if that is none."""
        id = "SUBJECT-ACCESS-EXTENDED" if self.extended_date else "SUBJECT-ACCESS"
        started = max(self.received_date, self.identity_checked_date or self.received_date)
        found = due_date(clock(id, on=started), started)
        return found if is_working_day(found) else next_working_day(found)


class Disclosure(Record):
    """Records given out under an order or another legal duty: what was ordered, who approved, what was sent."""

    RETENTION = f.Retention.AUDIT
    IN_SNAPSHOT = False
    person = f.Link(PERSON, "Person whose record it is", f.PERSONAL)
    kind = f.Code("What it answers", f.PERSONAL, codes="disclosure_kind", default="court_order")
    ordered_by = f.Text("Court or body", f.IDENTIFYING)
    reference = f.Text("Reference of the order or request", f.IDENTIFYING)
    order_date = f.Date("Date of the order or request", f.PERSONAL)
    due_date = f.Date("To be given by", f.PERSONAL, null=True)
    scope = f.Text("What is to be given", f.IDENTIFYING, help="As the order says it. What is outside it is left out.")
    from_date = f.Date("Records from", f.PERSONAL, null=True)
    to_date = f.Date("Records to", f.PERSONAL, null=True)
    asked_by = f.Code("Recorded by", f.PERSONAL, max_length=150, default="")
    approved_by = f.Code("Approved by", f.PERSONAL, max_length=150, default="")
    approved_date = f.Date("Approved on", f.PERSONAL, null=True)
    sent_date = f.Date("Sent on", f.PERSONAL, null=True)
    sent_to = f.Text("Sent to", f.IDENTIFYING)

    class Meta:
        constraints = (
            from_source("disclosure"),
            in_order("disclosure_sent", "order_date", "sent_date"),
            in_order("disclosure_scope", "from_date", "to_date"),
            _two_people("disclosure", "asked_by", "approved_by"),
        )


class Pack(Record):
    """What was put together for a request or a disclosure, kept as it was made. Redactions are rows of their own, applied when it is read."""

    RETENTION = f.Retention.AUDIT
    IN_SNAPSHOT = False
    person = f.Link(PERSON, "Person whose record it is", f.PERSONAL)
    access_request = f.Link(AccessRequest, "Subject access request", f.PERSONAL, null=True)
    disclosure = f.Link(Disclosure, "Disclosure", f.PERSONAL, null=True)
    made_date = f.Date("Made on", f.PERSONAL)
    made_by = f.Code("Made by", f.PERSONAL, max_length=150)
    content = f.Text("Content", f.IDENTIFYING)
    content_hash = f.Code("SHA-256 of the content", f.OPEN, max_length=64)

    class Meta:
        constraints = (
            from_source("pack"),
            models.CheckConstraint(
                condition=Q(access_request__isnull=False, disclosure__isnull=True)
                | Q(access_request__isnull=True, disclosure__isnull=False),
                name="pack_for_one",
            ),
        )


class Redaction(Record):
    """A decision about one item of a pack: left out with a reason, or given although it names another person. A second person checks it."""

    RETENTION = f.Retention.AUDIT
    IN_SNAPSHOT = False
    pack = f.Link(Pack, "Pack", f.PERSONAL)
    record_table = f.Code("Table", f.PERSONAL, max_length=63)
    record_id = f.Number("Record", f.PERSONAL)
    record_field = f.Code("Field", f.PERSONAL, max_length=63, default="", help="Empty: the whole record.")
    withheld = f.Yes("Left out", f.PERSONAL, default=True, help="No: it is given, although it concerns somebody else.")
    reason = f.Code("Why it is left out", f.PERSONAL, codes="redaction_reason", null=True)
    note = f.Text("Why it may be given, or more about why not", f.IDENTIFYING)
    decided_by = f.Code("Decided by", f.PERSONAL, max_length=150)
    checked_by = f.Code("Checked by", f.PERSONAL, max_length=150, default="")
    checked_date = f.Date("Checked on", f.PERSONAL, null=True)

    class Meta:
        constraints = (
            from_source("redaction"),
            models.UniqueConstraint(
                fields=["pack", "record_table", "record_id", "record_field"], name="redaction_once"
            ),
            models.CheckConstraint(condition=Q(withheld=False) | Q(reason__isnull=False), name="redaction_reason"),
            _two_people("redaction", "decided_by", "checked_by"),
        )


class Rectification(Record):
    """A request to put right what is recorded (UK GDPR article 16). Refused, the person's own statement stands beside the record."""

    RETENTION = f.Retention.AUDIT
    IN_SNAPSHOT = False
    person = f.Link(PERSON, "Person whose record it is", f.PERSONAL)
    received_date = f.Date("Received on", f.PERSONAL)
    requester = f.Text("Name and address of who asks", f.IDENTIFYING)
    record_table = f.Code("Table of the record", f.PERSONAL, max_length=63)
    record_id = f.Number("Number of the record", f.PERSONAL)
    wrong = f.Text("What is said to be wrong", f.IDENTIFYING)
    decided_date = f.Date("Decided on", f.PERSONAL, null=True)
    outcome = f.Code("Outcome", f.PERSONAL, codes="request_outcome", null=True)
    change = f.Number("Change that corrected it", f.PERSONAL, null=True, help="Its number in the record's history.")
    refusal_reason = f.Text("Why it is refused", f.IDENTIFYING)
    statement = f.Text(
        "Statement of dispute", f.IDENTIFYING, help="The person's own words. They are shown on the record."
    )

    class Meta:
        verbose_name = "rectification request"
        constraints = (from_source("rectification"), in_order("rectification", "received_date", "decided_date"))
        indexes = (models.Index(fields=["record_table", "record_id"], name="rectification_of_record"),)

    @property
    def due(self) -> date:
        """One month (article 12(3))."""
        return due_date(clock("SUBJECT-ACCESS", on=self.received_date), self.received_date)


class LegalHold(Record):
    """Records of a person, or everybody's, that may not be disposed of for now."""

    RETENTION = f.Retention.AUDIT
    IN_SNAPSHOT = False
    person = f.Link(PERSON, "Person", f.PERSONAL, null=True, help="Empty: the hold is on everybody's records.")
    reason = f.Code("Why", f.PERSONAL, codes="hold_reason")
    note = f.Text("More about it", f.IDENTIFYING)
    start_date = f.Date("From", f.PERSONAL)
    end_date = f.Date("To", f.PERSONAL, null=True)

    class Meta:
        constraints = (from_source("legal_hold"), in_order("legal_hold"))


class Disposal(Record):
    """The disposal of one person's records: proposed by one, agreed by another, then carried out. Afterwards it names nobody."""

    RETENTION = f.Retention.AUDIT
    IN_SNAPSHOT = False
    person = f.Link(PERSON, "Person", f.PERSONAL, null=True)
    retention_class = f.Code("Retention class", f.OPEN, max_length=40)
    proposed_by = f.Code("Proposed by", f.OPEN, max_length=150)
    proposed_date = f.Date("Proposed on", f.OPEN)
    agreed_by = f.Code("Agreed by", f.OPEN, max_length=150, default="")
    agreed_date = f.Date("Agreed on", f.OPEN, null=True)
    outcome = f.Code("How it ended", f.OPEN, codes="disposal_outcome", null=True)
    ended_date = f.Date("Ended on", f.OPEN, null=True)

    class Meta:
        constraints = (
            from_source("disposal"),
            in_order("disposal", "proposed_date", "ended_date"),
            _two_people("disposal", "proposed_by", "agreed_by"),
            models.UniqueConstraint(fields=["person"], condition=Q(ended_date__isnull=True), name="disposal_once"),
        )


class DisposalCount(Record):
    """How many rows of a table a disposal deleted: all that is kept of them."""

    RETENTION = f.Retention.AUDIT
    IN_SNAPSHOT = False
    disposal = f.Link(Disposal, "Disposal", f.OPEN)
    record_table = f.Code("Table", f.OPEN, max_length=63)
    deleted = f.Number("Rows deleted", f.OPEN)

    class Meta:
        constraints = (from_source("disposal_count"),)


class Breach(Record):
    """A personal data breach: what happened, whom it touches, who was told and what was learnt (UK GDPR articles 33 and 34)."""

    RETENTION = f.Retention.AUDIT
    IN_SNAPSHOT = False
    kind = f.Code("Kind", f.OPEN, codes="breach_kind")
    what = f.Text("What happened", f.IDENTIFYING)
    noticed_at = f.Moment("Noticed at", f.OPEN, help="From here the 72 hours run.")
    people_affected = f.Number("People affected", f.OPEN, null=True, help="As far as is known so far.")
    risk = f.Code("Risk to people", f.OPEN, codes="breach_risk")
    ico_told_at = f.Moment("ICO told at", f.OPEN, null=True)
    ico_reference = f.Code("ICO's reference", f.OPEN, max_length=60, default="")
    late_reason = f.Text("Why later than 72 hours", f.IDENTIFYING)
    subjects_told_date = f.Date("People told on", f.OPEN, null=True)
    lessons = f.Text("What was learnt and changed", f.IDENTIFYING)
    closed_date = f.Date("Closed on", f.OPEN, null=True)

    class Meta:
        verbose_name_plural = "breaches"
        constraints = (
            from_source("breach"),
            models.CheckConstraint(
                condition=Q(people_affected__isnull=True) | Q(people_affected__gte=0), name="breach_people"
            ),
        )

    @property
    def ico_due(self) -> datetime:
        """When the ICO has to be told, where there is a risk (article 33(1))."""
        found = due(clock("BREACH-ICO", on=self.noticed_at.date()), self.noticed_at)
        return found if isinstance(found, datetime) else self.noticed_at + timedelta(hours=72)
