"""Contacts and referrals (Working Together ch 1; CIN census guide 2023-24 s4.1 to 4.5)."""

from __future__ import annotations

from sightline.core.people.models import PERSON
from sightline.core.records import fields as f
from sightline.core.records.models import Record, both_or_neither, from_source, in_order


class Contact(Record):
    """One contact about one child. A contact that became a referral has outcome REFERRAL and is counted as a referral only."""

    STREAM = "contacts"
    person = f.Link(PERSON, "Child", f.PERSONAL)
    contact_date = f.Date("Received", f.PERSONAL, item="SSD cont_contact_date")
    source = f.Code("Source", f.PERSONAL, codes="cin_referral_source", item="SSD cont_contact_source_code")
    presenting_issue = f.Code("Presenting issue", f.SPECIAL, codes="contact_issue")
    outcome = f.Code("Outcome", f.PERSONAL, codes="contact_outcome", null=True, item="SSD cont_contact_outcome_json")
    outcome_date = f.Date("Outcome decided", f.PERSONAL, null=True)
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
    previous = f.Link("self", "Earlier referral of the child it follows", f.PERSONAL, null=True)
    referral_date = f.Date("Referral date", f.PERSONAL, item="CIN N00100; SSD cine_referral_date")
    source = f.Code("Source", f.PERSONAL, codes="cin_referral_source", item="CIN N00152; SSD cine_referral_source_code")
    primary_need = f.Code("Primary need", f.SPECIAL, codes="cin_primary_need", item="CIN N00101", default="")
    outcome = f.Code("Decision", f.PERSONAL, codes="referral_outcome", null=True, item="SSD cine_referral_outcome_json")
    decision_date = f.Date("Decided", f.PERSONAL, null=True)
    no_further_action = f.Yes("No further action", f.PERSONAL, default=False, item="CIN N00112; SSD cine_referral_nfa")

    class Meta:
        constraints = (from_source("referral"), in_order("referral", "referral_date", "decision_date"))
