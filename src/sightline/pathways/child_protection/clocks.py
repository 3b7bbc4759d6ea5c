"""Clocks of child protection: the initial conference, reviews, core groups, visits, plans that last too long, and reports to conferences."""
# ruff: noqa: S608 (the SQL is put together from declarations in the code, never from input)

from sightline.engine.deadlines.declarations import THESE, RunningClock, Stops, once, turns

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


def _report(kinds: str) -> str:
    """The select of the reports of a kind of conference: counted back from its day, stopped by their receipt."""
    return f"""
    SELECT s.id AS record_id, 1 AS sequence, p.planned_date AS started, s.report_received_date AS stopped,
           'child_protection_conferenceinvitation' AS stopped_by_table, s.id AS stopped_by_id,
           coalesce(s.withdrawn_date, p.held_date, p.cancelled_date) AS closed
    FROM child_protection_conferenceinvitation s
    JOIN child_protection_plannedconference p ON p.id = s.planned_id
    WHERE s.report_asked AND {kinds} AND {THESE}"""


_INVITED_ABOUT = """
    SELECT i.id FROM child_protection_conferenceinvitation i
    JOIN child_protection_plannedchild c ON c.planned_id = i.planned_id WHERE c.person_id = ANY(%(persons)s)"""

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
    RunningClock(
        ("ICPC-REPORT",),
        "child_protection.ConferenceInvitation",
        _report("p.kind <> 'RCPC'"),
        touching=_INVITED_ABOUT,
    ),
    RunningClock(
        ("RCPC-REPORT",),
        "child_protection.ConferenceInvitation",
        _report("p.kind = 'RCPC'"),
        touching=_INVITED_ABOUT,
    ),
)
