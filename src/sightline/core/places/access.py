"""Who sees places."""

from sightline.core.access.visibility import ByAnyChild

RULES = {"places.Place": ByAnyChild("people.PersonAddress", "place")}
