"""Derived facts of care proceedings."""

from __future__ import annotations

import ibis.expr.types as ir

from sightline.engine.derive.facts import Tables, fact


@fact("court.orders", source="SSD pre-proceedings; annual report 2016-17")
def orders(t: Tables) -> ir.Table:
    """One row for each order made for one child. "No order or withdrawn" (NONE) is how an application ended, and no order."""
    rows = t.table("court_order")
    rows = rows.filter(rows.order != "NONE")
    return rows.select("agency_id", "source_system", "person_id", "order", "order_date", record_id=rows.id)


@fact("court.applications", source="Children Act 1989 s32; CAFCASS duration measure")
def applications(t: Tables) -> ir.Table:
    """One row for each application, with the weeks from its issue to its final order."""
    rows = t.table("court_application")
    return rows.select(
        "agency_id",
        "source_system",
        "issue_date",
        "final_order_date",
        record_id=rows.id,
        weeks=rows.final_order_date.delta(rows.issue_date, unit="day") / 7,
    )
