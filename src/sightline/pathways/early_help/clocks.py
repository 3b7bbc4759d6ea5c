"""Clocks of early help: the assessment within some weeks of the start (a local standard). They run on episodes that were started here."""

from sightline.engine.deadlines.declarations import RunningClock

# An assessment that was there before the episode is done on the day the episode starts.
_ASSESSED = """
    SELECT s.id AS record_id, 1 AS sequence, s.start_date AS started, done.day AS stopped, 'early_help_assessment' AS stopped_by_table,
           done.id AS stopped_by_id, s.end_date AS closed
    FROM early_help_episode s LEFT JOIN LATERAL (
        SELECT greatest(a.completed_date, s.start_date) AS day, a.id FROM early_help_assessment a
        WHERE a.episode_id = s.id AND a.completed_date IS NOT NULL ORDER BY a.completed_date, a.id LIMIT 1
    ) done ON TRUE
    WHERE s.source_system = 'sightline' AND {these}"""

CLOCKS = (RunningClock(("EHA-COMPLETE",), "early_help.Episode", _ASSESSED),)
