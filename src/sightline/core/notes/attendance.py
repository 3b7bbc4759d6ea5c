"""Who came to a meeting, for which agency, and what they said: the same for every kind of meeting."""

from __future__ import annotations

from sightline.core.records import fields as f
from sightline.core.records.models import Record


class Attendance(Record):
    """One person asked to a meeting. The concrete type adds the link to its meeting."""

    organisation = f.Link("organisations.Organisation", "Agency they came for", f.PERSONAL, null=True)
    name = f.Text("Name", f.IDENTIFYING)
    job = f.Text("Role or relationship", f.IDENTIFYING, help="Health visitor, head teacher, mother, advocate.")
    attended = f.Yes("Attended", f.PERSONAL, default=True)
    views = f.Text("What they said or sent", f.IDENTIFYING)

    class Meta:
        abstract = True
