"""Contacts and referrals in the Standard Safeguarding Dataset. An accepted referral is the episode of need, which is the case.

The table of episodes has a row for each case, and one for each referral that led to none; a letter before the number of the record tells them apart.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from sightline.core.cases.models import Case
from sightline.engine.exchange.child import Child, Row
from sightline.engine.exchange.cut import Cut
from sightline.engine.exchange.declarations import Builder, Cohort, TableWriter, Told
from sightline.engine.exchange.mapped import Mapped, ids, key_of, parts_of
from sightline.pathways.front_door.models import Contact, Referral
from sightline.returns.ssd.tables import OF_CASE, OF_REFERRAL, TABLE

SERVICE = "social_care"
UNKNOWN_SOURCE, UNKNOWN_ISSUE = "10", "OTHER"
EPISODES = TABLE["ssd_cin_episodes"]


def _issue(child: Child, _row: Row) -> dict[str, Any]:
    child.note("contacts: the dataset does not say what they were about, recorded as other")
    return {"presenting_issue": UNKNOWN_ISSUE}


CONTACTS = Mapped(
    TABLE["ssd_contacts"],
    Contact,
    fields={"contact_date": "cont_contact_date", "source": "cont_contact_source_code"},
    states=("presenting_issue",),
    finds=_issue,
    start="contact_date",
)


def referrals(child: Child) -> None:
    """A referral for every row, and a case unless no further action was taken."""
    for row in child.of(EPISODES.name):
        need, parts = row["cine_cin_primary_need_code"] or "", parts_of(row, EPISODES)
        case = None
        if not row["cine_referral_nfa"]:
            case = child.add(
                Case,
                row,
                parts,
                service=SERVICE,
                start_date=row["cine_referral_date"],
                end_date=row["cine_close_date"],
                closure_reason=row["cine_close_reason"],
                primary_need=need,
            )
            child.shared[key_of(row, EPISODES)] = case
        elif row["cine_close_date"]:
            child.note("referrals with no further action that give a closure: recorded without a case, so without it")
        child.add(
            Referral,
            row,
            f"{parts}/referral",
            case=case,
            referral_date=row["cine_referral_date"],
            source=row["cine_referral_source_code"] or UNKNOWN_SOURCE,
            primary_need=need,
            no_further_action=row["cine_referral_nfa"] or False,
        )


BUILDERS = (
    CONTACTS.builder(),
    Builder(
        "ssd",
        (EPISODES.name,),
        {
            Case: ("person", "service", "start_date", "end_date", "closure_reason", "primary_need"),
            Referral: ("person", "case", "referral_date", "source", "primary_need", "no_further_action"),
        },
        referrals,
        order=10,
    ),
)


def _cases(cut: Cut) -> QuerySet[Any]:
    return cut.rows(Case).filter(service=SERVICE, start_date__lte=cut.end)


def _turned_away(cut: Cut) -> QuerySet[Any]:
    return cut.rows(Referral).filter(case=None, no_further_action=True, referral_date__lte=cut.end)


def _episodes(cut: Cut) -> Iterator[Told]:
    first = cut.rows(Referral).filter(case=OuterRef("pk")).order_by("referral_date", "pk")
    cases = _cases(cut).annotate(source=Subquery(first.values("source")[:1]))
    stated = ("pk", "start_date", "end_date", "closure_reason", "primary_need", "source")
    for row in cut.told(cases, *stated, order=("start_date",)):
        closed = cut.by_then(row["end_date"])
        values = {
            "cine_referral_date": row["start_date"],
            "cine_cin_primary_need_code": row["primary_need"],
            "cine_referral_source_code": row["source"] or UNKNOWN_SOURCE,
            "cine_referral_nfa": False,
            "cine_close_date": closed,
            "cine_close_reason": row["closure_reason"] if closed else None,
        }
        yield Told(row["child"], values | ids(EPISODES, row, OF_CASE))
    for row in cut.told(_turned_away(cut), "pk", "referral_date", "source", "primary_need", order=("referral_date",)):
        values = {
            "cine_referral_date": row["referral_date"],
            "cine_cin_primary_need_code": row["primary_need"],
            "cine_referral_source_code": row["source"],
            "cine_referral_nfa": True,
        }
        yield Told(row["child"], values | ids(EPISODES, row, OF_REFERRAL))


COHORTS = (
    Cohort("ssd", lambda cut: _cases(cut).values("person")),
    Cohort("ssd", lambda cut: _turned_away(cut).values("person")),
    Cohort("ssd", lambda cut: cut.rows(Contact).filter(contact_date__lte=cut.end).values("person")),
)
WRITERS = (CONTACTS.writer(), TableWriter("ssd", EPISODES.name, _episodes))
