"""Clocks of disabled children: the plan within 20 weeks, its yearly review, the yearly transition review from school year 9."""

from sightline.engine.deadlines.declarations import RunningClock, Stops, once, turns

# School year 9 begins on the 1 September before the 14th birthday: of the 13th birthday's year, or for a birthday from September on of the next.
_WITH_YEAR_9 = """(
    SELECT d.*, greatest(
        d.start_date,
        make_date((extract(year FROM b.birth_date) + 13 + (extract(month FROM b.birth_date) >= 9)::int)::int, 9, 1)
    ) AS year_9
    FROM disability_servicespell d JOIN people_person b ON b.id = d.person_id
    WHERE b.birth_date IS NOT NULL AND d.source_system = 'sightline')"""

CLOCKS = (
    RunningClock(
        ("EHCP-20W",),
        "disability.EducationHealthCarePlan",
        once("disability_educationhealthcareplan", "request_date", "issue_date", closed="s.refused_date"),
    ),
    RunningClock(
        ("EHCP-REVIEW",),
        "disability.EducationHealthCarePlan",
        turns(
            *("disability_educationhealthcareplan", "issue_date", "end_date"),
            Stops("disability_educationhealthcarereview", "plan_id", "e.review_date"),
            where="s.issue_date IS NOT NULL",
        ),
    ),
    RunningClock(
        ("TRANSITION-ANNUAL",),
        "disability.ServiceSpell",
        turns(*(_WITH_YEAR_9, "year_9", "end_date"), Stops("disability_transitionreview", "spell_id", "e.review_date")),
    ),
)
