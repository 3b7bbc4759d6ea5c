"""Child in need plans in the children in need census, which asks for them from 2021-22."""

from __future__ import annotations

from sightline.engine.exchange.child import Child
from sightline.engine.exchange.declarations import Builder, Table, day
from sightline.pathways.child_in_need.models import Plan

TABLES = (
    Table(
        "cin",
        "CINPlanDates",
        columns=(day("CINPlanStartDate", required=True), day("CINPlanEndDate")),
        within="CINdetails",
        since=2022,
    ),
)


def plans(child: Child) -> None:
    """One plan for each block."""
    for row in child.of("CINPlanDates"):
        case = child.shared.get(("case", row.parent))
        if case is None:
            child.fault(row, "a child in need plan on a referral with no further action: there is no case to hold it")
            continue
        start = row["CINPlanStartDate"]
        child.add(Plan, row, f"cin-plan/{start}", case=case, start_date=start, end_date=row["CINPlanEndDate"])


BUILDERS = (Builder("cin", ("CINPlanDates",), {Plan: ("person", "case", "start_date", "end_date")}, plans),)
