"""The check that stands before everything an administrator changes which is no record, and so no action."""

from __future__ import annotations

from sightline.core.access.models import User
from sightline.core.access.roles import Permission
from sightline.core.errors import InputProblem


def require_administrator(by: User, where: str) -> None:
    """Raises InputProblem, at the field where a form shows it, for anybody whose role may not administer the system."""
    if not by.may(Permission.ADMINISTER):
        raise InputProblem("Your role may not administer the system.", where, "ask an administrator")
