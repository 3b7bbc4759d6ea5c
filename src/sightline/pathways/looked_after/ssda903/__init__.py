"""Children looked after in the SSDA903 return."""

from sightline.pathways.looked_after.ssda903 import care, year

BUILDERS = (*care.BUILDERS, *year.BUILDERS)
WRITERS = (*care.WRITERS, *year.WRITERS)
COHORTS = care.COHORTS
EARLIER_FILES = care.EARLIER_FILES
