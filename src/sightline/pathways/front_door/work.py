"""What stops the front door's clocks, and what waits there for a decision."""

from __future__ import annotations

from sightline.engine.work.declarations import Awaiting, Stop

STOPS = {
    # Through the contact as received: that act also writes the referral of each child who is passed on.
    "CONTACT-DECISION": (Stop("front_door.decide_contacts", via="intake"),),
    "REFERRAL-DECISION": (Stop("front_door.accept_referral"),),
    "CONTACT-FEEDBACK": (Stop("front_door.send_feedback", via="intake"),),
}
AWAITING = (
    Awaiting("contacts", "Contacts to decide", "front_door.decide_contacts", "received_date"),
    Awaiting("referrals", "Referrals to decide", "front_door.accept_referral", "referral_date"),
)
