"""What stops the clocks of disabled children."""

from __future__ import annotations

from sightline.engine.work.declarations import Stop

STOPS = {
    "EHCP-20W": (Stop("disability.issue_plan"),),
    "EHCP-REVIEW": (Stop("disability.review_plan"),),
    "TRANSITION-ANNUAL": (Stop("disability.review_transition"),),
}
