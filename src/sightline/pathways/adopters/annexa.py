"""Prospective adopters (list 11) in Annex A. They go by a reference of their own, which may be that of a child as well."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q

from sightline.core.people.models import Identifier, Person
from sightline.engine.exchange.child import Child
from sightline.engine.exchange.cut import ADOPTER_SCHEME, Cut
from sightline.engine.exchange.declarations import Builder, TableWriter, Told
from sightline.pathways.adopters.models import ProspectiveAdopter
from sightline.returns.annexa.people import COVERS
from sightline.returns.annexa.tables import ADOPTER
from sightline.standards.dates import add_months

TABLE = "List 11"
#: The column of each day.
MILESTONES = {
    "enquiry_date": "Date enquiry received",
    "stage_1_start_date": "Date Stage 1 started",
    "stage_1_end_date": "Date Stage 1 ended",
    "stage_2_start_date": "Date Stage 2 started",
    "stage_2_end_date": "Date Stage 2 ended",
    "application_date": "Date application submitted",
    "approved_date": "Date application approved",
    "matched_date": "Date adopter matched with child(ren)",
    "placed_date": "Date child/children placed with adopter(s)",
    "order_date": "Date of Adoption Order",
    "left_date": "Date of leaving adoption process",
}
FACTS = {
    "family_reference": "Family identifier",
    "disabled": "Disability",
    "fosters_for_adoption": "Is the (prospective) adopter fostering for adoption?",
    "children_placed": "No. of children placed",
    "left_reason": "Reason for leaving adoption process",
}
#: What is true only once the day is there.
WITH = {"children_placed": "placed_date", "left_reason": "left_date"}


def adopters(child: Child) -> None:
    """The adopter, and one record for each row."""
    for row in child.of(TABLE):
        if child.person is None:
            child.note("prospective adopters, who are counted among the children")
            child.person = child.add(Person, row, "", birth_date=None, sex=row["Gender"], ethnicity=row["Ethnicity"])
            child.add(Identifier, row, f"identifier/{ADOPTER_SCHEME}", scheme=ADOPTER_SCHEME, value=row[ADOPTER])
        values = {name: row[column] for name, column in {**MILESTONES, **FACTS}.items()}
        placed = values["children_placed"]
        values["children_placed"] = None if placed is None else int(placed)
        child.add(ProspectiveAdopter, row, f"adopter/{row[MILESTONES['enquiry_date']]}", **values)


BUILDERS = (
    Builder(
        "annexa",
        (TABLE,),
        {
            Person: ("birth_date", "sex", "ethnicity"),
            Identifier: ("person", "scheme", "value"),
            ProspectiveAdopter: ("person", *MILESTONES, *FACTS),
        },
        adopters,
        order=1,
        covers=COVERS,
    ),
)


def _adopters(cut: Cut) -> Iterator[Told]:
    """Those who asked by the day of the return, and did not leave or adopt before the twelve months up to it."""
    since = add_months(cut.end, -12)
    rows = cut.rows(ProspectiveAdopter).filter(
        Q(order_date=None) | Q(order_date__gt=since),
        Q(left_date=None) | Q(left_date__gt=since),
        enquiry_date__lte=cut.end,
    )
    rows = rows.annotate(own=cut.identifier(ADOPTER_SCHEME))
    stated = (*MILESTONES, *FACTS, "own", "person__sex", "person__ethnicity")
    for row in cut.told(rows, *stated, order=("enquiry_date",)):
        days = {name: cut.by_then(row[name]) for name in MILESTONES}
        facts = {name: row[name] if days.get(WITH.get(name, ""), True) else None for name in FACTS}
        values = {
            ADOPTER: row["own"] or row["reference"],
            "Gender": row["person__sex"],
            "Ethnicity": row["person__ethnicity"],
        }
        values |= {column: days[name] for name, column in MILESTONES.items()}
        yield Told(row["child"], values | {column: facts[name] for name, column in FACTS.items()})


WRITERS = (TableWriter("annexa", TABLE, _adopters),)
