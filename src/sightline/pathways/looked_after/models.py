"""Looked-after records (Children Act 1989 s20, s31; Care Planning Regulations 2010; SSDA903 guide)."""

from __future__ import annotations

from django.db import models

from sightline.core.people.models import PERSON
from sightline.core.records import fields as f
from sightline.core.records.models import Record, from_source, in_order, no_overlap, with_whom


class PeriodOfCare(Record):
    """A run of episodes without a break. Care starts with its first episode and ends with its last."""

    RETENTION = f.Retention.LOOKED_AFTER
    person = f.Link(PERSON, "Child", f.PERSONAL)
    case = f.Link("cases.Case", "Case", f.PERSONAL, null=True)
    start_date = f.Date("Started to be looked after", f.PERSONAL, item="SSDA903 DECOM; SSD clae_entered_care_date")
    end_date = f.Date("Ceased to be looked after", f.PERSONAL, null=True, item="SSDA903 DEC")
    end_reason = f.Code(
        "Reason care ended", f.PERSONAL, codes="cla_reason_episode_ceased", null=True, item="SSDA903 REC"
    )
    category_of_need = f.Code("Category of need", f.SPECIAL, codes="cla_category_of_need", item="SSDA903 CIN")
    home_postcode = f.Code(
        "Postcode of the home left",
        f.IDENTIFYING,
        null=True,
        item="SSDA903 HOME_POST",
        help="Left empty, it is taken from the child's home address.",
    )
    decision_date = f.Date("Decision to look after the child", f.PERSONAL, null=True)
    decided_by = f.Link("organisations.Worker", "Decided by", f.PERSONAL, null=True)
    out_of_hours = f.Yes(
        "Started in an emergency out of hours",
        f.PERSONAL,
        null=True,
        help="The nominated officer then approves it on the next working day.",
    )
    approved_date = f.Date("Approved", f.PERSONAL, null=True)
    approved_by = f.Link("organisations.Worker", "Approved by", f.PERSONAL, null=True)
    previous_permanence = f.Code(
        "Earlier permanent arrangement that broke down",
        f.SPECIAL,
        codes="previous_permanence",
        null=True,
        item="SSDA903 PREV_PERM",
        help="Asked of every child who starts to be looked after from 1 April 2016.",
    )
    previous_permanence_date = f.Code(
        "Date of that order",
        f.PERSONAL,
        max_length=10,
        default="",
        item="SSDA903 DATE_PERM",
        help="DD/MM/YYYY, with zz for a part that is not known: zz/zz/2014.",
    )
    previous_permanence_authority = f.Code(
        "Authority that arranged it",
        f.PERSONAL,
        default="",
        item="SSDA903 LA_PERM",
        help="Its GSS code; NIR for Northern Ireland, NUK for abroad.",
    )
    started_with = f.Code(
        "Started together (reference)",
        f.PERSONAL,
        max_length=40,
        default="",
        help="The same for brothers and sisters who started to be looked after in one act.",
    )

    class Meta:
        verbose_name = "period of care"
        verbose_name_plural = "periods of care"
        constraints = (
            with_whom("care_decided", "decision_date", "decided_by"),
            with_whom("care_approved", "approved_date", "approved_by"),
            from_source("period_of_care"),
            in_order("period_of_care"),
            no_overlap("period_of_care", "person"),
        )


class Placement(Record):
    """The spell for which a child lives at one placement. A change of legal status does not end it."""

    RETENTION = f.Retention.LOOKED_AFTER
    person = f.Link(PERSON, "Child", f.PERSONAL)
    period = f.Link(PeriodOfCare, "Period of care", f.PERSONAL)
    start_date = f.Date("Placed", f.PERSONAL, item="SSD clap_cla_placement_start_date")
    end_date = f.Date("Placement ended", f.PERSONAL, null=True, item="SSD clap_cla_placement_end_date")
    placement_type = f.Code("Type", f.PERSONAL, codes="cla_placement_type", item="SSDA903 PLACE")
    provider = f.Code("Provider", f.PERSONAL, codes="cla_placement_provider", default="", item="SSDA903 PLACE_PROVIDER")
    urn = f.Code("Ofsted number of the provider", f.PERSONAL, default="", item="SSDA903 URN")
    carer_reference = f.Code(
        "Carer reference",
        f.PERSONAL,
        max_length=40,
        default="",
        help="The same carers keep it from fostering to adoption.",
    )
    postcode = f.Code("Postcode", f.IDENTIFYING, null=True, item="SSDA903 PL_POST")
    authority = f.Code("Authority it lies in (GSS code)", f.PERSONAL, default="", help="From the postcode table.")
    distance_miles = f.Measurement(
        "Distance from home (miles)",
        f.PERSONAL,
        null=True,
        item="SSD clap_cla_placement_distance",
        help="Straight line; blank for UASC.",
    )
    planned = f.Yes("Planned before the move", f.PERSONAL, null=True, help="Agreed in the care plan or at a review.")
    emergency = f.Yes("Made in an emergency", f.PERSONAL, null=True)
    lasting = f.Yes(
        "Meant to last until the child is 18",
        f.PERSONAL,
        null=True,
        help="Visits may then be three months apart after the first year (Care Planning Regulations 2010 reg 28).",
    )
    connected_approved_date = f.Date(
        "Relative or friend approved for a time",
        f.PERSONAL,
        null=True,
        help="Temporary approval of a connected person (Care Planning Regulations 2010 reg 24).",
    )
    connected_decided_date = f.Date("Full approval decided", f.PERSONAL, null=True)
    before_assessment = f.Yes(
        "With a parent before their assessment was complete",
        f.PERSONAL,
        null=True,
        help="Then visited every week until the first review (Care Planning Regulations 2010 reg 19 and 28).",
    )
    fewer_visits_date = f.Date(
        "Child agreed to be visited twice a year",
        f.PERSONAL,
        null=True,
        help="In a settled long-term foster placement, after its first year (Care Planning Regulations 2010 reg 28).",
    )
    notified_date = f.Date(
        "Notice of the placement given",
        f.PERSONAL,
        null=True,
        help="The day when the last of parents, previous carer, health body, GP, school and reviewing officer was told in writing.",
    )
    area_notified_date = f.Date(
        "Authority of the area told",
        f.PERSONAL,
        null=True,
        help="For a placement outside the authority's own area (Care Planning Regulations 2010 reg 11).",
    )
    distant = f.Yes(
        "At a distance",
        f.PERSONAL,
        null=True,
        help="Neither in the authority's own area nor in one adjoining it. The director then approves the placement beforehand.",
    )
    director_approved_date = f.Date("Approved by the director of children's services", f.PERSONAL, null=True)
    resumes = f.Link(
        "self",
        "Placement that it goes on from",
        f.PERSONAL,
        null=True,
        help="The usual placement, when a child comes back after a temporary absence.",
    )
    change_reason = f.Code("Reason it ended", f.PERSONAL, codes="cla_reason_placement_change", null=True)

    class Meta:
        constraints = (from_source("placement"), in_order("placement"), no_overlap("placement", "person"))


class Episode(Record):
    """A care episode as the SSDA903 return counts them: one legal status in one placement."""

    RETENTION = f.Retention.LOOKED_AFTER
    person = f.Link(PERSON, "Child", f.PERSONAL)
    period = f.Link(PeriodOfCare, "Period of care", f.PERSONAL)
    placement = f.Link(Placement, "Placement", f.PERSONAL)
    start_date = f.Date("Started", f.PERSONAL, item="SSDA903 DECOM; SSD clae_cla_episode_start_date")
    start_reason = f.Code("Reason for new episode", f.PERSONAL, codes="cla_reason_new_episode", item="SSDA903 RNE")
    legal_status = f.Code("Legal status", f.PERSONAL, codes="cla_legal_status", item="SSDA903 LS")
    end_date = f.Date("Ceased", f.PERSONAL, null=True, item="SSDA903 DEC; SSD clae_cla_episode_ceased_date")
    end_reason = f.Code(
        "Reason it ceased", f.PERSONAL, codes="cla_reason_episode_ceased", null=True, item="SSDA903 REC"
    )

    class Meta:
        constraints = (from_source("episode"), in_order("episode"), no_overlap("episode", "person"))


class Review(Record):
    """A looked-after review, chaired by an independent reviewing officer."""

    RETENTION = f.Retention.LOOKED_AFTER
    person = f.Link(PERSON, "Child", f.PERSONAL)
    period = f.Link(PeriodOfCare, "Period of care", f.PERSONAL)
    review_date = f.Date(
        "Held",
        f.PERSONAL,
        item="SSDA903 REVIEW; SSD clar_cla_review_date",
        help="Of a review held in parts, the day of the last one.",
    )
    participation = f.Code(
        "How the child took part", f.PERSONAL, codes="review_participation", null=True, item="SSDA903 REVIEW_CODE"
    )
    chair = f.Link("organisations.Worker", "Chaired by", f.PERSONAL, null=True)
    parts = f.Number(
        "Parts it was held in", f.OPEN, default=1, help="Counted from the parts on record, where there are any."
    )
    consulted = f.Yes("Child consulted beforehand", f.PERSONAL, null=True)
    chair_saw_child_date = f.Date("Reviewing officer saw the child beforehand", f.PERSONAL, null=True)
    parents_consulted = f.Yes("Parents consulted", f.PERSONAL, null=True)
    advocacy_offered = f.Yes("Advocate offered", f.PERSONAL, null=True)
    advocate_present = f.Yes("Advocate took part", f.PERSONAL, null=True)
    child_views = f.Text("What the child said", f.IDENTIFYING)
    plan_agreed = f.Yes("Care plan agreed as right for the child", f.PERSONAL, null=True)
    next_review_date = f.Date("Next review", f.PERSONAL, null=True)
    decisions_sent_date = f.Date("Decisions sent", f.PERSONAL, null=True)
    record_sent_date = f.Date("Full record sent", f.PERSONAL, null=True)

    class Meta:
        verbose_name = "looked-after review"
        constraints = (from_source("cla_review"),)


class AsylumStatus(Record):
    """The spell for which a child is an unaccompanied asylum-seeking child."""

    RETENTION = f.Retention.LOOKED_AFTER
    person = f.Link(PERSON, "Child", f.PERSONAL)
    start_date = f.Date("Seeks asylum alone from", f.SPECIAL)
    end_date = f.Date(
        "Seeks asylum alone to",
        f.SPECIAL,
        null=True,
        item="SSDA903 DUC",
        help="May lie in the future: the day the status will end.",
    )

    class Meta:
        verbose_name_plural = "asylum statuses"
        constraints = (from_source("asylum_status"), in_order("asylum_status"), no_overlap("asylum_status", "person"))


class ReviewPart(Record):
    """One meeting of a review that is held in parts. It belongs to no review until the last part completes it."""

    RETENTION = f.Retention.LOOKED_AFTER
    person = f.Link(PERSON, "Child", f.PERSONAL)
    period = f.Link(PeriodOfCare, "Period of care", f.PERSONAL)
    review = f.Link(Review, "Review that it became", f.PERSONAL, null=True)
    part_date = f.Date("Held", f.PERSONAL)
    purpose = f.Text("Who met and what about", f.IDENTIFYING)

    class Meta:
        verbose_name = "part of a review"
        verbose_name_plural = "parts of reviews"
        constraints = (
            from_source("review_part"),
            models.UniqueConstraint(fields=["period", "part_date"], name="review_part_once"),
        )


class ReviewDecision(Record):
    """A decision or recommendation of a review, with who does it and by when."""

    RETENTION = f.Retention.LOOKED_AFTER
    person = f.Link(PERSON, "Child", f.PERSONAL)
    review = f.Link(Review, "Review", f.PERSONAL)
    kind = f.Code("Kind", f.PERSONAL, codes="review_decision_kind", default="DECISION")
    what = f.Text("What is to be done", f.IDENTIFYING, blank=False)
    owner = f.Link("organisations.Worker", "Who does it", f.PERSONAL, null=True)
    due_date = f.Date("By when", f.PERSONAL, null=True)
    done_date = f.Date("Done", f.PERSONAL, null=True)

    class Meta:
        verbose_name = "decision of a review"
        verbose_name_plural = "decisions of reviews"
        constraints = (from_source("review_decision"),)


class ReviewingOfficer(Record):
    """The spell for which an independent reviewing officer is named for a child."""

    RETENTION = f.Retention.LOOKED_AFTER
    person = f.Link(PERSON, "Child", f.PERSONAL)
    period = f.Link(PeriodOfCare, "Period of care", f.PERSONAL)
    worker = f.Link("organisations.Worker", "Reviewing officer", f.PERSONAL)
    start_date = f.Date("From", f.PERSONAL)
    end_date = f.Date("To", f.PERSONAL, null=True)

    class Meta:
        verbose_name = "reviewing officer of a child"
        verbose_name_plural = "reviewing officers of children"
        constraints = (
            from_source("reviewing_officer"),
            in_order("reviewing_officer"),
            no_overlap("reviewing_officer", "period"),
        )


class CarePlan(Record):
    """A care plan or a new version of it (Care Planning Regulations 2010 reg 4 and 5)."""

    RETENTION = f.Retention.LOOKED_AFTER
    person = f.Link(PERSON, "Child", f.PERSONAL)
    period = f.Link(PeriodOfCare, "Period of care", f.PERSONAL)
    plan_date = f.Date("Prepared", f.PERSONAL, help="It may be prepared before the child is placed.")
    permanence = f.Code("Plan for permanence", f.PERSONAL, codes="permanence_plan", default="")
    summary = f.Text("Plan in short", f.IDENTIFYING)
    child_views = f.Text("What the child wishes and feels", f.IDENTIFYING)
    pathway_plan = f.Link(
        "leaving_care.PathwayPlan",
        "Pathway plan that is part of it",
        f.PERSONAL,
        null=True,
        help="For a child who is eligible for leaving care support.",
    )

    class Meta:
        constraints = (from_source("care_plan"),)


class PlacementPlan(Record):
    """How one placement is to meet the child's needs (Care Planning Regulations 2010 reg 9 and schedule 2)."""

    RETENTION = f.Retention.LOOKED_AFTER
    person = f.Link(PERSON, "Child", f.PERSONAL)
    placement = f.Link(Placement, "Placement", f.PERSONAL)
    plan_date = f.Date("Prepared and signed", f.PERSONAL, help="It may be prepared before the child is placed.")
    arrangements = f.Text("Daily arrangements", f.IDENTIFYING)
    contact = f.Text("Contact with family and friends", f.IDENTIFYING)
    child_views = f.Text("What the child wishes and feels", f.IDENTIFYING)

    class Meta:
        constraints = (from_source("placement_plan"),)


class DelegatedDecision(Record):
    """Who takes one kind of day-to-day decision while the placement plan holds."""

    RETENTION = f.Retention.LOOKED_AFTER
    person = f.Link(PERSON, "Child", f.PERSONAL)
    plan = f.Link(PlacementPlan, "Placement plan", f.PERSONAL)
    decision = f.Code("Decision", f.PERSONAL, codes="delegated_decision")
    taken_by = f.Code("Taken by", f.PERSONAL, codes="delegated_to")
    conditions = f.Text("Conditions", f.IDENTIFYING)

    class Meta:
        constraints = (
            from_source("delegated_decision"),
            models.UniqueConstraint(fields=["plan", "decision"], name="delegated_decision_once"),
        )


class CareVisit(Record):
    """A visit of the authority's representative to a looked-after child (Care Planning Regulations 2010 reg 28)."""

    RETENTION = f.Retention.LOOKED_AFTER
    person = f.Link(PERSON, "Child", f.PERSONAL)
    period = f.Link(PeriodOfCare, "Period of care", f.PERSONAL)
    placement = f.Link(Placement, "Placement visited", f.PERSONAL)
    visit_date = f.Date("Visited", f.PERSONAL, item="SSD clav_cla_visit_date")
    worker = f.Link("organisations.Worker", "Visited by", f.PERSONAL, null=True)
    seen = f.Yes("Child seen", f.PERSONAL, default=True, item="SSD clav_cla_visit_seen")
    seen_alone = f.Yes("Child seen alone", f.PERSONAL, null=True, item="SSD clav_cla_visit_seen_alone")
    bedroom_seen = f.Yes("Saw where the child sleeps", f.PERSONAL, null=True)
    child_views = f.Text("What the child said", f.IDENTIFYING)
    why_not = f.Text("Why the child was not seen, or not alone", f.IDENTIFYING)

    class Meta:
        verbose_name = "visit to a looked-after child"
        verbose_name_plural = "visits to looked-after children"
        constraints = (from_source("care_visit"),)


class HealthCheck(Record):
    """A health assessment, dental check or questionnaire of a looked-after child (Care Planning Regulations 2010 reg 7; SSDA903 OC2)."""

    RETENTION = f.Retention.LOOKED_AFTER
    person = f.Link(PERSON, "Child", f.PERSONAL)
    period = f.Link(PeriodOfCare, "Period of care", f.PERSONAL)
    kind = f.Code("Kind", f.SPECIAL, codes="care_health_check")
    check_date = f.Date("Done", f.SPECIAL, item="SSD clah_health_check_date")
    plan_date = f.Date("Health plan ready", f.SPECIAL, null=True)
    score = f.Number("Score (strengths and difficulties, 0 to 40)", f.SPECIAL, null=True, item="SSDA903 SDQ_SCORE")

    class Meta:
        verbose_name = "health check of a looked-after child"
        verbose_name_plural = "health checks of looked-after children"
        constraints = (from_source("health_check"),)


class YearInCare(Record):
    """Health and conduct of a child looked after for the whole of a reporting year, as the SSDA903 OC2 table asks."""

    RETENTION = f.Retention.LOOKED_AFTER
    person = f.Link(PERSON, "Child", f.PERSONAL)
    year_end = f.Date("Reporting year ending", f.PERSONAL)
    sdq_score = f.Number("Strengths and difficulties score", f.SPECIAL, null=True, item="SSDA903 SDQ_SCORE")
    sdq_reason = f.Code("Why there is no score", f.SPECIAL, codes="sdq_reason", null=True, item="SSDA903 SDQ_REASON")
    convicted = f.Yes("Convicted or made subject of a youth caution", f.SPECIAL, null=True, item="SSDA903 CONVICTED")
    health_check = f.Yes(
        "Developmental checks up to date",
        f.SPECIAL,
        null=True,
        item="SSDA903 HEALTH_CHECK",
        help="Asked of children who are under five at the end of the year.",
    )
    immunisations = f.Yes("Immunisations up to date", f.SPECIAL, null=True, item="SSDA903 IMMUNISATIONS")
    teeth_check = f.Yes("Teeth checked by a dentist", f.SPECIAL, null=True, item="SSDA903 TEETH_CHECK")
    health_assessment = f.Yes("Health assessments up to date", f.SPECIAL, null=True, item="SSDA903 HEALTH_ASSESSMENT")
    substance_misuse = f.Yes("Found to misuse substances", f.SPECIAL, null=True, item="SSDA903 SUBSTANCE_MISUSE")
    intervention_received = f.Yes("Was given help for it", f.SPECIAL, null=True, item="SSDA903 INTERVENTION_RECEIVED")
    intervention_offered = f.Yes(
        "Was offered help for it and refused", f.SPECIAL, null=True, item="SSDA903 INTERVENTION_OFFERED"
    )

    class Meta:
        verbose_name = "year in care"
        verbose_name_plural = "years in care"
        constraints = (
            from_source("year_in_care"),
            models.UniqueConstraint(fields=["person", "year_end"], name="year_in_care_once"),
        )


class DeprivationOfLiberty(Record):
    """The spell of a court's order that a looked-after child may be deprived of liberty (SSDA903 from 2026 to 2027)."""

    RETENTION = f.Retention.LOOKED_AFTER
    person = f.Link(PERSON, "Child", f.PERSONAL)
    start_date = f.Date("Order made", f.PERSONAL, item="SSDA903 DOLO_START")
    end_date = f.Date(
        "Order ends", f.PERSONAL, null=True, item="SSDA903 DOLO_END", help="May lie in the future: the order says it."
    )

    class Meta:
        verbose_name = "deprivation of liberty order"
        constraints = (
            from_source("deprivation_of_liberty"),
            in_order("deprivation_of_liberty"),
            no_overlap("deprivation_of_liberty", "person"),
        )


class SocialWorkerSpell(Record):
    """The spell for which one social worker has a looked-after child, as the return asks (SSDA903 from 2023 to 2024)."""

    RETENTION = f.Retention.LOOKED_AFTER
    person = f.Link(PERSON, "Child", f.PERSONAL)
    worker_number = f.Code(
        "Social Work England number", f.IDENTIFYING, max_length=40, item="SSDA903 SW_ID", help="SW and digits."
    )
    start_date = f.Date("From", f.PERSONAL, item="SSDA903 SW_DECOM")
    end_date = f.Date("To", f.PERSONAL, null=True, item="SSDA903 SW_DEC")
    reason = f.Code(
        "Why the social worker changed",
        f.PERSONAL,
        codes="cla_social_worker_change",
        null=True,
        item="SSDA903 SW_REASON",
    )

    class Meta:
        verbose_name = "social worker of a looked-after child"
        verbose_name_plural = "social workers of looked-after children"
        constraints = (from_source("social_worker_spell"), in_order("social_worker_spell"))


class EducationPlan(Record):
    """A meeting about a child's personal education plan."""

    RETENTION = f.Retention.LOOKED_AFTER
    person = f.Link(PERSON, "Child", f.PERSONAL)
    period = f.Link(PeriodOfCare, "Period of care", f.PERSONAL)
    meeting_date = f.Date("Started or reviewed", f.PERSONAL)
    completed_date = f.Date("Completed and signed off by the virtual school", f.PERSONAL, null=True)
    school = f.Link("organisations.Organisation", "School", f.PERSONAL, null=True)
    child_views = f.Text("What the child said", f.IDENTIFYING)

    class Meta:
        verbose_name = "personal education plan"
        constraints = (from_source("education_plan"),)


class Conviction(Record):
    """An offence of which a looked-after child was convicted, or for which the child had a youth caution."""

    # Of its own: convictions say nothing of who was looked after, and are not shared with the rest of it.
    STREAM = "conduct_in_care"
    HAPPENED = "offence_date"
    RETENTION = f.Retention.LOOKED_AFTER
    person = f.Link(PERSON, "Child", f.PERSONAL)
    offence_date = f.Date("Day of the offence", f.SPECIAL, null=True, item="SSD clac_cla_conviction_date")
    offence = f.Text("Offence", f.IDENTIFYING, item="SSD clac_cla_conviction_offence")

    class Meta:
        verbose_name = "conviction of a looked-after child"
        verbose_name_plural = "convictions of looked-after children"
        constraints = (from_source("conviction"),)


class SubstanceMisuse(Record):
    """That a looked-after child was found to misuse a substance, and whether help was given for it."""

    STREAM = "conduct_in_care"
    HAPPENED = "found_date"
    RETENTION = f.Retention.LOOKED_AFTER
    person = f.Link(PERSON, "Child", f.PERSONAL)
    found_date = f.Date("Found on", f.SPECIAL, null=True, item="SSD clas_substance_misuse_date")
    substance = f.Code(
        "Substance",
        f.SPECIAL,
        codes="substance_misused",
        null=True,
        item="SSD clas_substance_misused",
        help="The dataset has no list for it: the codes are the authority's own.",
    )
    intervention_received = f.Yes("Was given help for it", f.SPECIAL, null=True, item="SSD clas_intervention_received")

    class Meta:
        verbose_name = "substance misuse of a looked-after child"
        verbose_name_plural = "substance misuse of looked-after children"
        constraints = (from_source("substance_misuse"),)


class PlacementFinance(Record):
    """What a placement costs, for the section 251 return. The dataset keeps four places for it and has not said yet what stands in which."""

    STREAM = "placement_finance"
    RETENTION = f.Retention.LOOKED_AFTER
    person = f.Link(PERSON, "Child", f.PERSONAL)
    placement = f.Link(Placement, "Placement", f.PERSONAL)
    item_1 = f.Code("Finance item 1", f.PERSONAL, max_length=48, null=True, item="SSD s251_placeholder_1")
    item_2 = f.Code("Finance item 2", f.PERSONAL, max_length=48, null=True, item="SSD s251_placeholder_2")
    item_3 = f.Code("Finance item 3", f.PERSONAL, max_length=48, null=True, item="SSD s251_placeholder_3")
    item_4 = f.Code("Finance item 4", f.PERSONAL, max_length=48, null=True, item="SSD s251_placeholder_4")

    class Meta:
        verbose_name = "finance of a placement"
        verbose_name_plural = "finance of placements"
        constraints = (
            from_source("placement_finance"),
            models.UniqueConstraint(fields=["placement"], name="placement_finance_once"),
        )
