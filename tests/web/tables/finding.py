"""Finding people, registering them, and bringing together two records of one person."""

from .rights import READS_ROWS, Table

SEARCHES = READS_ROWS - {"performance_analyst"}
CONTACTS = SEARCHES - {"conference_chair"}
MERGES = frozenset({"team_manager", "service_manager"})

TABLE: Table = {
    "search": (SEARCHES, {}, False),
    "register-person": (CONTACTS, {}, False),
    "duplicates": (MERGES, {}, False),
    "merge-compare": (MERGES, {"kept": "1", "gone": "2"}, False),
    "merge": (MERGES, {"id": "1"}, False),
}
