"""Clocks of the front door: a decision within one working day."""

from sightline.engine.deadlines.declarations import RunningClock, once

CLOCKS = (
    RunningClock(
        ("CONTACT-DECISION",), "front_door.Contact", once("front_door_contact", "contact_date", "outcome_date")
    ),
    RunningClock(
        ("REFERRAL-DECISION",), "front_door.Referral", once("front_door_referral", "referral_date", "decision_date")
    ),
)
