"""Clocks of adoption: from the review that sets it as the plan to the life story book (Adoption statutory guidance; AAR 2005).

A return brings the decision, the match and the order only, so the clocks run on plans that were made here.
"""
# ruff: noqa: S608 (the SQL is put together from declarations in the code, never from input)

from sightline.engine.deadlines.declarations import RunningClock

_TABLE = "adoption_adoptionplan"


def _step(clock: str, started: str, stopped: str, closed: str = "s.reversed_date") -> RunningClock:
    """One milestone to the next; a plan that is reversed needs no further one."""
    select = f"""
        SELECT s.id AS record_id, 1 AS sequence, s.{started} AS started, s.{stopped} AS stopped,
               '{_TABLE}' AS stopped_by_table, s.id AS stopped_by_id, {closed} AS closed
        FROM {_TABLE} s WHERE s.{started} IS NOT NULL AND s.source_system = 'sightline' AND {{these}}"""
    return RunningClock((clock,), "adoption.AdoptionPlan", select)


# Reviews of a child placed for adoption: those of their time in care, from the move to the order or the end of the placement.
_REVIEWS = """
    WITH subject AS (
        SELECT s.id, s.person_id, s.placed_date AS started, least(s.order_date, s.reversed_date, s.disrupted_date) AS closed
        FROM adoption_adoptionplan s WHERE s.placed_date IS NOT NULL AND s.source_system = 'sightline' AND {these}
    ), mark AS (
        SELECT id AS record_id, started AS day, NULL::bigint AS stop_id FROM subject
        UNION ALL
        SELECT s.id, e.review_date, min(e.id) FROM subject s JOIN looked_after_review e ON e.person_id = s.person_id
        WHERE e.review_date > s.started AND (s.closed IS NULL OR e.review_date <= s.closed) GROUP BY s.id, e.review_date
    ), turn AS (
        SELECT record_id, row_number() OVER w AS sequence, day AS started, lead(day) OVER w AS stopped, lead(stop_id) OVER w AS stopped_by_id
        FROM mark WINDOW w AS (PARTITION BY record_id ORDER BY day, stop_id NULLS FIRST)
    )
    SELECT t.record_id, t.sequence, t.started, t.stopped, 'looked_after_review' AS stopped_by_table, t.stopped_by_id, s.closed
    FROM turn t JOIN subject s ON s.id = t.record_id
    WHERE t.stopped IS NOT NULL OR s.closed IS NULL OR t.started < s.closed"""

CLOCKS = (
    _step("ADOPT-PANEL-INFO", "report_date", "panel_date", "coalesce(s.reversed_date, s.decision_date)"),
    _step("ADOPT-PANEL-REC", "review_date", "panel_date", "coalesce(s.reversed_date, s.decision_date)"),
    _step("ADOPT-ADM", "minutes_date", "decision_date"),
    _step("ADOPT-ADM-TELL", "decision_date", "told_date"),
    _step("ADOPT-ADM-WRITE", "decision_date", "written_date"),
    _step("ADOPT-REGISTER", "decision_date", "registered_date", "coalesce(s.reversed_date, s.matched_date)"),
    _step("ADOPT-MATCH-6M", "decision_date", "matched_date"),
    RunningClock(
        ("ADOPT-REVIEW-PLACED-1", "ADOPT-REVIEW-PLACED-2", "ADOPT-REVIEW-PLACED-N"), "adoption.AdoptionPlan", _REVIEWS
    ),
    _step("ADOPT-DISRUPT-MAX", "disrupted_date", "disruption_meeting_date", "NULL::date"),
    _step("ADOPT-LIFESTORY", "celebration_date", "life_story_date"),
)
