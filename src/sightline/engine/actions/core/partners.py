"""What the systems of partner agencies do to records besides what people do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sightline.core.access.roles import Permission
from sightline.core.records.models import Record
from sightline.engine.actions.declarations import Action, Attempt, inputs

_PERSON = "people.Person"


def _register(attempt: Attempt) -> Sequence[Record]:
    """A child whom an agency's system names and whom we do not know for certain.

    A system cannot look at those who are alike and say that it is none of them, and must not be told that there are any. So the child is registered,
    nobody is judged to be another, and a person looks for duplicates when the contact is worked on.
    """
    given = attempt.values
    person = attempt.new(_PERSON, **attempt.given("birth_date", "expected_birth_date", "sex"))
    start = given.get("birth_date") or attempt.today
    name = {"forename": given.get("forename", ""), "surname": given["surname"], "start_date": given.get("birth_date")}
    written: list[Record] = [
        person,
        attempt.new("people.Role", person=person, role="child", start_date=start),
        attempt.new("people.PersonName", person=person, **name),
    ]
    for scheme in ("local", "nhs"):
        if given.get(scheme):
            written.append(attempt.new("people.Identifier", person=person, scheme=scheme, value=given[scheme]))
    if given.get("postcode"):
        place = attempt.new("places.Place", line_1=given.get("line_1", ""), postcode=given["postcode"])
        lives = attempt.new("people.PersonAddress", person=person, place=place, start_date=attempt.today)
        written += [place, lives]
    return written


RULES = ()
_NUMBERS = inputs("people.Identifier", "local=value", "nhs=value")
ACTIONS = (
    Action(
        "partners.register_child",
        "Register a child whom a partner agency's system named",
        _PERSON,
        inputs("people.PersonName", "forename", "surname!")
        + inputs(_PERSON, "birth_date", "expected_birth_date", "sex")
        + tuple(replace(each, label=label) for each, label in zip(_NUMBERS, ("Local id", "NHS number"), strict=True))
        + inputs("places.Place", "line_1", "postcode"),
        permission=Permission.RECORD_CONTACT,
        build=_register,
        any_child=True,
    ),
)
