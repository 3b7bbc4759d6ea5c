"""Users: a sign-in, a role, and the worker they are."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models

from sightline.core.access.roles import ROLES, Permission


class User(AbstractUser):
    """Someone who signs in."""

    # A role by its id in `roles`. Not choices of the column: a new role is a declaration, never a migration.
    role = models.CharField(max_length=40)
    worker = models.ForeignKey(
        "organisations.Worker", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    def may(self, permission: Permission) -> bool:
        """Whether the user's role carries the permission."""
        role = ROLES.get(self.role)
        return self.is_active and role is not None and permission in role.permissions
