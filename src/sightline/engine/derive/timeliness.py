"""Deadlines as facts: every measure of timeliness reads the ledger that the screens read."""

from __future__ import annotations

import ibis.expr.types as ir

from sightline.engine.derive.facts import Tables, fact


@fact("deadlines.all", source="data/clocks.csv")
def deadlines(t: Tables) -> ir.Table:
    """One row for each deadline that counts: those not required (the subject closed before they fell due) are left out."""
    rows = t.table("deadlines_deadline")
    return rows.filter(rows.outcome != "not_required").select(
        "clock",
        "agency_id",
        "source_system",
        "person_id",
        "record_table",
        "record_id",
        "sequence",
        "started",
        "due",
        "stopped",
        "stopped_by_table",
        "stopped_by_id",
        "outcome",
        deadline_id=rows.id,
        in_time=(rows.outcome == "met"),
    )
