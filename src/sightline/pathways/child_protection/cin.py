"""Enquiries, conferences, plans and their reviews in the children in need census."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Count, Min, OuterRef, QuerySet, Subquery

from sightline.engine.exchange.child import Child, Draft, Row
from sightline.engine.exchange.cut import Cut
from sightline.engine.exchange.declarations import Builder, TableWriter, Told
from sightline.pathways.child_protection import stated
from sightline.pathways.child_protection.models import Conference, ConferenceChild, Plan, Section47
from sightline.standards.clocks import clock, due_date

CONFERENCE_CLOCK = "ICPC-15"


class _Conferences:
    """The conferences of one child. The census does not say which children met together, so each child has its own."""

    def __init__(self, child: Child) -> None:
        self._child = child
        self._made: dict[str, Draft] = {}

    def add(self, row: Row, kind: str, day: str, *, section47: Draft | None = None, plan: Draft | None = None) -> bool:
        """Adds the child's conference of a kind on a day; False when it is there already."""
        parts = f"conference/{kind}/{day}"
        if parts in self._made:
            return False
        conference = self._child.add(Conference, row, parts, kind=kind, conference_date=day)
        self._made[parts] = conference
        self._child.add(ConferenceChild, row, parts, conference=conference, section47=section47, plan=plan)
        return True


def protection(child: Child) -> None:
    """Plans first, since conferences refer to them."""
    plans = _plans(child)
    started = {draft.fields["start_date"]: draft for draft in plans.values()}
    conferences = _Conferences(child)
    dates: dict[Row | None, set[str]] = {}
    for row in child.of("Section47"):
        enquiry = _enquiry(child, row)
        day = row["DateOfInitialCPC"]
        if enquiry is not None and day:
            dates.setdefault(row.parent, set()).add(day)
            conferences.add(row, "ICPC", day, section47=enquiry, plan=started.get(day))
    for row in child.of("CINdetails"):
        # On the episode the date says that the child moved in on a plan: the conference followed no enquiry here (CIN guide s4.8).
        day = row["DateOfInitialCPC"]
        if day and day not in dates.get(row, ()):
            conferences.add(row, "TRANSFER_IN", day, plan=started.get(day))
            child.note(
                "conferences are dated on the referral and on none of its section 47 enquiries: recorded as transfers-in,"
                " and not among initial conferences"
            )
    for row in child.of("CPPreviewDate"):
        if row.parent in plans and not conferences.add(row, "RCPC", row["CPPreviewDate"], plan=plans[row.parent]):
            child.fault(row, "the same review appears twice")


def _enquiry(child: Child, row: Row) -> Draft | None:
    case = child.shared.get(("case", row.parent))
    if case is None:
        child.fault(row, "an enquiry on a referral with no further action: there is no case to hold it")
        return None
    start = row["S47ActualStartDate"]
    referred = row.parent["CINreferralDate"] if row.parent else ""
    return child.add(
        Section47,
        row,
        f"s47/{referred}/{start}",
        case=case,
        start_date=start,
        conference_not_required=row["ICPCnotRequired"],
    )


def _plans(child: Child) -> dict[Row | None, Draft]:
    made: dict[Row | None, Draft] = {}
    for row in child.of("ChildProtectionPlans"):
        case = child.shared.get(("case", row.parent))
        if case is None:
            child.fault(
                row, "a child protection plan on a referral with no further action: there is no case to hold it"
            )
            continue
        made[row] = child.add(
            Plan,
            row,
            f"cp-plan/{row['CPPstartDate']}",
            case=case,
            start_date=row["CPPstartDate"],
            end_date=row["CPPendDate"],
            initial_category=row["InitialCategoryOfAbuse"],
            latest_category=row["LatestCategoryOfAbuse"],
            declared_previous_plans=row["NumberOfPreviousCPP"],
        )
    return made


BUILDERS = (
    Builder(
        "cin",
        ("Section47", "ChildProtectionPlans", "CPPreviewDate"),
        {
            Section47: stated.ENQUIRY,
            Plan: stated.PLAN,
            Conference: ("kind", "conference_date"),
            ConferenceChild: ("person", "conference", "section47", "plan"),
        },
        protection,
    ),
)


def _enquiries(cut: Cut) -> Iterator[Told]:
    """Enquiries that began in the year, and earlier ones whose conference was held in it (CIN guide 2023-24 s4.12)."""
    held = cut.rows(ConferenceChild).filter(conference__kind="ICPC", section47=OuterRef("pk"))
    first = held.order_by().values("section47").annotate(first=Min("conference__conference_date")).values("first")
    rows = cut.rows(Section47).annotate(conference=Subquery(first))
    chosen = rows.filter(cut.in_year("start_date") | cut.in_year("conference"), start_date__lte=cut.end)
    stated = ("case_id", "start_date", "conference_not_required", "conference")
    for row in cut.told(chosen, *stated, order=("start_date",)):
        values = {
            "S47ActualStartDate": row["start_date"],
            "InitialCPCtarget": None if row["conference_not_required"] else _target(row["start_date"]),
            "DateOfInitialCPC": cut.by_then(row["conference"]),
            "ICPCnotRequired": row["conference_not_required"],
        }
        yield Told(row["child"], values, within=row["case_id"])


def _target(start: date) -> date:
    """The day by which the conference is due, counted from the strategy discussion that the enquiry began with."""
    return due_date(clock(CONFERENCE_CLOCK, start), start)


def _running(cut: Cut) -> QuerySet[Any]:
    """Plans that ran on any day of the year."""
    return cut.rows(Plan).filter(cut.during_year())


def _protection_plans(cut: Cut) -> Iterator[Told]:
    before = cut.rows(Plan).filter(person=OuterRef("person"), start_date__lt=OuterRef("start_date"))
    counted = Subquery(before.order_by().values("person").annotate(found=Count("pk")).values("found"))
    stated = ("pk", "case_id", "start_date", "end_date", "initial_category", "latest_category")
    plans = _running(cut).annotate(before=counted)
    for row in cut.told(plans, *stated, "declared_previous_plans", "before", order=("start_date",)):
        declared = row["declared_previous_plans"]
        values = {
            "CPPstartDate": row["start_date"],
            "CPPendDate": cut.by_then(row["end_date"]),
            "InitialCategoryOfAbuse": row["initial_category"],
            "LatestCategoryOfAbuse": row["latest_category"],
            "NumberOfPreviousCPP": row["before"] or 0 if declared is None else declared,
        }
        yield Told(row["child"], values, key=row["pk"], within=row["case_id"])


def _plan_reviews(cut: Cut) -> Iterator[Told]:
    """The days in the year on which a plan was reviewed."""
    reviews = cut.rows(ConferenceChild).filter(
        cut.in_year("conference__conference_date"), conference__kind="RCPC", plan__in=_running(cut).values("pk")
    )
    seen: tuple[Any, ...] = ()
    for row in cut.told(reviews, "plan_id", "conference__conference_date", order=("conference__conference_date",)):
        day = row["conference__conference_date"]
        if (row["child"], day) != seen:
            yield Told(row["child"], {"CPPreviewDate": day}, within=row["plan_id"])
        seen = row["child"], day


WRITERS = (
    TableWriter("cin", "Section47", _enquiries),
    TableWriter("cin", "ChildProtectionPlans", _protection_plans),
    TableWriter("cin", "CPPreviewDate", _plan_reviews),
)
