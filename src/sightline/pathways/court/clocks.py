"""Clocks of care proceedings: 26 weeks from the issue, and 8 more for each extension."""
# ruff: noqa: S608 (the SQL is put together from declarations in the code, never from input)

from sightline.engine.deadlines.declarations import RunningClock, once

_OF_CHILDREN = "SELECT application_id AS id FROM court_applicationchild WHERE person_id = ANY(%(persons)s)"

# An extension counts from the later of its grant and the end of what it extends (Children Act 1989 s32(8)), so each depends on the one before.
_EXTENSION = """
    WITH RECURSIVE granted AS (
        SELECT s.id, s.application_id, s.granted_date, a.issue_date, a.final_order_date,
               row_number() OVER w AS turn, lead(s.granted_date) OVER w AS next_date, lead(s.id) OVER w AS next_id
        FROM court_extension s JOIN court_application a ON a.id = s.application_id
        WHERE {these} WINDOW w AS (PARTITION BY s.application_id ORDER BY s.granted_date, s.id)
    ), chain AS (
        SELECT g.*, greatest(g.granted_date, d.due) AS started
        FROM granted g CROSS JOIN LATERAL deadlines_due('CARE-26W', g.issue_date) d WHERE g.turn = 1
        UNION ALL
        SELECT g.*, greatest(g.granted_date, d.due)
        FROM chain p JOIN granted g ON g.application_id = p.application_id AND g.turn = p.turn + 1
        CROSS JOIN LATERAL deadlines_due('CARE-EXT-8W', p.started) d
    )
    SELECT id AS record_id, turn AS sequence, started, least(final_order_date, next_date) AS stopped,
           CASE WHEN next_date <= final_order_date OR final_order_date IS NULL THEN 'court_extension' ELSE 'court_application' END
               AS stopped_by_table,
           CASE WHEN next_date <= final_order_date OR final_order_date IS NULL THEN next_id ELSE application_id END AS stopped_by_id,
           NULL::date AS closed
    FROM chain"""

CLOCKS = (
    RunningClock(
        ("CARE-26W",),
        "court.Application",
        once("court_application", "issue_date", "final_order_date"),
        touching=_OF_CHILDREN,
    ),
    RunningClock(
        ("CARE-EXT-8W",),
        "court.Extension",
        _EXTENSION,
        touching=f"SELECT id FROM court_extension WHERE application_id IN ({_OF_CHILDREN})",
    ),
)
