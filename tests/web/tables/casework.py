"""Casework: forms, a child's page, a record's page, the chronology."""

from .rights import EVERYONE, READS_ROWS, Table

#: An analyst reads lists behind figures; a child's page is for those who work with the child.
OPENS_CHILDREN = READS_ROWS - {"performance_analyst"}

TABLE: Table = {
    "person": (OPENS_CHILDREN, {"id": "1"}, False),
    "chronology": (OPENS_CHILDREN, {"id": "1"}, False),
    "chronology-pdf": (OPENS_CHILDREN, {"id": "1"}, False),
    "document-file": (OPENS_CHILDREN, {"id": "1"}, False),
    "record": (OPENS_CHILDREN, {"table": "child_protection_plan", "id": "1"}, False),
    "do": (EVERYONE, {"action": "none.such"}, False),
    "draft-keep": (EVERYONE, {"action": "none.such"}, True),
    "draft-discard": (EVERYONE, {"action": "none.such"}, True),
    "draft-foresee": (EVERYONE, {"action": "none.such"}, True),
}
