"""Who can see a person now, and why: the visibility rule asked from the person's side."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from sightline.core.access.models import User
from sightline.core.access.reasons import Why, declared_reasons
from sightline.core.access.roles import ROLES, Permission
from sightline.core.access.visibility import explain_to_each
from sightline.core.people.models import Person

#: So many users are asked about in one question.
AT_ONCE = 100


@dataclass(frozen=True)
class Viewer:
    """A user who sees the person, with every reason."""

    user: User
    reasons: tuple[Why, ...]


def who_sees(person: Person, day: date) -> list[Viewer]:
    """Everybody who can see the person on a day. Each candidate is judged by the rule itself, so the two cannot disagree.

    The rule is asked for all of them at once: a child with many workers around them costs no more questions.
    """
    users = _candidates(person, day)
    parts = (users[first:][:AT_ONCE] for first in range(0, len(users), AT_ONCE))
    why = {user: found for part in parts for user, found in explain_to_each(part, person.pk, day).items()}
    return [Viewer(user, tuple(why[user.pk])) for user in users if why.get(user.pk)]


def _candidates(person: Person, day: date) -> list[User]:
    """Users whose role opens every list, and workers who may have a reason to see the person: for some reasons everybody of its roles."""
    found = Q(role__in=_roles(Permission.SEE_ALL_CHILDREN))
    own = _roles(Permission.SEE_OWN_CHILDREN)
    for reason in declared_reasons():
        may_have = Q(role__in=(reason.roles or own) & own, worker__isnull=False)
        if reason.candidates is not None:
            may_have &= Q(worker__in=list(reason.candidates(person.pk, day)))
        found |= may_have
    return list(
        User.objects.filter(found, is_active=True).select_related("worker__agency").order_by("role", "username")
    )


def _roles(permission: Permission) -> frozenset[str]:
    return frozenset(role.id for role in ROLES.values() if permission in role.permissions)
