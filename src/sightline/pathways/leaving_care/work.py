"""What stops the clocks of leaving care."""

from __future__ import annotations

from sightline.engine.work.declarations import Kind, Stop

_CONTACT = (Stop("leaving_care.record_contact"),)

STOPS = {
    "PATHWAY-ELIGIBLE": (Stop("leaving_care.start_assessment"),),
    "PATHWAY-RELEVANT": (Stop("leaving_care.start_assessment"),),
    "PATHWAY-REVIEW": (Stop("leaving_care.review_plan"),),
    "CL-CONTACT": _CONTACT,
    "PA-VISIT-2M": _CONTACT,
    "PA-VISIT-7D": (Stop("leaving_care.visit_home"),),
    "CL-BIRTHDAY-AFTER": (Stop("leaving_care.record_outcome"),),
}
KINDS = (Kind("Leaving care", "leaving_care.CareLeaver", 50),)
