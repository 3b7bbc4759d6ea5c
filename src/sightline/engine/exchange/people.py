"""Who a child is, in both returns: person, identifiers and disabilities."""

from __future__ import annotations

import re

from sightline.core.people.models import Disability, Identifier, Person
from sightline.engine.exchange.child import Child, Row
from sightline.engine.exchange.declarations import Builder, Table, code, day, text
from sightline.standards.codes import codeset
from sightline.standards.groups import sex

PERSON_FIELDS = ("birth_date", "expected_birth_date", "death_date", "sex", "ethnicity")
IDENTIFIER_FIELDS = ("person", "scheme", "value")
LOCAL = "local"

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
            text("MOTHER", optional=True),
            text("MC_DOB", optional=True),
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
        {Person: PERSON_FIELDS[:1] + PERSON_FIELDS[3:], Identifier: IDENTIFIER_FIELDS},
        looked_after_person,
        order=0,
    ),
)
