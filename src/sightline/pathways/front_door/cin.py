"""Referrals in the children in need census. An accepted referral is the episode of need, which is the case."""

from __future__ import annotations

from collections.abc import Iterator
from heapq import merge
from typing import Any

from django.apps import apps
from django.db.models import Min, OuterRef, QuerySet, Subquery

from sightline.core.cases.models import Case
from sightline.engine.exchange.child import Child
from sightline.engine.exchange.cut import Cut
from sightline.engine.exchange.declarations import Builder, Cohort, TableWriter, Told
from sightline.pathways.front_door.models import Referral

SERVICE = "social_care"
UNKNOWN_SOURCE = "10"


def referrals(child: Child) -> None:
    """A referral for every block, and a case unless no further action was taken: then there is nothing that opened."""
    for row in child.of("CINdetails"):
        case = None
        if not row["ReferralNFA"]:
            case = child.add(
                Case,
                row,
                f"case/{row['CINreferralDate']}",
                service=SERVICE,
                start_date=row["CINreferralDate"],
                end_date=row["CINclosureDate"],
                closure_reason=row["ReasonForClosure"],
                primary_need=row["PrimaryNeedCode"],
            )
            child.shared["case", row] = case
        elif row["CINclosureDate"]:
            child.note(
                "referrals with no further action that give a closure: recorded without a case, so without its closure"
            )
        child.add(
            Referral,
            row,
            f"referral/{row['CINreferralDate']}",
            case=case,
            referral_date=row["CINreferralDate"],
            source=row["ReferralSource"],
            primary_need=row["PrimaryNeedCode"],
            no_further_action=row["ReferralNFA"],
        )


BUILDERS = (
    Builder(
        "cin",
        ("CINdetails",),
        {
            Case: ("person", "service", "start_date", "end_date", "closure_reason", "primary_need"),
            Referral: ("person", "case", "referral_date", "source", "primary_need", "no_further_action"),
        },
        referrals,
        order=10,
    ),
)


def _cases(cut: Cut) -> QuerySet[Any]:
    """Episodes of need that were open on any day of the year."""
    return cut.rows(Case).filter(cut.during_year(), service=SERVICE)


def _turned_away(cut: Cut) -> QuerySet[Any]:
    """Referrals of the year on which no further action was taken."""
    return cut.rows(Referral).filter(cut.in_year("referral_date"), case=None, no_further_action=True)


def _in_need(cut: Cut) -> QuerySet[Any, Any]:
    return _cases(cut).values("person")


def _referred(cut: Cut) -> QuerySet[Any, Any]:
    return _turned_away(cut).values("person")


def _details(cut: Cut) -> Iterator[Told]:
    """Episodes of need and referrals that led to none, each child's by their date."""
    opened, turned_away = _opened(cut), _refused(cut)
    yield from merge(opened, turned_away, key=lambda told: (told.child, told.values["CINreferralDate"]))


def _opened(cut: Cut) -> Iterator[Told]:
    first = cut.rows(Referral).filter(case=OuterRef("pk")).order_by("referral_date", "pk")
    cases = _cases(cut).annotate(source=Subquery(first.values("source")[:1]), conference=_conference(cut))
    stated = ("pk", "start_date", "end_date", "closure_reason", "primary_need", "source", "conference")
    for row in cut.told(cases, *stated, order=("start_date",)):
        if row["source"] is None:
            cut.note("episodes of need have no referral on record: their source is written as unknown")
        closed = cut.by_then(row["end_date"])
        values = {
            "CINreferralDate": row["start_date"],
            "ReferralSource": row["source"] or UNKNOWN_SOURCE,
            "PrimaryNeedCode": row["primary_need"],
            "CINclosureDate": closed,
            "ReasonForClosure": row["closure_reason"] if closed else None,
            "DateOfInitialCPC": row["conference"],
            "ReferralNFA": False,
        }
        yield Told(row["child"], values, key=row["pk"])


def _conference(cut: Cut) -> Subquery:
    """The conference of the year about a child who came here on a plan: it followed no enquiry of this case (CIN guide s4.8)."""
    presented = cut.rows(apps.get_model("child_protection.ConferenceChild")).filter(
        cut.in_year("conference__conference_date"),
        conference__kind__in=("ICPC", "TRANSFER_IN"),
        section47=None,
        plan__case=OuterRef("pk"),
    )
    first = presented.order_by().values("plan__case").annotate(first=Min("conference__conference_date"))
    return Subquery(first.values("first"))


def _refused(cut: Cut) -> Iterator[Told]:
    stated = ("pk", "referral_date", "source", "primary_need")
    for row in cut.told(_turned_away(cut), *stated, order=("referral_date",)):
        values = {
            "CINreferralDate": row["referral_date"],
            "ReferralSource": row["source"],
            "PrimaryNeedCode": row["primary_need"],
            "ReferralNFA": True,
        }
        yield Told(row["child"], values)


COHORTS = (Cohort("cin", _in_need), Cohort("cin", _referred))
WRITERS = (TableWriter("cin", "CINdetails", _details),)
