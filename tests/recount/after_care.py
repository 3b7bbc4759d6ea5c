"""What stands beside care and follows it: leaving care at 18, adoption, care proceedings, the disability service."""

from __future__ import annotations

from collections.abc import Iterator

from sightline.standards import groups

from .counting import Line, Recount, View, age, is_open, recounts
from .looked_after import care, looked_after
from .reader import Row


@recounts("careleavers.open")
def care_leavers(view: View) -> Iterator[Line]:
    for row in view.own("leaving_care_careleaver"):
        if is_open(row, view.last_day):
            by = {"eligibility": row["eligibility"]}
            yield Line(row, view.last_day, person=row["person_id"], categories=by)


def _left_foster_care_at_18(view: View) -> Iterator[tuple[Row, bool]]:
    for row in care(view):
        if not view.inside(row["end_date"]) or (age(view.tables, row["person_id"], row["end_date"]) or 0) < 18:
            continue
        held = view.tables.by("looked_after_placement", "period_id", row["id"])
        last = max(held, key=lambda placement: placement["start_date"], default=None)
        if last is not None and groups.placement_group(last["placement_type"]) == "FOSTER":
            yield row, any(is_open(stay, row["end_date"]) for stay in view.of("leaving_care_stayingput", row))


@recounts("careleavers.staying_put")
def staying_put(view: View) -> Iterator[Line]:
    for row, stayed in _left_foster_care_at_18(view):
        if stayed:
            yield Line(row, row["end_date"], person=row["person_id"])


@recounts("careleavers.staying_put.share")
def staying_put_share(view: View) -> Iterator[Line]:
    for row, stayed in _left_foster_care_at_18(view):
        yield Line(row, row["end_date"], hit=stayed, person=row["person_id"])


@recounts("adoption.wait_days")
def adoption_wait(view: View) -> Iterator[Line]:
    for row in view.own("adoption_adoptionplan"):
        if view.inside(row["order_date"]):
            known = row["placed_date"] is not None and row["care_start_date"] is not None
            days = (row["placed_date"] - row["care_start_date"]).days if known else None
            yield Line(row, row["order_date"], value=days, person=row["person_id"])


@recounts("court.orders")
def orders(view: View) -> Iterator[Line]:
    for row in view.own("court_order"):
        if view.inside(row["order_date"]) and row["order"] != "NONE":
            yield Line(row, row["order_date"], person=row["person_id"], categories={"order": row["order"]})


def _orders_of(kind: str) -> Recount:
    def count(view: View) -> Iterator[Line]:
        for row in view.own("court_order"):
            if view.inside(row["order_date"]) and row["order"] != "NONE":
                yield Line(row, row["order_date"], hit=row["order"] == kind, person=row["person_id"])

    return count


recounts("court.orders.interim.pct")(_orders_of("ICO"))
recounts("court.orders.full.pct")(_orders_of("CO"))
recounts("court.orders.placement.pct")(_orders_of("PO"))


@recounts("court.duration_weeks")
def duration(view: View) -> Iterator[Line]:
    for row in view.own("court_application"):
        if view.inside(row["final_order_date"]):
            yield Line(row, row["final_order_date"], value=(row["final_order_date"] - row["issue_date"]).days / 7)


@recounts("cwd.open")
def disability_service(view: View) -> Iterator[Line]:
    for row in view.own("disability_servicespell"):
        if is_open(row, view.last_day):
            yield Line(row, view.last_day, person=row["person_id"])


@recounts("cwd.lac")
def disability_service_looked_after(view: View) -> Iterator[Line]:
    for row in view.own("disability_servicespell"):
        if is_open(row, view.last_day) and looked_after(view, row["person_id"], view.last_day):
            yield Line(row, view.last_day, person=row["person_id"])
