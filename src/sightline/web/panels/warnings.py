"""What whoever opens the record must know first: warnings, and which of them nobody has looked at again in time."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from sightline.core.access.models import User
from sightline.core.access.standing import standing
from sightline.core.access.visibility import visible_rows
from sightline.core.people.models import Person, WarningMarker
from sightline.engine.actions.engine import may
from sightline.engine.screens import words
from sightline.engine.work.words import when
from sightline.standards.codes import codeset

TITLE = "Warnings"
TEMPLATE = "panels/warnings.html"
ORDER = 0
AT_TOP = True


def panel(request: HttpRequest, user: User, person: Person) -> dict[str, Any] | None:
    """The warnings that hold, the one to be reviewed first at the head; nothing where there is none."""
    del request
    day, kinds = standing().day, codeset("warning_kind")
    rows = visible_rows(user, WarningMarker, about=[person.pk]).filter(person=person, end_date=None)
    found = list(rows.select_related("worker", "team").order_by("review_date", "id"))
    if not found:
        return None
    return {
        "table": WarningMarker._meta.db_table,
        "reviews": may("people.review_warning", by=user),
        "warnings": [
            {
                "id": each.pk,
                "kind": kinds.display(each.kind),
                "detail": each.detail,
                "since": each.start_date,
                "reviewed": each.reviewed_date,
                "review": each.review_date,
                "overdue": when(each.review_date, day) if each.review_date < day else "",
                "owner": " and ".join(words.staff(one) for one in (each.worker, each.team) if one),
            }
            for each in found
        ],
    }
