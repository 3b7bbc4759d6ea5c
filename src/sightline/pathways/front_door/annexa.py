"""Contacts (list 1), referrals (list 3) and cases (list 6) in Annex A."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.db.models import Case as When_
from django.db.models import CharField, Count, DateField, Exists, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Greatest

from sightline.core.cases.models import Case
from sightline.engine.exchange.child import Child
from sightline.engine.exchange.cut import Cut
from sightline.engine.exchange.declarations import Builder, TableWriter, Told
from sightline.pathways.front_door.models import Contact, Referral
from sightline.returns.annexa.people import COVERS, HELD, WHO, WHO_AND_BY_WHOM, case_on, who, with_whom

CONTACTS, REFERRALS, CASES = "List 1", "List 3", "List 6"
CONTACTED, REFERRED, OPENED, CLOSED = "Date of Contact", "Date of referral", "CIN Start Date", "CIN Closure Date"
NEED, REASON, TURNED_AWAY = "Primary Need Code", "Reason for Closure", "Referral NFA?"
SERVICE = "social_care"
UNKNOWN_SOURCE, UNKNOWN_ISSUE = "10", "OTHER"
#: Case status, by what is open on the day of the return: the first that fits.
STREAMS = (
    ("a", "looked_after.PeriodOfCare"),
    ("b", "child_protection.Plan"),
    ("c", "child_in_need.Plan"),
)
ASSESSED, OVER = "d", "e"


def contacts(child: Child) -> None:
    """One contact for each row. What it was about is not said."""
    for number, row in enumerate(child.of(CONTACTS)):
        child.add(
            Contact,
            row,
            f"contact/{row[CONTACTED]}/{number}",
            contact_date=row[CONTACTED],
            source=_source(child, row["Contact Source"]),
            presenting_issue=UNKNOWN_ISSUE,
        )


def _source(child: Child, code: str | None) -> str:
    if code is None:
        child.note("sources that the lists name less closely than the record does: recorded as unknown")
    return code or UNKNOWN_SOURCE


def cases(child: Child) -> None:
    """The episodes of need, and the referrals, each with the case that was open on its day."""
    found = child.shared.setdefault(HELD, [])
    for row in child.of(CASES):
        case = child.add(
            Case,
            row,
            f"case/{row[OPENED]}",
            service=SERVICE,
            start_date=row[OPENED],
            end_date=row[CLOSED],
            closure_reason=row[REASON],
            primary_need=row[NEED] or "",
        )
        found.append(case)
    for number, row in enumerate(child.of(REFERRALS)):
        refused = row[TURNED_AWAY] == "1"
        child.add(
            Referral,
            row,
            f"referral/{row[REFERRED]}/{number}",
            case=None if refused else case_on(child, row[REFERRED]),
            referral_date=row[REFERRED],
            source=_source(child, row["Referral Source"]),
            no_further_action=refused,
        )


BUILDERS = (
    Builder(
        "annexa",
        (CONTACTS,),
        {Contact: ("person", "contact_date", "source", "presenting_issue")},
        contacts,
        covers=COVERS,
    ),
    Builder(
        "annexa",
        (CASES, REFERRALS),
        {
            Case: ("person", "service", "start_date", "end_date", "closure_reason", "primary_need"),
            Referral: ("person", "case", "referral_date", "source", "no_further_action"),
        },
        cases,
        order=10,
        covers=COVERS,
    ),
)


def _contacts(cut: Cut) -> Iterator[Told]:
    """Contacts of the six months."""
    rows = cut.rows(Contact).filter(cut.in_year("contact_date"))
    for row in cut.told(rows, "contact_date", "source", *WHO, order=("contact_date",)):
        yield Told(row["child"], who(cut, row) | {CONTACTED: row["contact_date"], "Contact Source": row["source"]})


def _referrals(cut: Cut) -> Iterator[Told]:
    """Referrals of the six months, with the number of others in the twelve months before each."""
    since = OuterRef("referral_date") - timedelta(days=365)
    before = cut.rows(Referral).filter(
        person=OuterRef("person"), referral_date__lt=OuterRef("referral_date"), referral_date__gte=since
    )
    counted = Subquery(before.order_by().values("person").annotate(found=Count("pk")).values("found"))
    rows = with_whom(cut, cut.rows(Referral).filter(cut.in_year("referral_date")).annotate(before=counted))
    stated = ("referral_date", "source", "no_further_action", "before")
    for row in cut.told(rows, *stated, *WHO_AND_BY_WHOM, order=("referral_date",)):
        values = {
            REFERRED: row["referral_date"],
            "Referral Source": row["source"],
            TURNED_AWAY: row["no_further_action"],
            "Number of Referrals in Last 12 Months": row["before"] or 0,
        }
        yield Told(row["child"], who(cut, row) | values)


def _on_the_day(cut: Cut, label: str) -> Exists:
    """Whether the child has an open spell of a kind on the day of the return."""
    spells = cut.rows(apps.get_model(label)).filter(person=OuterRef("person"), start_date__lte=cut.end)
    return Exists(spells.filter(Q(end_date=None) | Q(end_date__gt=cut.end)))


def _status(cut: Cut) -> When_:
    assessed = cut.rows(apps.get_model("assessment.Assessment")).filter(
        Q(authorised_date=None) | Q(authorised_date__gt=cut.end),
        case=OuterRef("pk"),
        start_date__lte=cut.end,
        cancelled_date=None,
    )
    return When_(
        When(end_date__lte=cut.end, then=Value(OVER)),
        *(When(_on_the_day(cut, label), then=Value(letter)) for letter, label in STREAMS),
        When(Exists(assessed), then=Value(ASSESSED)),
        default=Value(None),
        output_field=CharField(),
    )


def _seen(cut: Cut, label: str) -> Subquery:
    visits = cut.rows(apps.get_model(label)).filter(person=OuterRef("person"), seen=True, visit_date__lte=cut.end)
    return Subquery(visits.order_by("-visit_date").values("visit_date")[:1], output_field=DateField())


def _of_the_six_months(cut: Cut) -> QuerySet[Any]:
    """Cases that are open on the day of the return or closed in the six months up to it."""
    return cut.rows(Case).filter(cut.during_year(), service=SERVICE)


def _cases(cut: Cut) -> Iterator[Told]:
    seen = Greatest(
        _seen(cut, "child_in_need.Visit"), _seen(cut, "child_protection.Visit"), _seen(cut, "looked_after.CareVisit")
    )
    rows = with_whom(cut, _of_the_six_months(cut).annotate(status=_status(cut), last_seen=seen))
    stated = ("start_date", "end_date", "closure_reason", "primary_need", "status", "last_seen")
    for row in cut.told(rows, *stated, *WHO_AND_BY_WHOM, order=("start_date",)):
        closed = cut.by_then(row["end_date"])
        values = {
            OPENED: row["start_date"],
            NEED: row["primary_need"],
            "Date Child Was Last Seen": row["last_seen"],
            CLOSED: closed,
            REASON: row["closure_reason"] if closed else None,
            "Case Status": row["status"],
        }
        yield Told(row["child"], who(cut, row) | values)


WRITERS = (
    TableWriter("annexa", CONTACTS, _contacts),
    TableWriter("annexa", REFERRALS, _referrals),
    TableWriter("annexa", CASES, _cases),
)
