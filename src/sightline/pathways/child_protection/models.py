"""Child protection records (Children Act 1989 s47; Working Together ch 1; CIN census guide 2023-24 s4.8, 4.12 and 5)."""

from __future__ import annotations

from django.db import models

from sightline.core.people.models import PERSON
from sightline.core.records import fields as f
from sightline.core.records.models import Record, from_source, in_order, no_overlap


class StrategyDiscussion(Record):
    """A strategy discussion about one child; siblings discussed together share the meeting reference."""

    person = f.Link(PERSON, "Child", f.PERSONAL)
    case = f.Link("cases.Case", "Case", f.PERSONAL)
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

    class Meta:
        verbose_name = "section 47 enquiry"
        verbose_name_plural = "section 47 enquiries"
        constraints = (from_source("section47"), in_order("section47"))


class Conference(Record):
    """One child protection conference: initial, transfer-in or review. Siblings are presented at one meeting."""

    kind = f.Code("Kind", f.OPEN, codes="conference_kind")
    conference_date = f.Date("Held", f.PERSONAL, item="CIN N00110; SSD icpc_icpc_date")
    chair = f.Link("organisations.Worker", "Chaired by", f.PERSONAL, null=True)
    quorate = f.Yes("Quorate", f.OPEN, null=True, item="SSD cppr_cp_review_quorate")

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

    class Meta:
        constraints = (from_source("core_group"),)


class Visit(Record):
    """A visit to a child on a plan."""

    person = f.Link(PERSON, "Child", f.PERSONAL)
    plan = f.Link(Plan, "Plan", f.PERSONAL)
    visit_date = f.Date("Visited", f.PERSONAL, item="SSD cppv_cp_visit_date")
    seen = f.Yes("Child seen", f.PERSONAL, default=True, item="SSD cppv_cp_visit_seen")
    seen_alone = f.Yes("Child seen alone", f.PERSONAL, null=True, item="SSD cppv_cp_visit_seen_alone")
    bedroom_seen = f.Yes("Bedroom seen", f.PERSONAL, null=True, item="SSD cppv_cp_visit_bedroom")

    class Meta:
        verbose_name = "child protection visit"
        constraints = (from_source("cp_visit"),)
