"""Derived facts of looked-after children: the definitions that are easy to get wrong, once each."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from sightline.engine.derive import dates, spells
from sightline.engine.derive.facts import Tables, fact
from sightline.standards.groups import codemap

SHORT_BREAKS = ("V3", "V4")
TEMPORARY = ("T0", "T1", "T2", "T3", "T4")


@fact("looked_after.periods", source="SSDA903 guide; DfE children looked after statistics (short breaks excluded)")
def periods(t: Tables) -> ir.Table:
    """One row for each period of care, agreed series of short breaks left out: those all of whose episodes are short breaks.

    A period whose episodes are not held is no series of short breaks. `earlier_start` and `later_end` are of the child's
    neighbouring periods in the same area, and tell whether this one is the first start or the last end in a period.
    `reason_group` groups the reason care ended.
    """
    rows = t.table("looked_after_periodofcare")
    episodes = t.table("looked_after_episode")
    statuses = episodes.group_by(status_of="period_id").aggregate(breaks=episodes.legal_status.isin(SHORT_BREAKS).all())
    series = statuses.filter(statuses.breaks)
    rows = rows.anti_join(series, rows.id == series.status_of)
    agencies = t.fact("people.agency").select(holder="agency_id", holder_area="area")
    rows = rows.join(agencies, rows.agency_id == agencies.holder)
    in_order = ibis.window(group_by=["person_id", "holder_area"], order_by=["start_date", "id"])
    groups = codemap("reason_ceased_group_map").groups
    return rows.select(
        "agency_id",
        "source_system",
        "person_id",
        "end_reason",
        "category_of_need",
        record_id=rows.id,
        start=rows.start_date,
        end=rows.end_date,
        earlier_start=rows.start_date.lag().over(in_order),
        later_end=rows.end_date.lead().over(in_order),
        reason_group=rows.end_reason.cases(*groups.items(), else_=None),
    )


@fact("looked_after.placements", source="SSDA903 guide (PLACE, PL_POST)")
def placements(t: Tables) -> ir.Table:
    """One row for each placement of a period of care that counts: its group, its distance from home, whether it lies outside the authority."""
    rows = t.table("looked_after_placement")
    kept = t.fact("looked_after.periods").select(kept_period="record_id")
    agencies = t.fact("people.agency").select(holder="agency_id", holder_area="area")
    joined = rows.join(kept, rows.period_id == kept.kept_period).join(agencies, rows.agency_id == agencies.holder)
    groups = codemap("placement_group_map").groups
    return joined.select(
        "agency_id",
        "source_system",
        "person_id",
        "period_id",
        "placement_type",
        "provider",
        "carer_reference",
        "distance_miles",
        "planned",
        record_id=joined.id,
        start=joined.start_date,
        end=joined.end_date,
        temporary=joined.placement_type.isin(TEMPORARY),
        group=joined.placement_type.cases(*groups.items(), else_="OTHER"),
        outside=(joined.authority != "") & (joined.authority != joined.holder_area),
    )


@fact("looked_after.stays", source="SSDA903 guide; DfE placement stability measures")
def stays(t: Tables) -> ir.Table:
    """One row for each stay with the same carers: consecutive placements with one carer reference, temporary moves (T0 to T4) passed over.

    A stay goes on through a change of legal status, through hospital and holidays, and from fostering into adoption
    by the same carers. A placement without a carer reference is a stay of its own.
    """
    rows = t.fact("looked_after.placements")
    rows = rows.filter(~rows.temporary)
    in_order = ibis.window(group_by="period_id", order_by=["start", "record_id"])
    before = rows.carer_reference.lag().over(in_order)
    rows = rows.mutate(
        moved=(before.isnull() | (rows.carer_reference == "") | (before != rows.carer_reference)).cast("int32")
    )
    rows = rows.mutate(
        stay=rows.moved.sum().over(ibis.window(group_by="period_id", order_by=["start", "record_id"], following=0))
    )
    return rows.group_by("agency_id", "source_system", "person_id", "period_id", "stay").aggregate(
        record_id=rows.record_id.max(),
        start=rows.start.min(),
        end=rows.end.isnull().any().ifelse(ibis.null("date"), rows.end.max()),
    )


@fact("looked_after.latest_stay", source="DfE placement stability measures (LACStable); reading of the 2016-17 report")
def latest_stay(t: Tables) -> ir.Table:
    """For each stay, the spell during which it is the child's latest: from its start to the next stay's, or to the end of the period of care.

    On a day of care a child has one latest stay, also while away in a temporary placement. `third_back_end` is the
    end of the stay two before it, which tells whether three or more stays touch the months before a day; `care_start`
    is when the period of care began.
    """
    rows = t.fact("looked_after.stays")
    kept = t.fact("looked_after.periods").select(kept_period="record_id", care_start="start", care_end="end")
    joined = rows.join(kept, rows.period_id == kept.kept_period)
    by_child = ibis.window(group_by="person_id", order_by=["start", "record_id"])
    by_period = ibis.window(group_by="period_id", order_by=["start", "record_id"])
    return joined.select(
        "agency_id",
        "source_system",
        "person_id",
        "record_id",
        "care_start",
        start=joined.start,
        stay_start=joined.start,
        end=ibis.coalesce(joined.start.lead().over(by_period), joined.care_end),
        third_back_end=joined.end.lag(2).over(by_child),
    )


@fact("looked_after.reviews_due", source="Care Planning Regulations 2010 reg 33")
def reviews_due(t: Tables) -> ir.Table:
    """One row for each looked-after review that fell due, first, second or later, with whether it was held by the due date."""
    rows = t.fact("deadlines.all")
    return rows.filter(rows.clock.isin(("LAC-REVIEW-1", "LAC-REVIEW-2", "LAC-REVIEW-N")))


@fact("looked_after.asylum_seekers", source="SSDA903 guide (UASC)")
def asylum_seekers(t: Tables) -> ir.Table:
    """Spells of care during which the child was an unaccompanied asylum-seeking child."""
    status = t.table("looked_after_asylumstatus").select("person_id", start="start_date", end="end_date")
    return spells.intersect(t.fact("looked_after.periods"), status)


@fact("looked_after.care_endings", source="Staying Put guidance 2013; annual report 2016-17")
def care_endings(t: Tables) -> ir.Table:
    """One row for each period of care that ended: the group of its last placement and the child's age in completed years."""
    rows = t.fact("looked_after.periods")
    rows = rows.filter(rows.end.notnull())
    placed = t.fact("looked_after.placements")
    last = ibis.row_number().over(
        ibis.window(group_by="period_id", order_by=[placed.start.desc(), placed.record_id.desc()])
    )
    placed = (
        placed.mutate(last=last).filter(lambda p: p.last == 0).select(placed_period="period_id", last_group="group")
    )
    people = t.fact("people.person").select(who="person_id", birth="born")
    joined = rows.left_join(placed, rows.record_id == placed.placed_period).left_join(
        people, rows.person_id == people.who
    )
    return joined.mutate(age_at_end=dates.age(joined.birth, joined.end)).drop("placed_period", "who", "birth")
