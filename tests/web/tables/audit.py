"""The audit: entries, who looked at a child, unusual access."""

from .rights import Table

AUDITS = frozenset({"auditor"})
MANAGES = frozenset({"team_manager", "service_manager"})

TABLE: Table = {
    "audit": (AUDITS, {}, False),
    "audit-looked": (AUDITS, {}, False),
    "audit-looked-csv": (AUDITS, {}, True),
    "unusual": (AUDITS | {"service_manager"}, {}, False),
    "team-looked": (MANAGES, {}, False),
    "team-looked-csv": (MANAGES, {}, True),
}
