"""Whom a looked-after review lets its chair see."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sightline.core.access.models import User
from sightline.core.access.visibility import People, Reason
from sightline.pathways.looked_after.models import Review
from sightline.standards.dates import add_months

#: Reviews follow each other within six months, so an officer who keeps a child's reviews never loses sight, and one who gave them up does.
MONTHS_AFTER_CHAIRING = 12


def _chaired(user: User, day: date) -> People:
    since = add_months(day, -MONTHS_AFTER_CHAIRING)
    return Review.objects.filter(chair=user.worker_id, review_date__gt=since, review_date__lte=day).values("person_id")


def _chairs(person: int, day: date) -> Iterable[int]:
    reviews = Review.objects.filter(person=person, review_date__lte=day, chair__isnull=False)
    return reviews.values_list("chair_id", flat=True).order_by()


REASONS = (
    Reason(
        *("review", "You chaired a review of the child in the last 12 months.", _chaired),
        ends="review_date",
        months=MONTHS_AFTER_CHAIRING,
        candidates=_chairs,
    ),
)
