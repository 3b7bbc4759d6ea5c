"""Carrying out a disposal that two people agreed on: by the owner of the database, never by the web application, which cannot touch the history.

The rows go through the ordinary signed writing; then their values are taken out of the history, their files and the snapshots that hold
the person are deleted. What stays: that rows of these tables were deleted, how many, under which class, by whom, when. Audit entries stay,
with numbers that no longer lead to anybody.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pgtrigger
from django.db import transaction
from django.utils import timezone

from sightline.core.audit.record import What, note
from sightline.core.audit.role import weaknesses
from sightline.core.errors import Problem
from sightline.core.notes import files
from sightline.core.notes.models import Document
from sightline.core.people.models import Person
from sightline.core.records.models import Change
from sightline.core.records.writing import writing
from sightline.core.rights.models import Disposal, DisposalCount
from sightline.engine.deadlines import ledger
from sightline.engine.rights.holdings import Holdings, holdings
from sightline.engine.rights.retention import holds, kept_until
from sightline.engine.snapshot import place, store
from sightline.engine.snapshot.take import keyed
from sightline.engine.social_care_api import holding


@dataclass(frozen=True)
class Disposed:
    """What a disposal deleted."""

    rows: dict[str, int]
    files: int
    snapshots: tuple[str, ...]


def dry_run(person: int) -> dict[str, int]:
    """How many rows of each table a disposal would delete."""
    return {model._meta.db_table: len(ids) for model, ids in _to_delete(person).items()}


def agreed() -> list[Disposal]:
    """Disposals that two people agreed on and that wait to be carried out."""
    return list(Disposal.objects.filter(ended_date=None).exclude(agreed_by="").order_by("pk"))


def carry_out(disposal: Disposal) -> Disposed:
    """Delete the person's records. Raises Problem where something holds them by now, or where this user may not touch the history."""
    if not weaknesses():
        raise Problem(
            "This database user cannot take values out of the history", "the database", "Run the command as the owner."
        )
    today = timezone.localdate()
    with transaction.atomic():
        held = Disposal.objects.select_for_update().get(pk=disposal.pk)
        person = _subject(held)
        if why := holds(person, today):
            raise Problem(" ".join(why), f"disposal {held.pk}", "Wait until nothing holds the records, or withdraw it.")
        until = kept_until(person, today)
        if until.day is None or until.day > today:
            raise Problem(f"The records are kept until {until.words}.", f"disposal {held.pk}", "Withdraw the disposal.")
        rows = _to_delete(person.pk)
        kept_files = list(Document.objects.filter(pk__in=rows.get(Document, ())).values_list("stored_as", flat=True))
        _delete(held, person.pk, rows)
    gone = _delete_files(kept_files)
    return Disposed({model._meta.db_table: len(ids) for model, ids in rows.items()}, gone, _forget_snapshots(person.pk))


def _subject(disposal: Disposal) -> Person:
    if disposal.person is None or disposal.ended_date or not disposal.agreed_by:
        raise Problem(
            "This disposal has ended or is not agreed yet", f"disposal {disposal.pk}", "Look at the page of disposals."
        )
    return disposal.person


def _to_delete(person: int) -> Holdings:
    """Everything held, save the disposal itself: it stays, and names nobody afterwards."""
    return {model: ids for model, ids in holdings(person).items() if ids and model not in (Disposal, DisposalCount)}


def _delete(disposal: Disposal, person: int, rows: Holdings) -> None:
    because = f"retention: {disposal.retention_class}"
    with writing("rights.dispose", by=disposal.agreed_by, because=because) as now:
        Disposal.objects.filter(person=person).exclude(pk=disposal.pk).update(person=None)
        disposal.person, disposal.outcome, disposal.ended_date = None, "done", timezone.localdate()
        disposal.save()
        for model, ids in rows.items():
            # Links between these rows are checked when the transaction ends.
            queryset: Any = model._default_manager.filter(pk__in=ids)
            queryset._raw_delete(queryset.db)
            DisposalCount.objects.create(
                agency_id=disposal.agency_id, disposal=disposal, record_table=model._meta.db_table, deleted=len(ids)
            )
        ledger.rebuild([person])
        holding.forget(person)
        _purge(rows, disposal)
        tables = {model._meta.db_table: len(ids) for model, ids in rows.items()}
        note(now.by, What.DISPOSED, now.action, purpose=because, request=now.request, tables=tables)


def _purge(rows: Holdings, disposal: Disposal) -> None:
    """Take the values out of the history: that a row was written and deleted stays, what it said does not."""
    with pgtrigger.ignore("records.Change:append_only"):
        for model, ids in rows.items():
            changes = Change.objects.filter(table_name=model._meta.db_table, record_id__in=ids)
            changes.update(old=None, new=None, because="")
        # The disposal's own history named the person.
        own = Change.objects.filter(table_name=Disposal._meta.db_table, record_id=disposal.pk)
        own.update(old=None, new=None)


def _delete_files(names: Iterable[str]) -> int:
    gone = 0
    for name in names:
        path = files.path_of(name)
        if path.exists():
            path.unlink()
            gone += 1
    return gone


def _forget_snapshots(person: int) -> tuple[str, ...]:
    """Delete the snapshots that hold the person, under the keyed hash by which they are known there."""
    hashed = keyed(person, place.key())
    found = [one for one in store.snapshots(place.folder()) if _holds(one.file(Person._meta.db_table), hashed)]
    for snapshot in found:
        shutil.rmtree(snapshot.path)
    return tuple(snapshot.id for snapshot in found)


def _holds(file: Path, hashed: int) -> bool:
    if not file.is_file():
        return False
    with duckdb.connect() as con:
        return bool(
            con.execute("SELECT count(*) FROM read_parquet(?) WHERE id = ?", [str(file), hashed]).fetchall()[0][0]
        )
