"""Prospective adopters (Adoption Agencies Regulations 2005 part 4; Ofsted Annex A list 11). Each of a couple has a record of their own."""

from __future__ import annotations

from sightline.core.people.models import PERSON
from sightline.core.records import fields as f
from sightline.core.records.models import Record, from_source


class ProspectiveAdopter(Record):
    """One way of a person through the adoption process, with its milestones."""

    RETENTION = f.Retention.ADOPTION
    person = f.Link(PERSON, "Prospective adopter", f.PERSONAL)
    family_reference = f.Code(
        "Family reference",
        f.PERSONAL,
        max_length=40,
        default="",
        item="Annex A list 11",
        help="The same for those who adopt together.",
    )
    worker = f.Link("organisations.Worker", "Worker", f.PERSONAL, null=True)
    team = f.Link("organisations.Team", "Team", f.PERSONAL, null=True)
    disabled = f.Yes("Has a disability", f.SPECIAL, null=True, item="Annex A list 11")
    fosters_for_adoption = f.Yes("Fosters for adoption", f.PERSONAL, null=True, item="Annex A list 11")
    enquiry_date = f.Date("Enquiry received", f.PERSONAL, item="Annex A list 11")
    stage_1_start_date = f.Date("Stage 1 started", f.PERSONAL, null=True, item="Annex A list 11")
    stage_1_end_date = f.Date("Stage 1 ended", f.PERSONAL, null=True, item="Annex A list 11")
    stage_2_start_date = f.Date("Stage 2 started", f.PERSONAL, null=True, item="Annex A list 11")
    stage_2_end_date = f.Date("Stage 2 ended", f.PERSONAL, null=True, item="Annex A list 11")
    application_date = f.Date("Application submitted", f.PERSONAL, null=True, item="Annex A list 11")
    approved_date = f.Date("Application approved", f.PERSONAL, null=True, item="Annex A list 11")
    matched_date = f.Date("Matched with a child", f.PERSONAL, null=True, item="Annex A list 11")
    placed_date = f.Date("Child placed", f.PERSONAL, null=True, item="Annex A list 11")
    children_placed = f.Number("Number of children placed", f.PERSONAL, null=True, item="Annex A list 11")
    order_date = f.Date("Adoption order", f.PERSONAL, null=True, item="Annex A list 11")
    left_date = f.Date("Left the adoption process", f.PERSONAL, null=True, item="Annex A list 11")
    left_reason = f.Code(
        "Reason for leaving", f.PERSONAL, codes="adopter_left_reason", null=True, item="Annex A list 11"
    )

    class Meta:
        constraints = (from_source("prospective_adopter"),)
