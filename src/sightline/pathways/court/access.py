"""Who sees care proceedings: an application concerns the children of one family."""

from sightline.core.access.visibility import ByAnyChild, ByParent

RULES = {
    "court.Application": ByAnyChild("court.ApplicationChild", "application"),
    "court.Hearing": ByParent("application", "court.Application"),
    "court.Extension": ByParent("application", "court.Application"),
}
