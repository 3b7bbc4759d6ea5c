"""Care leavers (Children Act 1989 s23A to s24; SSDA903 OC3; Staying Put guidance 2013)."""

from __future__ import annotations

from django.db import models

from sightline.core.people.models import PERSON
from sightline.core.records import fields as f
from sightline.core.records.models import Record, from_source, in_order, no_overlap


class CareLeaver(Record):
    """The spell for which a young person is owed leaving care duties in one category."""

    RETENTION = f.Retention.LOOKED_AFTER
    person = f.Link(PERSON, "Young person", f.PERSONAL)
    eligibility = f.Code(
        "Category", f.PERSONAL, codes="care_leaver_eligibility", item="SSD clea_care_leaver_eligibility"
    )
    personal_adviser = f.Link("organisations.Worker", "Personal adviser", f.PERSONAL, null=True)
    start_date = f.Date("From", f.PERSONAL)
    end_date = f.Date("To", f.PERSONAL, null=True)
    end_reason = f.Code(
        "Why it ended",
        f.PERSONAL,
        codes="leaving_care_end",
        null=True,
        help="Empty where one category follows another.",
    )
    asked_date = f.Date(
        "Asked for support after 21",
        f.PERSONAL,
        null=True,
        help="Support then goes on to 25 (Children Act 1989 s23CZB).",
    )

    class Meta:
        constraints = (from_source("care_leaver"), in_order("care_leaver"), no_overlap("care_leaver", "person"))


class StayingPut(Record):
    """The spell for which a young person stays with former foster carers after care ended at 18."""

    RETENTION = f.Retention.LOOKED_AFTER
    person = f.Link(PERSON, "Young person", f.PERSONAL)
    start_date = f.Date("From", f.PERSONAL)
    end_date = f.Date("To", f.PERSONAL, null=True)

    class Meta:
        verbose_name = "staying put arrangement"
        constraints = (from_source("staying_put"), in_order("staying_put"), no_overlap("staying_put", "person"))


class StayingClose(Record):
    """The spell for which a young person keeps close to the children's home they left, with support from it."""

    RETENTION = f.Retention.LOOKED_AFTER
    person = f.Link(PERSON, "Young person", f.PERSONAL)
    start_date = f.Date("From", f.PERSONAL)
    end_date = f.Date("To", f.PERSONAL, null=True)

    class Meta:
        verbose_name = "staying close arrangement"
        constraints = (from_source("staying_close"), in_order("staying_close"), no_overlap("staying_close", "person"))


class Outcome(Record):
    """How a care leaver fares around a birthday, as the SSDA903 OC3 table asks."""

    RETENTION = f.Retention.LOOKED_AFTER
    person = f.Link(PERSON, "Young person", f.PERSONAL)
    year_end = f.Date("Reporting year ending", f.PERSONAL)
    as_at_date = f.Date(
        "Day of the contact that the facts come from",
        f.PERSONAL,
        null=True,
        help="From three months before the birthday in the year to one month after it.",
    )
    in_touch = f.Code("In touch", f.PERSONAL, codes="care_leaver_in_touch", item="SSDA903 IN_TOUCH")
    activity = f.Code("Activity", f.PERSONAL, codes="care_leaver_activity", item="SSDA903 ACTIV", default="")
    accommodation = f.Code(
        "Accommodation", f.PERSONAL, codes="care_leaver_accommodation", item="SSDA903 ACCOM", default=""
    )

    class Meta:
        verbose_name = "care leaver outcome"
        constraints = (
            from_source("care_leaver_outcome"),
            models.UniqueConstraint(fields=["person", "year_end"], name="care_leaver_outcome_once"),
        )


class NeedsAssessment(Record):
    """An assessment of what a young person needs in order to leave care (Children Act 1989 s19B and s23B)."""

    RETENTION = f.Retention.LOOKED_AFTER
    person = f.Link(PERSON, "Young person", f.PERSONAL)
    leaver = f.Link(CareLeaver, "Leaving care duties", f.PERSONAL)
    started_date = f.Date("Started", f.PERSONAL)
    completed_date = f.Date("Completed", f.PERSONAL, null=True)
    views = f.Text("What the young person wants", f.IDENTIFYING)

    class Meta:
        verbose_name = "assessment of needs for leaving care"
        verbose_name_plural = "assessments of needs for leaving care"
        constraints = (from_source("needs_assessment"), in_order("needs_assessment", "started_date", "completed_date"))


class PathwayPlan(Record):
    """A pathway plan, from its agreement until another takes its place."""

    RETENTION = f.Retention.LOOKED_AFTER
    person = f.Link(PERSON, "Young person", f.PERSONAL)
    start_date = f.Date("Agreed", f.PERSONAL)
    end_date = f.Date("To", f.PERSONAL, null=True)
    signed = f.Yes("Signed by the young person", f.PERSONAL, null=True)
    plan = f.Text("Plan in short", f.IDENTIFYING)
    contingency = f.Text("What happens if it does not work out", f.IDENTIFYING)

    class Meta:
        constraints = (from_source("pathway_plan"), in_order("pathway_plan"), no_overlap("pathway_plan", "person"))


class PathwayReview(Record):
    """A review of a pathway plan (Care Leavers Regulations 2010 reg 7)."""

    RETENTION = f.Retention.LOOKED_AFTER
    person = f.Link(PERSON, "Young person", f.PERSONAL)
    plan = f.Link(PathwayPlan, "Pathway plan", f.PERSONAL)
    review_date = f.Date("Held", f.PERSONAL)
    took_part = f.Yes("Young person took part", f.PERSONAL, null=True)
    views = f.Text("What the young person said", f.IDENTIFYING)
    changes = f.Text("What changes", f.IDENTIFYING)

    class Meta:
        verbose_name = "review of a pathway plan"
        verbose_name_plural = "reviews of pathway plans"
        constraints = (from_source("pathway_review"),)


class Contact(Record):
    """A contact with a care leaver, or an attempt at one."""

    RETENTION = f.Retention.LOOKED_AFTER
    person = f.Link(PERSON, "Young person", f.PERSONAL)
    leaver = f.Link(CareLeaver, "Leaving care duties", f.PERSONAL)
    contact_date = f.Date("Day", f.PERSONAL, item="SSD clea_care_leaver_latest_contact")
    kind = f.Code("How", f.PERSONAL, codes="leaver_contact_kind")
    reached = f.Yes("Young person reached", f.PERSONAL, default=True)
    worker = f.Link("organisations.Worker", "By", f.PERSONAL, null=True)
    notes = f.Text("What was said", f.IDENTIFYING)

    class Meta:
        verbose_name = "contact with a care leaver"
        verbose_name_plural = "contacts with care leavers"
        constraints = (from_source("care_leaver_contact"),)


class Accommodation(Record):
    """The spell for which a care leaver lives in one place, and whether it suits them."""

    RETENTION = f.Retention.LOOKED_AFTER
    person = f.Link(PERSON, "Young person", f.PERSONAL)
    start_date = f.Date("From", f.PERSONAL)
    end_date = f.Date("To", f.PERSONAL, null=True)
    accommodation = f.Code(
        "Accommodation", f.PERSONAL, codes="care_leaver_accommodation", item="SSD clea_care_leaver_accommodation"
    )
    visited_date = f.Date("Personal adviser saw them there", f.PERSONAL, null=True)

    class Meta:
        verbose_name = "accommodation of a care leaver"
        verbose_name_plural = "accommodation of care leavers"
        constraints = (
            from_source("care_leaver_home"),
            in_order("care_leaver_home"),
            no_overlap("care_leaver_home", "person"),
        )


class Activity(Record):
    """The spell for which a care leaver is in one kind of education, training or work, or in none."""

    RETENTION = f.Retention.LOOKED_AFTER
    person = f.Link(PERSON, "Young person", f.PERSONAL)
    start_date = f.Date("From", f.PERSONAL)
    end_date = f.Date("To", f.PERSONAL, null=True)
    activity = f.Code("Activity", f.PERSONAL, codes="care_leaver_activity", item="SSD clea_care_leaver_activity")

    class Meta:
        verbose_name = "activity of a care leaver"
        verbose_name_plural = "activities of care leavers"
        constraints = (
            from_source("care_leaver_activity"),
            in_order("care_leaver_activity"),
            no_overlap("care_leaver_activity", "person"),
        )
