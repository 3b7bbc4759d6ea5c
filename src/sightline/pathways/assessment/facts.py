"""Derived facts of assessments."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from sightline.engine.derive.facts import Tables, fact

DOMESTIC_ABUSE = ("3A", "3B", "3C")
MENTAL_HEALTH = ("4A", "4B", "4C")
SUBSTANCES = ("1A", "1B", "1C", "2A", "2B", "2C")


@fact("assessment.assessments", source="CIN census guide 2023-24 s4.9 and 4.10; Working Together ch 1")
def assessments(t: Tables) -> ir.Table:
    """One row for each assessment: a spell from its start to its authorisation or cancellation.

    `in_time` is the outcome of the clock ASSESS-45. `factors` are those identified; `toxic_trio` says that one
    assessment found domestic abuse, mental ill-health, and alcohol or drug misuse, each of anyone in the household.
    """
    rows = t.table("assessment_assessment")
    found = t.table("assessment_assessmentfactor")
    factors = found.group_by("assessment_id").aggregate(
        factors=found.factor.collect(),
        toxic_trio=found.factor.isin(DOMESTIC_ABUSE).any()
        & found.factor.isin(MENTAL_HEALTH).any()
        & found.factor.isin(SUBSTANCES).any(),
    )
    clocks = t.fact("deadlines.all")
    clock = clocks.filter(clocks.clock == "ASSESS-45").select(clock_record="record_id", in_time="in_time")
    joined = rows.left_join(factors, rows.id == factors.assessment_id).left_join(clock, rows.id == clock.clock_record)
    return joined.select(
        "agency_id",
        "source_system",
        "person_id",
        "authorised_date",
        "outcome",
        "factors",
        record_id=joined.id,
        start=joined.start_date,
        end=ibis.coalesce(joined.authorised_date, joined.cancelled_date),
        in_time=joined.in_time.fill_null(False),
        toxic_trio=joined.toxic_trio.fill_null(False),
    )


@fact("assessment.factors", source="CIN census guide 2023-24 s4.10")
def factors(t: Tables) -> ir.Table:
    """One row for each factor of each authorised assessment."""
    rows = t.table("assessment_assessmentfactor")
    owners = t.table("assessment_assessment").select(owner_id="id", authorised_date="authorised_date")
    joined = rows.join(owners, rows.assessment_id == owners.owner_id)
    return joined.select("agency_id", "source_system", "person_id", "authorised_date", "factor", record_id=joined.id)
