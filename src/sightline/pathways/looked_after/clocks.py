"""Clocks of children looked after: approval, plans, visits, reviews, health, education, and absences and orders that must be short.

A return (SSDA903) says nothing of plans, visits and health. So the clocks on those run from the start of care only where it was recorded here;
where it came from a return they begin with the first visit or check on record (`_known`), or every child would be late from the first day.
"""
# ruff: noqa: S608 (the SQL is put together from declarations in the code, never from input)

from sightline.engine.deadlines.declarations import RunningClock, Stops, once, turns
from sightline.pathways.looked_after import visiting
from sightline.pathways.looked_after.visiting import PLACED, PLACEMENT, not_respite

_CARE = ("looked_after_periodofcare", "start_date", "end_date")
_HERE = "s.source_system = 'sightline'"
_NOT_RESPITE = not_respite("s.id")


def _known(select: str, table: str, more: str = "TRUE") -> str:
    """The turns that are known, the first only of a subject recorded here, as far as `more` allows. `q` is a turn, `x` its subject."""
    return f"""
        SELECT q.* FROM ({select}) q JOIN {table} x ON x.id = q.record_id
        WHERE (x.source_system = 'sightline' OR q.sequence > 1) AND {more}"""


def _first(stops: str, subject: str, day: str, where: str = "TRUE") -> str:
    """A clock that the first of some records stops, even one dated before it started: a plan made beforehand is in time."""
    return f"""
        SELECT s.id AS record_id, 1 AS sequence, s.start_date AS started, e.day AS stopped,
               '{stops}' AS stopped_by_table, e.id AS stopped_by_id, s.end_date AS closed
        FROM {{subject}} s
        LEFT JOIN LATERAL (
            SELECT id, {day} AS day FROM {stops} e WHERE e.{subject} = s.id AND {where} ORDER BY {day}, id LIMIT 1
        ) e ON TRUE
        WHERE {_HERE} AND {{condition}} AND {{{{these}}}}"""


def _of_care(stops: str, subject: str, day: str, where: str = "TRUE") -> str:
    return _first(stops, subject, day, where).format(subject=_CARE[0], condition=_NOT_RESPITE)


_PLACEMENT_PLAN = _first("looked_after_placementplan", "placement_id", "e.plan_date").format(
    subject=PLACEMENT[0], condition=f"s.resumes_id IS NULL AND {PLACED}"
)


def _health(kinds: str) -> str:
    return turns(
        *_CARE,
        Stops("looked_after_healthcheck", "period_id", "e.check_date", where=f"e.kind IN ({kinds})"),
        where=_NOT_RESPITE,
    )


# After the first assessment, six months for a child under five at that time and twelve for others.
_AGE = """EXISTS (
    SELECT 1 FROM people_person b WHERE b.id = x.person_id AND coalesce(b.birth_date, x.start_date) + interval '5 years' {0} q.started
)"""
# The questionnaire is for those aged 4 to 16: counted from care or the fourth birthday, and not into a year in which the child turns 17.
_ANSWERED_FOR = """(
    SELECT p.*, greatest(p.start_date, (b.birth_date + interval '4 years')::date) AS four
    FROM looked_after_periodofcare p JOIN people_person b ON b.id = p.person_id)"""
_QUESTIONNAIRE = turns(
    *(_ANSWERED_FOR, "four", "end_date"),
    Stops("looked_after_healthcheck", "period_id", "e.check_date", where="e.kind = 'SDQ'"),
    where=f"{_NOT_RESPITE} AND (s.end_date IS NULL OR s.end_date > s.four)",
)
_UNTIL_16 = """(
    SELECT (b.birth_date + interval '16 years')::date FROM people_person b WHERE b.id = x.person_id)"""
# A child has a personal education plan from their fifth birthday.
_SCHOOLING = """(
    SELECT p.*, greatest(p.start_date, (b.birth_date + interval '5 years')::date) AS schooling
    FROM looked_after_periodofcare p JOIN people_person b ON b.id = p.person_id)"""
_EDUCATION = turns(
    *(_SCHOOLING, "schooling", "end_date"),
    Stops("looked_after_educationplan", "period_id", "e.meeting_date"),
    where=_NOT_RESPITE,
)
_COMPLETED = f"""
    SELECT s.id AS record_id, 1 AS sequence, s.schooling AS started, e.completed_date AS stopped,
           'looked_after_educationplan' AS stopped_by_table, e.id AS stopped_by_id, s.end_date AS closed
    FROM {_SCHOOLING} s
    LEFT JOIN LATERAL (
        SELECT id, completed_date FROM looked_after_educationplan e
        WHERE e.period_id = s.id AND e.completed_date IS NOT NULL ORDER BY e.completed_date, id LIMIT 1
    ) e ON TRUE
    WHERE {_HERE} AND {_NOT_RESPITE} AND (s.end_date IS NULL OR s.end_date > s.schooling) AND {{these}}"""

_OFFICER = _of_care("looked_after_reviewingofficer", "period_id", "e.start_date")


def _sent(column: str) -> str:
    return once("looked_after_review", "review_date", column, where=_HERE)


_EMERGENCY = "s.emergency IS NOT FALSE"
_PLANNED = "s.emergency IS FALSE"
# The area of the authority that holds the record is the child's own.
_OUT_OF_AREA = """(
    s.authority <> '' AND s.authority <> (SELECT o.area FROM organisations_organisation o WHERE o.id = s.agency_id))"""


def _notice(column: str, where: str) -> str:
    """What is told or approved of a placement; one that goes on after an absence is no new placement."""
    where = f"{_HERE} AND s.resumes_id IS NULL AND {PLACED} AND {where}"
    return once("looked_after_placement", "start_date", column, closed="s.end_date", where=where)


def _while(kinds: str) -> str:
    return once(*PLACEMENT, where=f"s.placement_type IN ({kinds})")


def _under(statuses: str) -> str:
    return once("looked_after_episode", "start_date", "end_date", where=f"s.legal_status IN ({statuses})")


CLOCKS = (
    RunningClock(
        ("LAC-REVIEW-1", "LAC-REVIEW-2", "LAC-REVIEW-N"),
        "looked_after.PeriodOfCare",
        turns(*_CARE, Stops("looked_after_review", "period_id", "e.review_date"), where=_NOT_RESPITE),
    ),
    RunningClock(
        ("LAC-APPROVAL",),
        "looked_after.PeriodOfCare",
        once("looked_after_periodofcare", "start_date", "approved_date", closed="s.end_date", where=_HERE),
    ),
    RunningClock(
        ("LAC-CAREPLAN",), "looked_after.PeriodOfCare", _of_care("looked_after_careplan", "period_id", "e.plan_date")
    ),
    RunningClock(("LAC-IRO-ALLOC",), "looked_after.PeriodOfCare", _OFFICER),
    RunningClock(("LAC-PLACEMENTPLAN",), "looked_after.Placement", _PLACEMENT_PLAN),
    *visiting.CLOCKS,
    RunningClock(("LAC-NOTIFY",), "looked_after.Placement", _notice("notified_date", _EMERGENCY)),
    RunningClock(("LAC-NOTIFY-BEFORE",), "looked_after.Placement", _notice("notified_date", _PLANNED)),
    RunningClock(
        ("LAC-OOA-NOTIFY",), "looked_after.Placement", _notice("area_notified_date", f"{_OUT_OF_AREA} AND {_EMERGENCY}")
    ),
    RunningClock(
        *(("LAC-OOA-NOTIFY-BEFORE",), "looked_after.Placement"),
        _notice("area_notified_date", f"{_OUT_OF_AREA} AND {_PLANNED}"),
    ),
    RunningClock(("LAC-OOA-DISTANT",), "looked_after.Placement", _notice("director_approved_date", "s.distant")),
    RunningClock(("LAC-REVIEW-DECISIONS",), "looked_after.Review", _sent("decisions_sent_date")),
    RunningClock(("LAC-REVIEW-RECORD",), "looked_after.Review", _sent("record_sent_date")),
    RunningClock(
        ("LAC-IHA",),
        "looked_after.PeriodOfCare",
        _of_care("looked_after_healthcheck", "period_id", "coalesce(e.plan_date, e.check_date)", "e.kind = 'IHA'"),
    ),
    RunningClock(
        ("LAC-RHA-U5",),
        "looked_after.PeriodOfCare",
        _known(_health("'IHA', 'RHA'"), _CARE[0], f"q.sequence > 1 AND {_AGE.format('>')}"),
    ),
    RunningClock(
        ("LAC-RHA-5PLUS",),
        "looked_after.PeriodOfCare",
        _known(_health("'IHA', 'RHA'"), _CARE[0], f"q.sequence > 1 AND {_AGE.format('<=')}"),
    ),
    RunningClock(("LAC-DENTAL",), "looked_after.PeriodOfCare", _known(_health("'DENTAL'"), _CARE[0])),
    RunningClock(
        ("LAC-SDQ",), "looked_after.PeriodOfCare", _known(_QUESTIONNAIRE, _CARE[0], f"q.started < {_UNTIL_16}")
    ),
    RunningClock(("PEP-INITIAL", "PEP-REVIEW"), "looked_after.PeriodOfCare", _known(_EDUCATION, _CARE[0])),
    RunningClock(("PEP-COMPLETE",), "looked_after.PeriodOfCare", _COMPLETED),
    RunningClock(
        ("TEMP-APPROVAL-16W",),
        "looked_after.Placement",
        once(
            "looked_after_placement",
            "connected_approved_date",
            "connected_decided_date",
            closed="s.end_date",
            where="s.connected_approved_date IS NOT NULL",
        ),
    ),
    RunningClock(("TEMP-T1",), "looked_after.Placement", _while("'T1'")),
    RunningClock(("TEMP-T3",), "looked_after.Placement", _while("'T3'")),
    RunningClock(("TEMP-T4",), "looked_after.Placement", _while("'T4'")),
    RunningClock(("SHORTBREAK-17D",), "looked_after.Episode", _under("'V3'")),
    RunningClock(("POLICE-PROT-72H",), "looked_after.Episode", _under("'L1'")),
    RunningClock(("EPO-VALIDATION-21D",), "looked_after.Episode", _under("'L2'")),
    RunningClock(("CAO-7D",), "looked_after.Episode", _under("'L3'")),
)
