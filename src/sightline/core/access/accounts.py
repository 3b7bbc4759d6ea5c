"""What an administrator does to accounts: a role, disabling. Each ends the person's sessions, so that none goes on with what it had before."""

from __future__ import annotations

from django.db import transaction

from sightline.core.access import sessions
from sightline.core.access.models import User
from sightline.core.access.recovery import COMMAND_LINE
from sightline.core.access.roles import ROLES
from sightline.core.audit.record import What, note
from sightline.core.errors import InputProblem
from sightline.core.organisations.models import Worker


def user_named(name: str) -> User:
    """Who acts on the command line. Raises InputProblem where no active user has that name."""
    found = User.objects.filter(username=name, is_active=True).first()
    if found is None:
        raise InputProblem(f"there is no user '{name}'", "--as", "./sightline users list prints them")
    return found


def change_role(user: User, role: str, by: User | None) -> None:
    """Give a role. `by` is None on the command line. Raises InputProblem for an unknown role, or one's own."""
    _not_oneself(user, by)
    if role not in ROLES:
        raise InputProblem(f"there is no role '{role}'", "role", f"one of {', '.join(ROLES)}")
    _change(user, by, "role", f"role {user.role} to {role}", role=role)


def tie_to_worker(user: User, worker: Worker | None, by: User | None) -> None:
    """Say which worker the user is. Raises InputProblem for oneself."""
    _not_oneself(user, by)
    _change(user, by, "worker", f"worker {user.worker_id} to {worker.pk if worker else None}", worker=worker)


def disable(user: User, by: User | None) -> None:
    """Let the user in no more. Raises InputProblem for oneself."""
    _not_oneself(user, by)
    _change(user, by, "is_active", "disabled", is_active=False)


def enable(user: User, by: User | None) -> None:
    """Let a disabled user in again. Raises InputProblem for oneself."""
    _not_oneself(user, by)
    _change(user, by, "is_active", "enabled", is_active=True)


def _change(user: User, by: User | None, field: str, words: str, **values: object) -> None:
    with transaction.atomic():
        for name, value in values.items():
            setattr(user, name, value)
        user.save(update_fields=[field])
        note(by.username if by else COMMAND_LINE, What.USER_CHANGED, user.username, change=words)
        sessions.end_sessions(user, f"account changed: {words}")


def _not_oneself(user: User, by: User | None) -> None:
    if by is not None and by.pk == user.pk:
        raise InputProblem("nobody changes their own account's rights", user.username, "ask another administrator")
