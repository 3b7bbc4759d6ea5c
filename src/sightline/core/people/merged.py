"""Which people were merged into others, and whom a record leads to."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import QuerySet

from sightline.core.people.models import Merge


def merged_away(people: Collection[int]) -> set[int]:
    """Those among these people who were merged into somebody else."""
    return set(_standing().filter(gone__in=list(people)).values_list("gone_id", flat=True))


def leads_to(person: int) -> int:
    """The person whom a record is about now: itself, or whom it was merged into, however often."""
    seen = {person}
    while (merge := _standing().filter(gone=person).first()) is not None and merge.person_id not in seen:
        person = merge.person_id
        seen.add(person)
    return person


def _standing() -> QuerySet[Merge]:
    return Merge.objects.filter(merged_at__isnull=False, undone_at__isnull=True)
