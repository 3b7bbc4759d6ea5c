"""Who sees what the records cover."""

from sightline.core.access.visibility import SeenByAll

RULES = {"records.Coverage": SeenByAll()}
