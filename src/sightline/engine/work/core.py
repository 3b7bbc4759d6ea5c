"""What belongs to no one pathway: transfers, merges, emergency access, identities and copies that wait, and the reviews that come up."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet

from sightline.engine.screens import words as said
from sightline.engine.work import words
from sightline.engine.work.declarations import Awaiting, DriftList, review_clocks

DAYS_AHEAD = 14

AWAITING = (
    Awaiting("transfers", "Transfers to accept or send back", "cases.accept_transfer", "requested_date"),
    Awaiting(
        "merges", "Merges that wait for a second person", "people.confirm_merge", "recorded_at", asker="requested_by"
    ),
    Awaiting(
        *("emergencies", "Emergency access to review", "restrictions.review_emergency", "granted_at"), asker="worker"
    ),
    Awaiting(
        *("identities", "Requests to disclose an identity", "restrictions.agree_identity", "asked_at"), asker="asked_by"
    ),
    Awaiting(
        *("copies", "Copies of packs to check before they are sent", "sending.check", "submitted_at"),
        asker="prepared_by",
        read_first=True,
    ),
    Awaiting(*("sent-to-me", "Sent to you to read", "sending.open", "sent_at"), only="worker", read_first=True),
)


def reviews_due(rows: QuerySet[Any], day: date) -> QuerySet[Any]:
    """Reviews that run and fall due within two weeks, both ends included."""
    until = day + timedelta(days=DAYS_AHEAD)
    return rows.filter(clock__in=review_clocks(), outcome="open", due__gte=day, due__lte=until, person__isnull=False)


def _what(deadline: Any, day: date) -> str:
    return f"{said.of_clock(deadline.clock, deadline.started)}: {words.when(deadline.due, day)}"


DRIFT = (
    DriftList(
        "reviews-due",
        f"Reviews due in {DAYS_AHEAD} days",
        f"A review is listed from {DAYS_AHEAD} days before the day it is due, that day included, until it is held or the day has passed. Reviews of"
        " child protection plans, of children looked after and of child in need plans.",
        "deadlines.Deadline",
        reviews_due,
        since="due",
        heading="Due",
        about=_what,
    ),
)
