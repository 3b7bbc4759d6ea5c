"""Who a child is in SSDA903."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Case, Exists, OuterRef, Q, Subquery, When
from django.db.models.functions import Least

from sightline.core.people.models import Identifier, Motherhood, Person, Relationship
from sightline.engine.exchange.child import Child
from sightline.engine.exchange.cut import Cut
from sightline.engine.exchange.declarations import Builder, TableWriter, Told
from sightline.engine.exchange.people import (
    IDENTIFIER_FIELDS,
    MALE,
    PARENT,
    PERSON_FIELDS,
    add_person,
    identify,
    people_told,
    pupil_number,
)
from sightline.standards.codes import codeset
from sightline.standards.groups import sex, sex_for_cin

NO_SEX = "0"


def looked_after_person(child: Child) -> None:
    """The child of an SSDA903 set. A care leaver may come in the OC3 table alone."""
    header = child.only("Header")
    born = {row["DOB"] for row in child.rows if row["DOB"]}
    row = header or child.rows[0]
    for other in child.rows:
        if len(born) > 1 and other["DOB"] not in (None, row["DOB"]):
            child.fault(other, "DOB differs from the child's first row")
    if header:
        add_person(child, row, row["CHILD"], sex(row["SEX"]), row["ETHNIC"], row["DOB"])
        if row["UPN"] and row["UPN"] in codeset("upn_unknown"):
            identify(child, row, "upn_unknown", row["UPN"])
        else:
            pupil_number(child, row, row["UPN"], "upn")
        if row["MOTHER"]:
            child.add(Motherhood, row, "motherhood", child_birth_date=row["MC_DOB"])
    elif any(other.table != "OC3" for other in child.rows):
        child.fault(row, "the child is not in the header table")
    else:
        child.note("care leavers who are not in the header table: sex and ethnicity left as not stated")
        add_person(child, row, row["CHILD"], None, None, row["DOB"])


BUILDERS = (
    Builder(
        "ssda903",
        ("Header", "OC3"),
        {
            Person: PERSON_FIELDS[:1] + PERSON_FIELDS[3:],
            Identifier: IDENTIFIER_FIELDS,
            Motherhood: ("person", "child_birth_date"),
        },
        looked_after_person,
        order=0,
    ),
)


def sex_for_903(cut: Cut, sex: str) -> str | None:
    """The code of the year in an SSDA903 set. Until 2024 that had none for a sex that is not known, as the census had."""
    of_the_year = sex_for_cin(sex, cut.end)
    return None if of_the_year == NO_SEX else of_the_year


def _known_mother(cut: Cut) -> Exists:
    """Whether it is on record that someone has had a child, with or without the day of birth."""
    dated = Q(child_birth_date=None) | Q(child_birth_date__lte=cut.end)
    return Exists(cut.rows(Motherhood).filter(dated, person=OuterRef("pk")))


def _first_born(cut: Cut) -> Least:
    """The day of birth of someone's first child, born by the end of the year: of one on record, or of one of whom only that is known."""
    alone = cut.rows(Motherhood).filter(person=OuterRef("pk"), child_birth_date__lte=cut.end)
    related = cut.rows(Relationship).filter(person=OuterRef("pk"), kind=PARENT, other__birth_date__lte=cut.end)
    days = (
        alone.order_by("child_birth_date").values("child_birth_date"),
        related.order_by("other__birth_date").values("other__birth_date"),
    )
    return Least(*(Subquery(one[:1]) for one in days))


def looked_after_children(cut: Cut) -> Iterator[Told]:
    """The header of an SSDA903 set. A girl of whom no child is on record is no mother; boys are not asked, nor who only left care."""
    asked = Case(When(cut.asked_in_full("pk") & ~Q(sex=MALE), then=True), default=False)
    for row in people_told(cut, asked=asked, known=_known_mother(cut), born=_first_born(cut)):
        values = {
            "CHILD": row["reference"],
            "SEX": sex_for_903(cut, row["sex"]),
            "DOB": row["birth_date"],
            "ETHNIC": row["ethnicity"],
            "UPN": row["upn"] or row["upn_unknown"],
            "MOTHER": row["known"] or row["born"] is not None if row["asked"] else None,
            "MC_DOB": row["born"] if row["asked"] else None,
        }
        yield Told(row["child"], values)


WRITERS = (TableWriter("ssda903", "Header", looked_after_children),)
