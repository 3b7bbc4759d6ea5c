"""Clocks of the front door: a decision within one working day, and feedback to the referrer on the next."""

from sightline.engine.deadlines.declarations import RunningClock, once

# One feedback is owed for a contact, whatever the number of its children. It runs on each child's contact, so that the child's work list shows it;
# one message stops them all.
_FEEDBACK = """
    SELECT s.id AS record_id, 1 AS sequence, s.outcome_date AS started, i.feedback_date AS stopped,
           'front_door_intake' AS stopped_by_table, i.id AS stopped_by_id, NULL::date AS closed
    FROM front_door_contact s
    JOIN front_door_intake i ON i.id = s.intake_id
    WHERE s.outcome_date IS NOT NULL AND {these}"""

CLOCKS = (
    RunningClock(
        ("CONTACT-DECISION",), "front_door.Contact", once("front_door_contact", "contact_date", "outcome_date")
    ),
    RunningClock(
        ("REFERRAL-DECISION",), "front_door.Referral", once("front_door_referral", "referral_date", "decision_date")
    ),
    RunningClock(("CONTACT-FEEDBACK",), "front_door.Contact", _FEEDBACK),
)
