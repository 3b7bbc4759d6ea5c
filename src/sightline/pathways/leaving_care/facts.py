"""Derived facts of leaving care."""

from __future__ import annotations

import ibis.expr.types as ir

from sightline.engine.derive import spells
from sightline.engine.derive.facts import Tables, fact


@fact("leaving_care.care_leavers", source="Children Act 1989 s23A to s24")
def care_leavers(t: Tables) -> ir.Table:
    """One row for each spell for which a young person is owed leaving care duties."""
    rows = t.table("leaving_care_careleaver")
    return rows.select(
        "agency_id",
        "source_system",
        "person_id",
        "eligibility",
        record_id=rows.id,
        start=rows.start_date,
        end=rows.end_date,
    )


@fact("leaving_care.left_foster_care_at_18", source="Staying Put guidance 2013; annual report 2016-17")
def left_foster_care_at_18(t: Tables) -> ir.Table:
    """One row for each young person whose care ended at 18 in a foster placement, and whether they stayed put with the carers.

    They stayed put when such an arrangement was in force on the day care ended.
    """
    rows = t.fact("looked_after.care_endings")
    rows = rows.filter((rows.last_group == "FOSTER") & (rows.age_at_end >= 18))
    stays = t.table("leaving_care_stayingput")
    stays = stays.select(who="person_id", since="start_date", until=spells.end_or_far_off(stays.end_date))
    stayed = [rows.person_id == stays.who, stays.since <= rows.end, stays.until > rows.end]
    joined = rows.left_join(stays, stayed)
    return joined.select(
        "agency_id", "source_system", "person_id", "record_id", ended="end", stayed_put=joined.who.notnull()
    )
