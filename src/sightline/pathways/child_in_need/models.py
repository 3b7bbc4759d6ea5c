"""Child in need plans (Children Act 1989 s17; CIN census guide 2023-24 s4.11). The spell of need itself is `cases.Case`."""

from __future__ import annotations

from sightline.core.people.models import PERSON
from sightline.core.records import fields as f
from sightline.core.records.models import Record, from_source, in_order, no_overlap


class Plan(Record):
    """A child in need plan. It cannot run beside a child protection plan (CIN rule 4014)."""

    person = f.Link(PERSON, "Child", f.PERSONAL)
    case = f.Link("cases.Case", "Case", f.PERSONAL)
    start_date = f.Date("Plan started", f.PERSONAL, item="CIN N00689; SSD cinp_cin_plan_start_date")
    end_date = f.Date("Plan ended", f.PERSONAL, null=True, item="CIN N00690; SSD cinp_cin_plan_end_date")

    class Meta:
        verbose_name = "child in need plan"
        constraints = (from_source("cin_plan"), in_order("cin_plan"), no_overlap("cin_plan", "person"))


class Review(Record):
    """A review of a child in need plan."""

    person = f.Link(PERSON, "Child", f.PERSONAL)
    plan = f.Link(Plan, "Plan", f.PERSONAL)
    review_date = f.Date("Held", f.PERSONAL)

    class Meta:
        verbose_name = "child in need review"
        constraints = (from_source("cin_review"),)


class Visit(Record):
    """A visit to a child in need."""

    person = f.Link(PERSON, "Child", f.PERSONAL)
    plan = f.Link(Plan, "Plan", f.PERSONAL)
    visit_date = f.Date("Visited", f.PERSONAL, item="SSD cinv_cin_visit_date")
    seen = f.Yes("Child seen", f.PERSONAL, item="SSD cinv_cin_visit_seen", default=True)
    seen_alone = f.Yes("Child seen alone", f.PERSONAL, item="SSD cinv_cin_visit_seen_alone", null=True)

    class Meta:
        verbose_name = "child in need visit"
        constraints = (from_source("cin_visit"),)
