"""Derived facts of the children with disabilities service."""

from __future__ import annotations

import ibis.expr.types as ir

from sightline.engine.derive import spells
from sightline.engine.derive.facts import Tables, fact


@fact("disability.service", source="Children Act 1989 s17(10) and sch 2")
def service(t: Tables) -> ir.Table:
    """One row for each spell for which the service works with a child."""
    rows = t.table("disability_servicespell")
    return rows.select(
        "agency_id", "source_system", "person_id", record_id=rows.id, start=rows.start_date, end=rows.end_date
    )


@fact("disability.looked_after", source="annual report 2016-17")
def looked_after(t: Tables) -> ir.Table:
    """Spells for which a child of the service was also looked after."""
    return spells.intersect(
        t.fact("disability.service"), t.fact("looked_after.periods").select("person_id", "start", "end")
    )
