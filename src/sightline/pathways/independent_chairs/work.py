"""What stops the clocks of reviewing officers, and what waits for an answer to them."""

from __future__ import annotations

from sightline.engine.work.declarations import Awaiting, Stop

STOPS = {
    "IRO-MIDWAY": (Stop("independent_chairs.check_midway"),),
    "IRO-ALERT": (Stop("independent_chairs.answer_alert"),),
    "IRO-DISPUTE": (Stop("independent_chairs.end_dispute"),),
    "DISPUTE-STAGE": (Stop("independent_chairs.answer_dispute"),),
}
AWAITING = (
    Awaiting("alerts", "Alerts of reviewing officers to answer", "independent_chairs.answer_alert", "start_date"),
    Awaiting("disputes", "Disputes of reviewing officers to answer", "independent_chairs.answer_dispute", "start_date"),
)
