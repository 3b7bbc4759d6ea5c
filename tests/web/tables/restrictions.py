"""Seals, conflicts, emergencies, sharing, adopted identities, and who has which role."""

from .rights import EVERYONE, READS_ROWS, Table

_MANAGERS = frozenset({"team_manager", "service_manager"})
_SOCIAL_CARE = _MANAGERS | {"contact_officer", "social_worker", "conference_chair"}
_ADMINISTRATOR = frozenset({"administrator"})

TABLE: Table = {
    "who-sees": (_MANAGERS, {"id": "0"}, False),
    "who-sees-audited": (frozenset({"auditor"}), {"id": "0"}, False),
    "emergency": (_SOCIAL_CARE, {"id": "0"}, False),
    "emergency-reviews": (frozenset({"service_manager", "auditor"}), {}, False),
    "notices": (EVERYONE, {}, False),
    "notice-read": (EVERYONE, {"id": "0"}, True),
    "restrictions": (READS_ROWS - {"performance_analyst"}, {}, False),
    "identities": (frozenset({"service_manager"}), {}, False),
    "identity": (frozenset({"service_manager"}), {"id": "0"}, False),
    "user-list": (_ADMINISTRATOR, {}, False),
    "user-role": (_ADMINISTRATOR, {"id": "0"}, False),
}
