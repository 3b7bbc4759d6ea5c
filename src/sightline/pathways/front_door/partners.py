"""What an agency that sent a contact is told of it."""

from sightline.core.partners.outbox import Told

EVENTS = (
    Told(
        "contact.decided",
        "front_door.Intake",
        lambda intake: intake.decided_date is not None,
        "A contact that the agency sent is decided for every child. The reference is that of the contact.",
    ),
    Told(
        "contact.answered",
        "front_door.Intake",
        lambda intake: intake.feedback_date is not None,
        "The agency is given feedback on a contact that it sent. The reference is that of the contact.",
    ),
)
