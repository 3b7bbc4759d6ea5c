"""The deadlines app: puts its SQL function in place after every migrate."""

from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class DeadlinesConfig(AppConfig):
    """Deadlines, derived from the records."""

    name = "sightline.engine.deadlines"

    def ready(self) -> None:
        from sightline.engine.deadlines import reference

        post_migrate.connect(reference.install_after_migrate, sender=self, dispatch_uid="deadlines")
