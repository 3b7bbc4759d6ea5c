"""Adoption milestones (Adoption and Children Act 2002; SSDA903 AD1 and placed-for-adoption tables; SSD permanence)."""

from __future__ import annotations

from sightline.core.people.models import PERSON
from sightline.core.records import fields as f
from sightline.core.records.models import Record, both_or_neither, from_source


class AdoptionPlan(Record):
    """One plan for adoption of one child, with its milestones."""

    RETENTION = f.Retention.ADOPTION
    person = f.Link(PERSON, "Child", f.PERSONAL)
    care_start_date = f.Date(
        "Entered care", f.PERSONAL, null=True, help="Start of the period of care in which the plan was made."
    )
    decision_date = f.Date(
        "Decision that the child should be placed", f.PERSONAL, null=True, item="SSD perm_adm_decision_date"
    )
    placement_order_date = f.Date("Placement order", f.PERSONAL, null=True, item="SSD perm_placement_order_date")
    matched_date = f.Date("Matched", f.PERSONAL, null=True, item="SSDA903 DATE_MATCH; SSD perm_matched_date")
    placed_date = f.Date("Moved in with adopters", f.PERSONAL, null=True, item="SSDA903 DATE_PLACED")
    order_date = f.Date(
        "Adoption order", f.PERSONAL, null=True, item="SSDA903 DATE_INT; SSD perm_permanence_order_date"
    )
    reversed_date = f.Date(
        "Decision reversed or placement ceased", f.PERSONAL, null=True, item="SSDA903 DATE_PLACED_CEASED"
    )
    reversed_reason = f.Code("Reason for reversal", f.PERSONAL, codes="adoption_decision_reversed", null=True)
    adopted_by_carer = f.Yes("Adopted by the foster carer", f.PERSONAL, null=True, item="SSDA903 FOSTER_CARE")
    adopters = f.Number("Number of adopters", f.PERSONAL, null=True, item="SSDA903 NB_ADOPTR")
    adopters_sex = f.Code("Sex of adopters", f.PERSONAL, codes="adopter_sex", null=True, item="SSDA903 SEX_ADOPTR")
    adopters_status = f.Code(
        "Legal status of adopters", f.PERSONAL, codes="adopter_legal_status", null=True, item="SSDA903 LS_ADOPTR"
    )

    class Meta:
        constraints = (
            from_source("adoption_plan"),
            both_or_neither("adoption_reversed", "reversed_date", "reversed_reason"),
        )
