"""Who sees households. Everything else about people follows the person."""

from sightline.core.access.visibility import ByAnyChild

RULES = {"people.Household": ByAnyChild("people.HouseholdMember", "household")}
