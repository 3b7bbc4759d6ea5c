"""Records that have a page of their own instead of that which every record has."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from sightline.core.access.models import User
from sightline.engine.return_issues.models import Issue, IssueNote
from sightline.web import sending


def own_page(user: User, record: Any) -> str:
    """The address of a record's own page; none where it has none."""
    if isinstance(record, Issue | IssueNote):
        return reverse("return-issue", args=[record.issue_id if isinstance(record, IssueNote) else record.pk])
    return sending.own_page(user, record)
