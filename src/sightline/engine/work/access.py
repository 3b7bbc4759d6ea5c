"""Who sees issues of drift lists: what was listed follows the child; that a list was issued, those who answer for teams."""

from __future__ import annotations

from sightline.core.access.roles import Permission
from sightline.core.access.visibility import SeenByPermission

RULES = {"work.DriftIssue": SeenByPermission(Permission.MANAGE_TEAM)}
