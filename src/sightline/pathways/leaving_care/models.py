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


class Outcome(Record):
    """How a care leaver fares around a birthday, as the SSDA903 OC3 table asks."""

    RETENTION = f.Retention.LOOKED_AFTER
    person = f.Link(PERSON, "Young person", f.PERSONAL)
    year_end = f.Date("Reporting year ending", f.PERSONAL)
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
