"""Early help: the spell of support that a family agreed to, and its assessments (Working Together 2023 chapter 3; Children Act 2004 s10)."""

from __future__ import annotations

from sightline.core.people.models import PERSON
from sightline.core.records import fields as f
from sightline.core.records.models import Record, from_source, in_order

LONGEST = 200


class Episode(Record):
    """The spell for which a child has early help, led by one organisation."""

    person = f.Link(PERSON, "Child", f.PERSONAL)
    start_date = f.Date("From", f.PERSONAL, item="SSD earl_episode_start_date")
    reason = f.Code(
        "Reason for early help",
        f.PERSONAL,
        codes="early_help_reason",
        null=True,
        item="SSD earl_episode_reason",
        help="The dataset has no list for it: the codes are the authority's own.",
    )
    organisation = f.Code(
        "Organisation that leads", f.PERSONAL, max_length=LONGEST, default="", item="SSD earl_episode_organisation"
    )
    worker = f.Link(
        "organisations.Worker",
        "Lead practitioner",
        f.PERSONAL,
        null=True,
        item="SSD earl_episode_worker_id",
        help="Sees the child's early help while it lasts, and nothing else of the record.",
    )
    end_date = f.Date("To", f.PERSONAL, null=True, item="SSD earl_episode_end_date")
    end_reason = f.Code(
        "Why it ended", f.PERSONAL, codes="early_help_end_reason", null=True, item="SSD earl_episode_end_reason"
    )

    class Meta:
        verbose_name = "early help episode"
        constraints = (from_source("early_help_episode"), in_order("early_help_episode"))


class Assessment(Record):
    """An early help assessment of a child."""

    person = f.Link(PERSON, "Child", f.PERSONAL)
    episode = f.Link(Episode, "Early help episode", f.PERSONAL, null=True)
    start_date = f.Date("Started", f.PERSONAL, item="Annex A list 2")
    completed_date = f.Date("Completed", f.PERSONAL, null=True, item="Annex A list 2")
    organisation = f.Code(
        "Organisation that assesses", f.PERSONAL, max_length=LONGEST, default="", item="Annex A list 2"
    )

    class Meta:
        verbose_name = "early help assessment"
        constraints = (
            from_source("early_help_assessment"),
            in_order("early_help_assessment", end="completed_date"),
        )
