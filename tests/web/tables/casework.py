"""Casework: forms, a child's page, a record's page, the chronology."""

from .rights import EVERYONE, READS_ROWS, Table

#: Roles that take contacts.
TAKES_CONTACTS = READS_ROWS - {"conference_chair", "performance_analyst"}

TABLE: Table = {
    "person": (READS_ROWS, {"id": "1"}, False),
    "chronology": (READS_ROWS, {"id": "1"}, False),
    "chronology-pdf": (READS_ROWS, {"id": "1"}, False),
    "record": (READS_ROWS, {"table": "child_protection_plan", "id": "1"}, False),
    "do": (EVERYONE, {"action": "none.such"}, False),
    "draft-keep": (EVERYONE, {"action": "none.such"}, True),
    "draft-discard": (EVERYONE, {"action": "none.such"}, True),
}
