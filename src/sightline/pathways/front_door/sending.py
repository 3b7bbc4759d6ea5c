"""What a contact tells of danger."""

from __future__ import annotations

from collections.abc import Iterator

from sightline.pathways.front_door.models import Contact


def _domestic_abuse(people: set[int]) -> Iterator[str]:
    if Contact.objects.filter(person__in=people, presenting_issue="DOMESTIC_ABUSE").exists():
        yield "A contact was about domestic abuse."


SIGNS = (_domestic_abuse,)
