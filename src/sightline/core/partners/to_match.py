"""Children whom partner agencies' systems named, and who may be people already known: whoever works at the front door looks at both.

Only what the reader may know of makes a child one to match: a child who is like nobody but somebody under a hidden seal stands on no list,
since the list itself would tell that there is such a person.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sightline.core.access.models import User
from sightline.core.access.visibility import visible_rows
from sightline.core.finding.likely import Likely, likely
from sightline.core.partners.models import SubmittedChild
from sightline.core.people.merged import merged_away
from sightline.core.people.models import Identifier, Judgement, Person, PersonName

#: So many are compared at a time: each is a search of its own.
MOST = 50


@dataclass(frozen=True)
class ToMatch:
    """A child to match: from whose system, when, and who they may be."""

    child: Person
    agency: str
    came: datetime
    alike: Likely


def to_match(user: User) -> list[ToMatch]:
    """The children to match whom the user sees, the longest waiting first."""
    rows = SubmittedChild.objects.filter(to_check=True, person__in=visible_rows(user, Person).values("pk"))
    held = list(rows.select_related("person", "submission__agency").order_by("submission__made_at", "id")[:MOST])
    gone = set(merged_away([one.person_id for one in held]))
    found = [
        ToMatch(one.person, one.submission.agency.name, one.submission.made_at, candidates(one.person, user))
        for one in held
        if one.person_id not in gone
    ]
    return [one for one in found if one.alike]


def candidates(child: Person, user: User | None) -> Likely:
    """Who the child may be, as far as the user may know of them; without those who were judged to be somebody else."""
    found = likely(_values(child), user)
    left_out = {child.pk}
    for pair in Judgement.objects.filter(person=child).values_list("person_id", "other_id"):
        left_out |= set(pair)
    for pair in Judgement.objects.filter(other=child).values_list("person_id", "other_id"):
        left_out |= set(pair)
    return replace(
        found,
        hits=tuple(hit for hit in found.hits if hit.person not in left_out),
        restricted=tuple(one for one in found.restricted if one.person not in left_out),
    )


def _values(child: Person) -> dict[str, Any]:
    """The child as the question that is asked before somebody is registered."""
    name = PersonName.objects.filter(person=child).order_by("-id").first()
    numbers = Identifier.objects.filter(person=child, scheme__in=("nhs", "local"), end_date=None)
    return {
        "forename": name.forename if name else "",
        "surname": name.surname if name else "",
        "birth_date": child.birth_date,
        "expected_birth_date": child.expected_birth_date,
        **{one.scheme: one.value for one in numbers},
    }
