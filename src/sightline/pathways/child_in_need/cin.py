"""Child in need plans in the children in need census, which asks for them from 2021-22."""

from __future__ import annotations

from collections.abc import Iterator

from sightline.engine.exchange.child import Child
from sightline.engine.exchange.cut import Cut
from sightline.engine.exchange.declarations import Builder, TableWriter, Told
from sightline.pathways.child_in_need.models import Plan


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


def _plans(cut: Cut) -> Iterator[Told]:
    """Plans that ran on any day of the year."""
    plans = cut.rows(Plan).filter(cut.during_year())
    for row in cut.told(plans, "case_id", "start_date", "end_date", order=("start_date",)):
        values = {"CINPlanStartDate": row["start_date"], "CINPlanEndDate": cut.by_then(row["end_date"])}
        yield Told(row["child"], values, within=row["case_id"])


WRITERS = (TableWriter("cin", "CINPlanDates", _plans),)
