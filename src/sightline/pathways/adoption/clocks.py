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


# The order or the consent by which the agency may place the child.
_AUTHORITY = "least(s.placement_order_date, s.consent_date)"
_PLACED_ENDED = "least(s.order_date, s.reversed_date, s.disrupted_date)"
# Once placed, a review looks at the placement: the weekly visits are over.
_REVIEWED = """least(
    s.order_date, s.reversed_date, s.disrupted_date,
    (SELECT min(r.review_date) FROM looked_after_review r WHERE r.person_id = s.person_id AND r.review_date > s.placed_date))"""


def _turns(started: str, closed: str, stops: str, day: str, where: str = "TRUE") -> str:
    """Turns of what is done for the child during their time in care, after the day the clock starts and until it is over."""
    return f"""
    WITH subject AS (
        SELECT s.id, s.person_id, {started} AS started, {closed} AS closed
        FROM {_TABLE} s WHERE {started} IS NOT NULL AND s.source_system = 'sightline' AND {{these}}
    ), mark AS (
        SELECT id AS record_id, started AS day, NULL::bigint AS stop_id FROM subject
        UNION ALL
        SELECT s.id, {day}, min(e.id) FROM subject s JOIN {stops} e ON e.person_id = s.person_id
        WHERE {where} AND {day} > s.started AND (s.closed IS NULL OR {day} <= s.closed) GROUP BY s.id, {day}
    ), turn AS (
        SELECT record_id, row_number() OVER w AS sequence, day AS started, lead(day) OVER w AS stopped, lead(stop_id) OVER w AS stopped_by_id
        FROM mark WINDOW w AS (PARTITION BY record_id ORDER BY day, stop_id NULLS FIRST)
    )
    SELECT t.record_id, t.sequence, t.started, t.stopped, '{stops}' AS stopped_by_table, t.stopped_by_id, s.closed
    FROM turn t JOIN subject s ON s.id = t.record_id
    WHERE t.stopped IS NOT NULL OR s.closed IS NULL OR t.started < s.closed"""


_REVIEWS = _turns("s.placed_date", _PLACED_ENDED, "looked_after_review", "e.review_date")
_WAITING = _turns(
    *(_AUTHORITY, "least(s.placed_date, s.order_date, s.reversed_date)", "looked_after_review", "e.review_date")
)
_VISITS = _turns("s.placed_date", _REVIEWED, "looked_after_carevisit", "e.visit_date", where="e.seen")

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
    RunningClock(("ADOPT-REVIEW-WAIT-1", "ADOPT-REVIEW-WAIT-N"), "adoption.AdoptionPlan", _WAITING),
    RunningClock(("ADOPT-VISIT-WEEKLY",), "adoption.AdoptionPlan", _VISITS),
    _step("ADOPT-DISRUPT-MAX", "disrupted_date", "disruption_meeting_date", "NULL::date"),
    _step("ADOPT-LIFESTORY", "celebration_date", "life_story_date"),
)
