"""Recording anonymous feedback. Nothing may tie a questionnaire to a child."""

from sightline.core.access.roles import Permission
from sightline.engine.actions.declarations import correct, record

_FEEDBACK = "independent_chairs.Feedback"

RULES = ()

ACTIONS = (
    record(
        *("independent_chairs.record", "Record a feedback questionnaire", _FEEDBACK),
        *("returned_date", "meeting_kind", "felt_listened_to", "explained_well"),
        permission=Permission.RECORD_FEEDBACK,
        any_child=True,
    ),
    correct(
        "independent_chairs.correct",
        "Correct a feedback questionnaire",
        _FEEDBACK,
        permission=Permission.RECORD_FEEDBACK,
        any_child=True,
    ),
)
