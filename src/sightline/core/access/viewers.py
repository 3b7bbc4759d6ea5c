"""Who can see a person now, and why: the visibility rule asked from the person's side."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from sightline.core.access.models import User
from sightline.core.access.queries import any_of, asked, named, only
from sightline.core.access.reasons import Reason, Why, declared_reasons
from sightline.core.access.roles import ROLES, Permission
from sightline.core.access.visibility import explain
from sightline.core.people.models import Person

#: So many users are asked about in one question.
AT_ONCE = 100


@dataclass(frozen=True)
class Viewer:
    """A user who sees the person, with every reason."""

    user: User
    reasons: tuple[Why, ...]


def who_sees(person: Person, day: date) -> list[Viewer]:
    """Everybody who can see the person on a day. Each candidate is judged by the rule itself, so the two cannot disagree."""
    viewers = ((user, explain(user, [person.pk], day).get(person.pk, ())) for user in _candidates(person, day))
    return [Viewer(user, tuple(reasons)) for user, reasons in viewers if reasons]


def _candidates(person: Person, day: date) -> list[User]:
    """Users whose role opens every list, and workers who may have a reason to see the person."""
    found = Q(role__in=_roles(Permission.SEE_ALL_CHILDREN))
    own = _roles(Permission.SEE_OWN_CHILDREN)
    for reason in declared_reasons():
        roles = (reason.roles or own) & own
        if reason.candidates is None:
            found |= Q(pk__in=_holders(reason, roles, person, day))
        else:
            found |= Q(role__in=roles, worker__in=list(reason.candidates(person.pk, day)))
    return list(
        User.objects.filter(found, is_active=True).select_related("worker__agency").order_by("role", "username")
    )


def _holders(reason: Reason, roles: frozenset[str], person: Person, day: date) -> list[int]:
    """Users who have a reason that names no candidates: everybody of its roles is asked, many in one question."""
    users = list(User.objects.filter(role__in=roles, worker__isnull=False, is_active=True).select_related("worker"))
    return [
        holder
        for first in range(0, len(users), AT_ONCE)
        for holder in asked(
            any_of(
                named(user.pk, only(any_of([reason.people(user, day)]), [person.pk]))
                for user in users[first:][:AT_ONCE]
            )
        )
    ]


def _roles(permission: Permission) -> frozenset[str]:
    return frozenset(role.id for role in ROLES.values() if permission in role.permissions)
