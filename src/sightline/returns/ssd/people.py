"""Who a child is in the Standard Safeguarding Dataset: person, name, identifiers, disabilities."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import CharField, F, OuterRef, Q, QuerySet, Subquery

from sightline.core.people.models import Disability, Identifier, Person, PersonName, Relationship
from sightline.engine.exchange.child import Child, Row
from sightline.engine.exchange.cut import LOCAL, Cut
from sightline.engine.exchange.declarations import Builder, Cohort, TableWriter, Told
from sightline.engine.exchange.mapped import Mapped, ids
from sightline.engine.exchange.people import MALE, NO_DISABILITY, PARENT
from sightline.returns.ssd import sent, workers
from sightline.returns.ssd.tables import TABLE
from sightline.standards.groups import sex

PEOPLE, IDENTIFIERS, MOTHERS = TABLE["ssd_person"], TABLE["ssd_linked_identifiers"], TABLE["ssd_mother"]
#: What the dataset calls the schemes of identifiers that have a record.
SCHEMES = {"Unique Pupil Number": "upn", "Former Unique Pupil Number": "former_upn", "NHS Number": "nhs"}
NAMES = {scheme: name for name, scheme in SCHEMES.items()}
LEGAL = "legal"


def person(child: Child) -> None:
    """The child, by the one row of the person table."""
    row = child.only(PEOPLE.name)
    if row is None:
        child.fault(child.rows[0], "the child is not in the table ssd_person")
        return
    child.person = child.add(
        Person,
        row,
        "",
        birth_date=row["pers_dob"],
        expected_birth_date=row["pers_expected_dob"],
        death_date=row["pers_death_date"],
        sex=sex(row["pers_sex"]) if row["pers_sex"] else None,
        ethnicity=row["pers_ethnicity"],
    )
    _identify(child, row, LOCAL, row["pers_person_id"])
    if row["pers_upn_unknown"]:
        _identify(child, row, "upn_unknown", row["pers_upn_unknown"])
    if row["pers_forename"] or row["pers_surname"]:
        child.add(PersonName, row, "name", forename=row["pers_forename"] or "", surname=row["pers_surname"] or "")
    linked_numbers = set()
    for linked in child.of(IDENTIFIERS.name):
        scheme, value = SCHEMES.get(linked["link_identifier_type"]), linked["link_identifier_value"]
        if scheme is None or not value:
            child.note("linked identifiers are of a kind that has no record: kept with the file")
        else:
            linked_numbers.add((scheme, value))
            span = {"start_date": linked["link_valid_from_date"], "end_date": linked["link_valid_to_date"]}
            _identify(child, linked, scheme, value, **span)
    for mothers in child.of(MOTHERS.name):
        child.tie(PARENT, mothers["moth_childs_person_id"])
    common = row["pers_common_child_id"]
    if common and ("nhs", common) not in linked_numbers:
        _identify(child, row, "nhs", common)


def _identify(
    child: Child, row: Row, scheme: str, value: str, *, start_date: str | None = None, end_date: str | None = None
) -> None:
    parts = f"identifier/{scheme}/{value}"
    child.add(Identifier, row, parts, scheme=scheme, value=value, start_date=start_date, end_date=end_date)


DISABILITIES = Mapped(
    TABLE["ssd_disability"],
    Disability,
    fields={"disability": "disa_disability_code"},
    finds=lambda _child, row: None if row["disa_disability_code"] == NO_DISABILITY else {},
)

BUILDERS = (
    Builder(
        "ssd",
        (PEOPLE.name, IDENTIFIERS.name, MOTHERS.name),
        {
            Person: ("birth_date", "expected_birth_date", "death_date", "sex", "ethnicity"),
            Identifier: ("person", "scheme", "value", "start_date", "end_date"),
            PersonName: ("person", "forename", "surname"),
        },
        person,
        order=0,
    ),
    DISABILITIES.builder(order=1),
)


def _people(cut: Cut) -> Iterator[Told]:
    names = cut.rows(PersonName).filter(person=OuterRef("pk"), kind=LEGAL)
    latest = names.order_by(F("end_date").desc(nulls_first=True), "-pk")
    name = {one: Subquery(latest.values(one)[:1], output_field=CharField()) for one in ("forename", "surname")}
    rows = (
        cut.rows(Person)
        .filter(cut.about_children("pk"))
        .annotate(**name, nhs=cut.identifier("nhs", "pk"), upn_unknown=cut.identifier("upn_unknown", "pk"))
    )
    stated = ("birth_date", "expected_birth_date", "death_date", "sex", "ethnicity")
    for row in cut.told(rows, *stated, *name, "nhs", "upn_unknown", person="pk"):
        yield Told(row["child"], _of(row, cut))


def _of(row: Mapping[str, Any], cut: Cut) -> dict[str, Any]:
    born = cut.by_then(row["birth_date"])
    return {
        "pers_person_id": row["reference"],
        "pers_forename": row["forename"],
        "pers_surname": row["surname"],
        "pers_sex": row["sex"],
        "pers_ethnicity": row["ethnicity"],
        "pers_dob": born,
        "pers_expected_dob": row["expected_birth_date"] or (None if born else row["birth_date"]),
        "pers_death_date": cut.by_then(row["death_date"]),
        "pers_common_child_id": row["nhs"],
        "pers_upn_unknown": row["upn_unknown"],
    }


def _identifiers(cut: Cut) -> Iterator[Told]:
    held = cut.rows(Identifier).filter(cut.about_children(), scheme__in=NAMES)
    for row in cut.told(held, "pk", "scheme", "value", "start_date", "end_date", order=("scheme", "value")):
        values = {
            "link_table_id": row["pk"],
            "link_person_id": row["reference"],
            "link_identifier_type": NAMES[row["scheme"]],
            "link_identifier_value": row["value"],
            "link_valid_from_date": row["start_date"],
            "link_valid_to_date": row["end_date"],
        }
        yield Told(row["child"], values)


def _mothers(cut: Cut) -> Iterator[Told]:
    """Mothers of children, where both have a reference of the authority. The child's day of birth is on record with the child."""
    begun = Q(start_date=None) | Q(start_date__lte=cut.end)
    held = cut.rows(Relationship).filter(begun, cut.about_children(), cut.about_children("other"), kind=PARENT)
    held = held.exclude(person__sex=MALE).annotate(whose=cut.identifier(LOCAL, "other_id"))
    for row in cut.told(held, "pk", "whose", "other__birth_date", order=("other_id",)):
        born = cut.by_then(row["other__birth_date"])
        values = {"moth_childs_person_id": row["whose"], "moth_childs_dob": born}
        yield Told(row["child"], values | ids(MOTHERS, row))


def _known(cut: Cut) -> QuerySet[Any, Any]:
    """Whoever has a reference of the authority."""
    return cut.rows(Identifier).filter(scheme=LOCAL).values("person")


COHORTS = (Cohort("ssd", _known),)
WRITERS = (
    TableWriter("ssd", PEOPLE.name, _people),
    TableWriter("ssd", IDENTIFIERS.name, _identifiers),
    TableWriter("ssd", MOTHERS.name, _mothers),
    DISABILITIES.writer(),
    *workers.WRITERS,
    *sent.WRITERS,
)
