"""Who can see a person now, and why: the visibility rule asked from the person's side."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from sightline.core.access.models import User
from sightline.core.access.reasons import Why, declared_reasons
from sightline.core.access.roles import ROLES, Permission
from sightline.core.access.visibility import explain
from sightline.core.people.models import Person


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
    """Users whose role opens every list, and workers who may have a reason; of a reason that names no candidates, everybody of its roles."""
    found = Q(role__in=_roles(Permission.SEE_ALL_CHILDREN))
    own = _roles(Permission.SEE_OWN_CHILDREN)
    for reason in declared_reasons():
        roles = (reason.roles or own) & own
        if reason.candidates is None:
            found |= Q(role__in=roles, worker__isnull=False)
        else:
            found |= Q(role__in=roles, worker__in=list(reason.candidates(person.pk, day)))
    return list(
        User.objects.filter(found, is_active=True).select_related("worker__agency").order_by("role", "username")
    )


def _roles(permission: Permission) -> frozenset[str]:
    return frozenset(role.id for role in ROLES.values() if permission in role.permissions)
