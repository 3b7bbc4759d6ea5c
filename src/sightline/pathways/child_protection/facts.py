"""Derived facts of child protection."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from sightline.engine.derive.facts import Tables, fact


@fact("child_protection.plans", source="CIN census guide 2023-24 s5.4; DfE LAIT data dictionary (PrevRegCPR)")
def plans(t: Tables) -> ir.Table:
    """One row for each child protection plan. `earlier_plans` counts the child's plans before it, at any time back.

    Where the history is not held, the number declared in a return stands in for it: the larger of the two is taken.
    """
    rows = t.table("child_protection_plan")
    in_order = ibis.window(group_by="person_id", order_by=["start_date", "id"])
    held = ibis.row_number().over(in_order)
    declared = rows.declared_previous_plans.fill_null(0)
    return rows.select(
        "agency_id",
        "source_system",
        "person_id",
        "initial_category",
        "latest_category",
        "end_reason",
        record_id=rows.id,
        start=rows.start_date,
        end=rows.end_date,
        earlier_plans=ibis.greatest(held, declared.cast("int64")),
    )


@fact("child_protection.children_at_conferences", source="Working Together ch 1; CIN census guide 2023-24 s4.12")
def children_at_conferences(t: Tables) -> ir.Table:
    """One row for each child presented at each conference, again at each meeting, with whether the meeting was in time for the child.

    An initial conference is timed by ICPC-15 from the strategy discussion that began the enquiry, a review by CP-REVIEW-1 or CP-REVIEW-N.
    """
    rows = t.table("child_protection_conferencechild")
    meetings = t.table("child_protection_conference").select(
        meeting_id="id", kind="kind", conference_date="conference_date"
    )
    clocks = t.fact("deadlines.all")
    met = clocks.filter(clocks.stopped_by_table == "child_protection_conferencechild")
    met = met.group_by(met_by=met.stopped_by_id).aggregate(in_time=met.in_time.all())
    joined = rows.join(meetings, rows.conference_id == meetings.meeting_id)
    joined = joined.left_join(met, joined.id == met.met_by)
    return joined.select(
        "agency_id",
        "source_system",
        "person_id",
        "conference_id",
        "kind",
        "conference_date",
        "advocate",
        "outcome",
        record_id=joined.id,
        in_time=joined.in_time.fill_null(False),
        timed=joined.in_time.notnull(),
    )


@fact("child_protection.conferences", source="Working Together ch 1")
def conferences(t: Tables) -> ir.Table:
    """One row for each conference, siblings together. It was in time when it was in time for every child presented."""
    rows = t.fact("child_protection.children_at_conferences")
    return rows.group_by(
        "agency_id", "source_system", "kind", "conference_date", record_id=rows.conference_id
    ).aggregate(in_time=rows.in_time.all(), children=rows.count())


@fact("child_protection.enquiries", source="CIN census guide 2023-24 s4.12")
def enquiries(t: Tables) -> ir.Table:
    """One row for each section 47 enquiry."""
    rows = t.table("child_protection_section47")
    return rows.select(
        "agency_id",
        "source_system",
        "person_id",
        "outcome",
        record_id=rows.id,
        start=rows.start_date,
        end=rows.end_date,
    )
