"""Clocks of pre-proceedings and care proceedings: 16 weeks from the letter, 26 from the issue, and 8 more for each extension."""
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

_OF_CHILDREN_BEFORE = (
    "SELECT pre_proceedings_id AS id FROM court_preproceedingschild WHERE person_id = ANY(%(persons)s)"
)


def _first(table: str, started: str, closed: str, stops: str, subject: str, day: str, where: str) -> str:
    """A clock that runs from a date of one record to the first of some records that belong to it."""
    return f"""
        SELECT s.id AS record_id, 1 AS sequence, s.{started} AS started, e.day AS stopped, '{stops}' AS stopped_by_table,
               e.id AS stopped_by_id, s.{closed} AS closed
        FROM {table} s
        LEFT JOIN LATERAL (
            SELECT e.id, e.{day} AS day FROM {stops} e WHERE e.{subject} = s.id AND {where} ORDER BY e.{day}, e.id LIMIT 1
        ) e ON TRUE
        WHERE s.{started} IS NOT NULL AND s.source_system = 'sightline' AND {{these}}"""


def _heard(kind: str) -> str:
    hearings = ("court_hearing", "application_id", "hearing_date")
    return _first("court_application", "issue_date", "final_order_date", *hearings, f"e.kind = '{kind}'")


CLOCKS = (
    RunningClock(
        ("PLO-MEETING",),
        "court.PreProceedings",
        _first(
            *("court_preproceedings", "letter_date", "end_date"),
            *("court_preproceedingsmeeting", "pre_proceedings_id", "meeting_date", "e.kind = 'INITIAL'"),
        ),
        touching=_OF_CHILDREN_BEFORE,
    ),
    RunningClock(
        ("PLO-PREPROC",),
        "court.PreProceedings",
        once(
            *("court_preproceedings", "letter_date"),
            "end_date",
            where="s.letter_date IS NOT NULL AND s.extended_date IS NULL",
        ),
        touching=_OF_CHILDREN_BEFORE,
    ),
    # An application that came from elsewhere brought no hearings with it.
    RunningClock(("PLO-CMH",), "court.Application", _heard("CMH"), touching=_OF_CHILDREN),
    RunningClock(("PLO-IRH",), "court.Application", _heard("IRH"), touching=_OF_CHILDREN),
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
