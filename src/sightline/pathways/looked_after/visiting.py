"""How often a child looked after is visited (Care Planning Regulations 2010 reg 28): every turn of a placement's visits has one limit.

After the first visit the next is due in a week while the placement is new and unproven and no review has looked at it, in four weeks after
that review, and in six weeks otherwise; in three months after a year in a placement that is meant to last, or in six where the child agreed.
"""
# ruff: noqa: S608 (the SQL is put together from declarations in the code, never from input)

from sightline.engine.deadlines.declarations import RunningClock, Stops, turns

PLACEMENT = ("looked_after_placement", "start_date", "end_date")


def not_respite(period: str) -> str:
    """That a period of care, which the column names, is no series of short breaks (V3, V4); one without episodes is none.

    Such a series is looked after by law but is reviewed, visited and planned under rules of its own.
    """
    return f"""(
    NOT EXISTS (SELECT 1 FROM looked_after_episode p WHERE p.period_id = {period})
    OR EXISTS (SELECT 1 FROM looked_after_episode p WHERE p.period_id = {period} AND p.legal_status NOT IN ('V3', 'V4')))"""


#: A placement `s` that is no temporary absence and no short break.
PLACED = f"s.placement_type NOT IN ('T0', 'T1', 'T2', 'T3', 'T4') AND {not_respite('s.period_id')}"

_SEEN = Stops("looked_after_carevisit", "placement_id", "e.visit_date", where="e.seen")
_TURNS = turns(*PLACEMENT, _SEEN, where=PLACED)
_BEGAN = "coalesce(u.start_date, x.start_date)"


def _under(status: str) -> str:
    """That the child was under a legal status when the turn began."""
    return f"""EXISTS (
    SELECT 1 FROM looked_after_episode l WHERE l.period_id = x.period_id AND l.legal_status = '{status}'
    AND l.start_date <= q.started AND (l.end_date IS NULL OR l.end_date > q.started))"""


# A relative or friend approved for a time (reg 24), and a parent under an interim care order.
_UNTIL_APPROVED = """(
    coalesce(x.connected_approved_date, u.connected_approved_date) <= q.started
    AND coalesce(coalesce(x.connected_decided_date, u.connected_decided_date) > q.started, TRUE))"""
_INTERIM_AT_HOME = f"(x.placement_type = 'P1' AND {_under('C1')})"
_REVIEWED = f"""EXISTS (
    SELECT 1 FROM looked_after_review r WHERE r.period_id = x.period_id AND r.review_date BETWEEN {_BEGAN} AND q.started)"""
_UNPROVEN = f"({_UNTIL_APPROVED} OR {_INTERIM_AT_HOME})"
_WEEKLY = f"(({_UNPROVEN} OR x.before_assessment) AND NOT {_REVIEWED})"
_FOUR_WEEKLY = f"({_UNPROVEN} AND {_REVIEWED})"
_LASTING = f"""(
    x.lasting AND q.started >= ({_BEGAN} + interval '12 months')::date AND NOT (x.placement_type = 'P1' AND {_under("C2")}))"""
_AGREED = "(x.placement_type IN ('U1', 'U4') AND x.fewer_visits_date <= q.started)"


def _kind(number: int) -> str:
    """The turns of one limit, each in the one place: the first condition that holds decides. `q` is a turn, `x` its placement.

    A placement that goes on after an absence (`u` is what it was before) is not visited as a new one: its first turn is already the second.
    """
    return f"""
        SELECT q.record_id, q.sequence, q.started, q.stopped, q.stopped_by_table, q.stopped_by_id, q.closed
        FROM (
            SELECT t.record_id, t.sequence + (p.resumes_id IS NOT NULL)::int AS sequence, t.sequence AS own, t.started, t.stopped,
                   t.stopped_by_table, t.stopped_by_id, t.closed
            FROM ({_TURNS}) t JOIN looked_after_placement p ON p.id = t.record_id
        ) q
        JOIN looked_after_placement x ON x.id = q.record_id
        LEFT JOIN looked_after_placement u ON u.id = x.resumes_id
        WHERE (x.source_system = 'sightline' OR q.own > 1) AND {number} = (
            CASE WHEN q.sequence = 1 THEN 1 WHEN {_WEEKLY} THEN 2 WHEN {_FOUR_WEEKLY} THEN 3
                 WHEN {_LASTING} AND {_AGREED} THEN 5 WHEN {_LASTING} THEN 4 ELSE 1 END)"""


# A care order that is made while the child lives with a parent. Where they move there later, the first visit of the placement is the same week.
_ORDER_AT_HOME = """
    SELECT s.id AS record_id, 1 AS sequence, o.day AS started, v.visit_date AS stopped,
           'looked_after_carevisit' AS stopped_by_table, v.id AS stopped_by_id, s.end_date AS closed
    FROM looked_after_placement s
    JOIN LATERAL (
        SELECT min(l.start_date) AS day FROM looked_after_episode l
        WHERE l.placement_id = s.id AND l.legal_status = 'C2' AND l.start_date > s.start_date
    ) o ON o.day IS NOT NULL
    LEFT JOIN LATERAL (
        SELECT e.id, e.visit_date FROM looked_after_carevisit e
        WHERE e.placement_id = s.id AND e.seen AND e.visit_date >= o.day ORDER BY e.visit_date, e.id LIMIT 1
    ) v ON TRUE
    WHERE s.source_system = 'sightline' AND s.placement_type = 'P1' AND {these}"""

CLOCKS = (
    RunningClock(("LAC-VISIT-1", "LAC-VISIT-6W"), "looked_after.Placement", _kind(1)),
    RunningClock(("LAC-VISIT-WEEKLY",), "looked_after.Placement", _kind(2)),
    RunningClock(("LAC-VISIT-4W",), "looked_after.Placement", _kind(3)),
    RunningClock(("LAC-VISIT-3M",), "looked_after.Placement", _kind(4)),
    RunningClock(("LAC-VISIT-LTF-6M",), "looked_after.Placement", _kind(5)),
    RunningClock(("LAC-VISIT-CO-HOME",), "looked_after.Placement", _ORDER_AT_HOME),
)
