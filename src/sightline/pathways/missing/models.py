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

    class Meta:
        constraints = (
            from_source("missing_episode"),
            in_order("missing_episode"),
            no_overlap("missing_episode", "person"),
        )
