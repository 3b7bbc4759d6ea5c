"""What stops the clocks of pre-proceedings and care proceedings."""

from __future__ import annotations

from sightline.engine.work.declarations import Stop

STOPS = {
    "PLO-MEETING": (Stop("court.hold_meeting"),),
    "PLO-PREPROC": (Stop("court.end_pre_proceedings"),),
    "PLO-CMH": (Stop("court.record_hearing"),),
    "PLO-IRH": (Stop("court.record_hearing"),),
    "CARE-26W": (Stop("court.finish"),),
}
