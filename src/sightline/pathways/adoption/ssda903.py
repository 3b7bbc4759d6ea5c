"""Adoption in the SSDA903 return.

A plan for adoption comes in three places: the decision that the child should be placed, and its reversal (placed_for_adoption); the adopters
and the match of a child who was adopted (ad1, which repeats the decision as DATE_INT); and the episodes, which say when the placement order was
made (legal status E1), when the child moved in (A3 to A6) and when the adoption order was made (REC E11 or E12).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from django.apps import apps
from django.db.models import Q, QuerySet

from sightline.engine.exchange.child import Child, Row
from sightline.engine.exchange.cut import Cut
from sightline.engine.exchange.declarations import Builder, TableWriter, Told
from sightline.pathways.adoption.models import AdoptionPlan

PLACED = ("A3", "A4", "A5", "A6")
ADOPTED = ("E11", "E12")
PLACEMENT_ORDER = "E1"


def plans(child: Child) -> None:
    """One plan for each decision. The adoption belongs to the decision that it names, or else to the last."""
    decisions = sorted(child.of("PlacedAdoption"), key=lambda row: str(row["DATE_PLACED"]))
    adoption = child.only("AD1")
    named = [row for row in decisions if adoption and row["DATE_PLACED"] == adoption["DATE_INT"]]
    sources = decisions or ([adoption] if adoption else [])
    for row in sources:
        decided = row["DATE_PLACED"] or row["DATE_INT"]
        until = row["DATE_PLACED_CEASED"] or "9999"
        adopters = adoption if row is (named or sources)[-1] else None
        child.add(
            AdoptionPlan,
            row,
            f"adoption/{decided}",
            decision_date=decided,
            care_start_date=_care_start(child, decided),
            placement_order_date=_first(child, "DECOM", decided, until, LS=(PLACEMENT_ORDER,)),
            placed_date=_first(child, "DECOM", decided, until, PLACE=PLACED),
            order_date=_first(child, "DEC", decided, until, REC=ADOPTED),
            reversed_date=row["DATE_PLACED_CEASED"],
            reversed_reason=row["REASON_PLACED_CEASED"],
            matched_date=adopters and adopters["DATE_MATCH"],
            adopted_by_carer=adopters and adopters["FOSTER_CARE"],
            adopters=adopters and adopters["NB_ADOPTR"],
            adopters_sex=adopters and adopters["SEX_ADOPTR"],
            adopters_status=adopters and adopters["LS_ADOPTR"],
        )


def _care_start(child: Child, decided: str) -> str | None:
    """The start of the period of care in which the plan was made."""
    starts = [made.fields["start_date"] for _run, made in child.shared.get("periods", [])]
    return max((start for start in starts if start <= decided), default=None)


def _first(child: Child, date: str, since: str, until: str, **wanted: tuple[str, ...]) -> str | None:
    """The first date of an episode, between two dates, that has one of the wanted codes."""

    def fits(row: Row) -> bool:
        return since <= (row[date] or "") <= until and all(row[name] in codes for name, codes in wanted.items())

    return min((row[date] for row in child.of("Episodes") if fits(row)), default=None)


BUILDERS = (
    Builder(
        "ssda903",
        ("PlacedAdoption", "AD1"),
        {
            AdoptionPlan: (
                "person",
                "care_start_date",
                "decision_date",
                "placement_order_date",
                "matched_date",
                "placed_date",
                "order_date",
                "reversed_date",
                "reversed_reason",
                "adopted_by_carer",
                "adopters",
                "adopters_sex",
                "adopters_status",
            )
        },
        plans,
        order=20,
    ),
)


def _of_looked_after_children(cut: Cut) -> QuerySet[Any]:
    """Plans of children looked after on any day of the year."""
    episodes = cut.rows(apps.get_model("looked_after.Episode")).filter(cut.during_year())
    return cut.rows(AdoptionPlan).filter(person__in=episodes.values("person"))


def _decision_rows(cut: Cut) -> Iterator[Told]:
    """Decisions that stood on any day of the year, with their reversal in it."""
    stood = Q(order_date=None) | Q(order_date__gte=cut.start)
    plans = _of_looked_after_children(cut).filter(
        stood, cut.during_year(start="decision_date", end="reversed_date"), decision_date__isnull=False
    )
    stated = ("decision_date", "reversed_date", "reversed_reason", "person__birth_date")
    for row in cut.told(plans, *stated, order=("decision_date",)):
        reversed_ = cut.by_then(row["reversed_date"])
        yield Told(
            row["child"],
            {
                "CHILD": row["reference"],
                "DOB": row["person__birth_date"],
                "DATE_PLACED": row["decision_date"],
                "DATE_PLACED_CEASED": reversed_,
                "REASON_PLACED_CEASED": row["reversed_reason"] if reversed_ else None,
            },
        )


def _adoption_rows(cut: Cut) -> Iterator[Told]:
    """Children adopted in the year, once each."""
    plans = _of_looked_after_children(cut).filter(cut.in_year("order_date"))
    adopters = ("adopted_by_carer", "adopters", "adopters_sex", "adopters_status")
    rows = cut.told(plans, "decision_date", "matched_date", *adopters, "person__birth_date", order=("order_date",))
    for child, found in groupby(rows, key=lambda row: row["child"]):
        *_earlier, row = found
        yield Told(
            child,
            {
                "CHILD": child[0],
                "DOB": row["person__birth_date"],
                "DATE_INT": row["decision_date"],
                "DATE_MATCH": row["matched_date"],
                "FOSTER_CARE": row["adopted_by_carer"],
                "NB_ADOPTR": row["adopters"],
                "SEX_ADOPTR": row["adopters_sex"],
                "LS_ADOPTR": row["adopters_status"],
            },
        )


WRITERS = (
    TableWriter("ssda903", "PlacedAdoption", _decision_rows),
    TableWriter("ssda903", "AD1", _adoption_rows),
)
