"""The clock of the assessment: authorised within 45 working days of its start."""

from sightline.engine.deadlines.declarations import RunningClock, once

CLOCKS = (
    RunningClock(
        ("ASSESS-45",),
        "assessment.Assessment",
        once("assessment_assessment", "start_date", "authorised_date", closed="s.cancelled_date"),
    ),
)
