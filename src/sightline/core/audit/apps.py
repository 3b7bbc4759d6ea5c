"""The audit app: after every migrate it says what the application's own database user may do."""

from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AuditConfig(AppConfig):
    """The audit trail."""

    name = "sightline.core.audit"

    def ready(self) -> None:
        from sightline.core.audit import role

        post_migrate.connect(role.install_after_migrate, sender=self, dispatch_uid="audit_role")
