"""Child protection records (Children Act 1989 s47; Working Together ch 1; CIN census guide 2023-24 s4.8, 4.12 and 5)."""

from __future__ import annotations

from django.db import models

from sightline.core.notes.attendance import Attendance
from sightline.core.people.models import PERSON
from sightline.core.records import fields as f
from sightline.core.records.models import Record, from_source, in_order, no_overlap


class StrategyMeeting(Record):
    """The meeting at which one or several children were discussed: who was there, what was known, decided and disputed."""

    held_date = f.Date("Held", f.PERSONAL)
    method = f.Code("How it was held", f.PERSONAL, codes="meeting_method", default="")
    chair = f.Link("organisations.Worker", "Chaired by", f.PERSONAL, null=True)
    reason = f.Text("Why it was called", f.IDENTIFYING)
    information = f.Text("What each agency told", f.IDENTIFYING)
    decisions = f.Text(
        "Decisions and reasons", f.IDENTIFYING, help="Who does what by when, and what the family is told."
    )
    dissent = f.Text("Dissent", f.IDENTIFYING, help="Who did not agree, and why. Empty: all agreed.")

    class Meta:
        constraints = (from_source("strategy_meeting"),)


class StrategyAttendance(Attendance):
    """Someone asked to a strategy discussion."""

    meeting = f.Link(StrategyMeeting, "Strategy meeting", f.PERSONAL)

    class Meta:
        verbose_name = "attendance at a strategy discussion"
        verbose_name_plural = "attendances at strategy discussions"
        constraints = (from_source("strategy_attendance"),)


class StrategyDiscussion(Record):
    """A strategy discussion about one child; siblings discussed together share the meeting reference."""

    person = f.Link(PERSON, "Child", f.PERSONAL)
    case = f.Link("cases.Case", "Case", f.PERSONAL)
    meeting = f.Link(StrategyMeeting, "Meeting", f.PERSONAL, null=True)
    meeting_reference = f.Code("Meeting reference", f.PERSONAL, max_length=40, default="")
    discussion_date = f.Date("Held", f.PERSONAL)
    police_attended = f.Yes("Police attended", f.PERSONAL, null=True)
    health_attended = f.Yes("Health attended", f.PERSONAL, null=True)
    enquiry_agreed = f.Yes("Section 47 enquiry agreed", f.PERSONAL, default=True)

    class Meta:
        constraints = (from_source("strategy"),)


class Section47(Record):
    """A section 47 enquiry. It starts on the date of the strategy discussion that began it."""

    person = f.Link(PERSON, "Child", f.PERSONAL)
    case = f.Link("cases.Case", "Case", f.PERSONAL)
    strategy_discussion = f.Link(StrategyDiscussion, "Strategy discussion", f.PERSONAL, null=True)
    start_date = f.Date("Started", f.PERSONAL, item="CIN N00148; SSD s47e_s47_start_date")
    end_date = f.Date("Concluded", f.PERSONAL, null=True, item="SSD s47e_s47_end_date")
    outcome = f.Code("Conclusion", f.SPECIAL, codes="s47_outcome", null=True, item="SSD s47e_s47_outcome_json")
    conference_not_required = f.Yes("Conference not required", f.PERSONAL, default=False, item="CIN N00111")
    worker = f.Link("organisations.Worker", "Enquiring worker", f.PERSONAL, null=True)
    child_seen_date = f.Date("Child seen", f.PERSONAL, null=True)
    child_seen_alone = f.Yes("Child seen alone", f.PERSONAL, null=True)
    child_views = f.Text("The child's account and views", f.IDENTIFYING)
    findings = f.Text("Findings", f.IDENTIFYING, help="What the enquiry found, and on what evidence.")
    concluded_by = f.Link("organisations.Worker", "Conclusion agreed by", f.PERSONAL, null=True)
    conference_needed_by = f.Date("Conference needed by", f.PERSONAL, null=True)
    dispute = f.Text("Dispute", f.IDENTIFYING, help="Which agency disputes the conclusion, why, and what came of it.")

    class Meta:
        verbose_name = "section 47 enquiry"
        verbose_name_plural = "section 47 enquiries"
        constraints = (from_source("section47"), in_order("section47"))


class LineOfEnquiry(Record):
    """One line of a section 47 enquiry: what is to be found out, from whom, and what was found."""

    person = f.Link(PERSON, "Child", f.PERSONAL)
    section47 = f.Link(Section47, "Enquiry", f.PERSONAL)
    question = f.Text("What is to be found out", f.IDENTIFYING)
    organisation = f.Link("organisations.Organisation", "Agency that answers", f.PERSONAL, null=True)
    set_date = f.Date("Set", f.PERSONAL)
    answered_date = f.Date("Answered", f.PERSONAL, null=True)
    finding = f.Text("What was found", f.IDENTIFYING)

    class Meta:
        verbose_name = "line of enquiry"
        verbose_name_plural = "lines of enquiry"
        constraints = (from_source("line_of_enquiry"), in_order("line_of_enquiry", "set_date", "answered_date"))


class Conference(Record):
    """One child protection conference: initial, transfer-in or review. Siblings are presented at one meeting."""

    kind = f.Code("Kind", f.OPEN, codes="conference_kind")
    conference_date = f.Date("Held", f.PERSONAL, item="CIN N00110; SSD icpc_icpc_date")
    chair = f.Link("organisations.Worker", "Chaired by", f.PERSONAL, null=True)
    quorate = f.Yes("Quorate", f.OPEN, null=True, item="SSD cppr_cp_review_quorate")
    quorate_reason = f.Text("Why it went ahead without enough agencies", f.IDENTIFYING)
    method = f.Code("How it was held", f.PERSONAL, codes="meeting_method", default="")
    summary = f.Text(
        "Summary and analysis", f.IDENTIFYING, help="Strengths, risks, what is not known, the family's views."
    )
    dissent = f.Text("Dissent", f.IDENTIFYING, help="Which agency did not agree, and why. Empty: all agreed.")
    escalation = f.Text("Escalation", f.IDENTIFYING, help="Where dissent is taken up, by whom and by when.")

    class Meta:
        constraints = (from_source("conference"),)


class Plan(Record):
    """A child protection plan. The initial category never changes; the latest may, at a review."""

    person = f.Link(PERSON, "Child", f.PERSONAL)
    case = f.Link("cases.Case", "Case", f.PERSONAL)
    start_date = f.Date("Plan started", f.PERSONAL, item="CIN N00105; SSD cppl_cp_plan_start_date")
    end_date = f.Date("Plan ended", f.PERSONAL, null=True, item="CIN N00115; SSD cppl_cp_plan_end_date")
    initial_category = f.Code("Initial category of abuse", f.SPECIAL, codes="cp_category_of_abuse", item="CIN N00113")
    latest_category = f.Code("Latest category of abuse", f.SPECIAL, codes="cp_category_of_abuse", item="CIN N00114")
    end_reason = f.Code("Reason it ended", f.PERSONAL, codes="cp_plan_end_reason", null=True)
    declared_previous_plans = f.Number(
        "Earlier plans as declared in a return",
        f.PERSONAL,
        null=True,
        item="CIN N00106",
        help="Where the history is not held.",
    )

    class Meta:
        verbose_name = "child protection plan"
        constraints = (from_source("cp_plan"), in_order("cp_plan"), no_overlap("cp_plan", "person"))


class ConferenceChild(Record):
    """One child presented at one conference: how the child took part, what was decided."""

    person = f.Link(PERSON, "Child", f.PERSONAL)
    conference = f.Link(Conference, "Conference", f.PERSONAL)
    section47 = f.Link(Section47, "Enquiry that led to it", f.PERSONAL, null=True)
    plan = f.Link(Plan, "Plan made or reviewed", f.PERSONAL, null=True)
    participation = f.Code("How the child took part", f.PERSONAL, codes="review_participation", null=True)
    advocate = f.Yes("Took part through an advocate", f.PERSONAL, default=False)
    outcome = f.Code(
        "Decision for the child", f.PERSONAL, codes="icpc_outcome", null=True, item="SSD icpc_icpc_outcome_json"
    )
    category = f.Code("Category of abuse", f.SPECIAL, codes="cp_category_of_abuse", null=True)
    child_views = f.Text("The child's views", f.IDENTIFYING)
    decision_reason = f.Text("Reason for the decision", f.IDENTIFYING)
    dissent = f.Text("Dissent about this child", f.IDENTIFYING)

    class Meta:
        verbose_name = "child at a conference"
        verbose_name_plural = "children at conferences"
        constraints = (
            from_source("conference_child"),
            models.UniqueConstraint(fields=["conference", "person"], name="conference_child_once"),
        )


class CoreGroup(Record):
    """A core group meeting of a plan."""

    person = f.Link(PERSON, "Child", f.PERSONAL)
    plan = f.Link(Plan, "Plan", f.PERSONAL)
    meeting_date = f.Date("Held", f.PERSONAL)
    summary = f.Text("Progress on the plan", f.IDENTIFYING)
    child_views = f.Text("The child's views", f.IDENTIFYING)
    next_meeting_date = f.Date("Next core group", f.PERSONAL, null=True)

    class Meta:
        constraints = (from_source("core_group"),)


class CoreGroupAttendance(Attendance):
    """Someone asked to a core group."""

    core_group = f.Link(CoreGroup, "Core group", f.PERSONAL)

    class Meta:
        verbose_name = "attendance at a core group"
        verbose_name_plural = "attendances at core groups"
        constraints = (from_source("core_group_attendance"),)


class Visit(Record):
    """A visit to a child on a plan."""

    person = f.Link(PERSON, "Child", f.PERSONAL)
    plan = f.Link(Plan, "Plan", f.PERSONAL)
    visit_date = f.Date("Visited", f.PERSONAL, item="SSD cppv_cp_visit_date")
    seen = f.Yes("Child seen", f.PERSONAL, default=True, item="SSD cppv_cp_visit_seen")
    seen_alone = f.Yes("Child seen alone", f.PERSONAL, null=True, item="SSD cppv_cp_visit_seen_alone")
    bedroom_seen = f.Yes("Bedroom seen", f.PERSONAL, null=True, item="SSD cppv_cp_visit_bedroom")
    worker = f.Link("organisations.Worker", "Visited by", f.PERSONAL, null=True)
    child_views = f.Text("What the child said or showed", f.IDENTIFYING)
    summary = f.Text("What was seen and done", f.IDENTIFYING)

    class Meta:
        verbose_name = "child protection visit"
        constraints = (from_source("cp_visit"),)


class PlanAction(Record):
    """One line of a child protection plan: what needs to change, what is done for it, by whom and by when."""

    person = f.Link(PERSON, "Child", f.PERSONAL)
    plan = f.Link(Plan, "Plan", f.PERSONAL)
    aim = f.Text("What needs to change", f.IDENTIFYING)
    action = f.Text("Action", f.IDENTIFYING)
    responsible = f.Text("Who does it", f.IDENTIFYING)
    agreed_date = f.Date("Agreed", f.PERSONAL)
    due_date = f.Date("By when", f.PERSONAL, null=True)
    done_date = f.Date("Done", f.PERSONAL, null=True)
    outcome = f.Text("What came of it", f.IDENTIFYING)

    class Meta:
        verbose_name = "action of a child protection plan"
        verbose_name_plural = "actions of child protection plans"
        constraints = (from_source("cp_plan_action"), in_order("cp_plan_action", "agreed_date", "done_date"))


class DriftReview(Record):
    """A look at a plan that has lasted long, by manager and chair: why, and how it will end (the board's 15 month list)."""

    person = f.Link(PERSON, "Child", f.PERSONAL)
    plan = f.Link(Plan, "Plan", f.PERSONAL)
    review_date = f.Date("Reviewed by the manager", f.PERSONAL)
    manager = f.Link("organisations.Worker", "Manager", f.PERSONAL, null=True)
    finding = f.Text("Why the plan has not worked yet", f.IDENTIFYING)
    exit_strategy = f.Text("Exit strategy", f.IDENTIFYING, help="What has to happen for the plan to end, and by when.")
    next_review_date = f.Date("Looked at again", f.PERSONAL, null=True)
    agreed_date = f.Date("Agreed by the chair", f.PERSONAL, null=True)
    chair = f.Link("organisations.Worker", "Chair", f.PERSONAL, null=True)
    chair_comment = f.Text("The chair's view", f.IDENTIFYING)

    class Meta:
        verbose_name = "drift review"
        constraints = (from_source("drift_review"), in_order("drift_review", "review_date", "agreed_date"))


class PlannedConference(Record):
    """A conference that is called together. When it has been held, `Conference` says what it decided."""

    kind = f.Code("Kind", f.OPEN, codes="conference_kind")
    planned_date = f.Date("Planned for", f.PERSONAL)
    start_time = f.Code("Time it starts", f.PERSONAL, max_length=5, default="", help="For example 10:30.")
    venue = f.Text(
        "Venue", f.IDENTIFYING, help="Room, or how to join. Check first who may know the family's whereabouts."
    )
    chair = f.Link("organisations.Worker", "Chair", f.PERSONAL, null=True)
    called_date = f.Date("Called", f.PERSONAL)
    called_by = f.Link("organisations.Worker", "Called by", f.PERSONAL, null=True)
    held_date = f.Date("Held", f.PERSONAL, null=True)
    cancelled_date = f.Date("Cancelled", f.PERSONAL, null=True)
    cancel_reason = f.Text("Why it was cancelled", f.IDENTIFYING)
    conference = f.Link(Conference, "Conference held", f.PERSONAL, null=True)

    class Meta:
        constraints = (
            from_source("planned_conference"),
            in_order("planned_conference", "called_date", "held_date"),
            models.CheckConstraint(
                condition=models.Q(held_date__isnull=True) | models.Q(cancelled_date__isnull=True),
                name="planned_conference_one_ending",
            ),
        )


class PlannedChild(Record):
    """One child whom a conference is called about, with the enquiry that leads to it or the plan it reviews."""

    person = f.Link(PERSON, "Child", f.PERSONAL)
    planned = f.Link(PlannedConference, "Planned conference", f.PERSONAL)
    section47 = f.Link(Section47, "Enquiry that led to it", f.PERSONAL, null=True)
    plan = f.Link(Plan, "Plan to review", f.PERSONAL, null=True)

    class Meta:
        verbose_name = "child of a planned conference"
        verbose_name_plural = "children of planned conferences"
        constraints = (
            from_source("planned_child"),
            models.UniqueConstraint(fields=["planned", "person"], name="planned_child_once"),
        )


class ConferenceInvitation(Record):
    """Someone asked to a conference: a relative or the child, a worker of ours, or a named professional of an agency; and their report."""

    planned = f.Link(PlannedConference, "Planned conference", f.PERSONAL)
    role = f.Code("Role", f.PERSONAL, codes="conference_role")
    relative = f.Link(PERSON, "Child or family member", f.PERSONAL, null=True)
    worker = f.Link("organisations.Worker", "Worker", f.PERSONAL, null=True)
    organisation = f.Link("organisations.Organisation", "Agency", f.PERSONAL, null=True)
    name = f.Text("Name", f.IDENTIFYING, help="Of a professional who has no sign-in here.")
    invited_date = f.Date("Invited", f.PERSONAL)
    report_asked = f.Yes("Report asked for", f.PERSONAL, default=False)
    report_received_date = f.Date("Report received", f.PERSONAL, null=True)
    attended = f.Yes("Attended", f.PERSONAL, null=True)
    views = f.Text("What they said or sent", f.IDENTIFYING)
    withdrawn_date = f.Date("Invitation withdrawn", f.PERSONAL, null=True)

    class Meta:
        verbose_name = "invitation to a conference"
        verbose_name_plural = "invitations to conferences"
        constraints = (
            from_source("conference_invitation"),
            in_order("conference_invitation", "invited_date", "report_received_date"),
        )
