"""Assessments and the factors found (Working Together ch 1; CIN census guide 2023-24 s4.9 and 4.10)."""

from __future__ import annotations

from django.db import models

from sightline.core.people.models import PERSON
from sightline.core.records import fields as f
from sightline.core.records.models import Record, from_source, in_order


class Assessment(Record):
    """One assessment of one child: started, at its review point, authorised or cancelled."""

    person = f.Link(PERSON, "Child", f.PERSONAL)
    case = f.Link("cases.Case", "Case", f.PERSONAL)
    start_date = f.Date("Started", f.PERSONAL, item="CIN N00159; SSD cina_assessment_start_date")
    review_point_date = f.Date("Internal review point", f.PERSONAL, null=True, item="CIN N00161")
    reviewed_date = f.Date("Review point held", f.PERSONAL, null=True)
    reviewed_by = f.Link("organisations.Worker", "Review point held by", f.PERSONAL, null=True)
    review_comment = f.Text("What the manager found at the review point", f.IDENTIFYING)
    child_seen_date = f.Date("Child seen", f.PERSONAL, null=True, item="SSD cina_assessment_child_seen")
    child_seen_alone = f.Yes("Child seen alone", f.PERSONAL, null=True)
    child_seen_by = f.Link("organisations.Worker", "Child seen by", f.PERSONAL, null=True)
    child_views = f.Text("The child's views", f.IDENTIFYING, help="What the child says, and how they were asked.")
    family_views = f.Text("The family's views", f.IDENTIFYING)
    analysis = f.Text("Analysis", f.IDENTIFYING, help="What life is like for the child, why, and what needs to change.")
    proposed_factors = f.Code(
        "Factors the worker found",
        f.SPECIAL,
        max_length=200,
        default="",
        help="Become the assessment's factors when the manager authorises it.",
    )
    submitted_date = f.Date("Sent for authorisation", f.PERSONAL, null=True)
    submitted_by = f.Link("organisations.Worker", "Sent for authorisation by", f.PERSONAL, null=True)
    returned_date = f.Date("Returned for more work", f.PERSONAL, null=True)
    return_reason = f.Text("What is still to do", f.IDENTIFYING)
    authorised_date = f.Date("Authorised", f.PERSONAL, null=True, item="CIN N00160; SSD cina_assessment_auth_date")
    authorised_by = f.Link("organisations.Worker", "Authorised by", f.PERSONAL, null=True)
    cancelled_date = f.Date("Cancelled", f.PERSONAL, null=True)
    cancel_reason = f.Text("Why it was cancelled", f.IDENTIFYING)
    outcome = f.Code(
        "Outcome", f.PERSONAL, codes="assessment_outcome", null=True, item="SSD cina_assessment_outcome_json"
    )
    worker = f.Link("organisations.Worker", "Assessing worker", f.PERSONAL, null=True)

    class Meta:
        constraints = (
            from_source("assessment"),
            in_order("assessment", "start_date", "authorised_date"),
            in_order("assessment_cancel", "start_date", "cancelled_date"),
            models.CheckConstraint(
                condition=models.Q(authorised_date__isnull=True) | models.Q(cancelled_date__isnull=True),
                name="assessment_one_ending",
            ),
        )


class AssessmentFactor(Record):
    """A factor identified at the end of an assessment."""

    person = f.Link(PERSON, "Child", f.PERSONAL)
    assessment = f.Link(Assessment, "Assessment", f.PERSONAL)
    factor = f.Code("Factor", f.SPECIAL, codes="cin_assessment_factors", item="CIN N00181")

    class Meta:
        constraints = (
            from_source("factor"),
            models.UniqueConstraint(fields=["assessment", "factor"], name="factor_once"),
        )
