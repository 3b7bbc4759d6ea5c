"""Clocks of independent chairs: the midway check, the reply to an alert, each stage of a dispute and all stages together (IRO Handbook 2010)."""

from sightline.engine.deadlines.declarations import RunningClock, once

# From each review to the first midway check after it. The next review, or the end of care, makes a check that was not due yet unnecessary.
_MIDWAY = """
    SELECT s.id AS record_id, 1 AS sequence, s.review_date AS started, e.check_date AS stopped,
           'independent_chairs_midwaycheck' AS stopped_by_table, e.id AS stopped_by_id, least(n.review_date, c.end_date) AS closed
    FROM looked_after_review s
    JOIN looked_after_periodofcare c ON c.id = s.period_id
    LEFT JOIN LATERAL (
        SELECT min(n.review_date) AS review_date FROM looked_after_review n
        WHERE n.period_id = s.period_id AND n.review_date > s.review_date
    ) n ON TRUE
    LEFT JOIN LATERAL (
        SELECT id, check_date FROM independent_chairs_midwaycheck e
        WHERE e.person_id = s.person_id AND e.subject = 'CARE' AND e.check_date > s.review_date
          AND (n.review_date IS NULL OR e.check_date < n.review_date)
        ORDER BY e.check_date, id LIMIT 1
    ) e ON TRUE
    WHERE s.source_system = 'sightline' AND {these}"""

CLOCKS = (
    RunningClock(("IRO-MIDWAY",), "looked_after.Review", _MIDWAY),
    RunningClock(
        ("IRO-ALERT",),
        "independent_chairs.Alert",
        once("independent_chairs_alert", "start_date", "reply_date", closed="s.end_date"),
    ),
    RunningClock(
        ("IRO-DISPUTE",), "independent_chairs.Dispute", once("independent_chairs_dispute", "start_date", "end_date")
    ),
    RunningClock(
        ("DISPUTE-STAGE",),
        "independent_chairs.DisputeStage",
        once("independent_chairs_disputestage", "start_date", "response_date", closed="s.end_date"),
    ),
)
