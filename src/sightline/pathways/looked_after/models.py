"""Looked-after records (Children Act 1989 s20, s31; Care Planning Regulations 2010; SSDA903 guide)."""

from __future__ import annotations

from sightline.core.people.models import PERSON
from sightline.core.records import fields as f
from sightline.core.records.models import Record, from_source, in_order, no_overlap


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
    home_postcode = f.Code("Postcode of the home left", f.IDENTIFYING, null=True, item="SSDA903 HOME_POST")

    class Meta:
        verbose_name = "period of care"
        verbose_name_plural = "periods of care"
        constraints = (
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
    planned = f.Yes("Planned before the move", f.PERSONAL, null=True)
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
    review_date = f.Date("Held", f.PERSONAL, item="SSDA903 REVIEW; SSD clar_cla_review_date")
    participation = f.Code(
        "How the child took part", f.PERSONAL, codes="review_participation", null=True, item="SSDA903 REVIEW_CODE"
    )
    chair = f.Link("organisations.Worker", "Chaired by", f.PERSONAL, null=True)
    parts = f.Number("Parts it was held in", f.OPEN, default=1)

    class Meta:
        verbose_name = "looked-after review"
        constraints = (from_source("cla_review"),)


class AsylumStatus(Record):
    """The spell for which a child is an unaccompanied asylum-seeking child."""

    RETENTION = f.Retention.LOOKED_AFTER
    person = f.Link(PERSON, "Child", f.PERSONAL)
    start_date = f.Date("From", f.SPECIAL)
    end_date = f.Date(
        "To", f.SPECIAL, null=True, item="SSDA903 DUC", help="May lie in the future: the day the status will end."
    )

    class Meta:
        verbose_name_plural = "asylum statuses"
        constraints = (from_source("asylum_status"), in_order("asylum_status"), no_overlap("asylum_status", "person"))
