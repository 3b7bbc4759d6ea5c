"""Pre-proceedings and care proceedings (Public Law Outline, PD12A; Children Act 1989 s31 and s32: 26 weeks, extensions of 8)."""

from __future__ import annotations

from django.db import models

from sightline.core.people.models import PERSON
from sightline.core.records import fields as f
from sightline.core.records.models import Record, both_or_neither, from_source, in_order


class PreProceedings(Record):
    """The spell before proceedings in which one family is told what must change, from the decision to start to the decision to end.

    The items are those of the children in need census of 2026-27.
    """

    decision_date = f.Date("Decision to start pre-proceedings", f.PERSONAL, item="CIN PPStartDate")
    decided_by = f.Link("organisations.Worker", "Decided by", f.PERSONAL, null=True)
    letter_date = f.Date("Letter before proceedings sent", f.PERSONAL, null=True, item="CIN LBPSentDate")
    group_meeting_offered = f.Yes(
        "Family group decision making offered", f.PERSONAL, null=True, item="CIN FGDMMeetingOffer"
    )
    group_meeting_held = f.Yes("Family group decision making held", f.PERSONAL, null=True, item="CIN FGDMMeetingFac")
    end_date = f.Date("Decision to end pre-proceedings", f.PERSONAL, null=True, item="CIN StepDecisionDate")
    outcome = f.Code("Outcome", f.PERSONAL, codes="pre_proceedings_outcome", null=True, item="CIN PPOutcome")
    extended_date = f.Date("Agreed to go on beyond 16 weeks", f.PERSONAL, null=True)
    extended_because = f.Text("Why it goes on", f.IDENTIFYING)
    court_letter_date = f.Date(
        "Letter that the authority will go to court", f.PERSONAL, null=True, item="CIN LetterInitCPDate"
    )

    class Meta:
        verbose_name = "pre-proceedings"
        verbose_name_plural = "pre-proceedings"
        constraints = (
            from_source("pre_proceedings"),
            in_order("pre_proceedings", "decision_date"),
            both_or_neither("pre_proceedings_end", "end_date", "outcome"),
        )


class PreProceedingsChild(Record):
    """A child of the family, or one to be born, whom pre-proceedings concern."""

    person = f.Link(PERSON, "Child", f.PERSONAL)
    pre_proceedings = f.Link(PreProceedings, "Pre-proceedings", f.PERSONAL)
    case = f.Link("cases.Case", "Case", f.PERSONAL, null=True)

    class Meta:
        verbose_name = "child in pre-proceedings"
        verbose_name_plural = "children in pre-proceedings"
        constraints = (
            from_source("pre_proceedings_child"),
            models.UniqueConstraint(fields=["pre_proceedings", "person"], name="pre_proceedings_child_once"),
        )


class PreProceedingsMeeting(Record):
    """A meeting of pre-proceedings; the first with the parents is the initial one."""

    pre_proceedings = f.Link(PreProceedings, "Pre-proceedings", f.PERSONAL)
    meeting_date = f.Date("Held", f.PERSONAL, item="CIN InitialPPMeetingDate, ReviewMeetingsCount")
    kind = f.Code("Kind", f.OPEN, codes="pre_proceedings_kind")
    parents_represented = f.Yes("Parents had a lawyer", f.PERSONAL, null=True)
    agreed = f.Text("What was agreed", f.IDENTIFYING)

    class Meta:
        verbose_name = "pre-proceedings meeting"
        constraints = (from_source("pre_proceedings_meeting"),)


class Application(Record):
    """An application for care or supervision of one family's children, from issue to final order."""

    reference = f.Code("Court reference", f.PERSONAL, max_length=40, item="SSD prep_court_reference", default="")
    issue_date = f.Date("Issued", f.PERSONAL, item="CIN CourtAppDate")
    pre_proceedings = f.Link(PreProceedings, "Pre-proceedings that led to it", f.PERSONAL, null=True)
    guardian = f.Text("Children's guardian of Cafcass", f.IDENTIFYING)
    guardian_date = f.Date("Guardian appointed", f.PERSONAL, null=True)
    final_order_date = f.Date("Final order", f.PERSONAL, null=True)

    class Meta:
        constraints = (from_source("application"), in_order("application", "issue_date", "final_order_date"))


class ApplicationChild(Record):
    """A child who is the subject of an application."""

    person = f.Link(PERSON, "Child", f.PERSONAL)
    application = f.Link(Application, "Application", f.PERSONAL)
    case = f.Link("cases.Case", "Case", f.PERSONAL, null=True)

    class Meta:
        verbose_name = "child in an application"
        verbose_name_plural = "children in applications"
        constraints = (from_source("application_child"),)


class Hearing(Record):
    """A hearing of an application."""

    application = f.Link(Application, "Application", f.PERSONAL)
    hearing_date = f.Date("Heard", f.PERSONAL)
    kind = f.Code("Kind", f.OPEN, codes="hearing_kind")
    directions = f.Text("What the court directed", f.IDENTIFYING)
    next_date = f.Date("Next hearing listed", f.PERSONAL, null=True)

    class Meta:
        constraints = (from_source("hearing"),)


class Extension(Record):
    """An extension of the 26 weeks, each needing fresh justification."""

    application = f.Link(Application, "Application", f.PERSONAL)
    granted_date = f.Date("Granted", f.PERSONAL)
    reason = f.Code("Reason", f.PERSONAL, codes="extension_reason", null=True)
    explanation = f.Text("What the court said", f.IDENTIFYING)

    class Meta:
        constraints = (from_source("extension"),)


class Order(Record):
    """One order for one child."""

    person = f.Link(PERSON, "Child", f.PERSONAL)
    application = f.Link(Application, "Application", f.PERSONAL, null=True)
    order = f.Code("Order", f.SPECIAL, codes="care_proceedings_order")
    order_date = f.Date("Made", f.PERSONAL)
    hearing = f.Link(Hearing, "Hearing at which it was made", f.PERSONAL, null=True)
    expiry_date = f.Date("Runs out, unless renewed", f.PERSONAL, null=True)

    class Meta:
        verbose_name = "court order"
        constraints = (from_source("court_order"),)
