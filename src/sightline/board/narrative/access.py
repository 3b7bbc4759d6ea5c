"""Who sees the board's own words."""

from sightline.core.access.visibility import SeenByAll

RULES = {"narrative.Statement": SeenByAll()}
