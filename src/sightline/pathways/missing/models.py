"""Children missing, or away from placement without authorisation (statutory guidance on children who run away or go missing, 2014; SSDA903)."""

from __future__ import annotations

from sightline.core.people.models import PERSON
from sightline.core.records import fields as f
from sightline.core.records.models import Record, from_source, in_order, no_overlap


class MissingEpisode(Record):
    """The spell from the day a child was found to be gone to the day of the return."""

    person = f.Link(PERSON, "Child", f.PERSONAL)
    kind = f.Code("Kind", f.PERSONAL, codes="missing_type", item="SSDA903 MISSING; SSD miss_missing_episode_type")
    start_date = f.Date("Gone", f.PERSONAL, item="SSDA903 MIS_START; SSD miss_missing_episode_start_date")
    end_date = f.Date(
        "Found or came back", f.PERSONAL, null=True, item="SSDA903 MIS_END; SSD miss_missing_episode_end_date"
    )
    interview_offered = f.Yes(
        "Return interview offered",
        f.PERSONAL,
        null=True,
        item="Annex A list 8; SSD miss_missing_rhi_offered",
        help="An independent person offers it within 72 hours of the return.",
    )
    interview_accepted = f.Yes(
        "Return interview accepted", f.PERSONAL, null=True, item="Annex A list 8; SSD miss_missing_rhi_accepted"
    )
    interview_date = f.Date("Return interview held", f.PERSONAL, null=True)
    not_held_reason = f.Code("Why no return interview was held", f.PERSONAL, codes="rhi_not_held_reason", null=True)

    class Meta:
        constraints = (
            from_source("missing_episode"),
            in_order("missing_episode"),
            no_overlap("missing_episode", "person"),
        )
