"""The snapshot a command should use: the one named, or one that shows the record as it is now."""

from __future__ import annotations

from django.db.models import Max

from sightline.core.errors import InputProblem
from sightline.core.records.models import Change
from sightline.engine.deadlines import ledger
from sightline.engine.snapshot import place, store
from sightline.engine.snapshot.take import take
from sightline.standards.local_changes import in_use


def chosen(id: str | None = None) -> store.Snapshot:
    """The snapshot of that id, or the newest, or a new one when records, deadlines or local rules changed since.

    Raises InputProblem for an unknown id.
    """
    folder = place.folder()
    found = {snapshot.id: snapshot for snapshot in store.snapshots(folder)}
    if id is not None:
        if id not in found:
            raise InputProblem(f"there is no snapshot '{id}'", str(folder), "./sightline snapshot --list shows them")
        return found[id]
    newest = found[max(found)] if found else None
    if newest is None or not shows_the_record(newest):
        return take(folder, place.key())
    return newest


def shows_the_record(snapshot: store.Snapshot) -> bool:
    """Whether neither a record nor a deadline was written since the snapshot was taken, and the same local rules are followed."""
    held = snapshot.manifest
    return (held.last_change, held.ledger, held.rules) == (last_change(), ledger.state(), in_use().editions)


def last_change() -> int:
    """The number of the newest change of any record: two snapshots with the same number hold the same record."""
    newest: int | None = Change.objects.aggregate(newest=Max("id"))["newest"]
    return newest or 0
