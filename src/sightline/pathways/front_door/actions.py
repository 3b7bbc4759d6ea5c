"""What can be done at the front door: contacts, referrals and the decisions on them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sightline.core.access.roles import Permission
from sightline.engine.actions.declarations import Attempt, Rules, amend, correct, record
from sightline.engine.actions.refusals import Fault

_CONTACT = "front_door.Contact"
_REFERRAL = "front_door.Referral"


def _decided_by_someone(contact: Any, _attempt: Attempt) -> Iterator[Fault]:
    if contact.outcome and not contact.decided_by_id:
        yield Fault("decided_by", "A decision needs the name of who decided.")


def _decision(referral: Any, _attempt: Attempt) -> Iterator[Fault]:
    if referral.decision_date and not referral.outcome:
        yield Fault("outcome", "A decision's date needs the decision.")
    if (referral.outcome == "NFA") != referral.no_further_action:
        yield Fault("outcome", "The decision and “no further action” do not agree.")
    if referral.no_further_action and referral.case_id:
        yield Fault("case", "A referral without further action opens no case.")


def _decided(attempt: Attempt) -> list[Any]:
    referral = attempt.record
    for name in ("outcome", "decision_date", "case"):
        setattr(referral, name, attempt.values.get(name, getattr(referral, name)))
    referral.no_further_action = referral.outcome == "NFA"
    return [referral]


RULES = (
    Rules(_CONTACT, stages=(("decided", "outcome"), ("received", "")), open=("received",)),
    Rules(
        _REFERRAL,
        stages=(("decided", "outcome"), ("received", "")),
        open=("received",),
        # A referral that opens a case does so on its own day; one that joins an open case came later.
        checks=(_decision,),
    ),
)

ACTIONS = (
    record(
        *("front_door.record_contact", "Record a contact", _CONTACT),
        *("person", "contact_date", "source", "presenting_issue"),
        any_child=True,
    ),
    amend(
        *("front_door.decide_contact", "Decide on a contact", _CONTACT, "outcome!", "outcome_date!", "decided_by!"),
        permission=Permission.DECIDE,
        when=("received",),
        any_child=True,
    ),
    correct("front_door.correct_contact", "Correct a contact", _CONTACT, checks=(_decided_by_someone,), any_child=True),
    record(
        *("front_door.record_referral", "Record a referral", _REFERRAL),
        *("person", "contact", "previous", "referral_date", "source", "primary_need", "case"),
        any_child=True,
    ),
    amend(
        *("front_door.decide_referral", "Decide on a referral", _REFERRAL, "outcome!", "decision_date!", "case"),
        permission=Permission.DECIDE,
        when=("received",),
        build=_decided,
        any_child=True,
    ),
    correct("front_door.correct_referral", "Correct a referral", _REFERRAL, any_child=True),
)
