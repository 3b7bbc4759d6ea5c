"""Contacts and referrals (Working Together ch 1; CIN census guide 2023-24 s4.1 to 4.5)."""

from __future__ import annotations

from django.db import models

from sightline.core.people.models import PERSON
from sightline.core.records import fields as f
from sightline.core.records.models import Record, both_or_neither, from_source, in_order


class Intake(Record):
    """A contact as it came in: who made it, how, what they said, on what basis. The children it is about are its `Contact` rows."""

    STREAM = "contacts"
    received_date = f.Date("Received", f.PERSONAL)
    received_at = f.Moment(
        "Time it was received", f.PERSONAL, null=True, help="Waiting time is counted from here; leave empty for now."
    )
    source = f.Code("Source", f.PERSONAL, codes="cin_referral_source")
    method = f.Code("How it was made", f.PERSONAL, codes="contact_method", default="")
    referrer_agency = f.Link("organisations.Organisation", "Agency of the referrer", f.PERSONAL, null=True)
    referrer_name = f.Text("Name of the referrer", f.IDENTIFYING)
    referrer_role = f.Text(
        "Role or relationship of the referrer", f.IDENTIFYING, help="Health visitor, neighbour, aunt."
    )
    referrer_reach = f.Text("How to reach the referrer", f.IDENTIFYING, help="Telephone or e-mail, for the feedback.")
    referrer_anonymous = f.Yes(
        "Wishes to stay anonymous",
        f.PERSONAL,
        default=False,
        help="Members of the public may; professionals give their name. The name is kept from the family.",
    )
    narrative = f.Text("What was said", f.IDENTIFYING, help="The concern, what was seen or heard, and when.")
    consent = f.Code(
        "Consent of the family", f.PERSONAL, codes="contact_consent", default="", help="To the contact and to checks."
    )
    consent_reason = f.Text("Why consent was not sought or was overridden", f.IDENTIFYING)
    lawful_basis = f.Code("Lawful basis for sharing", f.PERSONAL, codes="sharing_lawful_basis", default="")
    priority = f.Code("Priority", f.PERSONAL, codes="contact_priority", default="")
    taken_by = f.Link("organisations.Worker", "Taken by", f.PERSONAL, null=True)
    team = f.Link("organisations.Team", "Team that handles it", f.PERSONAL, null=True)
    decided_date = f.Date("Decided for every child", f.PERSONAL, null=True)
    feedback_date = f.Date("Referrer told", f.PERSONAL, null=True)
    feedback_method = f.Code("How the referrer was told", f.PERSONAL, codes="feedback_method", default="")
    feedback = f.Text("What the referrer was told", f.IDENTIFYING, help="No more than the referrer needs to know.")

    class Meta:
        verbose_name = "contact as received"
        verbose_name_plural = "contacts as received"
        constraints = (
            from_source("intake"),
            in_order("intake", "received_date", "decided_date"),
            in_order("intake_feedback", "decided_date", "feedback_date"),
        )
        indexes = (
            models.Index(
                fields=["decided_date"], condition=models.Q(feedback_date=None), name="intake_feedback_unsent"
            ),
        )


class AgencyCheck(Record):
    """One agency asked what it knows in the course of a contact."""

    STREAM = "contacts"
    intake = f.Link(Intake, "Contact as received", f.PERSONAL)
    organisation = f.Link("organisations.Organisation", "Agency asked", f.PERSONAL)
    asked_date = f.Date("Asked", f.PERSONAL)
    answered_date = f.Date("Answered", f.PERSONAL, null=True)
    information = f.Text("Information received", f.IDENTIFYING)

    class Meta:
        verbose_name = "check with an agency"
        verbose_name_plural = "checks with agencies"
        constraints = (from_source("agency_check"), in_order("agency_check", "asked_date", "answered_date"))


class Contact(Record):
    """One contact about one child. A contact that became a referral has outcome REFERRAL and is counted as a referral only."""

    STREAM = "contacts"
    person = f.Link(PERSON, "Child", f.PERSONAL)
    intake = f.Link(Intake, "Contact as received", f.PERSONAL, null=True)
    contact_date = f.Date("Received", f.PERSONAL, item="SSD cont_contact_date")
    source = f.Code("Source", f.PERSONAL, codes="cin_referral_source", item="SSD cont_contact_source_code")
    presenting_issue = f.Code("Presenting issue", f.SPECIAL, codes="contact_issue")
    household_relationship = f.Code(
        "Relationship to the household", f.PERSONAL, codes="household_relationship", default=""
    )
    threshold_level = f.Code("Level of need", f.PERSONAL, codes="threshold_level", default="")
    threshold_date = f.Date("Level of need judged", f.PERSONAL, null=True)
    outcome = f.Code("Outcome", f.PERSONAL, codes="contact_outcome", null=True, item="SSD cont_contact_outcome_json")
    outcome_date = f.Date("Outcome decided", f.PERSONAL, null=True)
    decision_reason = f.Text(
        "Reason for the decision", f.IDENTIFYING, help="Evidence, threshold, and what was weighed."
    )
    decided_by = f.Link("organisations.Worker", "Decided by", f.PERSONAL, null=True)

    class Meta:
        constraints = (
            from_source("contact"),
            in_order("contact", "contact_date", "outcome_date"),
            both_or_neither("contact_outcome", "outcome", "outcome_date"),
        )


class Referral(Record):
    """A request for services to one child. An accepted one opens, or is held by, a case."""

    STREAM = "referrals"
    person = f.Link(PERSON, "Child", f.PERSONAL)
    case = f.Link("cases.Case", "Case it opened", f.PERSONAL, null=True)
    contact = f.Link(Contact, "Contact it came from", f.PERSONAL, null=True)
    previous = f.Link(
        "self",
        "Earlier referral of the child it follows",
        f.PERSONAL,
        null=True,
        help="Found by itself where the child was referred in the twelve months before.",
    )
    referral_date = f.Date("Referral date", f.PERSONAL, item="CIN N00100; SSD cine_referral_date")
    source = f.Code("Source", f.PERSONAL, codes="cin_referral_source", item="CIN N00152; SSD cine_referral_source_code")
    primary_need = f.Code("Primary need", f.SPECIAL, codes="cin_primary_need", item="CIN N00101", default="")
    team = f.Link("organisations.Team", "Team that decides", f.PERSONAL, null=True)
    outcome = f.Code("Decision", f.PERSONAL, codes="referral_outcome", null=True, item="SSD cine_referral_outcome_json")
    decision_date = f.Date("Decided", f.PERSONAL, null=True)
    decided_by = f.Link("organisations.Worker", "Decided by", f.PERSONAL, null=True)
    decision_reason = f.Text("Reason for the decision", f.IDENTIFYING)
    decline_reason = f.Code("Why it was not accepted", f.PERSONAL, codes="referral_decline_reason", default="")
    signposted_to = f.Text(
        "Where the family was pointed to", f.IDENTIFYING, help="Service, and how the family reaches it."
    )
    no_further_action = f.Yes("No further action", f.PERSONAL, default=False, item="CIN N00112; SSD cine_referral_nfa")

    class Meta:
        constraints = (from_source("referral"), in_order("referral", "referral_date", "decision_date"))
