"""Children supported by the children with disabilities service (Children Act 1989 s17(10) and sch 2)."""

from __future__ import annotations

from sightline.core.people.models import PERSON
from sightline.core.records import fields as f
from sightline.core.records.models import Record, from_source, in_order, no_overlap


class ServiceSpell(Record):
    """The spell for which the service works with a child."""

    person = f.Link(PERSON, "Child", f.PERSONAL)
    case = f.Link("cases.Case", "Case", f.PERSONAL, null=True)
    team = f.Link("organisations.Team", "Team", f.PERSONAL, null=True)
    start_date = f.Date("From", f.PERSONAL)
    end_date = f.Date("To", f.PERSONAL, null=True)

    class Meta:
        verbose_name = "disability service spell"
        constraints = (
            from_source("disability_spell"),
            in_order("disability_spell"),
            no_overlap("disability_spell", "person"),
        )
