"""Clocks of the assessment: the child seen, the manager's review point, and authorised within 45 working days of the start."""

from sightline.engine.deadlines.declarations import RunningClock, once

_ENDED = "coalesce(s.authorised_date, s.cancelled_date)"
_HERE = "s.source_system = 'sightline'"

CLOCKS = (
    RunningClock(
        ("ASSESS-45",),
        "assessment.Assessment",
        once("assessment_assessment", "start_date", "authorised_date", closed="s.cancelled_date"),
    ),
    # No return tells of these two, so they run only on what is recorded here.
    RunningClock(
        ("ASSESS-REVIEWPOINT",),
        "assessment.Assessment",
        once("assessment_assessment", "start_date", "reviewed_date", closed=_ENDED, where=_HERE),
    ),
    RunningClock(
        ("ASSESS-CHILD-SEEN",),
        "assessment.Assessment",
        once("assessment_assessment", "start_date", "child_seen_date", closed=_ENDED, where=_HERE),
    ),
)
