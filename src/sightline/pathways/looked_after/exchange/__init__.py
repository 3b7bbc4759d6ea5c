"""Children looked after in the SSDA903 return."""

from sightline.pathways.looked_after.exchange import care, year

TABLES = (*care.TABLES, *year.TABLES)
BUILDERS = (*care.BUILDERS, *year.BUILDERS)
WRITERS = (*care.WRITERS, *year.WRITERS)
COHORTS = care.COHORTS
EARLIER = care.EARLIER
