"""What the systems of partner agencies do to records besides what people do."""

from __future__ import annotations

from collections.abc import Sequence

from sightline.core.access.roles import Permission
from sightline.core.partners.to_match import candidates
from sightline.core.records.models import Record
from sightline.engine.actions.building import acting_user
from sightline.engine.actions.core.people import person_with
from sightline.engine.actions.declarations import Action, Attempt, inputs, labelled
from sightline.engine.actions.refusals import Fault, Invalid

_PERSON = "people.Person"


def _register(attempt: Attempt) -> Sequence[Record]:
    """A child whom an agency's system names and whom we do not know for certain.

    A system cannot look at those who are alike and say that it is none of them, and must not be told that there are any. So the child is registered,
    nobody is judged to be another, and a person looks for duplicates when the contact is worked on.
    """
    return person_with(attempt)


def _keep(attempt: Attempt) -> Sequence[Record]:
    """The child is none of those who are like them: nobody is asked about the same two again."""
    child = attempt.values["child"]
    others = candidates(child, acting_user()).people
    if not others:
        raise Invalid(attempt.action.title, [Fault("child", "Nobody is known who may be this child.")])
    return [attempt.new("people.Judgement", person=child, other_id=other, none_of_these=True) for other in others]


RULES = ()
_NUMBERS = inputs("people.Identifier", "local=value", "nhs=value")
ACTIONS = (
    Action(
        "partners.register_child",
        "Register a child whom a partner agency's system named",
        _PERSON,
        inputs("people.PersonName", "forename", "surname!")
        + inputs(_PERSON, "birth_date", "expected_birth_date", "sex")
        + labelled(_NUMBERS, "Local id", "NHS number")
        + inputs("places.Place", "line_1", "postcode"),
        permission=Permission.RECORD_CONTACT,
        build=_register,
        any_child=True,
    ),
    Action(
        "partners.keep_as_new",
        "Keep a child whom a partner agency's system named as a person of their own",
        "people.Judgement",
        inputs("people.Judgement", "child=person!"),
        permission=Permission.RECORD_CONTACT,
        build=_keep,
    ),
)
