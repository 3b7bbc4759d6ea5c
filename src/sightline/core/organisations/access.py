"""Who sees agencies, teams and workers."""

from sightline.core.access.visibility import SeenByAll

RULES = {
    "organisations.Organisation": SeenByAll(),
    "organisations.Team": SeenByAll(),
    "organisations.Worker": SeenByAll(),
    "organisations.TeamMembership": SeenByAll(),
}
