"""Enquiries, conferences, plans and their reviews in the children in need census."""

from __future__ import annotations

from sightline.engine.exchange.child import Child, Draft, Row
from sightline.engine.exchange.declarations import Builder, Table, code, day, flag, whole
from sightline.pathways.child_protection.models import Conference, ConferenceChild, Plan, Section47

TABLES = (
    Table(
        "cin",
        "Section47",
        columns=(
            day("S47ActualStartDate", required=True),
            day("InitialCPCtarget", future=True),
            day("DateOfInitialCPC"),
            flag("ICPCnotRequired", required=True),
        ),
        within="CINdetails",
    ),
    Table(
        "cin",
        "ChildProtectionPlans",
        columns=(
            day("CPPstartDate", required=True),
            day("CPPendDate"),
            code("InitialCategoryOfAbuse", "cp_category_of_abuse", at="CPPstartDate", required=True),
            code("LatestCategoryOfAbuse", "cp_category_of_abuse", at="CPPstartDate", required=True),
            whole("NumberOfPreviousCPP", required=True),
        ),
        within="CINdetails",
        containers=("Reviews",),
    ),
    Table(
        "cin", "CPPreviewDate", columns=(day("CPPreviewDate", required=True),), within="ChildProtectionPlans", leaf=True
    ),
)


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
            Section47: ("person", "case", "start_date", "conference_not_required"),
            Plan: (
                "person",
                "case",
                "start_date",
                "end_date",
                "initial_category",
                "latest_category",
                "declared_previous_plans",
            ),
            Conference: ("kind", "conference_date"),
            ConferenceChild: ("person", "conference", "section47", "plan"),
        },
        protection,
    ),
)
