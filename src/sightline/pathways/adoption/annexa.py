"""Plans for adoption (list 10) in Annex A."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q

from sightline.engine.exchange.child import Child
from sightline.engine.exchange.cut import Cut
from sightline.engine.exchange.declarations import Builder, TableWriter, Told
from sightline.pathways.adoption.models import AdoptionPlan
from sightline.returns.annexa.people import COVERS, WHO_AND_BY_WHOM, who, with_whom
from sightline.standards.dates import add_months

TABLE = "List 10"
#: The column of each milestone.
MILESTONES = {
    "care_start_date": "Date the Child Entered Care",
    "decision_date": "Date of Decision that Child Should be Placed for Adoption",
    "placement_order_date": "Date of Placement Order",
    "matched_date": "Date of Matching Child and Prospective Adopters",
    "placed_date": "Date Placed for Adoption",
    "order_date": "Date of Adoption Order",
    "reversed_date": "Date of Decision that Child Should No Longer be Placed for Adoption",
    "foster_for_adoption_date": "Date the child was placed for fostering in FFA or concurrent planning placement",
}
REVERSED_BECAUSE = "Reason Why Child No Longer Placed for Adoption"


def plans(child: Child) -> None:
    """One plan for each row."""
    for number, row in enumerate(child.of(TABLE)):
        values = {name: row[column] for name, column in MILESTONES.items()}
        parts = f"adoption/{values['decision_date'] or number}"
        child.add(AdoptionPlan, row, parts, **values, reversed_reason=row[REVERSED_BECAUSE])


BUILDERS = (
    Builder(
        "annexa",
        (TABLE,),
        {AdoptionPlan: ("person", *MILESTONES, "reversed_reason")},
        plans,
        covers=COVERS,
    ),
)


def _plans(cut: Cut) -> Iterator[Told]:
    """Plans decided by the day of the return that did not end, by an order or by a reversal, before the twelve months up to it."""
    since = add_months(cut.end, -12)
    rows = cut.rows(AdoptionPlan).filter(
        Q(order_date=None) | Q(order_date__gt=since),
        Q(reversed_date=None) | Q(reversed_date__gt=since),
        decision_date__lte=cut.end,
    )
    stated = (*MILESTONES, "reversed_reason")
    for row in cut.told(with_whom(cut, rows), *stated, *WHO_AND_BY_WHOM, order=("decision_date",)):
        values = {column: cut.by_then(row[name]) for name, column in MILESTONES.items()}
        values[REVERSED_BECAUSE] = row["reversed_reason"] if values[MILESTONES["reversed_date"]] else None
        yield Told(row["child"], who(cut, row) | values)


WRITERS = (TableWriter("annexa", TABLE, _plans),)
