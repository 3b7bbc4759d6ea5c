"""Open cases: where the pathways of one person meet."""

from __future__ import annotations

from django.db import models

from sightline.core.people.models import PERSON
from sightline.core.records import fields as f
from sightline.core.records.models import Record, both_or_neither, from_source, in_order, no_overlap


class Case(Record):
    """The spell for which a person is open to a service.

    Service `social_care` is the census's episode of need: it opens on an accepted referral and closes with a reason (CIN census guide
    2023-24 s4.7). Service `leaving_care` is aftercare of a young person who has no episode of need.
    """

    STREAM = "cases"
    person = f.Link(PERSON, "Person", f.PERSONAL)
    service = f.Code("Service", f.PERSONAL, codes="service")
    start_date = f.Date("Opened", f.PERSONAL, item="CIN N00100; SSD cine_referral_date")
    end_date = f.Date("Closed", f.PERSONAL, null=True, item="CIN N00102; SSD cine_close_date")
    closure_reason = f.Code(
        "Reason for closure",
        f.PERSONAL,
        codes="cin_closure_reason",
        null=True,
        item="CIN N00103; SSD cine_close_reason",
    )
    primary_need = f.Code(
        "Primary need",
        f.SPECIAL,
        codes="cin_primary_need",
        default="",
        item="CIN N00101; SSD cine_cin_primary_need_code",
    )

    class Meta:
        constraints = (
            from_source("case"),
            in_order("case"),
            no_overlap("case", "person", "service"),
            both_or_neither("case_closed", "end_date", "closure_reason"),
        )
        indexes = (models.Index(fields=["end_date"], name="case_end"),)


class Allocation(Record):
    """The spell for which a worker of a team holds a case."""

    STREAM = "cases"
    person = f.Link(PERSON, "Person", f.PERSONAL)
    case = f.Link(Case, "Case", f.PERSONAL)
    team = f.Link("organisations.Team", "Team", f.PERSONAL, item="SSD invo_professional_team")
    worker = f.Link("organisations.Worker", "Worker", f.PERSONAL, null=True, item="SSD invo_professional_id")
    start_date = f.Date("From", f.PERSONAL, item="SSD invo_involvement_start_date")
    end_date = f.Date("To", f.PERSONAL, null=True, item="SSD invo_involvement_end_date")

    class Meta:
        constraints = (from_source("allocation"), in_order("allocation"), no_overlap("allocation", "case"))
        # Every page of a manager asks what is open: for their team, and for nobody.
        indexes = (
            models.Index(fields=["end_date"], name="allocation_end"),
            models.Index(fields=["team", "end_date"], name="allocation_team_end"),
        )


class Transfer(Record):
    """An offer of a case to another team or worker. The old allocation ends only when the other side accepts."""

    STREAM = "cases"
    person = f.Link(PERSON, "Person", f.PERSONAL)
    case = f.Link(Case, "Case", f.PERSONAL)
    from_team = f.Link("organisations.Team", "From the team", f.PERSONAL, null=True)
    from_worker = f.Link("organisations.Worker", "From the worker", f.PERSONAL, null=True)
    to_team = f.Link("organisations.Team", "To the team", f.PERSONAL)
    to_worker = f.Link(
        "organisations.Worker",
        "To the worker",
        f.PERSONAL,
        null=True,
        help="Leave empty for the receiving manager to choose.",
    )
    requested_date = f.Date("Asked for", f.PERSONAL)
    requested_by = f.Link("organisations.Worker", "Asked for by", f.PERSONAL, null=True)
    reason = f.Code("Reason for the transfer", f.PERSONAL, codes="transfer_reason")
    summary = f.Text(
        "Summary for the receiving worker", f.IDENTIFYING, help="Risk, strengths, what works with the family."
    )
    outstanding = f.Text("Outstanding tasks", f.IDENTIFYING, help="What is due, by when, and who expects it.")
    received_at = f.Moment("Receipt confirmed", f.PERSONAL, null=True)
    accepted_date = f.Date("Accepted", f.PERSONAL, null=True)
    returned_date = f.Date("Sent back", f.PERSONAL, null=True)
    returned_reason = f.Text("Why it was sent back", f.IDENTIFYING)
    withdrawn_date = f.Date("Withdrawn", f.PERSONAL, null=True)
    decided_by = f.Link("organisations.Worker", "Decided by", f.PERSONAL, null=True)

    class Meta:
        constraints = (
            from_source("transfer"),
            in_order("transfer", "requested_date", "accepted_date"),
            in_order("transfer_back", "requested_date", "returned_date"),
            models.UniqueConstraint(
                fields=["case"],
                condition=models.Q(accepted_date=None, returned_date=None, withdrawn_date=None),
                name="transfer_waiting_once",
            ),
        )
