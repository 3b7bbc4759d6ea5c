"""A little world: records named as dicts, written through the bulk door, with their deadlines, and a snapshot of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

from django.apps import apps

from sightline.core.organisations.models import Organisation
from sightline.engine.actions.bulk import Batch, Provenance, load, reserve
from sightline.engine.deadlines import ledger
from sightline.engine.snapshot.store import Snapshot
from sightline.engine.snapshot.take import take

COUNTY, CITY = "E10000028", "E06000021"
STREAMS = (
    *("contacts", "referrals", "cases", "assessment", "child_in_need", "child_protection", "looked_after"),
    *("leaving_care", "adoption", "court", "disability", "independent_chairs"),
)


@dataclass(eq=False)
class Rec:
    """A record to be written. Its id is known once the world is loaded."""

    label: str
    values: dict[str, Any]
    area: str
    source: str
    id: int = 0
    notes: dict[str, Rec] = field(default_factory=dict)


class World:
    """Collects records of agencies of areas, then writes them all and takes a snapshot."""

    def __init__(self, area: str = COUNTY, source: str = "own") -> None:
        self.area, self.source = area, source
        self.records: list[Rec] = []

    def add(self, label: str, **values: Any) -> Rec:
        """One record of the area and the source that the world has just now. Dates may be ISO texts."""
        record = Rec(label, values, self.area, self.source)
        self.records.append(record)
        return record

    def covers(self, start: str | date, end: str | date, *streams: str, area: str = "", source: str = "") -> None:
        """What the source's rows cover; every stream unless some are named."""
        for stream in streams or STREAMS:
            values = {"area": area or self.area, "stream": stream, "start_date": start, "end_date": end}
            self.records.append(Rec("records.Coverage", values, area or self.area, source or self.source))

    def snapshot(self, folder: Path) -> Snapshot:
        """Writes everything and takes a snapshot of it."""
        agencies = {
            area: Organisation.objects.get_or_create(name=f"Authority {area}", kind="local_authority", area=area)[0].pk
            for area in sorted({record.area for record in self.records})
        }
        batches = [
            self._batch(label, [record for record in self.records if record.label == label], agencies)
            for label in self._order()
        ]
        load("test.world", batches, Provenance(next(iter(agencies.values())), "own"), by="tester", because="test")
        ledger.rebuild()
        return take(folder, b"key of the tests")

    def _order(self) -> list[str]:
        """The record types, each after those it links to."""
        labels = {record.label for record in self.records}
        needs = {
            label: {
                field.related_model._meta.label
                for field in apps.get_model(label)._meta.concrete_fields
                if field.related_model is not None
            }
            & (labels - {label})
            for label in labels
        }
        return list(TopologicalSorter(needs).static_order())

    @staticmethod
    def _batch(label: str, records: list[Rec], agencies: dict[str, int]) -> Batch:
        model = apps.get_model(label)
        for record, id in zip(records, reserve(model, len(records)), strict=True):
            record.id = id
        names = sorted({name for record in records for name in record.values})
        fields = [model._meta.get_field(name) for name in names]
        blank = [None if field.null else field.get_default() for field in fields]
        columns = ["id", "agency_id", "source_system", *(field.attname for field in fields)]
        rows = [
            (
                record.id,
                agencies[record.area],
                record.source,
                *(
                    value.id if isinstance(value := record.values.get(name, empty), Rec) else value
                    for name, empty in zip(names, blank, strict=True)
                ),
            )
            for record in records
        ]
        return Batch(model, columns, rows)
