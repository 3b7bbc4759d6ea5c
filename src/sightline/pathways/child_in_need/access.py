"""Who sees who came to child in need reviews. Everything else of the pathway follows the child."""

from sightline.core.access.visibility import ByParent

RULES = {"child_in_need.ReviewAttendance": ByParent("review", "child_in_need.Review")}
REASONS = ()
