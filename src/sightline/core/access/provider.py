"""Who someone is whom the operator's identity provider vouches for (OpenID Connect Core 1.0).

An account is tied to the provider's subject, which never changes and is never given to another person; names can be. Someone unknown is let in only
where an account without a password waits under their name, or where the operator's role map gives their groups a role.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from allauth.socialaccount.models import SocialAccount
from django.conf import settings

from sightline.core.access import sessions
from sightline.core.access.models import User
from sightline.core.access.roles import ROLES
from sightline.core.access.sign_in import hashed, make_provider_user
from sightline.core.audit.record import What, note
from sightline.core.errors import SetUpProblem

PROVIDER_ID = "operator"
BY = "identity provider"
#: Words of the claim `amr` (RFC 8176) for more than a password.
SECOND = frozenset({"mfa", "otp", "hwk", "swk", "sc", "fpt", "face", "pop", "iris", "retina"})


class NotKnown(Exception):
    """The provider knows this person, and Sightline does not let them in. The message is for them; `code` for the audit."""

    def __init__(self, message: str, code: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True)
class RoleMap:
    """Which groups of the provider have which role. Of several, the first in the file counts."""

    claim: str = ""
    roles: tuple[tuple[str, str], ...] = ()

    def roles_for(self, groups: frozenset[str]) -> tuple[str, ...]:
        """Every role that membership of these groups gives, the first to count first."""
        return tuple(dict.fromkeys(role for group, role in self.roles if group in groups))


@dataclass(frozen=True)
class Vouched:
    """What the provider says of someone."""

    subject: str
    username: str = ""
    groups: frozenset[str] = frozenset()
    methods: frozenset[str] = frozenset()
    first_name: str = ""
    last_name: str = ""
    role_map: RoleMap = field(default_factory=RoleMap)

    @property
    def roles(self) -> tuple[str, ...]:
        """The roles that the operator's map gives."""
        return self.role_map.roles_for(self.groups)

    @property
    def by_two_factors(self) -> bool:
        """Whether the provider asked for a second factor, by its own word or the operator's."""
        return settings.OIDC_SECOND_FACTOR == "trusted" or bool(self.methods & SECOND)


def configured() -> bool:
    """Whether this installation has an identity provider."""
    return bool(settings.OIDC_ISSUER and settings.OIDC_CLIENT_ID)


def role_map() -> RoleMap:
    """The operator's map of groups to roles; an empty one where there is none. Raises SetUpProblem when it cannot be read."""
    if not settings.OIDC_ROLES:
        return RoleMap()
    path = Path(settings.OIDC_ROLES)
    try:
        read = yaml.safe_load(path.read_text(encoding="utf-8"))
        rows = tuple((str(group), str(role)) for group, role in read["roles"].items())
        claim = str(read["claim"])
    except (OSError, UnicodeDecodeError, yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
        raise SetUpProblem(
            "The map of groups to roles cannot be read",
            str(path),
            "It needs `claim:`, the claim that holds a person's groups, and `roles:`, a line `group: role` for each.",
        ) from error
    for _, role in rows:
        if role not in ROLES:
            raise SetUpProblem(f"There is no role '{role}'", str(path), f"One of {', '.join(ROLES)}.")
    return RoleMap(claim, rows)


def vouched(subject: str, claims: Mapping[str, Any]) -> Vouched:
    """What the claims say. Raises SetUpProblem when the operator's map cannot be read."""
    found = role_map()
    return Vouched(
        subject=subject,
        username=str(claims.get(settings.OIDC_USERNAME_CLAIM) or "")[:150],
        groups=_words(claims.get(found.claim)) if found.claim else frozenset(),
        methods=_words(claims.get("amr")),
        first_name=str(claims.get("given_name") or "")[:150],
        last_name=str(claims.get("family_name") or "")[:150],
        role_map=found,
    )


def user_for(person: Vouched, where: str = "") -> User:
    """The account of someone, made or tied to them if need be. Raises NotKnown with words for them."""
    tie = SocialAccount.objects.filter(provider=PROVIDER_ID, uid=person.subject).select_related("user").first()
    user = tie.user if tie is not None else _waiting(person) or _made(person)
    if not user.is_active:
        raise NotKnown("Your account in Sightline is disabled. Ask your administrator.", "account disabled")
    _follow_map(user, person, where)
    if tie is None:
        SocialAccount.objects.create(provider=PROVIDER_ID, uid=person.subject, user=user)
        note(
            BY, What.USER_CHANGED, user.username, where_from=where, change="tied to a subject of the identity provider"
        )
    return user


def audit_name(person: Vouched) -> str:
    """How the audit names someone who is not let in: by their account if they have one, else by a keyed hash."""
    tie = SocialAccount.objects.filter(provider=PROVIDER_ID, uid=person.subject).select_related("user").first()
    return tie.user.username if tie is not None else hashed("subject", person.subject)


def _waiting(person: Vouched) -> User | None:
    """An account made for this name, without a password, that nobody is tied to yet."""
    user = User.objects.filter(username=person.username).first() if person.username else None
    if user is None:
        return None
    if user.has_usable_password() or SocialAccount.objects.filter(user=user).exists():
        # Names are given anew: whoever has it at the provider today need not be whose account it is.
        raise NotKnown(
            "There is an account with your name in Sightline, but it is not tied to you. Ask your administrator.",
            "name taken",
        )
    return user


def _made(person: Vouched) -> User:
    if not person.roles or not person.username:
        raise NotKnown(
            "Your organisation knows you, but you have no account in Sightline. Ask your administrator for one.",
            "no account",
        )
    user = make_provider_user(person.username, person.roles[0], by=BY)
    user.first_name, user.last_name = person.first_name, person.last_name
    user.save(update_fields=["first_name", "last_name"])
    return user


def _follow_map(user: User, person: Vouched, where: str) -> None:
    """Where there is a map, nobody has a role that it does not give them."""
    if not person.role_map.roles or user.role in person.roles:
        return
    if not person.roles:
        raise NotKnown("None of your groups has a role in Sightline. Ask your administrator.", "no role for any group")
    note(BY, What.USER_CHANGED, user.username, where_from=where, change=f"role {user.role} to {person.roles[0]}")
    user.role = person.roles[0]
    user.save(update_fields=["role"])
    sessions.end_sessions(user, "role changed", where)


def _words(claim: Any) -> frozenset[str]:
    """A claim that is one word or a list of words."""
    if isinstance(claim, str):
        return frozenset({claim})
    return frozenset(str(word) for word in claim) if isinstance(claim, list) else frozenset()
