"""Anonymous feedback on reviews and conferences. Who chaired what stands on the conference and the review."""

from __future__ import annotations

from sightline.core.records import fields as f
from sightline.core.records.models import Record, from_source


class Feedback(Record):
    """One anonymous questionnaire. It has no child: nothing may tie it to one."""

    RETENTION = f.Retention.ANONYMOUS
    returned_date = f.Date("Returned", f.OPEN)
    meeting_kind = f.Code("About which meeting", f.OPEN, codes="feedback_meeting")
    felt_listened_to = f.Yes("Felt listened to", f.OPEN, null=True)
    explained_well = f.Yes("Everything was explained well", f.OPEN, null=True)

    class Meta:
        verbose_name = "feedback questionnaire"
        constraints = (from_source("feedback"),)
