"""Derived facts of adoption."""

from __future__ import annotations

import ibis.expr.types as ir

from sightline.engine.derive.facts import Tables, fact


@fact("adoption.plans", source="DfE adoption scorecards (A1)")
def plans(t: Tables) -> ir.Table:
    """One row for each adoption plan. `wait_days` are the days from entering care to moving in with the adopters."""
    rows = t.table("adoption_adoptionplan")
    return rows.select(
        "agency_id",
        "source_system",
        "person_id",
        "order_date",
        "placed_date",
        record_id=rows.id,
        wait_days=rows.placed_date.delta(rows.care_start_date, unit="day"),
    )
