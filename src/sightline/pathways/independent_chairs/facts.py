"""Derived facts of the independent chairs' service."""

from __future__ import annotations

import ibis.expr.types as ir

from sightline.engine.derive.facts import Tables, fact


@fact("independent_chairs.feedback", source="annual report 2016-17")
def feedback(t: Tables) -> ir.Table:
    """One row for each anonymous questionnaire. There is no child in it."""
    rows = t.table("independent_chairs_feedback")
    return rows.select(
        "agency_id",
        "source_system",
        "returned_date",
        "meeting_kind",
        "felt_listened_to",
        "explained_well",
        record_id=rows.id,
    )


@fact("independent_chairs.staff", source="staffing register")
def staff(t: Tables) -> ir.Table:
    """One row for each spell of a worker in a team, with the worker's job and specialism. `person_id` is the worker, who may be in two teams."""
    rows = t.table("organisations_teammembership")
    workers = t.table("organisations_worker").select(who="id", job="job", specialism="specialism")
    joined = rows.join(workers, rows.worker_id == workers.who)
    return joined.select(
        "agency_id",
        "source_system",
        "job",
        "specialism",
        person_id="worker_id",
        record_id=joined.id,
        start=joined.start_date,
        end=joined.end_date,
    )
