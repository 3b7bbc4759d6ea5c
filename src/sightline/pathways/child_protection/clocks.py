"""Clocks of child protection: the initial conference, reviews, core groups, visits, and plans that last too long."""

from sightline.engine.deadlines.declarations import RunningClock, Stops, once, turns

_PLAN = ("child_protection_plan", "start_date", "end_date")

# An enquiry runs the clock while it may still lead to a conference: from its start, until it concludes without continuing risk. One that needs a
# conference and never gets it runs on until the case closes. A census that holds no conclusion counts as pending (CIN guide s4.12, case C).
_INITIAL_CONFERENCE = """
    SELECT s.id AS record_id, 1 AS sequence, s.start_date AS started, held.day AS stopped,
           'child_protection_conferencechild' AS stopped_by_table, held.id AS stopped_by_id, c.end_date AS closed
    FROM child_protection_section47 s
    JOIN cases_case c ON c.id = s.case_id
    LEFT JOIN LATERAL (
        SELECT e.id, k.conference_date AS day
        FROM child_protection_conferencechild e
        JOIN child_protection_conference k ON k.id = e.conference_id
        WHERE e.section47_id = s.id AND k.kind IN ('ICPC', 'PRE_BIRTH')
        ORDER BY k.conference_date, e.id LIMIT 1
    ) held ON TRUE
    WHERE NOT s.conference_not_required
      AND (held.id IS NOT NULL OR s.outcome IS NULL OR s.outcome IN ('SUBST_RISK', 'ICPC'))
      AND {these}"""

CLOCKS = (
    RunningClock(("ICPC-15",), "child_protection.Section47", _INITIAL_CONFERENCE),
    RunningClock(
        ("CP-REVIEW-1", "CP-REVIEW-N"),
        "child_protection.Plan",
        turns(
            *_PLAN,
            Stops(
                "child_protection_conferencechild",
                "plan_id",
                "k.conference_date",
                joined="JOIN child_protection_conference k ON k.id = e.conference_id",
                where="k.kind = 'RCPC'",
            ),
        ),
    ),
    RunningClock(
        ("CORE-FIRST", "CORE-REPEAT"),
        "child_protection.Plan",
        turns(*_PLAN, Stops("child_protection_coregroup", "plan_id", "e.meeting_date")),
    ),
    RunningClock(
        ("CP-VISIT",),
        "child_protection.Plan",
        turns(*_PLAN, Stops("child_protection_visit", "plan_id", "e.visit_date", where="e.seen")),
    ),
    # Thresholds: a plan that is still open on the day after is on the list until it ends.
    RunningClock(("CP-DRIFT-15M",), "child_protection.Plan", once("child_protection_plan", "start_date", "end_date")),
    RunningClock(("CP-2Y",), "child_protection.Plan", once("child_protection_plan", "start_date", "end_date")),
)
