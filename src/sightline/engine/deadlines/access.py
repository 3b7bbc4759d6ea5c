"""Who sees deadlines: a deadline counts as the person's, or where it has none as the record's that it runs on."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from sightline.core.access.visibility import ByNamedRecord, ByPerson, People
from sightline.engine.deadlines.declarations import running_clocks


@dataclass(frozen=True)
class BySubject:
    """The person's, or for a clock on a record without a person (an application, a conference) that record's."""

    words: str = "Seen by those who may see the person it is about, or else the record that its clock runs on."

    def condition(self, people: People) -> Q:
        """See `Rule`."""
        found = ByPerson().condition(people)
        for table in {running.table for running in running_clocks() if not running.has_person}:
            found |= ByNamedRecord(table).condition(people)
        return found


RULES = {"deadlines.Deadline": BySubject(), "deadlines.LateReason": BySubject()}
