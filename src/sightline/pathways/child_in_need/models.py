"""Child in need plans (Children Act 1989 s17; CIN census guide 2023-24 s4.11). The spell of need itself is `cases.Case`."""

from __future__ import annotations

from sightline.core.notes.attendance import Attendance
from sightline.core.people.models import PERSON
from sightline.core.records import fields as f
from sightline.core.records.models import Record, from_source, in_order, no_overlap


class Plan(Record):
    """A child in need plan. It cannot run beside a child protection plan (CIN rule 4014)."""

    person = f.Link(PERSON, "Child", f.PERSONAL)
    case = f.Link("cases.Case", "Case", f.PERSONAL)
    start_date = f.Date("Plan started", f.PERSONAL, item="CIN N00689; SSD cinp_cin_plan_start_date")
    end_date = f.Date("Plan ended", f.PERSONAL, null=True, item="CIN N00690; SSD cinp_cin_plan_end_date")
    end_reason = f.Code("Reason it ended", f.PERSONAL, codes="cin_plan_end_reason", null=True)
    aims = f.Text("Aims of the plan", f.IDENTIFYING, help="What will be different for the child, and by when.")
    contingency = f.Text("What happens if nothing changes", f.IDENTIFYING)

    class Meta:
        verbose_name = "child in need plan"
        constraints = (from_source("cin_plan"), in_order("cin_plan"), no_overlap("cin_plan", "person"))


class PlanAction(Record):
    """One line of a child in need plan: an aim, what is done for it, by whom and by when."""

    person = f.Link(PERSON, "Child", f.PERSONAL)
    plan = f.Link(Plan, "Plan", f.PERSONAL)
    aim = f.Text("Aim", f.IDENTIFYING, help="What should be different for the child.")
    action = f.Text("Action", f.IDENTIFYING)
    responsible = f.Text("Who does it", f.IDENTIFYING)
    agreed_date = f.Date("Agreed", f.PERSONAL)
    due_date = f.Date("By when", f.PERSONAL, null=True)
    done_date = f.Date("Done", f.PERSONAL, null=True)
    outcome = f.Text("What came of it", f.IDENTIFYING)

    class Meta:
        verbose_name = "action of a child in need plan"
        verbose_name_plural = "actions of child in need plans"
        constraints = (from_source("cin_plan_action"), in_order("cin_plan_action", "agreed_date", "done_date"))


class Review(Record):
    """A review of a child in need plan."""

    person = f.Link(PERSON, "Child", f.PERSONAL)
    plan = f.Link(Plan, "Plan", f.PERSONAL)
    review_date = f.Date("Held", f.PERSONAL)
    outcome = f.Code("Outcome", f.PERSONAL, codes="cin_review_outcome", null=True)
    summary = f.Text("Progress and decisions", f.IDENTIFYING)
    child_views = f.Text("The child's views", f.IDENTIFYING)
    next_review_date = f.Date("Next review", f.PERSONAL, null=True)

    class Meta:
        verbose_name = "child in need review"
        constraints = (from_source("cin_review"),)


class ReviewAttendance(Attendance):
    """Someone asked to a child in need review."""

    review = f.Link(Review, "Review", f.PERSONAL)

    class Meta:
        verbose_name = "attendance at a child in need review"
        verbose_name_plural = "attendances at child in need reviews"
        constraints = (from_source("cin_attendance"),)


class Visit(Record):
    """A visit to a child in need."""

    person = f.Link(PERSON, "Child", f.PERSONAL)
    plan = f.Link(Plan, "Plan", f.PERSONAL)
    visit_date = f.Date("Visited", f.PERSONAL, item="SSD cinv_cin_visit_date")
    seen = f.Yes("Child seen", f.PERSONAL, item="SSD cinv_cin_visit_seen", default=True)
    seen_alone = f.Yes("Child seen alone", f.PERSONAL, item="SSD cinv_cin_visit_seen_alone", null=True)
    worker = f.Link("organisations.Worker", "Visited by", f.PERSONAL, null=True)
    child_views = f.Text("What the child said or showed", f.IDENTIFYING)
    summary = f.Text("What was seen and done", f.IDENTIFYING)

    class Meta:
        verbose_name = "child in need visit"
        constraints = (from_source("cin_visit"),)


class LongOpenReview(Record):
    """A manager's look at a case of need that has been open for long: why, and what will end it (DfE indicator: two years or more)."""

    person = f.Link(PERSON, "Child", f.PERSONAL)
    case = f.Link("cases.Case", "Case", f.PERSONAL)
    review_date = f.Date("Reviewed", f.PERSONAL)
    manager = f.Link("organisations.Worker", "Manager", f.PERSONAL, null=True)
    finding = f.Text("Why it is still open", f.IDENTIFYING)
    exit_strategy = f.Text("What will end it, and by when", f.IDENTIFYING)
    next_review_date = f.Date("Next review", f.PERSONAL, null=True)

    class Meta:
        verbose_name = "review of a case open for long"
        verbose_name_plural = "reviews of cases open for long"
        constraints = (from_source("long_open_review"),)
