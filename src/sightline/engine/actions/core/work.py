"""Issuing a drift list: what stood on it is kept, so that its effect can be told."""

from __future__ import annotations

from collections.abc import Sequence

from sightline.core.access.models import User
from sightline.core.access.roles import Permission
from sightline.core.records.models import Record
from sightline.core.records.writing import require
from sightline.engine.actions.declarations import Action, Attempt, inputs
from sightline.engine.actions.refusals import Fault, Invalid

_ISSUE = "work.DriftIssue"


def _issue(attempt: Attempt) -> Sequence[Record]:
    """Who issues a list lists what they may see: the rows are those of the list's page."""
    from sightline.engine.work import drift
    from sightline.engine.work.declarations import drift_lists

    which = drift_lists().get(attempt.values["drift_list"])
    if which is None or which.effect is None:
        raise Invalid(attempt.action.title, [Fault("drift_list", "There is no list of that name to issue.")])
    user = User.objects.get(username=require(_ISSUE).by)
    issue = attempt.new(_ISSUE, drift_list=which.id, issued_date=attempt.today, issued_by=attempt.worker)
    listed = [(row.person_id, *drift.named(row)) for row in drift.rows(user, which, attempt.today)]
    return [
        issue,
        *(
            attempt.new("work.DriftListed", person_id=person, issue=issue, record_table=table, record_id=record)
            for person, table, record in listed
        ),
    ]


RULES = ()
ACTIONS = (
    Action(
        "work.issue_list",
        "Issue a drift list",
        _ISSUE,
        inputs(_ISSUE, "drift_list!"),
        permission=Permission.MANAGE_TEAM,
        build=_issue,
    ),
)
