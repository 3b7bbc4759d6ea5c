"""Clocks of children looked after: reviews within 20 working days, 3 months and then 6 months."""

from sightline.engine.deadlines.declarations import RunningClock, Stops, turns

# A series of short breaks is looked after by law (V3, V4) but is reviewed under rules of its own. A period without episodes is no respite.
_NOT_RESPITE = """(
    NOT EXISTS (SELECT 1 FROM looked_after_episode p WHERE p.period_id = s.id)
    OR EXISTS (SELECT 1 FROM looked_after_episode p WHERE p.period_id = s.id AND p.legal_status NOT IN ('V3', 'V4')))"""

CLOCKS = (
    RunningClock(
        ("LAC-REVIEW-1", "LAC-REVIEW-2", "LAC-REVIEW-N"),
        "looked_after.PeriodOfCare",
        turns(
            "looked_after_periodofcare",
            "start_date",
            "end_date",
            Stops("looked_after_review", "period_id", "e.review_date"),
            where=_NOT_RESPITE,
        ),
    ),
)
