"""Work lists, the contact queue, the manager's board, drift lists, the daily digest; and figures at a glance."""

from .rights import FIGURES, READS_ROWS, Table

#: Whose first page is their work: those who see children by a reason of their own.
WORKS = READS_ROWS - {"performance_analyst"}
MANAGES = frozenset({"team_manager", "service_manager"})
TAKES_CONTACTS = WORKS - {"conference_chair"}

TABLE: Table = {
    "work": (WORKS, {}, False),
    "work-csv": (WORKS, {}, True),
    "work-team": (MANAGES, {}, False),
    "work-team-csv": (MANAGES, {}, True),
    "work-contacts": (TAKES_CONTACTS, {}, False),
    "work-contacts-csv": (TAKES_CONTACTS, {}, True),
    "children-to-match": (TAKES_CONTACTS, {}, False),
    "keep-as-new": (TAKES_CONTACTS, {"id": "999999"}, True),
    "work-board": (MANAGES, {}, False),
    "work-drift": (MANAGES, {"id": "plans-15-months"}, False),
    "work-drift-csv": (MANAGES, {"id": "plans-15-months"}, True),
    "work-drift-issue": (MANAGES, {"id": "none.such"}, True),
    "work-digest": (WORKS, {}, False),
    "glance": (FIGURES, {}, False),
}
