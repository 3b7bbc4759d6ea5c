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
    foster_for_adoption_date = f.Date("Placed to foster for adoption", f.PERSONAL, null=True)
    review_date = f.Date("Review that set adoption as the plan", f.PERSONAL, null=True)
    report_date = f.Date("Child permanence report completed", f.PERSONAL, null=True)
    panel_date = f.Date(
        "Panel recommended adoption",
        f.PERSONAL,
        null=True,
        help="Leave empty where the court will decide: the panel then does not consider the plan.",
    )
    minutes_date = f.Date("Final minutes received", f.PERSONAL, null=True)
    decision_date = f.Date(
        "Decision that the child should be placed",
        f.PERSONAL,
        null=True,
        item="SSDA903 DATE_PLACED, DATE_INT; SSD perm_adm_decision_date",
        help="The agency decision-maker's. The return asks for it as DATE_PLACED and, once adopted, again as DATE_INT.",
    )
    decided_by = f.Link("organisations.Worker", "Decided by", f.PERSONAL, null=True)
    told_date = f.Date("Parents told of the decision", f.PERSONAL, null=True)
    written_date = f.Date("Decision confirmed in writing", f.PERSONAL, null=True)
    registered_date = f.Date("Placed on the national matching list", f.PERSONAL, null=True)
    matching_panel_date = f.Date("Panel recommended the match", f.PERSONAL, null=True)
    placement_order_date = f.Date("Placement order", f.PERSONAL, null=True, item="SSD perm_placement_order_date")
    consent_date = f.Date(
        "Parents consented to the placement",
        f.PERSONAL,
        null=True,
        help="Formal consent to a placement for adoption (Adoption and Children Act 2002 s19); with an order none is needed.",
    )
    matched_date = f.Date("Matched", f.PERSONAL, null=True, item="SSDA903 DATE_MATCH; SSD perm_matched_date")
    placed_date = f.Date(
        "Moved in with adopters", f.PERSONAL, null=True, item="SSDA903 DECOM of the first episode of PLACE A3 to A6"
    )
    order_date = f.Date(
        "Adoption order", f.PERSONAL, null=True, item="SSDA903 DEC with REC E11, E12; SSD perm_permanence_order_date"
    )
    celebration_date = f.Date("Celebration hearing", f.PERSONAL, null=True)
    life_story_date = f.Date("Life story book and later life letter handed over", f.PERSONAL, null=True)
    disrupted_date = f.Date("Adoptive placement broke down", f.PERSONAL, null=True)
    disruption_meeting_date = f.Date("Disruption meeting", f.PERSONAL, null=True)
    reversed_date = f.Date(
        "Decision reversed or placement ceased", f.PERSONAL, null=True, item="SSDA903 DATE_PLACED_CEASED"
    )
    reversed_reason = f.Code(
        "Reason for reversal",
        f.PERSONAL,
        codes="adoption_decision_reversed",
        null=True,
        item="SSDA903 REASON_PLACED_CEASED",
    )
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
