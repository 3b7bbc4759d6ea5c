"""Clocks of leaving care: assessment by 16 and three months, reviews of the pathway plan, contact, new homes, the facts around each birthday.

A return says nothing of them, so they run on duties that were recorded here (Care Leavers Regulations 2010; Care Planning Regulations 2010 reg 42).
"""
# ruff: noqa: S608 (the SQL is put together from declarations in the code, never from input)

from sightline.engine.deadlines.declarations import RunningClock, Stops, once, turns

_HERE = "s.source_system = 'sightline'"
_LEAVER = ("leaving_care_careleaver", "start_date", "end_date")


def _assessed(category: str) -> str:
    """From the start of a category to the first assessment of needs that was completed in any; one done before it is in time."""
    return f"""
        SELECT s.id AS record_id, 1 AS sequence, s.start_date AS started, e.completed_date AS stopped,
               'leaving_care_needsassessment' AS stopped_by_table, e.id AS stopped_by_id, s.end_date AS closed
        FROM leaving_care_careleaver s
        LEFT JOIN LATERAL (
            SELECT id, completed_date FROM leaving_care_needsassessment e
            WHERE e.person_id = s.person_id AND e.completed_date IS NOT NULL ORDER BY e.completed_date, id LIMIT 1
        ) e ON TRUE
        WHERE s.eligibility = '{category}' AND {_HERE} AND {{these}}"""


# The 17th to the 21st birthday, each in the spell of duties that it falls in; a young person still looked after is not asked about.
_BIRTHDAYS = f"""
    SELECT s.id AS record_id, age AS sequence, b.day AS started, e.as_at_date AS stopped,
           'leaving_care_outcome' AS stopped_by_table, e.id AS stopped_by_id, s.end_date AS closed
    FROM leaving_care_careleaver s
    JOIN people_person p ON p.id = s.person_id
    CROSS JOIN generate_series(17, 21) AS age
    CROSS JOIN LATERAL (SELECT (p.birth_date + make_interval(years => age))::date AS day) b
    LEFT JOIN LATERAL (
        SELECT id, as_at_date FROM leaving_care_outcome e
        WHERE e.person_id = s.person_id AND e.as_at_date BETWEEN (b.day - interval '3 months')::date AND (b.day + interval '1 month')::date
        ORDER BY e.as_at_date, id LIMIT 1
    ) e ON TRUE
    WHERE s.eligibility <> 'ELIGIBLE' AND {_HERE}
      AND b.day >= s.start_date AND (s.end_date IS NULL OR b.day < s.end_date) AND {{these}}"""

_OWED = f"s.eligibility IN ('RELEVANT', 'FORMER_RELEVANT') AND {_HERE}"
_REACHED = "e.reached AND e.kind <> 'OTHERS'"


def _contacts(where: str) -> str:
    return turns(*_LEAVER, Stops("leaving_care_contact", "leaver_id", "e.contact_date", where=where), where=_OWED)


CLOCKS = (
    RunningClock(("PATHWAY-ELIGIBLE",), "leaving_care.CareLeaver", _assessed("ELIGIBLE")),
    RunningClock(("PATHWAY-RELEVANT",), "leaving_care.CareLeaver", _assessed("RELEVANT")),
    RunningClock(
        ("PATHWAY-REVIEW",),
        "leaving_care.PathwayPlan",
        turns(
            *("leaving_care_pathwayplan", "start_date", "end_date"),
            Stops("leaving_care_pathwayreview", "plan_id", "e.review_date"),
        ),
    ),
    RunningClock(("CL-CONTACT",), "leaving_care.CareLeaver", _contacts(_REACHED)),
    RunningClock(
        ("PA-VISIT-2M",), "leaving_care.CareLeaver", _contacts(f"{_REACHED} AND e.kind IN ('VISIT', 'MEETING')")
    ),
    RunningClock(
        ("PA-VISIT-7D",),
        "leaving_care.Accommodation",
        once("leaving_care_accommodation", "start_date", "visited_date", closed="s.end_date"),
    ),
    RunningClock(("CL-BIRTHDAY-AFTER",), "leaving_care.CareLeaver", _BIRTHDAYS),
)
