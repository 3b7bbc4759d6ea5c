"""Who a child is, as the census and SSDA903 tell it alike: the person and its identifiers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from sightline.core.people.models import Identifier, Person
from sightline.engine.exchange.child import Child, Row
from sightline.engine.exchange.cut import LOCAL, UNNAMED, Cut
from sightline.standards.dates import age_on

PERSON_FIELDS = ("birth_date", "expected_birth_date", "death_date", "sex", "ethnicity")
IDENTIFIER_FIELDS = ("person", "scheme", "value")
SCHOOL_AGE = 5
NOT_OF_SCHOOL_AGE = "UN1"
NO_DISABILITY = "NONE"
MALE = "M"
PARENT = "parent"
_UPN = re.compile(r"[A-Za-z]\d{11}[A-Za-z\d]", re.ASCII)


def add_person(
    child: Child,
    row: Row,
    reference: str,
    sex_: str | None,
    ethnicity: str | None,
    born: str | None,
    expected: str | None = None,
) -> None:
    """The person of a child, who goes by a reference of the authority."""
    child.person = child.add(
        Person, row, "", birth_date=born, expected_birth_date=expected, death_date=None, sex=sex_, ethnicity=ethnicity
    )
    identify(child, row, LOCAL, reference)


def identify(child: Child, row: Row, scheme: str, value: str) -> None:
    """What the child goes by in a scheme."""
    child.add(Identifier, row, f"identifier/{scheme}/{value}", scheme=scheme, value=value)


def pupil_number(child: Child, row: Row, value: str | None, scheme: str) -> None:
    """A pupil number, where it is one."""
    if value and _UPN.fullmatch(value):
        identify(child, row, scheme, value.upper())
    elif value:
        child.note("pupil numbers that are not of the right form: not recorded as identifiers")


def people_told(cut: Cut, **more: Any) -> Iterator[dict[str, Any]]:
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
