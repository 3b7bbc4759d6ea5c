"""Derived facts of open cases and children in need."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from sightline.engine.derive import spells
from sightline.engine.derive.facts import Tables, fact


@fact("cases.cases", source="CIN census guide 2023-24 s4; local services")
def cases(t: Tables) -> ir.Table:
    """One row for each case: a spell open to a service, with its reason for closure."""
    rows = t.table("cases_case")
    return rows.select(
        "agency_id",
        "source_system",
        "person_id",
        "service",
        "primary_need",
        "closure_reason",
        record_id=rows.id,
        start=rows.start_date,
        end=rows.end_date,
    )


@fact("child_in_need.in_need_only", source="annual report 2016-17 (child in need cases, assessment included)")
def in_need_only(t: Tables) -> ir.Table:
    """Spells for which a child was open as a child in need and nothing more.

    A social care case, less the time on a child protection plan, looked after, or owed leaving care duties.
    """
    open_cases = t.fact("cases.cases")
    others = ibis.union(
        *(
            t.fact(name).select("person_id", "start", "end")
            for name in ("child_protection.plans", "looked_after.periods", "leaving_care.care_leavers")
        )
    )
    return spells.subtract(open_cases.filter(open_cases.service == "social_care"), others)


@fact("child_in_need.plans", source="CIN census guide 2023-24 s4.11")
def plans(t: Tables) -> ir.Table:
    """One row for each child in need plan."""
    rows = t.table("child_in_need_plan")
    return rows.select(
        "agency_id", "source_system", "person_id", record_id=rows.id, start=rows.start_date, end=rows.end_date
    )
