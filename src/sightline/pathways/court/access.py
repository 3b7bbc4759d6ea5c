"""Who sees pre-proceedings and care proceedings: they concern the children of one family."""

from sightline.core.access.visibility import ByAnyChild, ByParent

RULES = {
    "court.PreProceedings": ByAnyChild("court.PreProceedingsChild", "pre_proceedings"),
    "court.PreProceedingsMeeting": ByParent("pre_proceedings", "court.PreProceedings"),
    "court.Application": ByAnyChild("court.ApplicationChild", "application"),
    "court.Hearing": ByParent("application", "court.Application"),
    "court.Extension": ByParent("application", "court.Application"),
}
