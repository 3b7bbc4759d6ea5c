"""Who a child is in Annex A, where every list says it again; and what every list tells of a child beside its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Subquery

from sightline.core.cases.models import Allocation
from sightline.core.people.models import Disability, Identifier, Person
from sightline.engine.exchange.child import Child, Draft
from sightline.engine.exchange.cut import LOCAL, Cut
from sightline.engine.exchange.declarations import Builder
from sightline.returns.annexa.tables import BORN, CHILD
from sightline.standards.dates import age_on

#: What the record says of a child that every list tells, as fields of a row that links to the child.
WHO = ("person__sex", "person__ethnicity", "person__birth_date", "person__expected_birth_date")
WHO_AND_BY_WHOM = (*WHO, "disabled", "held_by_team", "held_by_worker")
#: Where the builder of list 6 leaves a child's cases for the others.
HELD = "cases"
#: A builder's streams: lists reach back six months and say less than any stream asks, so no figure is claimed from them.
COVERS = ("annex_a",)


def person(child: Child) -> None:
    """The child, as all rows together tell: two dates of birth are a fault, two sexes or ethnicities a note."""
    first = child.rows[0]
    if not first[CHILD]:
        return  # An adopter, whose list has a builder of its own.
    told: dict[str, Any] = {}
    for column in (BORN, "Gender", "Ethnicity"):
        values = [row for row in child.rows if row[column] is not None]
        told[column] = values[0][column] if values else None
        for row in values[1:]:
            if row[column] == told[column]:
                continue
            if column == BORN:
                child.fault(row, f"{BORN} differs from the child's first row")
            else:
                child.note(f"children whose lists differ in {column}: the first list is followed")
                break
    if told[BORN] is None:
        child.note("children without a date of birth")
    child.person = child.add(Person, first, "", birth_date=told[BORN], sex=told["Gender"], ethnicity=told["Ethnicity"])
    child.add(Identifier, first, f"identifier/{LOCAL}", scheme=LOCAL, value=first[CHILD])


def case_on(child: Child, day: str | None) -> Draft | None:
    """The child's case, from list 6, that was open on a day: the last one to start, where there are two."""
    fitting = [
        case
        for case in child.shared.get(HELD, ())
        if day and (case.fields["start_date"] or "9999") <= day <= (case.fields["end_date"] or "9999")
    ]
    return max(fitting, key=lambda case: str(case.fields["start_date"]), default=None)


BUILDERS = (
    Builder(
        "annexa",
        tuple(f"List {number}" for number in (1, 2, 3, 4, 5, 6, 7, 8, 10)),
        {Person: ("birth_date", "sex", "ethnicity"), Identifier: ("person", "scheme", "value")},
        person,
        order=0,
        covers=COVERS,
    ),
)


def with_whom(cut: Cut, rows: QuerySet[Any]) -> QuerySet[Any]:
    """The rows with whether their child has a disability, and with team and worker that hold the child's case on the day of the return."""
    lasting = Q(end_date=None) | Q(end_date__gt=cut.end)
    disabled = cut.rows(Disability).filter(Q(start_date=None) | Q(start_date__lte=cut.end), lasting)
    held = cut.rows(Allocation).filter(lasting, start_date__lte=cut.end, person=OuterRef("person"))
    latest = held.order_by(F("start_date").desc(), "-pk")
    found: QuerySet[Any] = rows.annotate(
        disabled=Exists(disabled.filter(person=OuterRef("person"))),
        held_by_team=Subquery(latest.values("team__name")[:1], output_field=CharField()),
        held_by_worker=Subquery(latest.values("worker__name")[:1], output_field=CharField()),
    )
    return found


def who(cut: Cut, row: Mapping[str, Any]) -> dict[str, Any]:
    """The columns that every list begins with, and those on disability and allocation where the row has them."""
    born = cut.by_then(row["person__birth_date"])
    return {
        CHILD: row["reference"],
        "Gender": row["person__sex"],
        "Ethnicity": row["person__ethnicity"],
        BORN: born,
        "Age of Child (Years)": age_on(born, cut.end) if born else None,
        "Does the Child have a Disability": row.get("disabled"),
        "Allocated Team": row.get("held_by_team"),
        "Allocated Worker": row.get("held_by_worker"),
    }
