"""Who sees households and what a merge moved. Everything else about people follows the person."""

from sightline.core.access.visibility import ByAnyChild, ByParent

RULES = {
    "people.Household": ByAnyChild("people.HouseholdMember", "household"),
    "people.Move": ByParent("merge", "people.Merge"),
}
