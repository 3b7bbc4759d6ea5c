"""A command uses the newest snapshot as long as it shows the record, its deadlines included."""

from __future__ import annotations

import argparse
from typing import Any

import pytest

from sightline.cli.commands import synthetic
from sightline.engine.deadlines import ledger
from sightline.engine.deadlines.models import Deadline
from sightline.engine.snapshot import fresh
from sightline.engine.snapshot.store import Manifest, Snapshot

pytestmark = pytest.mark.django_db


def _snapshot_taken_now(folder: Any) -> Snapshot:
    held = Manifest("now", "2017-03-31", "", {}, (), fresh.last_change(), ledger.state())
    (folder / "manifest.json").write_text(held.to_json())
    return Snapshot(folder)


def test_filling_an_invented_partnership_works_its_deadlines_out_and_a_rebuild_makes_a_snapshot_stale(
    tmp_path: Any,
) -> None:
    parser = argparse.ArgumentParser()
    synthetic.add_arguments(parser)
    assert synthetic.run(parser.parse_args(["--scale", "0.01"])) == 0
    worked_out = Deadline.objects.count()
    assert worked_out > 0
    assert ledger.rebuild() == 0
    taken = _snapshot_taken_now(tmp_path)
    assert fresh.shows_the_record(taken)
    ledger.rebuild()
    assert fresh.shows_the_record(taken)
    some = list(Deadline.objects.values_list("pk", flat=True)[:2])
    Deadline.objects.filter(pk=some[0]).delete()
    assert not fresh.shows_the_record(taken)
    ledger.rebuild()
    assert Deadline.objects.count() == worked_out
    assert not fresh.shows_the_record(taken)
    taken = _snapshot_taken_now(tmp_path)
    Deadline.objects.filter(pk=some[1]).update(due="2001-01-01")
    ledger.rebuild()
    assert not fresh.shows_the_record(taken)
