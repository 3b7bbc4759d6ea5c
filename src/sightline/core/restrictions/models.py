"""What narrows or widens who sees a record: seals, conflicts of interest, emergency access, sharing decisions, an adopted child's two identities.

None of these records is in the snapshot: they say who sees what, and nothing about a child that a figure could count.
"""

from __future__ import annotations

from django.core.validators import MinLengthValidator
from django.db import models
from django.db.models import F, Q

from sightline.core.people.models import PERSON, Household
from sightline.core.records import fields as f
from sightline.core.records.models import Record, from_source, in_order, no_overlap

WORKER = "organisations.Worker"
#: A reason that somebody else has to judge says more than a word or two.
LEAST_REASON = 20


class Seal(Record):
    """A seal on a person, a household or one record: only its members see what is sealed, whatever reason or role others have.

    Policy `hidden` does not let on that there is such a record; `masked` says "restricted: ask", and whom to ask.
    """

    IN_SNAPSHOT = False
    policy = f.Code(
        "Policy",
        f.OPEN,
        codes="seal_policy",
        help="Hidden: others cannot tell that the record exists. Masked: others are told to ask.",
    )
    person = f.Link(PERSON, "Person", f.PERSONAL, null=True, help="Everything about this person is sealed.")
    household = f.Link(
        Household, "Household", f.PERSONAL, null=True, help="Everything about everybody who lives in it is sealed."
    )
    record_table = f.Code("Table of the one record", f.PERSONAL, max_length=63, default="")
    record_id = f.Number("Number of the one record", f.PERSONAL, null=True)
    ask = f.Link(
        WORKER, "Whom to ask", f.OPEN, help="A member of the seal who can say whether someone may see the record."
    )
    emergency = f.Yes(
        "May be opened in an emergency",
        f.OPEN,
        default=False,
        help="A masked record can be opened in an emergency, with a reason; a hidden one only where this says so.",
    )
    reason = f.Text("Why it is sealed", f.IDENTIFYING, blank=False)
    start_date = f.Date("From", f.PERSONAL)
    end_date = f.Date("To", f.PERSONAL, null=True, help="Left empty, it holds until somebody lifts it.")

    class Meta:
        constraints = (
            from_source("seal"),
            in_order("seal"),
            models.CheckConstraint(
                condition=Q(person__isnull=False, household__isnull=True, record_id__isnull=True, record_table="")
                | Q(person__isnull=True, household__isnull=False, record_id__isnull=True, record_table="")
                | (Q(person__isnull=True, household__isnull=True, record_id__isnull=False) & ~Q(record_table="")),
                name="seal_of_one_thing",
            ),
        )
        indexes = (models.Index(fields=["record_table", "record_id"], name="seal_of_record"),)


class SealMember(Record):
    """The spell for which a worker may see what a seal closes to others."""

    IN_SNAPSHOT = False
    seal = f.Link(Seal, "Seal", f.PERSONAL)
    worker = f.Link(WORKER, "Worker", f.OPEN)
    start_date = f.Date("From", f.PERSONAL)
    end_date = f.Date("To", f.PERSONAL, null=True)

    class Meta:
        constraints = (from_source("seal_member"), in_order("seal_member"), no_overlap("seal_member", "seal", "worker"))


class ConflictOfInterest(Record):
    """A declared conflict: the worker does not see the person, or anybody of the household, whatever other reason they have."""

    IN_SNAPSHOT = False
    worker = f.Link(WORKER, "Worker whom it concerns", f.OPEN)
    person = f.Link(PERSON, "Person", f.PERSONAL, null=True)
    household = f.Link(Household, "Household", f.PERSONAL, null=True)
    declared_by = f.Link(WORKER, "Declared by", f.OPEN, null=True)
    reason = f.Text(
        "What the conflict is",
        f.IDENTIFYING,
        blank=False,
        help="A relative, a neighbour, a friend, a party to a complaint.",
    )
    start_date = f.Date("From", f.PERSONAL)
    end_date = f.Date("To", f.PERSONAL, null=True)

    class Meta:
        verbose_name = "conflict of interest"
        verbose_name_plural = "conflicts of interest"
        constraints = (
            from_source("conflict"),
            in_order("conflict"),
            models.CheckConstraint(
                condition=Q(person__isnull=False, household__isnull=True)
                | Q(person__isnull=True, household__isnull=False),
                name="conflict_about_one",
            ),
        )


class EmergencyAccess(Record):
    """A record opened in an emergency: by whom, why, for how long, and what a reviewer found afterwards."""

    IN_SNAPSHOT = False
    person = f.Link(PERSON, "Person", f.PERSONAL)
    worker = f.Link(WORKER, "Worker who opened it", f.OPEN)
    reason = f.Text(
        "Why it cannot wait",
        f.IDENTIFYING,
        blank=False,
        validators=[MinLengthValidator(LEAST_REASON)],
        help="What you need to know and for whose safety. Somebody else reads and judges it.",
    )
    granted_at = f.Moment("Opened at", f.OPEN)
    ends_at = f.Moment("Ends at", f.OPEN)
    reviewed_by = f.Code("Reviewed by", f.OPEN, max_length=150, default="")
    reviewed_at = f.Moment("Reviewed at", f.OPEN, null=True)
    finding = f.Code("Finding", f.OPEN, codes="access_finding", null=True)
    finding_words = f.Text(
        "What the reviewer found",
        f.IDENTIFYING,
        help="Whether the reason holds, what was looked at, and what follows.",
    )

    class Meta:
        verbose_name = "emergency access"
        verbose_name_plural = "emergency accesses"
        constraints = (
            from_source("emergency"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("granted_at")), name="emergency_order"),
            models.CheckConstraint(
                condition=Q(reviewed_at__isnull=True, finding__isnull=True, reviewed_by="")
                | (Q(reviewed_at__isnull=False, finding__isnull=False) & ~Q(reviewed_by="")),
                name="emergency_finding_pair",
            ),
        )
        indexes = (models.Index(fields=["worker", "ends_at"], name="emergency_running"),)


class Notice(Record):
    """Word to a manager that a record they answer for was opened in an emergency. One without a recipient is for whoever reviews such access."""

    IN_SNAPSHOT = False
    recipient = f.Link(WORKER, "For", f.OPEN, null=True)
    emergency = f.Link(EmergencyAccess, "Emergency access", f.PERSONAL)
    past_owner = f.Yes("Sent past the child's own manager", f.OPEN, default=False)
    sent_at = f.Moment("Sent at", f.OPEN)
    read_at = f.Moment("Read at", f.OPEN, null=True)

    class Meta:
        constraints = (from_source("notice"),)


class SharingDecision(Record):
    """A decision to let an agency see a child's record, or one record of it: for what purpose, on what basis, which parts, until when.

    Information Commissioner's Office, data sharing code of practice; Working Together ch 1 on information sharing.
    """

    IN_SNAPSHOT = False
    person = f.Link(PERSON, "Person", f.PERSONAL)
    partner = f.Link("organisations.Organisation", "Agency it is shared with", f.OPEN)
    purpose = f.Text("Purpose", f.IDENTIFYING, blank=False, help="What the agency needs it for.")
    lawful_basis = f.Code("Lawful basis", f.OPEN, codes="sharing_lawful_basis")
    record_table = f.Code("Table of the one record", f.PERSONAL, max_length=63, default="")
    record_id = f.Number("Number of the one record", f.PERSONAL, null=True)
    decided_by = f.Link(WORKER, "Decided by", f.OPEN, null=True)
    start_date = f.Date("From", f.PERSONAL)
    end_date = f.Date("To", f.PERSONAL, help="Sharing ends by itself on this day; decide again to go on.")

    class Meta:
        constraints = (
            from_source("sharing"),
            in_order("sharing"),
            models.CheckConstraint(
                condition=Q(record_id__isnull=True, record_table="")
                | (Q(record_id__isnull=False) & ~Q(record_table="")),
                name="sharing_record_named",
            ),
        )
        indexes = (models.Index(fields=["partner", "end_date"], name="sharing_running"),)


class SharedStream(Record):
    """A part of a child's record that a sharing decision opens."""

    IN_SNAPSHOT = False
    decision = f.Link(SharingDecision, "Sharing decision", f.PERSONAL)
    stream = f.Code("Part of the record", f.PERSONAL, codes="shared_stream", max_length=40)

    class Meta:
        constraints = (
            from_source("shared_stream"),
            models.UniqueConstraint(fields=["decision", "stream"], name="shared_stream_once"),
        )


class AdoptedIdentity(Record):
    """That the person before an adoption and the person after it are one child. No screen shows it.

    The record before the adoption closes to everybody the moment the two are linked (Adoption Agencies Regulations 2005 part 7:
    the case record is kept secure and its content not disclosed).
    """

    IN_SNAPSHOT = False
    RETENTION = f.Retention.ADOPTION
    before = f.Link(PERSON, "Person before the adoption", f.PERSONAL)
    after = f.Link(PERSON, "Person after the adoption", f.PERSONAL)
    linked_by = f.Link(WORKER, "Linked by", f.OPEN, null=True)
    start_date = f.Date("Linked", f.PERSONAL)
    end_date = f.Date("Link ended", f.PERSONAL, null=True, help="Only where it was made by mistake.")

    class Meta:
        verbose_name = "adopted child's identity"
        verbose_name_plural = "adopted children's identities"
        constraints = (
            from_source("adopted_identity"),
            in_order("adopted_identity"),
            models.CheckConstraint(condition=~Q(before=F("after")), name="adopted_identity_two_people"),
            models.UniqueConstraint(fields=["before"], condition=Q(end_date__isnull=True), name="adopted_before_once"),
            models.UniqueConstraint(fields=["after"], condition=Q(end_date__isnull=True), name="adopted_after_once"),
        )


class IdentityDisclosure(Record):
    """A request to be told an adopted child's other identity. It opens nothing until a second person agrees, and then for a limited time."""

    IN_SNAPSHOT = False
    RETENTION = f.Retention.ADOPTION
    person = f.Link(PERSON, "Person", f.PERSONAL)
    asked_by = f.Link(WORKER, "Asked by", f.OPEN)
    reason = f.Text(
        "Why it is needed",
        f.IDENTIFYING,
        blank=False,
        validators=[MinLengthValidator(LEAST_REASON)],
        help="Who asked, and on which power the identity is disclosed.",
    )
    asked_at = f.Moment("Asked at", f.OPEN)
    agreed_by = f.Link(WORKER, "Agreed by", f.OPEN, null=True)
    agreed_at = f.Moment("Agreed at", f.OPEN, null=True)
    ends_at = f.Moment("Ends at", f.OPEN, null=True)

    class Meta:
        constraints = (
            from_source("identity_disclosure"),
            models.CheckConstraint(
                condition=Q(agreed_by__isnull=True, agreed_at__isnull=True, ends_at__isnull=True)
                | Q(agreed_by__isnull=False, agreed_at__isnull=False, ends_at__isnull=False),
                name="disclosure_agreed_pair",
            ),
            models.CheckConstraint(
                condition=Q(agreed_by__isnull=True) | ~Q(agreed_by=F("asked_by")), name="disclosure_two_people"
            ),
        )
