"""What can be done to people: register them, and keep names, identifiers, addresses and relationships of theirs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from sightline.core.access.roles import Permission
from sightline.core.access.standing import standing
from sightline.core.finding.likely import likely
from sightline.core.records.models import Record
from sightline.engine.actions.building import acting_user
from sightline.engine.actions.declarations import Action as _Action
from sightline.engine.actions.declarations import (
    Attempt,
    Rules,
    amend,
    correct,
    hinted,
    inputs,
    labelled,
    record,
    spell,
)
from sightline.engine.actions.refusals import Fault, Invalid
from sightline.standards.codes import codeset
from sightline.standards.dates import add_months
from sightline.standards.identifiers import is_nhs_number, is_test_nhs_number, is_upn


def _register(attempt: Attempt) -> Sequence[Record]:
    """A person with what is known of them at once: a name, a role, identifiers, where they live, how they are reached.

    Search comes before create, on every road: whoever registers a person like one who is known looks at those first and says that it is none of them.
    """
    given = attempt.values
    alike = likely(given, acting_user()).people
    if alike and not given.get("none_of_these"):
        there = "1 person is" if len(alike) == 1 else f"{len(alike)} people are"
        what = f"{there} known already who may be this person. Look at them first; if none of them is this person, say so here."
        raise Invalid(attempt.action.title, [Fault("none_of_these", what)])
    # So that nobody is asked about the same two again.
    person, *with_them = person_with(attempt)
    judged = [attempt.new("people.Judgement", person=person, other_id=other, none_of_these=True) for other in alike]
    return [person, *with_them, *judged]


def person_with(attempt: Attempt) -> list[Record]:
    """The person first, then what was given of them: a role, a name, identifiers, where they live, how they are reached."""
    given = attempt.values
    known = ("birth_date", "expected_birth_date", "sex", "ethnicity")
    person = attempt.new("people.Person", **attempt.given(*known))
    start = given.get("birth_date") or attempt.today
    written: list[Record] = [
        person,
        attempt.new("people.Role", person=person, role=given.get("role") or "child", start_date=start),
    ]
    name = {"forename": given.get("forename", ""), "surname": given["surname"]}
    written.append(attempt.new("people.PersonName", person=person, **name, start_date=given.get("birth_date")))
    for scheme in ("local", "nhs", "upn"):
        if given.get(scheme):
            written.append(attempt.new("people.Identifier", person=person, scheme=scheme, value=given[scheme]))
    if given.get("postcode"):
        place = attempt.new("places.Place", line_1=given.get("line_1", ""), postcode=given["postcode"])
        lives = attempt.new(
            "people.PersonAddress", person=person, place=place, start_date=given.get("since") or attempt.today
        )
        written += [place, lives]
    for kind in ("phone", "email"):
        if given.get(kind):
            written.append(attempt.new("people.ContactPoint", person=person, kind=kind, value=given[kind]))
    return written


def _born_or_expected(person: Any, _attempt: Attempt) -> Iterator[Fault]:
    if not person.birth_date and not person.expected_birth_date:
        yield Fault("birth_date", "A date of birth is needed, or an expected one for an unborn child.")
    if person.expected_birth_date and not person.birth_date and person.sex != "U":
        yield Fault("sex", "The sex of an unborn child is recorded as U.")


def _well_formed(identifier: Any, _attempt: Attempt) -> Iterator[Fault]:
    value = identifier.value
    if identifier.scheme == "nhs":
        if not is_nhs_number(value):
            yield Fault("value", "This is no NHS number: its check digit does not hold.")
        elif is_test_nhs_number(value) and not standing().invented:
            yield Fault("value", "This NHS number is of the range for tests, which no patient has.")
    if identifier.scheme in ("upn", "former_upn") and not is_upn(value):
        yield Fault("value", "This is no unique pupil number: its check letter does not hold.")
    if identifier.scheme == "upn_unknown" and not codeset("upn_unknown").is_valid(value):
        yield Fault("value", "This is no reason for an unknown unique pupil number.")


def _reachable(point: Any, _attempt: Attempt) -> Iterator[Fault]:
    digits = sum(character.isdigit() for character in point.value)
    if point.kind == "phone" and not 3 <= digits <= 15:
        yield Fault("value", "This is no telephone number: it needs 3 to 15 figures.")
    if point.kind == "email" and not _EMAIL.fullmatch(point.value.strip()):
        yield Fault("value", "This is no e-mail address, which has the form name@example.org.")


def _owned(warning: Any, _attempt: Attempt) -> Iterator[Fault]:
    if not warning.worker_id and not warning.team_id:
        yield Fault("worker", "A warning is reviewed by a worker or by a team: name one.")
    if not warning.detail.strip():
        yield Fault("detail", "Write what whoever opens the record must know.")
    if warning.review_date > add_months(warning.reviewed_date or warning.start_date, _LONGEST):
        yield Fault("review_date", f"A warning is reviewed within {_LONGEST} months.")


def _warn(attempt: Attempt) -> Sequence[Record]:
    """Whoever records it reviews it, unless they name another."""
    given = {"start_date": attempt.today} | attempt.values
    if not given.get("worker") and not given.get("team"):
        given["worker"] = attempt.worker
    return [attempt.new(_WARNING, **given)]


def _moved_on(warning: Any, attempt: Attempt) -> Iterator[Fault]:
    """A review says when the next one is due."""
    if warning.reviewed_date < warning.start_date:
        yield Fault("reviewed_date", "A review does not come before the warning.")
    if warning.review_date <= warning.reviewed_date:
        yield Fault("review_date", "The next review comes after this one.")
    before = attempt.before.get("reviewed_date")
    if before and warning.reviewed_date < before:
        yield Fault("reviewed_date", "It was reviewed after that already.")


def _says_why_ended(warning: Any, _attempt: Attempt) -> Iterator[Fault]:
    if not warning.end_reason.strip():
        yield Fault("end_reason", "Write why it ended.")


#: The longest time, in months, until somebody looks at a warning again.
_LONGEST = 12
_EMAIL = re.compile(r"[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+")
_PERSON = "people.Person"
_ADDRESS = "people.PersonAddress"
_RELATIONSHIP = "people.Relationship"
_DISABILITY = "people.Disability"
_MOTHERHOOD = "people.Motherhood"
_CONTACT_POINT = "people.ContactPoint"
_WARNING = "people.WarningMarker"


RULES = (
    Rules(_PERSON, future=("expected_birth_date",), checks=(_born_or_expected,)),
    Rules("people.Identifier", checks=(_well_formed,)),
    Rules(_ADDRESS),
    Rules(_CONTACT_POINT, checks=(_reachable,)),
    # It holds for whoever comes to the home, whatever became of the person.
    spell(_WARNING, open=(), future=("review_date",), after_death=True, checks=(_owned,)),
)

ACTIONS: tuple[_Action, ...] = (
    _Action(
        "people.register",
        "Register a person",
        _PERSON,
        inputs("people.PersonName", "forename", "surname!")
        + inputs(_PERSON, "birth_date", "expected_birth_date", "sex", "ethnicity")
        + inputs("people.Role", "role")
        + labelled(
            inputs("people.Identifier", "local=value", "nhs=value", "upn=value"),
            "Local authority child id",
            "NHS number",
            "Unique pupil number",
        )
        + labelled(inputs("places.Place", "line_1", "postcode"), "First line of the address", "Postcode")
        + labelled(inputs(_ADDRESS, "since=start_date"), "Lives there since")
        + hinted(
            labelled(inputs(_CONTACT_POINT, "phone=value", "email=value"), "Telephone", "E-mail"),
            "As it is dialled.",
            "For example name@example.org.",
        )
        + inputs("people.Judgement", "none_of_these"),
        # Whoever takes a contact registers the child it is about.
        permission=Permission.RECORD_CONTACT,
        build=_register,
        any_child=True,
    ),
    correct("people.correct", "Correct a person's particulars", _PERSON),
    amend("people.record_birth", "Record a birth", _PERSON, "birth_date!", "sex!"),
    amend("people.record_death", "Record a death", _PERSON, "death_date!"),
    record(
        "people.add_role", "Record in what capacity a person is known", "people.Role", "person", "role", "start_date"
    ),
    amend("people.end_role", "End a capacity", "people.Role", "end_date!"),
    record(
        "people.add_name", "Add a name", "people.PersonName", "person", "forename", "surname!", "kind", "start_date"
    ),
    correct("people.correct_name", "Correct or end a name", "people.PersonName"),
    record(
        "people.add_identifier", "Add an identifier", "people.Identifier", "person", "scheme", "value", "start_date"
    ),
    correct("people.correct_identifier", "Correct or end an identifier", "people.Identifier"),
    record(
        "places.add",
        "Add an address to the gazetteer",
        "places.Place",
        "line_1",
        "postcode",
        "district",
        "authority",
        "kind",
    ),
    record("people.move_in", "Record an address", _ADDRESS, "person", "place", "kind", "start_date"),
    amend("people.move_out", "End an address", _ADDRESS, "end_date!"),
    correct("people.correct_address", "Correct an address", _ADDRESS),
    record(
        *("people.relate", "Record a relationship", _RELATIONSHIP),
        *("person", "other", "kind", "parental_responsibility", "start_date"),
        newcomers=("other",),
        relatives=("other",),
    ),
    correct("people.correct_relationship", "Correct or end a relationship", _RELATIONSHIP, relatives=("other",)),
    record("people.add_household", "Record a household", "people.Household", "reference"),
    record(
        "people.join_household",
        "Add a member of a household",
        "people.HouseholdMember",
        "person",
        "household",
        "start_date",
    ),
    amend("people.leave_household", "End membership of a household", "people.HouseholdMember", "end_date!"),
    record("people.add_disability", "Record a disability", _DISABILITY, "person", "disability", "start_date"),
    correct("people.correct_disability", "Correct or end a disability", _DISABILITY),
    record("people.record_motherhood", "Record that someone is a mother", _MOTHERHOOD, "person", "child_birth_date"),
    correct("people.correct_motherhood", "Correct that someone is a mother", _MOTHERHOOD),
    record(
        *("people.add_contact_point", "Record how a person is reached", _CONTACT_POINT),
        *("person", "kind", "value!", "safe_to_use!", "start_date"),
    ),
    amend(
        *("people.judge_contact_point", "Say whether a contact point is safe to use", _CONTACT_POINT, "safe_to_use!"),
    ),
    amend("people.end_contact_point", "End a contact point", _CONTACT_POINT, "end_date!"),
    correct("people.correct_contact_point", "Correct a contact point", _CONTACT_POINT),
    _Action(
        "people.record_warning",
        "Record a warning",
        _WARNING,
        inputs(_WARNING, "person!", "kind!", "detail!", "review_date!", "worker", "team", "start_date"),
        # Whoever takes a contact, or works for a partner that knows of the risk, hears of it first.
        permission=Permission.RECORD_CONTACT,
        build=_warn,
    ),
    amend(
        *("people.review_warning", "Review a warning", _WARNING, "reviewed_date!", "review_date!", "detail"),
        permission=Permission.RECORD_CONTACT,
        when=("open",),
        checks=(_moved_on,),
    ),
    amend(
        "people.pass_warning",
        "Give the review of a warning to someone else",
        _WARNING,
        "worker",
        "team",
        when=("open",),
    ),
    amend(
        *("people.end_warning", "End a warning", _WARNING, "end_date!", "end_reason!"),
        permission=Permission.DECIDE,
        when=("open",),
        checks=(_says_why_ended,),
    ),
    correct("people.correct_warning", "Correct a warning", _WARNING, permission=Permission.DECIDE),
)
