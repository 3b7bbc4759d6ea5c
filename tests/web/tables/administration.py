"""What an administrator keeps, and the description of the partner API, which everybody may read."""

from .rights import Table

_ADMINISTRATOR = frozenset({"administrator"})
_NAMES = ("teams", "workers", "agencies", "agency-new", "options", "clients", "client-new", "limits", "code-sets")

TABLE: Table = {
    "api-reference": (None, {}, False),
    "administration": (_ADMINISTRATOR, {}, False),
    **{f"administration-{name}": (_ADMINISTRATOR, {}, False) for name in _NAMES},
    "administration-add": (_ADMINISTRATOR, {"action": "add-team"}, False),
    "administration-change": (_ADMINISTRATOR, {"action": "rename-team", "id": "0"}, False),
    "administration-agency": (_ADMINISTRATOR, {"id": "987654"}, False),
    "administration-limit": (_ADMINISTRATOR, {"id": "CP-VISIT"}, False),
    "administration-code-set": (_ADMINISTRATOR, {"name": "warning_kind"}, False),
    "administration-code-set-file": (_ADMINISTRATOR, {"name": "warning_kind"}, False),
    "administration-client-secret": (_ADMINISTRATOR, {"id": "0"}, False),
    "administration-client-revoke": (_ADMINISTRATOR, {"id": "0"}, False),
}
