"""Who sees reviews of unusual access."""

from sightline.core.access.roles import Permission
from sightline.core.access.visibility import SeenByPermission

RULES = {
    "audit.AccessReview": SeenByPermission(Permission.REVIEW_ACCESS),
    "audit.UnusualAccess": SeenByPermission(Permission.REVIEW_ACCESS),
}
