"""Children supported by the children with disabilities service (Children Act 1989 s17(10) and sch 2)."""

from __future__ import annotations

from django.db import models

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


class Registration(Record):
    """The spell for which a child is on the register of disabled children (Children Act 1989 schedule 2 para 2). It is the family's choice."""

    person = f.Link(PERSON, "Child", f.PERSONAL)
    start_date = f.Date("Registered", f.SPECIAL)
    end_date = f.Date("Left the register", f.SPECIAL, null=True)
    consent_date = f.Date("Family agreed", f.PERSONAL, null=True)

    class Meta:
        verbose_name = "entry in the register of disabled children"
        verbose_name_plural = "entries in the register of disabled children"
        constraints = (
            from_source("disability_register"),
            in_order("disability_register"),
            no_overlap("disability_register", "person"),
        )


class ShortBreak(Record):
    """The spell for which a child has short breaks under section 17. Series of breaks in care (V3, V4) are periods of care."""

    person = f.Link(PERSON, "Child", f.PERSONAL)
    spell = f.Link(ServiceSpell, "Disability service spell", f.PERSONAL, null=True)
    kind = f.Code("Kind", f.PERSONAL, codes="short_break_kind")
    hours = f.Measurement("Hours a month agreed", f.PERSONAL, null=True)
    start_date = f.Date("From", f.PERSONAL)
    end_date = f.Date("To", f.PERSONAL, null=True)

    class Meta:
        constraints = (from_source("short_break"), in_order("short_break"), no_overlap("short_break", "person", "kind"))


class EducationHealthCarePlan(Record):
    """An education, health and care plan: the dates that tie it to the child's other plans (SEND Regulations 2014)."""

    person = f.Link(PERSON, "Child", f.PERSONAL)
    request_date = f.Date("Assessment asked for", f.SPECIAL)
    issue_date = f.Date("Final plan issued", f.SPECIAL, null=True)
    refused_date = f.Date("Decided not to assess or not to issue", f.SPECIAL, null=True)
    end_date = f.Date("Plan ceased", f.SPECIAL, null=True)

    class Meta:
        verbose_name = "education, health and care plan"
        constraints = (from_source("ehc_plan"), in_order("ehc_plan", "request_date"))


class EducationHealthCareReview(Record):
    """An annual review of an education, health and care plan."""

    person = f.Link(PERSON, "Child", f.PERSONAL)
    plan = f.Link(EducationHealthCarePlan, "Plan", f.PERSONAL)
    review_date = f.Date("Held", f.SPECIAL)

    class Meta:
        verbose_name = "review of an education, health and care plan"
        verbose_name_plural = "reviews of education, health and care plans"
        constraints = (from_source("ehc_review"),)


class SpecialEducationalNeed(Record):
    """A need for which a child has an education, health and care plan."""

    STREAM = "education_health_care_plans"

    person = f.Link(PERSON, "Child", f.PERSONAL)
    plan = f.Link(EducationHealthCarePlan, "Plan", f.PERSONAL)
    need = f.Code("Need", f.SPECIAL, codes="sen_need", item="SSD senn_active_ehcp_need_type")
    rank = f.Number("Rank", f.SPECIAL, null=True, item="SSD senn_active_ehcp_need_rank", help="1 is the main need.")

    class Meta:
        verbose_name = "special educational need"
        constraints = (
            from_source("sen_need"),
            models.UniqueConstraint(fields=["plan", "need"], name="sen_need_once"),
        )


class TransitionReview(Record):
    """A yearly review of how a disabled young person moves on to adult life, from school year 9 (NICE NG43)."""

    person = f.Link(PERSON, "Child", f.PERSONAL)
    spell = f.Link(ServiceSpell, "Disability service spell", f.PERSONAL)
    review_date = f.Date("Held", f.PERSONAL)
    adult_service_involved = f.Yes("Adult social care took part", f.PERSONAL, null=True)
    named_worker = f.Link("organisations.Worker", "Named worker", f.PERSONAL, null=True)
    plan = f.Text("What was agreed", f.IDENTIFYING)

    class Meta:
        constraints = (from_source("transition_review"),)
