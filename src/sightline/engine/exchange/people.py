"""Who a child is, in both returns: person, identifiers and disabilities."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from heapq import merge
from typing import Any

from django.db.models import Case, Exists, OuterRef, Q, Subquery, When
from django.db.models.functions import Least

from sightline.core.people.models import Disability, Identifier, Motherhood, Person, Relationship
from sightline.engine.exchange.child import Child, Row
from sightline.engine.exchange.cut import LOCAL, UNNAMED, Cut
from sightline.engine.exchange.declarations import Builder, Table, TableWriter, Told, code, day, flag, text
from sightline.standards.codes import codeset
from sightline.standards.dates import age_on
from sightline.standards.groups import sex, sex_for_cin

PERSON_FIELDS = ("birth_date", "expected_birth_date", "death_date", "sex", "ethnicity")
IDENTIFIER_FIELDS = ("person", "scheme", "value")
SCHOOL_AGE = 5
NOT_OF_SCHOOL_AGE = "UN1"
NO_DISABILITY = "NONE"
NO_SEX = "0"
MALE = "M"
PARENT = "parent"

TABLES = (
    Table(
        "cin",
        "Child",
        columns=(
            text("LAchildID", required=True, longest=40),
            text("UPN"),
            text("FormerUPN"),
            code("UPNunknown", "upn_unknown"),
            day("PersonBirthDate"),
            day("ExpectedPersonBirthDate", future=True),
            code("GenderCurrent", "cin_gender_to_2024", until=2024),
            code("Sex", "sex", since=2025),
            day("PersonDeathDate"),
            code("Ethnicity", "ethnicity", required=True),
        ),
        containers=("ChildIdentifiers", "ChildCharacteristics", "Disabilities"),
    ),
    Table("cin", "Disability", columns=(code("Disability", "disability", required=True),), within="Child", leaf=True),
    Table(
        "ssda903",
        "header",
        columns=(
            text("CHILD", required=True, longest=40),
            code("SEX", "sex", required=True),
            day("DOB", required=True),
            code("ETHNIC", "ethnicity", required=True),
            text("UPN"),
            flag("MOTHER", optional=True),
            day("MC_DOB", optional=True),
            text("UASC", optional=True),
        ),
        files=("header", "headers"),
        needed=True,
    ),
)
_UPN = re.compile(r"[A-Za-z]\d{11}[A-Za-z\d]", re.ASCII)


def census_person(child: Child) -> None:
    """The child of a children in need census."""
    row = next(iter(child.of("Child")))
    coded = row["Sex"] or row["GenderCurrent"]
    if coded is None:
        child.fault(row, "Sex is missing")
        return
    if row["PersonBirthDate"] is None and row["ExpectedPersonBirthDate"] is None:
        child.fault(row, "PersonBirthDate and ExpectedPersonBirthDate are both missing")
    _add(
        child,
        row,
        row["LAchildID"],
        sex(coded),
        row["Ethnicity"],
        row["PersonBirthDate"],
        row["ExpectedPersonBirthDate"],
    )
    if child.person is not None:
        child.person.fields["death_date"] = row["PersonDeathDate"]
    _pupil_number(child, row, row["UPN"], "upn")
    _pupil_number(child, row, row["FormerUPN"], "former_upn")
    if row["UPNunknown"]:
        _identify(child, row, "upn_unknown", row["UPNunknown"])
    for found in child.of("Disability"):
        if found["Disability"] != "NONE":
            child.add(Disability, found, f"disability/{found['Disability']}", disability=found["Disability"])


def looked_after_person(child: Child) -> None:
    """The child of an SSDA903 set. A care leaver may come in the OC3 table alone."""
    header = child.only("header")
    born = {row["DOB"] for row in child.rows if row["DOB"]}
    row = header or child.rows[0]
    for other in child.rows:
        if len(born) > 1 and other["DOB"] not in (None, row["DOB"]):
            child.fault(other, "DOB differs from the child's first row")
    if header:
        _add(child, row, row["CHILD"], sex(row["SEX"]), row["ETHNIC"], row["DOB"], None)
        if row["UPN"] and row["UPN"] in codeset("upn_unknown"):
            _identify(child, row, "upn_unknown", row["UPN"])
        else:
            _pupil_number(child, row, row["UPN"], "upn")
        if row["MOTHER"]:
            child.add(Motherhood, row, "motherhood", child_birth_date=row["MC_DOB"])
    elif any(other.table != "oc3" for other in child.rows):
        child.fault(row, "the child is not in the header table")
    else:
        child.note("care leavers who are not in the header table: sex and ethnicity left as not stated")
        _add(child, row, row["CHILD"], None, None, row["DOB"], None)


def _add(
    child: Child,
    row: Row,
    reference: str,
    sex_: str | None,
    ethnicity: str | None,
    born: str | None,
    expected: str | None,
) -> None:
    child.person = child.add(
        Person, row, "", birth_date=born, expected_birth_date=expected, death_date=None, sex=sex_, ethnicity=ethnicity
    )
    _identify(child, row, LOCAL, reference)


def _identify(child: Child, row: Row, scheme: str, value: str) -> None:
    child.add(Identifier, row, f"identifier/{scheme}/{value}", scheme=scheme, value=value)


def _pupil_number(child: Child, row: Row, value: str | None, scheme: str) -> None:
    if value and _UPN.fullmatch(value):
        _identify(child, row, scheme, value.upper())
    elif value:
        child.note("pupil numbers that are not of the right form: not recorded as identifiers")


BUILDERS = (
    Builder(
        "cin",
        ("Child", "Disability"),
        {Person: PERSON_FIELDS, Identifier: IDENTIFIER_FIELDS, Disability: ("person", "disability")},
        census_person,
        order=0,
    ),
    Builder(
        "ssda903",
        ("header", "oc3"),
        {
            Person: PERSON_FIELDS[:1] + PERSON_FIELDS[3:],
            Identifier: IDENTIFIER_FIELDS,
            Motherhood: ("person", "child_birth_date"),
        },
        looked_after_person,
        order=0,
    ),
)


def _told(cut: Cut, **more: Any) -> Iterator[dict[str, Any]]:
    """The children of the return, with their identifiers and what else of them is asked for."""
    rows = cut.rows(Person).filter(cut.about_children("pk"))
    schemes = {scheme: cut.identifier(scheme, "pk") for scheme in ("upn", "former_upn", "upn_unknown")}
    for row in cut.told(rows.annotate(**schemes, **more), *PERSON_FIELDS, *schemes, *more, person="pk"):
        if row["reference"] == f"{UNNAMED}{row['about']}":
            cut.note("children have no local identifier: the number of their record stands for it")
        if not row["upn"] and not row["upn_unknown"]:
            row["upn_unknown"] = _reason_for_no_number(cut, row["birth_date"])
        yield row


def _reason_for_no_number(cut: Cut, born: date | None) -> str | None:
    """Of all reasons why a child has no pupil number the record knows only one without being told: that the child is too young."""
    if born is None or age_on(born, cut.end) < SCHOOL_AGE:
        return NOT_OF_SCHOOL_AGE
    cut.note("children of school age have neither a pupil number nor a reason why not")
    return None


def census_children(cut: Cut) -> Iterator[Told]:
    """The child's block of a children in need census."""
    for row in _told(cut):
        of_the_year = sex_for_cin(row["sex"], cut.end)
        values = {
            "LAchildID": row["reference"],
            "UPN": row["upn"],
            "FormerUPN": row["former_upn"],
            "UPNunknown": None if row["upn"] else row["upn_unknown"],
            "PersonBirthDate": cut.by_then(row["birth_date"]),
            "ExpectedPersonBirthDate": None if cut.by_then(row["birth_date"]) else _expected(row),
            "GenderCurrent": of_the_year,
            "Sex": of_the_year,
            "PersonDeathDate": cut.by_then(row["death_date"]),
            "Ethnicity": row["ethnicity"],
        }
        yield Told(row["child"], values)


def _expected(row: dict[str, Any]) -> date | None:
    """The day of birth that was expected; of a child who was born after the year and of whom no such day is known, the day of birth."""
    found: date | None = row["expected_birth_date"] or row["birth_date"]
    return found


def census_disabilities(cut: Cut) -> Iterator[Told]:
    """Each disability that a child had in the year; `NONE` for a child of whom none is on record."""
    children = cut.rows(Person).filter(cut.about_children("pk"))
    known = Q(start_date=None) | Q(start_date__lte=cut.end)
    lasting = Q(end_date=None) | Q(end_date__gte=cut.start)
    held = cut.rows(Disability).filter(known & lasting, cut.about_children())
    none = cut.told(children.exclude(pk__in=held.values("person")), person="pk")
    some = cut.told(held, "disability", order=("disability",))
    seen: tuple[Any, ...] = ()
    for row in merge(none, some, key=lambda row: row["child"]):
        found = row.get("disability", NO_DISABILITY)
        if (row["child"], found) != seen:
            yield Told(row["child"], {"Disability": found})
        seen = row["child"], found


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
    for row in _told(cut, asked=asked, known=_known_mother(cut), born=_first_born(cut)):
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


WRITERS = (
    TableWriter("cin", "Child", census_children),
    TableWriter("cin", "Disability", census_disabilities),
    TableWriter("ssda903", "header", looked_after_children, without=("UASC",)),
)
