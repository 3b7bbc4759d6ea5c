"""Puts the index's functions, views and triggers in place after every migrate."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class FindingConfig(AppConfig):
    """Finding people."""

    name = "sightline.core.finding"

    def ready(self) -> None:
        from sightline.core.finding import index  # models are not ready any earlier

        post_migrate.connect(index.install, sender=self, dispatch_uid="finding_index")
