"""Who sees the index: an entry is the person's. Words say nothing about anybody."""

from sightline.core.access.visibility import ByPerson, SeenByAll

RULES = {"finding.Entry": ByPerson(), "finding.Word": SeenByAll()}
