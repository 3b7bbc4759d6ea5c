"""What a person says about a record that was not changed as they asked: it is shown wherever the record is."""

from __future__ import annotations

from sightline.core.rights.models import Rectification


def disputes(table: str, record: int) -> list[Rectification]:
    """The requests to put the record right that were refused, in whole or in part, and that left a statement."""
    refused = Rectification.objects.filter(record_table=table, record_id=record, outcome__in=("refused", "part"))
    return list(refused.exclude(statement="").order_by("decided_date", "pk"))


def disputes_about(person: int) -> list[Rectification]:
    """The same, for all records of a person."""
    refused = Rectification.objects.filter(person=person, outcome__in=("refused", "part"))
    return list(refused.exclude(statement="").order_by("decided_date", "pk"))
