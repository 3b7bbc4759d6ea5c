"""What a search may let on about people whom the asker does not see."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Q
from django.utils import timezone

from sightline.core.access.models import User
from sightline.core.access.visibility import barred
from sightline.core.cases.models import Allocation
from sightline.core.options.declared import chosen
from sightline.core.people.merged import merged_away
from sightline.core.people.models import HouseholdMember, Person
from sightline.core.records.models import Change
from sightline.core.restrictions.barrier import identity_barrier
from sightline.core.restrictions.masks import restricted as masked
from sightline.core.restrictions.models import AdoptedIdentity, Seal
from sightline.core.restrictions.standing import in_force


class Policy(StrEnum):
    """What a search says of people whom the asker has no reason to see. An administrator chooses it, else `SIGHTLINE_RESTRICTED_HITS`."""

    EXISTENCE = "existence"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Restricted:
    """Somebody who is known and whom the asker does not see: the record number to quote, and whom to ask. Nothing else."""

    person: int
    ask: str


def policy() -> Policy:
    """The installation's choice."""
    return Policy(chosen("restricted_hits"))


def tell_of(user: User, people: Collection[int]) -> list[Restricted]:
    """Those of these people, none of whom the user sees, of whose existence they may be told, in the order given.

    Never one under a hidden seal, nor an adopted child's former identity. A masked seal is told of whatever the policy, since that is what it says.
    """
    closed = barred(user, people)
    of_seals = masked(user, closed) if closed else {}
    open_ones = [id for id in people if id not in closed] if policy() is Policy.EXISTENCE else []
    teams = _teams(open_ones)
    told = {id: Restricted(id, teams.get(id, "the agency that holds the record")) for id in open_ones}
    told |= {id: Restricted(id, found.ask) for id, found in of_seals.items()}
    return [told[id] for id in people if id in told]


def may_name(user: User, people: Collection[int]) -> set[int]:
    """Those of these people whom a user may name in an act that opens the door, as a contact does, though they see nothing of them.

    Whom a search would tell them of by number, and whom they registered themselves; never somebody closed to them.
    """
    return _open_to(user, people) if policy() is Policy.EXISTENCE else registered_by(user, people)


def registered_by(user: User, people: Collection[int]) -> set[int]:
    """Those of these people whom the user registered; never somebody closed to them."""
    own = Change.objects.filter(table_name=Person._meta.db_table, action="people.register", by=user.get_username())
    return (
        set(own.filter(record_id__in=_open_to(user, people)).values_list("record_id", flat=True)) if people else set()
    )


def _open_to(user: User, people: Collection[int]) -> set[int]:
    apart = barred(user, people) | merged_away(people)
    return set(Person.objects.filter(pk__in=[id for id in people if id not in apart]).values_list("pk", flat=True))


def _teams(people: Collection[int]) -> dict[int, str]:
    """The team that holds each person's case, else the agency that holds their record."""
    found = dict(Person.objects.filter(pk__in=people).values_list("pk", "agency__name"))
    held = Allocation.objects.filter(person__in=people, end_date=None).order_by("start_date", "id")
    return found | dict(held.values_list("person_id", "team__name"))


def never_together(people: Collection[int]) -> set[int]:
    """Of these people, the best first, those who must be left out, because another identity of theirs comes before them."""
    linked = _any_linked(people)
    left_out: set[int] = set()
    before: set[int] = set()
    for person in people:
        if person in linked:
            if identity_barrier(person) & before:
                left_out.add(person)
            else:
                before.add(person)
    return left_out


def _any_linked(people: Collection[int]) -> set[int]:
    """Those among these people who have another identity at all: few, so that the rest cost one question together."""
    links = AdoptedIdentity.objects.filter(end_date=None)
    held = set(people)
    return {id for pair in links.values_list("before_id", "after_id") for id in pair if id in held}


def are_apart(one: int, other: int) -> bool:
    """Whether two records are identities of an adopted child, which nobody joins. The answer gives the link away: refuse, and do not say why."""
    return other in identity_barrier(one)


def is_restricted(people: Collection[int]) -> bool:
    """Whether any of these people is under a seal or has another identity, so that two people are needed to merge them."""
    homes = HouseholdMember.objects.filter(person__in=people, end_date=None).values("household")
    seals = Seal.objects.filter(in_force(timezone.localdate())).filter(Q(person__in=people) | Q(household__in=homes))
    return seals.exists() or bool(_any_linked(people))
