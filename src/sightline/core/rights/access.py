"""Who sees requests, disclosures, disposals and breaches: those who answer for them."""

from sightline.core.access.roles import Permission
from sightline.core.access.visibility import SeenByPermission

_ANSWERS = SeenByPermission(Permission.INFORMATION_RIGHTS)
_MODELS = (
    *("AccessRequest", "Rectification", "Disclosure", "Pack", "Redaction"),
    *("LegalHold", "Disposal", "DisposalCount", "Breach"),
)

RULES = {f"rights.{name}": _ANSWERS for name in _MODELS}
